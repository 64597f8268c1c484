#include "ui/session.h"

#include <cstring>

#include "../study/made_up_trials.h"
#include "catch.h"
#include "seat.h"
#include "study/assignment.h"
#include "ui/actions.h"
#include "ui/question.h"

namespace {

using seat::Seat;

study::Experiment an_experiment(bool asks_intuitiveness = false) {
  study::Experiment made = made_up::experiment();
  made.asks_intuitiveness = asks_intuitiveness;
  made.tasks = study::assign_tasks(made);
  return made;
}

// The same experiment to the eye: pictures are by side. Every activation differs, and so does the side of max, which is
// drawn from the names of the tasks.
study::Experiment turned_around(const std::string& suffix) {
  study::Experiment made = made_up::experiment();
  for (study::Condition& condition : made.conditions) condition.code += suffix;
  for (study::Trial& trial : made.trials) {
    std::swap(trial.min.activation, trial.max.activation);
    std::swap(trial.min.place, trial.max.place);
    trial.base_activation = 12345.678;
  }
  made.tasks = study::assign_tasks(made);
  return made;
}

ImGuiKey right_key(Seat& seat) {
  return seat.max_is_left() ? ImGuiKey_S : ImGuiKey_K;
}

core::Point middle(const core::Rect& place) {
  return {(place.min.x + place.max.x) / 2, (place.min.y + place.max.y) / 2};
}

}  // namespace

TEST_CASE("A whole session can be taken with the keyboard, and every answer is stored with its label") {
  Seat seat(an_experiment(true));
  seat.go_to_first_trial();
  for (int i = 0; i < 200 && seat.page() != study::RunPage::intuitiveness; ++i) {
    if (seat.page() == study::RunPage::trial) {
      const bool left = seat.max_is_left();
      seat.press(right_key(seat));
      REQUIRE(seat.answers.back().correct);
      REQUIRE(seat.answers.back().confidence == (left ? 3 : 2));
      REQUIRE(seat.answers.back().device == study::Device::keyboard);
      seat.frames(25);
    }
    seat.press(ImGuiKey_Enter);
    seat.frames(3);
  }
  REQUIRE(seat.answers.size() == 4 + 9);
  seat.press(ImGuiKey_Enter);
  REQUIRE(seat.page() == study::RunPage::intuitiveness);  // the slider was not moved
  seat.press(ImGuiKey_RightArrow);
  seat.press(ImGuiKey_RightArrow);
  seat.press(ImGuiKey_Enter);
  REQUIRE(seat.page() == study::RunPage::comment);
  seat.press(ImGuiKey_Enter);
  REQUIRE(seat.page() == study::RunPage::end);
  seat.frames(3);
  REQUIRE(ui::is_over(seat.session(), seat.in));
  REQUIRE_FALSE(seat.session().wants_to_close);
  seat.press(ImGuiKey_Enter);
  REQUIRE(seat.session().wants_to_close);
  const auto* put = std::get_if<engine::PutEnd>(&seat.orders[seat.orders.size() - 2].what);
  REQUIRE(put);
  REQUIRE(put->end.complete);
  REQUIRE(put->end.intuitiveness == 2);
  REQUIRE(std::get_if<engine::ExportSession>(&seat.orders.back().what));
}

TEST_CASE("A question is answered with the mouse, and Continue is there when the store has it and 350 ms have passed") {
  Seat seat(an_experiment());
  seat.go_to_first_trial();
  ui::QuestionSpace space;
  space.place = {{14, 24}, {1266, 794}};
  const ui::QuestionLayout layout = ui::lay_out_question(space);
  const int trial = seat.session().run->trial_index();
  const double before_s = seat.now_s;
  seat.click(middle(layout.buttons[4]));
  REQUIRE(seat.answers.size() == 1);
  REQUIRE(seat.answers[0].button == 4);
  REQUIRE(seat.answers[0].device == study::Device::mouse);
  REQUIRE(seat.answers[0].rt_ms > 0.0);
  REQUIRE(seat.answers[0].rt_ms < (seat.now_s - before_s + 1.0) * 1000.0);
  seat.press(ImGuiKey_Enter);  // too early
  REQUIRE(seat.session().run->trial_index() == trial);
  seat.click(middle(layout.buttons[1]));  // locked
  REQUIRE(seat.answers.size() == 1);
  seat.frames(20);
  seat.click(middle(layout.foot));
  REQUIRE(seat.session().run->trial_index() == trial + 1);
}

TEST_CASE("While the store fails nobody can go on, the sentence is there, and a retry brings back the way") {
  Seat seat(an_experiment());
  seat.go_to_first_trial();
  const int trial = seat.session().run->trial_index();
  seat.store_works = false;
  seat.press(ImGuiKey_S);
  seat.frames(40);
  seat.press(ImGuiKey_Enter);
  REQUIRE(seat.answers.empty());
  REQUIRE(seat.session().run->trial_index() == trial);
  REQUIRE(seat.session().run->chosen() == 0);
  seat.press(ImGuiKey_F5);
  REQUIRE(seat.retries == 1);
  seat.store_works = true;
  seat.frames(3);
  REQUIRE(seat.answers.size() == 1);
  seat.press(ImGuiKey_Enter);
  REQUIRE(seat.session().run->trial_index() == trial + 1);
}

