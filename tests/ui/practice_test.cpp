#include "ui/practice.h"

#include <unistd.h>

#include <cstdio>
#include <cstring>

#include "catch.h"
#include "practising.h"
#include "ui/actions.h"
#include "ui/practice_words.h"

namespace {

using practising::drawn;
using practising::kSide_px;
using practising::Practising;
using practising::question;

// What is written to stderr, where the log goes, while it lives.
class KeptLog {
 public:
  KeptLog() : file_(std::tmpfile()), kept_(dup(STDERR_FILENO)) { dup2(fileno(file_), STDERR_FILENO); }
  ~KeptLog() {
    dup2(kept_, STDERR_FILENO);
    close(kept_);
    std::fclose(file_);
  }
  KeptLog(const KeptLog&) = delete;
  KeptLog& operator=(const KeptLog&) = delete;
  [[nodiscard]] long bytes() const { return lseek(fileno(file_), 0, SEEK_END); }

 private:
  std::FILE* file_;
  int kept_;
};

// What the frame asks of the engine, as far as it could say something about an answer.
std::string asked_for(const engine::Requests& out) {
  std::string text = std::to_string(out.store.size());
  if (out.sweep) text += core::to_json(out.sweep->spec);
  if (out.save || out.report || out.analysis || out.make_trials || out.experiment) text += " something else";
  return text;
}

// All that one truth makes the window show and say before the answer, the mouse over every part of it, with help,
// search, the panel of trials and undo, and the explorer in between; the next question is there already.
std::vector<std::string> before_the_answer(bool right_is_max) {
  Practising practising;
  std::vector<std::string> frames;
  const auto look = [&] {
    practising.gui.textures.shown.clear();
    const engine::Requests out = practising.gui.frame(practising.workspace, practising.in);
    REQUIRE_FALSE(out.drag);
    frames.push_back(drawn(practising.gui));
    frames.push_back(asked_for(out));
    frames.push_back(practising.workspace.standing.notice);
    const char* clipboard = ImGui::GetClipboardText();
    frames.emplace_back(clipboard == nullptr ? "" : clipboard);
  };
  practising.answer_request(right_is_max);
  const KeptLog log;
  REQUIRE(practising.workspace.practice.question);
  REQUIRE(practising.workspace.practice.question->number == 0);
  practising.answer_request(right_is_max);
  REQUIRE(ui::next_is_ready(practising.workspace, practising.in));
  for (float y = 20; y < 800; y += 52) {
    for (float x = 30; x < 1280; x += 88) {
      ImGui::GetIO().AddMousePosEvent(x, y);
      ImGui::GetIO().DeltaTime = 1.0F;  // tooltips have had their time
      practising.gui.frame(practising.workspace, practising.in);
      look();
    }
  }
  for (const ImGuiKey key : {ImGuiKey_1, ImGuiKey_2, ImGuiKey_3, ImGuiKey_M, ImGuiKey_Enter, ImGuiKey_LeftArrow,
                             ImGuiKey_H, ImGuiKey_Escape}) {
    practising.press(key);
    look();
  }
  for (const ImGuiKey key : {ImGuiKey_Z, ImGuiKey_Y, ImGuiKey_E, ImGuiKey_C}) {
    ImGui::GetIO().AddKeyEvent(ImGuiMod_Ctrl, true);
    practising.press(key);
    ImGui::GetIO().AddKeyEvent(ImGuiMod_Ctrl, false);
    look();
  }
  practising.press(ImGuiKey_T);
  for (int i = 0; i < 4; ++i) look();
  practising.press(ImGuiKey_Escape);
  for (const char* words : {"", "lowest", "p3", "two:3"}) {  // nothing that is found in it says more
    practising.workspace.standing.search_open = true;
    practising.workspace.standing.search_text = words;
    for (int i = 0; i < 4; ++i) look();
    practising.workspace.standing.search_open = false;
  }
  for (const char* command : {"copy command occlusion", "copy command activation", "export answers x", "answer"}) {
    engine::Requests out;
    const auto status = ui::perform(practising.workspace, practising.in, out, command);
    frames.push_back(status ? asked_for(out) : status.error().sentence());
    look();
  }
  REQUIRE_FALSE(practising.workspace.practice.answer);
  ui::go_to(practising.workspace, ui::Screen::explore);
  const std::size_t past = practising.workspace.history.past.size();
  practising.gui.frames(6, practising.workspace, practising.in);
  frames.push_back(drawn(practising.gui));
  REQUIRE(practising.workspace.history.past.size() == past);
  ui::go_to(practising.workspace, ui::Screen::practice);
  practising.gui.frames(2, practising.workspace, practising.in);
  look();
  REQUIRE(practising.workspace.practice.question);
  REQUIRE_FALSE(practising.workspace.practice.looked_up);
  REQUIRE(log.bytes() == 0);
  return frames;
}

}  // namespace

