#include "ui/trial_maker.h"

#include <utility>

#include "catch.h"
#include "scene.h"
#include "ui/actions.h"

namespace {

study::Trial trial(const std::string& id, double min, double max, double base) {
  study::Trial made;
  made.id = id;
  made.unit = {"two_pre_relu", 3, std::nullopt};
  made.picture = "p1.png";
  made.min.activation = made.lowest = min;
  made.max.activation = made.highest = max;
  made.base_activation = base;
  made.unit_spread = 0.5;
  return made;
}

std::shared_ptr<const study::Experiment> experiment() {
  auto made = std::make_shared<study::Experiment>();
  made->trials = {trial("a", 1.0, 2.0, 1.5), trial("b", 1.0, 4.0, 0.0), trial("c", 1.0, 1.5, 0.5)};
  made->rejected = {{"d", {"two_pre_relu", 4, std::nullopt}, 0, "The squares differ too little."}};
  made->remarks = {"Only 5 pictures: bins of 1."};
  return made;
}

}  // namespace

TEST_CASE("what is missing before trials can be made is said in a sentence") {
  ui::Workspace workspace;
  engine::Snapshots in;
  engine::Requests out;
  REQUIRE(ui::begin_making(workspace, in, out, false).error().why.find("model") != std::string::npos);
  in = scene::beginning();
  workspace.maker.units = ui::MakerUnits::this_unit;
  REQUIRE(ui::begin_making(workspace, in, out, false).error().why.find("unit") != std::string::npos);
  workspace.maker.units = ui::MakerUnits::sampled;
  workspace.maker.folder.clear();
  REQUIRE(ui::begin_making(workspace, in, out, false).error().why.find("folder") != std::string::npos);
  workspace.maker.folder = "experiment";
  for (const char* seed : {"", "-1", "1.5", "seven", "99999999999999999999999"}) {
    workspace.maker.seed = seed;
    REQUIRE(ui::begin_making(workspace, in, out, false).error().why.find("seed") != std::string::npos);
  }
  workspace.maker.seed = "0";
  for (const char* effect : {"", "-0.1", "much", "inf", "nan", "0.1 sd"}) {
    workspace.maker.least_effect = effect;
    REQUIRE(ui::begin_making(workspace, in, out, false).error().why.find("least effect") != std::string::npos);
  }
  REQUIRE_FALSE(out.make_trials);
}

TEST_CASE("the panel and the command line ask for the same") {
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
  const engine::Snapshots in = scene::beginning();
  ui::TrialMaker& maker = workspace.maker;
  maker.folder = "my trials";
  maker.seed = "7";
  maker.asks_intuitiveness = true;
  maker.tier = study::Tier::standard;
  const std::string sampled = ui::making_command(workspace, in);
  REQUIRE(sampled.find("units sample --per-layer 2 --seed 7") != std::string::npos);
  REQUIRE(sampled.find("/my trials' --seed 7 --tier standard --size 0.4 --least-effect 0.1 --intuitiveness") !=
          std::string::npos);
  const auto request = ui::making_request(workspace, in);
  REQUIRE(request->seed == 7);
  REQUIRE(request->least_effect == 0.1);  // to the last bit: the spec is compared so
  REQUIRE(request->asks_intuitiveness);
  REQUIRE(request->folder.is_absolute());
  REQUIRE(request->tier == study::Tier::standard);
  REQUIRE(request->per_layer == 2);
  REQUIRE((request->units_csv.empty() && request->units_file.empty()));
  maker.units = ui::MakerUnits::this_unit;
  // The command writes the very text.
  REQUIRE(ui::making_request(workspace, in)->units_csv == "unit,hand_picked\ntwo_pre_relu:3,true\n");
  REQUIRE(ui::making_command(workspace, in)
              .starts_with("printf '%s\\n' 'unit,hand_picked' 'two_pre_relu:3,true' > units.csv && "));
  maker.units = ui::MakerUnits::file;
  maker.units_file = "mine.csv";
  REQUIRE(ui::making_request(workspace, in)->units_file == "mine.csv");
  REQUIRE(ui::making_command(workspace, in).starts_with("unitscope-cli trials make --units mine.csv"));
}

