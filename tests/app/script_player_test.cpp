// The player with Dear ImGui's context but without a renderer or an engine: what reaches the input queue, and when.
#include "app/script_player.h"

#include <imgui.h>

#include "catch.h"

namespace {

using app::ScriptPlayer;

// A context that runs frames and draws nothing, with the stage's picture at a known place.
struct Nowhere {
  ui::Workspace workspace;
  engine::Snapshots in;
  engine::Requests out;
  double now_s = 0.0;
  ScriptPlayer::Clock::time_point now{};
  bool settled = false;

  Nowhere() {
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.BackendFlags |= ImGuiBackendFlags_RendererHasTextures;
    io.ConfigInputTrickleEventQueue = false;
    auto picture = std::make_shared<engine::PictureSnapshot>();
    picture->image = core::make_image({224, 224});
    in.picture = picture;
    workspace.standing.stage_picture = core::Rect{{100, 50}, {548, 498}};  // twice its size
    workspace.standing.map = core::Rect{{600, 300}, {800, 500}};
  }
  ~Nowhere() { ImGui::DestroyContext(); }

  base::Result<ScriptPlayer::Next> frame(ScriptPlayer& player) {
    now_s += 1.0 / 60.0;
    now += std::chrono::milliseconds(16);
    ScriptPlayer::Scene scene{workspace, in, out, 2.0F, now_s, now, {}, settled};
    const auto next = player.before_frame(scene);
    ImGuiIO& io = ImGui::GetIO();
    io.DisplaySize = {1280, 800};
    io.DeltaTime = 1.0F / 60.0F;
    ImGui::NewFrame();
    ImGui::EndFrame();
    return next;
  }
};

ScriptPlayer player_of(const char* json) {
  auto script = app::parse_script(json);
  REQUIRE(script);
  return ScriptPlayer(std::move(*script));
}

}  // namespace

TEST_CASE("a drag presses at its start, moves over the picture and lets go at its end") {
  Nowhere nowhere;
  ScriptPlayer player = player_of(R"([{"do": "drag 10 20 110 20 4"}])");
  std::vector<ImVec2> path;
  bool was_down = false;
  for (auto next = nowhere.frame(player); next && *next != ScriptPlayer::Next::done; next = nowhere.frame(player)) {
    const ImGuiIO& io = ImGui::GetIO();
    if (io.MouseDown[0]) path.push_back(io.MousePos);
    was_down = was_down || io.MouseDown[0];
  }
  REQUIRE(was_down);
  REQUIRE(!ImGui::GetIO().MouseDown[0]);
  REQUIRE(path.front().x == Approx(100 + 2 * 10));
  REQUIRE(path.front().y == Approx(50 + 2 * 20));
  REQUIRE(path.back().x == Approx(100 + 2 * 110));
  for (std::size_t i = 1; i < path.size(); ++i) REQUIRE(path[i].x >= path[i - 1].x);
}

TEST_CASE("map places are shares of the map, window places scale with the content scale") {
  Nowhere nowhere;
  ScriptPlayer player = player_of(R"([{"do": "point map 0.5 0.25"}, {"do": "point window 30 40"}])");
  REQUIRE(nowhere.frame(player));
  REQUIRE(nowhere.frame(player));
  REQUIRE(ImGui::GetIO().MousePos.x == Approx(700));
  REQUIRE(ImGui::GetIO().MousePos.y == Approx(350));
  REQUIRE(nowhere.frame(player));
  REQUIRE(nowhere.frame(player));
  REQUIRE(ImGui::GetIO().MousePos.x == Approx(60));
}

TEST_CASE("a key is down for one frame and up in the next") {
  Nowhere nowhere;
  ScriptPlayer player = player_of(R"([{"do": "key Shift+Left"}, {"wait": "frames 1"}])");
  REQUIRE(nowhere.frame(player));
  REQUIRE(nowhere.frame(player));
  REQUIRE(ImGui::IsKeyPressed(ImGuiKey_LeftArrow));
  REQUIRE(ImGui::GetIO().KeyShift);
  REQUIRE(nowhere.frame(player));
  REQUIRE(!ImGui::IsKeyDown(ImGuiKey_LeftArrow));
  REQUIRE(!ImGui::GetIO().KeyShift);
}