TEST_CASE("no frame before the answer carries the truth: two opposite truths give the very same ones") {
  const std::vector<std::string> one = before_the_answer(true), other = before_the_answer(false);
  REQUIRE(one.size() == other.size());
  REQUIRE(one.size() > 500);
  for (std::size_t i = 0; i < one.size(); ++i) {
    INFO("frame " << i);
    REQUIRE((one[i] == other[i]));
  }
}

TEST_CASE("after the answer the two truths are told apart") {
  std::string frames[2];
  for (const bool right_is_max : {false, true}) {
    Practising practising;
    practising.answer_request(right_is_max);
    practising.press(ImGuiKey_K);
    REQUIRE(practising.workspace.practice.answer);
    REQUIRE(practising.workspace.practice.answer->correct == right_is_max);
    practising.gui.textures.shown.clear();
    practising.gui.frame(practising.workspace, practising.in);
    frames[right_is_max ? 1 : 0] = drawn(practising.gui);
  }
  REQUIRE((frames[0] != frames[1]));
}

TEST_CASE("s d f and j k l answer by position with the labels 3 2 1 and 1 2 3; digits answer nothing") {
  const ImGuiKey keys[] = {ImGuiKey_S, ImGuiKey_D, ImGuiKey_F, ImGuiKey_J, ImGuiKey_K, ImGuiKey_L};
  const int labels[] = {3, 2, 1, 1, 2, 3};
  for (int button = 0; button < 6; ++button) {
    Practising practising;
    practising.answer_request();
    for (const ImGuiKey digit : {ImGuiKey_1, ImGuiKey_2, ImGuiKey_3, ImGuiKey_Keypad1}) practising.press(digit);
    REQUIRE_FALSE(practising.workspace.practice.answer);
    practising.press(keys[button]);
    REQUIRE(practising.workspace.practice.answer);
    const study::Answer& answer = *practising.workspace.practice.answer;
    REQUIRE(answer.button == button);
    REQUIRE(answer.confidence == labels[button]);
    REQUIRE(answer.correct == (button >= 3));
    REQUIRE(answer.mode == study::Mode::practice);
    REQUIRE(answer.device == study::Device::keyboard);
    REQUIRE(answer.condition == "natural");
    REQUIRE(answer.rt_ms > 0);
    practising.press(keys[5 - button]);  // it stands
    REQUIRE(practising.workspace.practice.answer->button == button);
    REQUIRE(practising.workspace.practice.answers.size() == 1);
  }
}

TEST_CASE("a click on a button answers, and no key does while the help is open") {
  Practising practising;
  practising.answer_request();
  practising.press(ImGuiKey_H);
  practising.press(ImGuiKey_S);
  REQUIRE_FALSE(practising.workspace.practice.answer);
  practising.press(ImGuiKey_Escape);
  REQUIRE(practising.workspace.screen == ui::Screen::practice);
  practising.click(practising.layout().question.buttons[1]);
  REQUIRE(practising.workspace.practice.answer);
  REQUIRE(practising.workspace.practice.answer->button == 1);
  REQUIRE(practising.workspace.practice.answer->device == study::Device::mouse);
}

