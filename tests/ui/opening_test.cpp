#include "ui/opening.h"

#include <cstdlib>
#include <fstream>

#include "catch.h"
#include "scene.h"
#include "ui/actions.h"

namespace fs = std::filesystem;

namespace {

// A file that is there while a test runs.
class Present {
 public:
  explicit Present(const char* name) : path_(fs::temp_directory_path() / name) { std::ofstream(path_) << "x"; }
  ~Present() { fs::remove(path_); }
  Present(const Present&) = delete;
  Present& operator=(const Present&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::shared_ptr<engine::FeedingQuestion> question() {
  auto made = std::make_shared<engine::FeedingQuestion>();
  made->path = "resnet.onnx";
  made->name = "resnet";
  made->size_is_open = true;
  engine::Feeding mean;
  mean.by_mean = true;
  made->presets = {{"torchvision", "…", mean}, {"zero-one", "0…1", {}}};
  made->read = [](const engine::Feeding& feeding) -> base::Result<engine::FedAs> {
    if (feeding.crop_px == "no") return base::Error{"The input size cannot be used", "it is no number", "Write 224."};
    return engine::FedAs{{256, {224, 224}}, false, -1.0F, 1.0F};
  };
  return made;
}

std::shared_ptr<engine::ModelSnapshot> opened(const fs::path& path) {
  auto model = scene::model();
  model->path = path;
  return model;
}

engine::ModelPointer refused(const fs::path& path, const std::string& why) {
  auto answer = std::make_shared<engine::ModelSnapshot>();
  answer->path = path;
  answer->error = base::Error{"The model cannot be opened", why, ""};
  return answer;
}

void type(scene::Headless& gui, ui::Workspace& workspace, const engine::Snapshots& in, const char* text) {
  ImGui::GetIO().AddInputCharactersUTF8(text);
  gui.frames(2, workspace, in);
}

engine::Requests press(scene::Headless& gui, ui::Workspace& workspace, const engine::Snapshots& in, ImGuiKey key) {
  ImGui::GetIO().AddKeyEvent(key, true);
  engine::Requests out = gui.frame(workspace, in);
  ImGui::GetIO().AddKeyEvent(key, false);
  gui.frame(workspace, in);
  return out;
}

}  // namespace

TEST_CASE("a path is typed into the box by keyboard, refused under it, and closes it when the model is open") {
  const Present file("unitscope-opening-test.onnx");
  scene::Headless gui({1280, 800});
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
  engine::Snapshots in = scene::everything(workspace);
  gui.frames(6, workspace, in);
  engine::Requests out;
  REQUIRE(ui::perform(workspace, in, out, "open model").ok());
  ui::PathBox& box = workspace.opening.box;
  gui.frames(4, workspace, in);
  type(gui, workspace, in, "/no/such/file.onnx");
  REQUIRE_FALSE(press(gui, workspace, in, ImGuiKey_Enter).open_model);
  REQUIRE(box.error.find("no file of that name") != std::string::npos);
  gui.frames(3, workspace, in);
  press(gui, workspace, in, ImGuiKey_Escape);
  gui.frames(2, workspace, in);

  ui::open_path_box(workspace, false);
  gui.frames(4, workspace, in);
  type(gui, workspace, in, file.path().c_str());
  REQUIRE(press(gui, workspace, in, ImGuiKey_Enter).open_model == file.path());
  REQUIRE(box.asked);
  in.opened = refused(file.path(), "it ends early");
  gui.frames(6, workspace, in);
  REQUIRE(box.open);
  REQUIRE(box.error.find("it ends early") != std::string::npos);

  REQUIRE(press(gui, workspace, in, ImGuiKey_Enter).open_model == file.path());
  ui::open_model(workspace, in, out, "dropped.onnx", false);  // instead
  in.opened = refused("dropped.onnx", "it is no model");
  gui.frames(6, workspace, in);
  REQUIRE(box.open);
  REQUIRE(box.error.empty());

  REQUIRE(press(gui, workspace, in, ImGuiKey_Enter).open_model == file.path());
  in.model = in.opened = opened(file.path());
  gui.frames(2, workspace, in);
  REQUIRE_FALSE(box.open);
}

TEST_CASE("a model that is opened without the box is named until it is there or refused, each side for itself") {
  const Present file("unitscope-opening-second.onnx");
  scene::Headless gui({1280, 800});
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
  engine::Snapshots in = scene::everything(workspace);
  engine::Requests out;
  REQUIRE(ui::opening_words(workspace, false).empty());
  REQUIRE(ui::perform(workspace, in, out, "second model " + file.path().string()).ok());
  gui.frames(2, workspace, in);
  REQUIRE(ui::opening_words(workspace, true) == "Opening unitscope-opening-second.onnx…");
  REQUIRE(ui::opening_words(workspace, false).empty());
  in.model = in.opened = opened(file.path());  // not the one that is awaited
  gui.frames(2, workspace, in);
  REQUIRE_FALSE(ui::opening_words(workspace, true).empty());
  in.beside.model = in.beside.opened = opened(file.path());
  gui.frames(2, workspace, in);
  REQUIRE(ui::opening_words(workspace, true).empty());

  ui::open_model(workspace, in, out, file.path(), false);  // again, as after another export
  gui.frames(2, workspace, in);
  REQUIRE_FALSE(ui::opening_words(workspace, false).empty());
  in.opened = refused(file.path(), "it ends early");
  gui.frames(2, workspace, in);
  REQUIRE(ui::opening_words(workspace, false).empty());
}

TEST_CASE("Escape closes the box and leaves the window's keys to the window") {
  scene::Headless gui({1280, 800});
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
  engine::Snapshots in = scene::everything(workspace);
  ui::open_path_box(workspace, false);
  gui.frames(6, workspace, in);
  press(gui, workspace, in, ImGuiKey_Escape);
  gui.frames(2, workspace, in);
  REQUIRE_FALSE(workspace.opening.box.open);
}

TEST_CASE("models that were open are remembered, newest first, each once, and as many as fit the menu") {
  ui::Workspace workspace;
  engine::Snapshots in;
  engine::Requests out;
  workspace.opening.embedded = "/m/embedded.onnx";
  for (const char* path : {"/m/1", "/m/2", "/m/3", "/m/embedded.onnx", "/m/4", "/m/5", "/m/6", "/m/7", "/m/6"}) {
    in.model = opened(path);
    ui::decide_opening(workspace, in, out, 1.0);
  }
  REQUIRE(workspace.preferences.recent_models ==
          std::vector<std::string>{"/m/6", "/m/7", "/m/5", "/m/4", "/m/3", "/m/2"});
  const auto read = ui::preferences_from_json(ui::to_json(workspace.preferences));
  REQUIRE(read->recent_models == workspace.preferences.recent_models);
}

TEST_CASE("Lucid's network opens where it lies, and else one sentence says which command fetches it") {
  ui::Workspace workspace;
  engine::Requests out;
  workspace.opening.lucid = "/no/such/InceptionV1.pb";
  const base::Status missing = ui::perform(workspace, {}, out, "open lucid model");
  REQUIRE_FALSE(missing.ok());
  REQUIRE(missing.error().sentence().find("scripts/fetch_models.sh inception-v1") != std::string::npos);
  REQUIRE_FALSE(out.open_model);
  const Present file("unitscope-opening-test.pb");
  workspace.opening.lucid = file.path();
  REQUIRE(ui::perform(workspace, {}, out, "open lucid model").ok());
  REQUIRE(out.open_model == file.path());
}

TEST_CASE("a path may begin with the home folder, and be quoted as file managers copy it") {
  const Present file("unitscope opening test.onnx");
  const std::string path = file.path().string();
  REQUIRE(*ui::typed_path("  '" + path + "'\n") == file.path());
  REQUIRE(*ui::typed_path("\"" + path + "\"") == file.path());
  const char* home = std::getenv("HOME");
  if (home != nullptr) REQUIRE(*ui::typed_path("~") == fs::path(home));
  REQUIRE_FALSE(ui::typed_path("").ok());
}

TEST_CASE("a question is asked once, read as it is typed, and answered by Enter") {
  scene::Headless gui({1280, 800});
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
  engine::Snapshots in = scene::everything(workspace);
  in.feeding = question();
  engine::Requests asked = gui.frame(workspace, in);
  ui::FeedingDialog& dialog = workspace.opening.dialog;
  REQUIRE(dialog.question == in.feeding);
  REQUIRE(dialog.feeding.by_mean);  // torchvision's, for three channels
  REQUIRE(asked.feeding_preview);
  REQUIRE(asked.feeding_preview->picture == workspace.chosen.picture);
  REQUIRE_FALSE(gui.frame(workspace, in).feeding_preview);

  dialog.feeding.crop_px = "no";
  gui.frames(2, workspace, in);
  REQUIRE(dialog.error.find("Write 224") != std::string::npos);
  REQUIRE_FALSE(press(gui, workspace, in, ImGuiKey_Enter).feed_model);

  REQUIRE(ui::use_feeding_preset(workspace, "zero-one").ok());
  gui.frames(2, workspace, in);
  REQUIRE(dialog.error.empty());
  const engine::Requests answer = press(gui, workspace, in, ImGuiKey_Enter);
  REQUIRE(answer.feed_model);
  REQUIRE(answer.feed_model->path == "resnet.onnx");
  REQUIRE_FALSE(answer.feed_model->feeding.by_mean);
  in.model = in.opened = opened("resnet.onnx");
  gui.frames(2, workspace, in);
  REQUIRE_FALSE(dialog.question);
  gui.frames(2, workspace, in);
  REQUIRE_FALSE(dialog.question);  // the same question is not asked again
  in.feeding = question();
  gui.frame(workspace, in);
  REQUIRE(dialog.question);  // the file was opened again
  press(gui, workspace, in, ImGuiKey_Escape);
  REQUIRE_FALSE(dialog.question);
}

TEST_CASE("an answer that the model refuses is said in the dialog, which stays") {
  scene::Headless gui({1280, 800});
  ui::Workspace workspace;
  engine::Snapshots in = scene::beginning();
  in.feeding = question();
  gui.frames(2, workspace, in);
  engine::Requests out;
  REQUIRE(ui::perform(workspace, in, out, "feed pictures torchvision").ok());
  REQUIRE(out.feed_model);
  in.opened = refused("resnet.onnx", "its sidecar has 3 labels for 1000 logits");
  gui.frames(2, workspace, in);
  REQUIRE(workspace.opening.dialog.question);
  REQUIRE(workspace.opening.dialog.error.find("3 labels") != std::string::npos);
  REQUIRE_FALSE(workspace.opening.dialog.answered);
  REQUIRE_FALSE(ui::perform(workspace, in, out, "feed pictures nothing").ok());
}

TEST_CASE("the dialog, the box and the menu draw in small and large windows") {
  for (const core::Size size : {core::Size{640, 400}, core::Size{1280, 800}})
    for (const float scale : {1.0F, 2.0F}) {
      scene::Headless gui(size, scale);
      ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
      engine::Snapshots in = scene::everything(workspace);
      ui::open_path_box(workspace, false);
      gui.frames(4, workspace, in);
      workspace.opening.box = {};
      in.feeding = question();
      in.feeding_preview = scene::picture();
      gui.frames(4, workspace, in);
      REQUIRE(gui.textures.pictures > 0);
      workspace.opening.dialog.feeding.by_mean = false;
      gui.frames(4, workspace, in);
    }
}