TEST_CASE("a wait that is not met in time is an error that names it") {
  Nowhere nowhere;
  ScriptPlayer player = player_of(R"([{"wait": "idle", "timeout_s": 0.1}])");
  auto next = nowhere.frame(player);
  int frames = 0;
  while (next && frames++ < 100) next = nowhere.frame(player);
  REQUIRE(!next);
  REQUIRE(next.error().sentence().find("idle") != std::string::npos);
  REQUIRE(next.error().sentence().find("step 1") != std::string::npos);
}

TEST_CASE("a wait that is met is counted, and the script goes on to the shot and its end") {
  Nowhere nowhere;
  ScriptPlayer player = player_of(R"([{"wait": "idle"}, {"wait": "seconds 0.1"}, {"shot": "end"}])");
  REQUIRE(*nowhere.frame(player) == ScriptPlayer::Next::frame);
  REQUIRE(*nowhere.frame(player) == ScriptPlayer::Next::patience);
  nowhere.settled = true;
  int frames = 0;
  auto next = nowhere.frame(player);
  while (*next != ScriptPlayer::Next::shot && frames++ < 100) next = nowhere.frame(player);
  REQUIRE(frames >= 6);
  REQUIRE(player.shot_name() == "end");
  REQUIRE(player.waits().size() == 2);
  REQUIRE(*nowhere.frame(player) == ScriptPlayer::Next::done);
}

TEST_CASE("a map counts as there when its finest complete grid is as large as asked, and no sooner") {
  Nowhere nowhere;
  auto model = std::make_shared<engine::ModelSnapshot>();
  nowhere.in.model = model;
  nowhere.workspace.chosen.unit = core::Unit{"layer", 3, {}};
  nowhere.workspace.chosen.occluder.side_px = 90;
  ScriptPlayer player = player_of(R"([{"wait": "map 17x17", "timeout_s": 3000}, {"shot": "map"}])");
  REQUIRE(*nowhere.frame(player) == ScriptPlayer::Next::frame);
  REQUIRE(*nowhere.frame(player) == ScriptPlayer::Next::patience);
  const auto answer_with = [&](int complete_stride_px) {
    auto answer = std::make_shared<engine::SweepAnswer>();
    answer->sweep.map.picture = {224, 224};
    answer->sweep.map.side_px = 90;
    answer->sweep.map.complete_stride_px = complete_stride_px;
    answer->sweep.spec.unit = *nowhere.workspace.chosen.unit;
    answer->sweep.spec.side_px = 90;
    answer->sweep.spec.model = model->file;
    answer->sweep.spec.picture = nowhere.in.picture->file;
    nowhere.in.sweep = answer;
  };
  answer_with(16);
  REQUIRE(*nowhere.frame(player) == ScriptPlayer::Next::patience);
  answer_with(8);
  REQUIRE(*nowhere.frame(player) == ScriptPlayer::Next::frame);
  REQUIRE(*nowhere.frame(player) == ScriptPlayer::Next::shot);
}

TEST_CASE("an action that cannot do what it is told stops the script with its step") {
  Nowhere nowhere;
  ScriptPlayer player = player_of(R"([{"wait": "frames 1"}, {"do": "map shows the moon"}])");
  auto next = nowhere.frame(player);
  for (int i = 0; i < 10 && next; ++i) next = nowhere.frame(player);
  REQUIRE(!next);
  REQUIRE(next.error().sentence().find("step 2") != std::string::npos);
  REQUIRE(next.error().sentence().find("the moon") != std::string::npos);
}

TEST_CASE("a file that could not be opened stops the script at its next wait") {
  Nowhere nowhere;
  ScriptPlayer player = player_of(R"([{"wait": "value"}])");
  REQUIRE(nowhere.frame(player));
  nowhere.in.refusal = std::make_shared<engine::RefusalSnapshot>(
      engine::RefusalSnapshot{{"The model bad.onnx cannot be opened", "it ends early", ""}, {}});
  const auto next = nowhere.frame(player);
  REQUIRE_FALSE(next);
  REQUIRE(next.error().sentence().find("bad.onnx") != std::string::npos);
}
