#include "ui/actions.h"

#include <set>

#include "catch.h"
#include "scene.h"

TEST_CASE("every action has a name, a group, a sentence of help, and can be run") {
  std::set<std::string_view> names;
  REQUIRE(ui::actions().size() > 40);
  for (const ui::Action& action : ui::actions()) {
    REQUIRE_FALSE(action.name.empty());
    REQUIRE(names.insert(action.name).second);
    REQUIRE_FALSE(action.group.empty());
    REQUIRE(action.help.size() > 8);
    REQUIRE(action.help.back() == '.');
    REQUIRE(action.run != nullptr);
  }
}

TEST_CASE("on every screen no key and no character means two things") {
  for (const ui::Screen screen :
       {ui::Screen::explore, ui::Screen::practice, ui::Screen::analyse, ui::Screen::graph, ui::Screen::beside}) {
    std::set<ImGuiKeyChord> chords;
    std::set<char> characters;
    for (const ui::Action& action : ui::actions()) {
      if (!ui::acts_on(action, screen)) continue;
      for (const ImGuiKeyChord chord : action.keys) REQUIRE(chords.insert(chord).second);
      for (const char character : action.characters) REQUIRE(characters.insert(character).second);
    }
    REQUIRE_FALSE(chords.contains(ImGuiKey_V));  // held: the picture alone
  }
}

TEST_CASE("an action of a script may be written with spaces or underscores") {
  engine::Snapshots in = scene::beginning();
  engine::Requests out;
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
  for (const char* command : {"next_unit", "next unit", "Next Unit"}) {
    REQUIRE(ui::perform(workspace, in, out, command).ok());
  }
  REQUIRE(workspace.chosen.unit->channel == 6);
  REQUIRE(ui::perform(workspace, in, out, "select_unit one_pre_relu:2").ok());
  REQUIRE(workspace.chosen.unit == core::Unit{"one_pre_relu", 2, std::nullopt});
  REQUIRE(ui::perform(workspace, in, out, "move_occluder 12 34").ok());
  REQUIRE(workspace.chosen.occluder == core::Occluder{12, 34, 90});
  REQUIRE(ui::perform(workspace, in, out, "occluder size 0.5").ok());
  REQUIRE(workspace.chosen.occluder.side_px == 112);
  REQUIRE(ui::perform(workspace, in, out, "occluder size 30 %").ok());
  REQUIRE(workspace.chosen.occluder.side_px == 66);
  REQUIRE(ui::perform(workspace, in, out, "occluder size 90").ok());
  REQUIRE(workspace.chosen.occluder.side_px == 90);
  REQUIRE(ui::perform(workspace, in, out, "fill black").ok());
  REQUIRE(workspace.chosen.fill == core::Fill::black);
  REQUIRE(ui::perform(workspace, in, out, "show picture 3").ok());
  REQUIRE(workspace.chosen.picture == "pictures/p2.png");
  REQUIRE(ui::perform(workspace, in, out, "preset naive").ok());
  REQUIRE(workspace.visualizations[0].spec.parameterization == core::Parameterization::pixels);
  REQUIRE(ui::perform(workspace, in, out, "toggle panels").ok());
  REQUIRE(workspace.standing.panels_hidden);
}

TEST_CASE("what cannot be done is said in a sentence with the valid choices") {
  engine::Snapshots in = scene::beginning();
  engine::Requests out;
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
  const auto sentence = [&](const char* command) {
    const base::Status status = ui::perform(workspace, in, out, command);
    REQUIRE_FALSE(status.ok());
    return status.error().sentence();
  };
  REQUIRE(sentence("next onit").find("next unit") != std::string::npos);
  REQUIRE(sentence("").find("next unit") != std::string::npos);
  REQUIRE(sentence("preset lucit").find("lucid") != std::string::npos);
  REQUIRE(sentence("fill blue").find("black") != std::string::npos);
  REQUIRE(sentence("select unit four:1").find("four") != std::string::npos);
  REQUIRE(sentence("show picture 99").find("5") != std::string::npos);
  REQUIRE(sentence("occluder size big").find("number") != std::string::npos);
  REQUIRE(sentence("jitter -1").find("out of range") != std::string::npos);
  REQUIRE(sentence("next unit please").find("please") != std::string::npos);
  REQUIRE(sentence("move occluder 3").find("place") != std::string::npos);
  REQUIRE(sentence("lowest").find("map") != std::string::npos);
  REQUIRE(workspace.chosen.unit == core::Unit{"two_pre_relu", 3, std::nullopt});
}

TEST_CASE("no action fails or asserts in a window where nothing is there yet") {
  scene::Headless gui({800, 600});
  for (const ui::Action& action : ui::actions()) {
    ui::Workspace workspace;
    engine::Requests out;
    const base::Status status = ui::perform(workspace, {}, out, std::string(action.name));
    if (!status) REQUIRE_FALSE(status.error().why.empty());
    gui.frame(workspace, {});
  }
}

TEST_CASE("a key does what its action does, and nothing while text is edited") {
  scene::Headless gui({1280, 800});
  engine::Snapshots in = scene::beginning();
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
  gui.frames(3, workspace, in);
  const auto press = [&](ImGuiKey key) {
    ImGui::GetIO().AddKeyEvent(key, true);
    gui.frame(workspace, in);
    ImGui::GetIO().AddKeyEvent(key, false);
    gui.frame(workspace, in);
  };
  press(ImGuiKey_RightArrow);
  REQUIRE(workspace.chosen.unit->channel == 4);
  press(ImGuiKey_Tab);
  REQUIRE(workspace.standing.panels_hidden);
  press(ImGuiKey_Tab);
  REQUIRE_FALSE(workspace.standing.panels_hidden);
  ImGui::GetIO().AddInputCharacter('?');
  gui.frame(workspace, in);
  REQUIRE(workspace.standing.help_open);
  press(ImGuiKey_Escape);
  REQUIRE_FALSE(workspace.standing.help_open);
  ImGui::GetIO().AddInputCharacter(']');
  gui.frame(workspace, in);
  REQUIRE(workspace.wanted_layer == "three_pre_relu");
  ImGui::GetIO().AddInputCharacter('/');
  gui.frames(3, workspace, in);
  REQUIRE(workspace.standing.search_open);
  REQUIRE(ImGui::GetIO().WantTextInput);
  REQUIRE(workspace.standing.search_text.empty());
  press(ImGuiKey_R);
  REQUIRE(workspace.visualizations[0].restarts == 0);
  press(ImGuiKey_Escape);
  gui.frame(workspace, in);
  REQUIRE_FALSE(workspace.standing.search_open);
  press(ImGuiKey_R);
  REQUIRE(workspace.visualizations[0].restarts == 1);
}

TEST_CASE("the search box selects what is typed with Enter") {
  scene::Headless gui({1280, 800});
  engine::Snapshots in = scene::beginning();
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
  gui.frames(3, workspace, in);
  ImGui::GetIO().AddInputCharacter('/');
  gui.frames(3, workspace, in);
  ImGui::GetIO().AddInputCharactersUTF8("one_pre_relu:1");
  gui.frames(3, workspace, in);
  REQUIRE(workspace.standing.search_text == "one_pre_relu:1");
  ImGui::GetIO().AddKeyEvent(ImGuiKey_Enter, true);
  gui.frame(workspace, in);
  ImGui::GetIO().AddKeyEvent(ImGuiKey_Enter, false);
  gui.frames(2, workspace, in);
  REQUIRE(workspace.chosen.unit == core::Unit{"one_pre_relu", 1, std::nullopt});
  REQUIRE_FALSE(workspace.standing.search_open);
}