TEST_CASE("the next question is asked for while the present one is looked at, and comes when it is wanted") {
  Practising practising;
  REQUIRE(practising.workspace.practice.asked->number == 0);
  practising.answer_request();
  ui::Practice& practice = practising.workspace.practice;
  REQUIRE(practice.question->number == 0);
  REQUIRE(practice.asked->number == 1);
  practising.press(ImGuiKey_Enter);
  REQUIRE(practice.question->number == 0);  // it has no answer yet
  practising.press(ImGuiKey_J);
  practising.press(ImGuiKey_Enter);
  REQUIRE(practice.question->number == 0);  // the next one is not ready: this one stays
  REQUIRE(ui::next_state(practising.workspace, practising.in).readiness == ui::Readiness::working);
  practising.answer_request();
  REQUIRE(practice.question->number == 1);
  REQUIRE_FALSE(practice.answer);
  REQUIRE(practice.asked->number == 2);
  // What was answered is never asked again as if it were new.
  REQUIRE(std::ranges::find(practice.asked->seen,
                            engine::PracticePicture{practice.answers[0].trial.unit, "pictures/p3.png"}) !=
          practice.asked->seen.end());
}

TEST_CASE("what the explorer shows is reported as seen; looking a question up there takes it out of the score") {
  for (const bool look_up : {false, true}) {
    Practising practising;
    const engine::PracticePicture on_stage{*practising.workspace.chosen.unit, practising.workspace.chosen.picture};
    REQUIRE(std::ranges::find(practising.workspace.practice.asked->seen, on_stage) !=
            practising.workspace.practice.asked->seen.end());
    practising.answer_request();
    if (look_up) {
      ui::go_to(practising.workspace, ui::Screen::explore);
      ui::choose_picture(practising.workspace, "pictures/p3.png");
      practising.gui.frames(3, practising.workspace, practising.in);
      ui::go_to(practising.workspace, ui::Screen::practice);
    }
    practising.press(ImGuiKey_J);
    const ui::Practice& practice = practising.workspace.practice;
    REQUIRE(practice.answer->truth_seen == look_up);
    REQUIRE(study::practice_score(practice.answers).all.of == (look_up ? 0 : 1));
  }
}

TEST_CASE("another unit, another model or another folder drops the question") {
  for (const char* what : {"unit", "model", "folder", "kind of units"}) {
    INFO(what);
    Practising practising;
    practising.answer_request();
    const std::string changed = what;
    if (changed == "unit") ui::choose_unit(practising.workspace, {"one_pre_relu", 1, std::nullopt});
    if (changed == "kind of units") practising.workspace.practice.units = ui::PracticeUnits::drawn;
    if (changed == "model") practising.in.model = scene::model();
    if (changed == "folder") {
      auto other = scene::collection(3);
      other->folder = "elsewhere";
      practising.in.collection = other;
    }
    practising.gui.frames(2, practising.workspace, practising.in);
    REQUIRE_FALSE(practising.workspace.practice.question);
  }
}