TEST_CASE("A store that cannot be opened is said on the first page, which can be tried again and left by one key") {
  Seat seat(an_experiment());
  seat.store_works = false;
  seat.frames(4);
  REQUIRE_FALSE(seat.session().run);
  seat.press(ImGuiKey_F5);
  REQUIRE(seat.retries == 1);
  REQUIRE_FALSE(seat.session().wants_to_close);
  seat.press(ImGuiKey_Enter);
  REQUIRE(seat.session().wants_to_close);
  seat.session().wants_to_close = false;
  seat.store_works = true;
  seat.frames(3);
  REQUIRE(seat.page() == study::RunPage::welcome);
}

TEST_CASE("An answer counts only after its pictures were on the screen") {
  Seat seat(an_experiment());
  seat.go_to_first_trial();
  seat.session().shown.reset();
  seat.session().stimulus_drawn = false;
  engine::Requests out;
  REQUIRE_FALSE(ui::answer_question(seat.session(), out, 0, study::Device::keyboard, {}, seat.now_s));
  seat.frame();
  REQUIRE(ui::answer_question(seat.session(), out, 0, study::Device::keyboard, {}, seat.now_s));
}

TEST_CASE("No frame before the answer carries the truth, and feedback comes in practice only") {
  const study::Experiment one = an_experiment();
  const study::Experiment other = turned_around("-again");
  std::vector<std::vector<std::uint64_t>> frames;
  std::vector<std::vector<bool>> sides;
  for (const study::Experiment& experiment : {one, other}) {
    Seat seat(experiment);
    seat.go_to_first_trial();
    auto& seen = frames.emplace_back();
    auto& side = sides.emplace_back();
    for (int trial = 0; trial < 13; ++trial) {
      // Pointing at everything, so that tooltips and marks of buttons are among the frames.
      for (const core::Point at : {core::Point{760, 500}, core::Point{1100, 500}, core::Point{930, 150},
                                   core::Point{100, 100}, core::Point{900, 640}}) {
        ImGui::GetIO().AddMousePosEvent(at.x, at.y);
        for (int i = 0; i < 4; ++i) {
          seat.frame();
          seen.push_back(seat.seen());
        }
      }
      side.push_back(seat.max_is_left());
      const bool practice = seat.session().run->in_practice();
      seat.press(right_key(seat));
      ImGui::GetIO().AddMousePosEvent(2, 2);
      seat.frames(30);
      REQUIRE(seat.session().run->feedback().has_value() == practice);
      seat.press(ImGuiKey_Enter);
      if (seat.page() == study::RunPage::start) seat.press(ImGuiKey_Enter);
    }
    REQUIRE(seat.answers.size() == 13);
  }
  REQUIRE(sides[0] != sides[1]);  // else this test would show nothing
  REQUIRE(frames[0] == frames[1]);
}

TEST_CASE("In practice a sentence says whether an answer was right, in the trials nothing on screen does") {
  const auto left_answers = [](const study::Experiment& experiment, const std::string& condition) {
    Seat seat(experiment, {1280, 800}, condition);
    seat.go_to_first_trial();
    std::vector<std::pair<bool, std::uint64_t>> right_and_seen;
    for (int trial = 0; trial < (condition == "none" ? 9 : 1); ++trial) {
      seat.press(ImGuiKey_S);
      ImGui::GetIO().AddMousePosEvent(2, 2);
      seat.frames(30);
      right_and_seen.emplace_back(seat.answers.back().correct, seat.seen());
      seat.press(ImGuiKey_Enter);
    }
    return right_and_seen;
  };
  const auto practice = left_answers(an_experiment(), "natural").front();
  bool differed = false;
  for (const char* suffix : {"-a", "-b", "-c", "-d", "-e", "-f"}) {
    const auto again = left_answers(turned_around(suffix), "natural").front();
    REQUIRE((again.first == practice.first) == (again.second == practice.second));
    differed = differed || again.first != practice.first;
  }
  REQUIRE(differed);

  const auto main = left_answers(an_experiment(), "none");
  const auto other = left_answers(turned_around("-again"), "none");
  differed = false;
  for (std::size_t i = 0; i < main.size(); ++i) {
    REQUIRE(main[i].second == other[i].second);
    differed = differed || main[i].first != other[i].first;
  }
  REQUIRE(differed);
}

TEST_CASE("A session that is left is exported as far as it was answered, once, and not before its first answer") {
  const auto leave = [](Seat& seat) {
    engine::Requests out;
    for (int i = 0; i < 4; ++i) ui::ask_to_leave(seat.session(), out, seat.now_s);
    REQUIRE(seat.session().wants_to_close);
    return out.store;
  };
  {
    Seat seat(an_experiment());
    seat.go_to_first_trial();
    const auto orders = leave(seat);
    REQUIRE(orders.size() == 1);
    REQUIRE(std::get_if<engine::PutEnd>(&orders.front().what));
  }
  Seat seat(an_experiment());
  seat.go_to_first_trial();
  seat.press(ImGuiKey_S);
  REQUIRE(seat.answers.size() == 1);
  const auto orders = leave(seat);
  REQUIRE(orders.size() == 2);
  const auto* end = std::get_if<engine::PutEnd>(&orders[0].what);
  REQUIRE(end);
  REQUIRE_FALSE(end->end.complete);
  const auto* exported = std::get_if<engine::ExportSession>(&orders[1].what);
  REQUIRE(exported);
  REQUIRE(exported->session == seat.session().header.session);
  REQUIRE(exported->folder == seat.session().results_folder);
}

