#include "ui/search.h"

#include "catch.h"
#include "scene.h"
#include "ui/actions.h"

TEST_CASE("a unit's name is understood and comes first") {
  const engine::Snapshots in = scene::beginning();
  const std::vector<ui::Suggestion> found = ui::suggestions("two_pre_relu:5", in, 8);
  REQUIRE(found.front().command == "select unit two_pre_relu:5");
  REQUIRE(found.front().note == "channel of two_pre_relu");
  REQUIRE(ui::understood_as("two_pre_relu:5", in) == "= channel of two_pre_relu");
}

TEST_CASE("what is not understood is explained with the choices") {
  const engine::Snapshots in = scene::beginning();
  REQUIRE(ui::understood_as("nine:5", in).find("Choose one of") != std::string::npos);
}

TEST_CASE("every action is reached by typing its name") {
  const engine::Snapshots in = scene::beginning();
  for (const ui::Action& action : ui::actions()) {
    if (action.name == "find" || action.name == "close") continue;  // the box itself
    const std::vector<ui::Suggestion> found = ui::suggestions(action.name, in, 10);
    const bool reached = std::any_of(found.begin(), found.end(), [&](const ui::Suggestion& suggestion) {
      return suggestion.command == action.name || (suggestion.command.empty() && suggestion.name == action.name);
    });
    INFO(action.name);
    REQUIRE(reached);
  }
}

TEST_CASE("an action with its argument runs as it was typed") {
  const engine::Snapshots in = scene::beginning();
  REQUIRE(ui::suggestions("jitter 12", in, 8).front().command == "jitter 12");
}

TEST_CASE("layers and pictures are found by a part of their names or labels") {
  const engine::Snapshots in = scene::beginning();
  REQUIRE(ui::suggestions("thr", in, 8).front().command == "select layer three_pre_relu");
  const std::vector<ui::Suggestion> herons = ui::suggestions("heron", in, 8);
  REQUIRE(herons.size() == 3);
  REQUIRE(herons.front().command == "show picture p0.png");
}

TEST_CASE("suggestions are at most as many as asked, and there are some for an empty box") {
  const engine::Snapshots in = scene::beginning();
  REQUIRE(ui::suggestions("", in, 7).size() == 7);
  REQUIRE(ui::suggestions("e", in, 5).size() == 5);
  REQUIRE_FALSE(ui::suggestions("", {}, 7).empty());
}