TEST_CASE("each wish is a new one, and a cancel empties the slot") {
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
  engine::Snapshots in = scene::beginning();
  engine::Requests out;
  REQUIRE(ui::begin_making(workspace, in, out, true).ok());
  REQUIRE(out.make_trials->only_estimate);
  const int first = out.make_trials->number;
  REQUIRE(ui::begin_making(workspace, in, out, false).ok());
  REQUIRE(out.make_trials->number == first + 1);
  REQUIRE(ui::is_making(workspace, in));
  auto old = std::make_shared<engine::MakeTrialsSnapshot>();
  old->request.number = first;
  old->done = true;
  in.make_trials = old;
  REQUIRE(ui::making_answer(workspace, in) == nullptr);  // of an earlier wish
  auto now = std::make_shared<engine::MakeTrialsSnapshot>();
  now->request.number = first + 1;
  now->doing = "trial 2 of 9";
  now->remaining_s = 200;
  in.make_trials = now;
  REQUIRE(ui::is_making(workspace, in));
  REQUIRE(ui::making_words(*ui::making_answer(workspace, in)) == "trial 2 of 9 · *about 3 min* left");
  REQUIRE_FALSE(ui::estimate_s(workspace, in));
  ui::cancel_making(workspace, out);
  REQUIRE_FALSE(out.make_trials->model);
  REQUIRE_FALSE(ui::is_making(workspace, in));
}

TEST_CASE("an estimate is of the settings that it was asked for") {
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
  engine::Snapshots in = scene::beginning();
  engine::Requests out;
  REQUIRE(ui::begin_making(workspace, in, out, true).ok());
  auto known = std::make_shared<engine::MakeTrialsSnapshot>();
  known->request = *out.make_trials;
  known->estimate_s = 100;
  known->done = true;
  in.make_trials = known;
  REQUIRE(ui::estimate_s(workspace, in) == 100);
  const std::string folder = std::exchange(workspace.maker.folder, "elsewhere");
  REQUIRE_FALSE(ui::estimate_s(workspace, in));
  workspace.maker.folder = folder;
  REQUIRE(ui::estimate_s(workspace, in) == 100);
  workspace.maker.tier = study::Tier::full;
  REQUIRE_FALSE(ui::estimate_s(workspace, in));
}

TEST_CASE("a pilot of what was made is asked of the app, one at a time") {
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
  engine::Snapshots in = scene::beginning();
  engine::Requests out;
  REQUIRE_FALSE(ui::take_pilot(workspace, in).ok());
  REQUIRE(ui::begin_making(workspace, in, out, false).ok());
  auto done = std::make_shared<engine::MakeTrialsSnapshot>();
  done->request = *out.make_trials;
  done->done = true;
  auto made = std::make_shared<study::Experiment>(*experiment());
  made->conditions = {{"natural", "natural_9_references", 9}};
  done->experiment = made;
  in.make_trials = done;
  ui::TrialMaker& maker = workspace.maker;
  maker.participant.clear();
  REQUIRE(ui::take_pilot(workspace, in).error().why.find("name") != std::string::npos);
  maker.participant = "p 1";
  maker.condition = "blur";
  REQUIRE(ui::take_pilot(workspace, in).error().why.find("blur") != std::string::npos);
  maker.condition = "natural";
  maker.pilot_runs = true;
  REQUIRE_FALSE(ui::take_pilot(workspace, in).ok());
  maker.pilot_runs = false;
  REQUIRE_FALSE(maker.pilot);
  REQUIRE(ui::take_pilot(workspace, in).ok());
  REQUIRE(ui::pilot_flags(*maker.pilot) == std::vector<std::string>{"--pilot", done->request.folder.string(),
                                                                    "--participant", "p 1", "--group", "expert",
                                                                    "--condition", "natural"});
  REQUIRE(ui::pilot_command(maker).ends_with("--participant 'p 1' --group expert --condition natural"));
}