TEST_CASE("No single key leads out of a session, and Ctrl+Shift+Q twice does, with what was answered kept") {
  Seat seat(an_experiment());
  seat.go_to_first_trial();
  const int trial = seat.session().run->trial_index();
  for (int key = ImGuiKey_NamedKey_BEGIN; key < ImGuiKey_NamedKey_END; ++key) {
    const auto named = static_cast<ImGuiKey>(key);
    bool answers = false;
    for (int button = 0; button < 6; ++button) answers = answers || named == ui::key_of_answer(button);
    if (answers || (named >= ImGuiKey_GamepadStart && named <= ImGuiKey_MouseWheelY)) continue;
    seat.press(named);
    REQUIRE_FALSE(seat.session().wants_to_close);
    REQUIRE(seat.workspace.screen == ui::Screen::session);
    REQUIRE(seat.session().run->trial_index() == trial);
  }
  const auto leave = [&] {
    ImGuiIO& io = ImGui::GetIO();
    io.AddKeyEvent(ImGuiMod_Ctrl, true);
    io.AddKeyEvent(ImGuiMod_Shift, true);
    seat.press(ImGuiKey_Q);
    io.AddKeyEvent(ImGuiMod_Ctrl, false);
    io.AddKeyEvent(ImGuiMod_Shift, false);
    seat.frames(2);
  };
  leave();
  REQUIRE_FALSE(seat.session().wants_to_close);
  seat.now_s += 4.0;
  seat.frames(2);
  leave();
  REQUIRE_FALSE(seat.session().wants_to_close);
  leave();
  REQUIRE(seat.session().wants_to_close);
  REQUIRE(std::get_if<engine::PutEnd>(&seat.orders.back().what));
}

TEST_CASE("Pages draw and go on at every size, and a window that is too small says so and waits") {
  for (const core::Size size : {core::Size{940, 600}, core::Size{1280, 800}, core::Size{2560, 1440}}) {
    Seat seat(an_experiment(), size);
    seat.go_to_first_trial();
    REQUIRE(seat.textures.seen.size() == 3 + 1);  // the made-up trials have one reference
    REQUIRE(seat.session().image_scale >= 1);
  }
  Seat seat(an_experiment());
  seat.go_to_first_trial();
  ImGui::GetIO().DisplaySize = {800, 500};
  seat.frames(3);
  REQUIRE(seat.textures.seen.empty());
  seat.press(ImGuiKey_S);
  REQUIRE(seat.answers.empty());
  ImGui::GetIO().DisplaySize = {1280, 800};
  seat.frames(3);
  seat.press(ImGuiKey_S);
  REQUIRE(seat.answers.size() == 1);
}

TEST_CASE("What cannot begin is said in a sentence, and Enter closes the window") {
  Seat seat(an_experiment(), {1280, 800}, "psychic");
  seat.frames(5);
  REQUIRE(seat.session().refused);
  REQUIRE(seat.session().refused->sentence().find("none, natural") != std::string::npos);
  REQUIRE_FALSE(seat.session().run);
  seat.press(ImGuiKey_Enter);
  REQUIRE(seat.session().wants_to_close);
}

TEST_CASE("The header says how the trials are drawn, once the first is on screen") {
  Seat seat(an_experiment());
  seat.go_to_first_trial();
  seat.frames(3);
  std::vector<study::SessionHeader> headers;
  for (const engine::StoreOrder& order : seat.orders)
    if (const auto* put = std::get_if<engine::PutSession>(&order.what)) headers.push_back(put->header);
  REQUIRE(headers.size() == 2);
  REQUIRE(headers[1].image_scale == 1);
  REQUIRE(headers[1].refresh_hz == 60.0);
  REQUIRE(headers[1].session.find("pilot") == 0);
}

TEST_CASE("Scripts go on, move the slider and comment by actions") {
  Seat seat(an_experiment(true));
  seat.frames(4);
  const auto perform = [&](const char* command) {
    engine::Requests out;
    return ui::perform(seat.workspace, seat.in, out, command);
  };
  REQUIRE(perform("continue").ok());
  REQUIRE(seat.page() == study::RunPage::instructions);
  REQUIRE(perform("continue").ok());
  REQUIRE(perform("previous page").ok());
  REQUIRE(seat.session().run->instruction() == 0);
  REQUIRE_FALSE(perform("intuitiveness 40").ok());
  REQUIRE_FALSE(perform("comment hello").ok());
  ui::Workspace without;
  engine::Requests out;
  REQUIRE_FALSE(ui::perform(without, {}, out, "continue").ok());
}