TEST_CASE(
    "after the answer the lowest place can be searched: the square goes with the hand and its value is asked for") {
  Practising practising;
  practising.answer_request();
  practising.press(ImGuiKey_M);
  REQUIRE_FALSE(practising.workspace.practice.hunt);
  practising.press(ImGuiKey_F);
  practising.press(ImGuiKey_M);
  ui::Practice& practice = practising.workspace.practice;
  REQUIRE(practice.hunt);
  practising.gui.point_at_everything(practising.workspace, practising.in);
  const core::Rect base = practising.layout().question.base;
  ImGuiIO& io = ImGui::GetIO();
  io.AddMousePosEvent(base.min.x + 112, base.min.y + 112);
  practising.gui.frames(2, practising.workspace, practising.in);
  io.AddMouseButtonEvent(0, true);
  practising.gui.frames(2, practising.workspace, practising.in);
  io.AddMousePosEvent(base.min.x + 52, base.min.y + 412);
  const engine::Requests out = practising.gui.frame(practising.workspace, practising.in);
  REQUIRE(practice.hunt->place == core::Occluder{7, 134, kSide_px});
  REQUIRE(out.drag);
  REQUIRE(out.drag->picture == practice.question->picture);
  REQUIRE(out.drag->occluder == practice.hunt->place);
  io.AddMouseButtonEvent(0, false);
  practising.in.drag = scene::drag(*out.drag, 2.5F);
  practising.gui.frames(2, practising.workspace, practising.in);
  REQUIRE(ui::hunted_value(practising.workspace, practising.in) == 2.5F);
  REQUIRE(practice.hunt->best == 2.5F);
  practising.press(ImGuiKey_RightArrow);
  REQUIRE(practice.hunt->place.x_px == 9);
  REQUIRE_FALSE(ui::hunted_value(practising.workspace, practising.in));
  practising.press(ImGuiKey_M);
  REQUIRE(practice.hunt->over);
  REQUIRE(ui::found_words(*practice.question, *practice.hunt).find("4th") != std::string::npos);  // 0, 1, 2 are lower
}

TEST_CASE("the live visualization runs on in practice only where one learns from it, and of the question's unit") {
  for (const bool live : {false, true}) {
    Practising practising;
    if (live) practising.workspace.practice.references = ui::PracticeReferences::live;
    practising.answer_request();
    const auto& asked = practising.workspace.asked.visualize[0];
    REQUIRE(asked->spec.unit == practising.workspace.practice.question->trial.unit);
    REQUIRE(asked->run == (live ? engine::Run::running : engine::Run::paused));
    practising.press(ImGuiKey_J);
    REQUIRE(practising.workspace.practice.answer->condition == (live ? "live" : "natural"));
    ui::go_to(practising.workspace, ui::Screen::explore);
    practising.gui.frame(practising.workspace, practising.in);
    REQUIRE(practising.workspace.asked.visualize[0]->run == engine::Run::running);
  }
}

TEST_CASE("question and truth have their places at every size, inside the window and apart") {
  const auto overlap = [](const core::Rect& a, const core::Rect& b) {
    return a.min.x < b.max.x - 0.5F && b.min.x < a.max.x - 0.5F && a.min.y < b.max.y - 0.5F && b.min.y < a.max.y - 0.5F;
  };
  for (const core::Size size : {core::Size{800, 500}, {940, 600}, {1280, 800}, {1920, 1080}, {2560, 1440}}) {
    for (const float scale : {1.0F, 2.0F}) {
      if (scale > 1 && size.width_px < 1600) continue;
      INFO(size.width_px << "x" << size.height_px << " at " << scale);
      const ui::PracticeLayout layout = ui::practice_layout(size, scale, 1.0F, {224, 224});
      REQUIRE(layout.question.side > 0);
      const core::Rect parts[] = {layout.head,           layout.choices,       layout.references,
                                  layout.truth,          layout.question.base, layout.question.left,
                                  layout.question.right, layout.question.foot};
      for (std::size_t i = 0; i < std::size(parts); ++i) {
        REQUIRE(parts[i].min.x >= 0);
        REQUIRE(parts[i].max.x <= static_cast<float>(size.width_px));
        REQUIRE(parts[i].max.y <= static_cast<float>(size.height_px));
        for (std::size_t j = 0; j < i; ++j) REQUIRE_FALSE(overlap(parts[i], parts[j]));
      }
      REQUIRE(layout.map.width() >= 40);
      REQUIRE(layout.map.max.y <= layout.truth.max.y + 1);
    }
  }
}