TEST_CASE("while the panel is open its own keys walk through it, and none of the screen below acts") {
  scene::Headless gui({1280, 800});
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
  workspace.preferences.motion = false;
  engine::Snapshots in = scene::everything(workspace);
  gui.frames(6, workspace, in);
  const auto press = [&](ImGuiKey key) {
    ImGui::GetIO().AddKeyEvent(key, true);
    gui.frames(2, workspace, in);
    ImGui::GetIO().AddKeyEvent(key, false);
    gui.frames(2, workspace, in);
  };
  press(ImGuiKey_T);
  REQUIRE(workspace.maker.open);
  const ui::Chosen before = workspace.chosen;
  for (const ImGuiKey key : {ImGuiKey_Tab, ImGuiKey_RightArrow, ImGuiKey_DownArrow, ImGuiKey_N, ImGuiKey_M}) press(key);
  REQUIRE(workspace.chosen == before);
  REQUIRE_FALSE(workspace.standing.panels_hidden);
  // Tab comes to every control: sooner or later to "full".
  for (int i = 0; i < 40 && workspace.maker.tier != study::Tier::full; ++i) {
    press(ImGuiKey_Space);
    press(ImGuiKey_Tab);
  }
  REQUIRE(workspace.maker.tier == study::Tier::full);
  press(ImGuiKey_Escape);
  for (int i = 0; i < 3 && workspace.maker.open; ++i) press(ImGuiKey_Escape);
  REQUIRE_FALSE(workspace.maker.open);
}

TEST_CASE("trials are listed by how hard they will be, those without a number last") {
  const auto made = experiment();
  const auto ids = [&](ui::TrialOrder order, bool hardest_first) {
    std::string text;
    for (const study::Trial* one : ui::in_order(*made, order, hardest_first)) text += one->id;
    return text;
  };
  REQUIRE(ids(ui::TrialOrder::effect, false) == "bac");
  REQUIRE(ids(ui::TrialOrder::effect, true) == "cab");
  REQUIRE(ids(ui::TrialOrder::relative_difference, false) == "cab");  // b's base is 0
  REQUIRE(ids(ui::TrialOrder::relative_difference, true) == "acb");
}

TEST_CASE("the panel draws while it waits, makes, fails and is done, and closes with Esc") {
  for (const core::Size size : {core::Size{800, 500}, {1280, 800}, {2560, 1600}}) {
    scene::Headless gui(size);
    ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
    engine::Snapshots in = scene::everything(workspace);
    engine::Requests out;
    gui.frames(6, workspace, in);
    REQUIRE(ui::perform(workspace, in, out, "make trials").ok());
    gui.frames(3, workspace, in);
    for (const ui::MakerUnits units : {ui::MakerUnits::this_unit, ui::MakerUnits::file, ui::MakerUnits::sampled}) {
      workspace.maker.units = units;
      gui.frames(2, workspace, in);
      gui.point_at_everything(workspace, in);
    }
    REQUIRE(ui::begin_making(workspace, in, out, false).ok());
    auto snapshot = std::make_shared<engine::MakeTrialsSnapshot>();
    snapshot->request = *out.make_trials;
    snapshot->trials = 9;
    snapshot->trials_done = 4;
    in.make_trials = snapshot;
    gui.frames(2, workspace, in);
    auto failed = std::make_shared<engine::MakeTrialsSnapshot>(*snapshot);
    failed->error = base::Error{"No trials can be made", "the folder holds another experiment", "Name another."};
    in.make_trials = failed;
    gui.frames(2, workspace, in);
    auto done = std::make_shared<engine::MakeTrialsSnapshot>(*snapshot);
    done->done = true;
    done->experiment = experiment();
    in.make_trials = done;
    gui.frames(2, workspace, in);
    gui.point_at_everything(workspace, in);
    ImGui::GetIO().AddKeyEvent(ImGuiKey_Escape, true);
    gui.frame(workspace, in);
    ImGui::GetIO().AddKeyEvent(ImGuiKey_Escape, false);
    gui.frame(workspace, in);
    REQUIRE_FALSE(workspace.maker.open);
    REQUIRE(workspace.screen == ui::Screen::explore);
  }
}