TEST_CASE("practice draws in every state and size") {
  for (const core::Size size : {core::Size{640, 480}, {1280, 800}, {2560, 1600}}) {
    Practising practising(size);
    auto snapshot = std::make_shared<engine::PracticeSnapshot>();
    snapshot->request = *practising.workspace.practice.asked;
    snapshot->tested = 1230;
    snapshot->places = 4624;
    practising.in.practice = snapshot;
    practising.gui.frames(2, practising.workspace, practising.in);
    auto failed = std::make_shared<engine::PracticeSnapshot>(*snapshot);
    failed->error = base::Error{"No question can be asked", "the folder is too small", "Open another."};
    practising.in.practice = failed;
    practising.gui.frames(2, practising.workspace, practising.in);
    REQUIRE(ui::practice_state(practising.workspace, practising.in).readiness == ui::Readiness::failed);
    practising.answer_request();
    practising.press(ImGuiKey_S);
    practising.press(ImGuiKey_M);
    practising.press(ImGuiKey_M);
    practising.gui.frames(3, practising.workspace, practising.in);
    REQUIRE(practising.workspace.practice.hunt->over);
  }
}

TEST_CASE("the words of the truth name the side, the places and how that compares") {
  auto one = question(0, true);
  one->others = {0.1, 0.2, 0.9};
  const ui::TruthWords words = ui::truth_words(*one);
  REQUIRE(words.highest_value == "2.87");
  REQUIRE(words.highest == "right square, the highest of all 4,624 places");
  REQUIRE(words.lowest == "left square, the lowest");
  REQUIRE(words.difference.find("0.36") != std::string::npos);  // (3.12 − 2.01) / 3.12
  REQUIRE(words.difference.find("*2* of the *3*") != std::string::npos);
  one->trial.base_activation = 0.0;
  REQUIRE(ui::truth_words(*one).difference.find("too near 0") != std::string::npos);
  REQUIRE(ui::truth_words(*question(0, false)).highest.starts_with("left"));
}

TEST_CASE("every answer goes to the results store once, after the session's header; without a file none does") {
  for (const bool kept : {false, true}) {
    Practising practising;
    ui::Practice& practice = practising.workspace.practice;
    if (kept) practice.results_file = "practice.sqlite";
    practice.header.session = "practice-test";
    practice.header.mode = study::Mode::practice;
    practising.answer_request();
    std::vector<engine::StoreOrder> orders;
    const auto watch = [&](const engine::Requests& out) {
      orders.insert(orders.end(), out.store.begin(), out.store.end());
    };
    ImGui::GetIO().AddKeyEvent(ImGuiKey_D, true);
    for (int i = 0; i < 4; ++i) watch(practising.gui.frame(practising.workspace, practising.in));
    REQUIRE(practice.answer);
    if (!kept) {
      REQUIRE(orders.empty());
      continue;
    }
    REQUIRE(orders.size() >= 2);
    REQUIRE(std::holds_alternative<engine::PutSession>(orders[orders.size() - 2].what));
    const auto* answer = std::get_if<engine::AddAnswer>(&orders.back().what);
    REQUIRE(answer != nullptr);
    REQUIRE(answer->answer == *practice.answer);
    REQUIRE(answer->answer.session == "practice-test");
    engine::Requests out;
    REQUIRE(ui::perform(practising.workspace, practising.in, out, "export answers somewhere").ok());
    REQUIRE(out.store.back().number == practice.orders);
    REQUIRE(std::get<engine::ExportSession>(out.store.back().what).folder == "somewhere");
  }
}

TEST_CASE("a store that takes no answers is said in a sentence, and practice goes on") {
  Practising practising;
  practising.workspace.practice.results_file = "practice.sqlite";
  auto store = std::make_shared<engine::StoreSnapshot>();
  store->error = base::Error{"The answers cannot be kept", "the disk is full", "Make room."};
  practising.in.store = store;
  practising.answer_request();
  REQUIRE(practising.workspace.standing.notice.find("the disk is full") != std::string::npos);
  practising.press(ImGuiKey_D);
  REQUIRE(practising.workspace.practice.answer);
}
