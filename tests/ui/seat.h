// Where a participant sits: a session's window without a GPU, an engine and a results store.
#pragma once
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "catch.h"
#include "scene.h"

namespace seat {

// Pictures by side, not by file: what is seen says nothing of the truth.
inline std::shared_ptr<const study::QuestionPictures> pictures_of(const study::QuestionFiles& files,
                                                                  const engine::QuestionsRequest& request) {
  const int side_px = request.reference_side_px;
  const core::Size size{224 * request.image_scale, 224 * request.image_scale};
  auto made = std::make_shared<study::QuestionPictures>();
  for (std::size_t i = 0; i < files.references.size(); ++i)
    made->references.push_back(core::make_image({side_px, side_px}, 40, 80, 120));
  made->base = core::make_image(size, 120, 130, 140);
  made->left = core::make_image(size, 10, 130, 140);
  made->right = core::make_image(size, 120, 130, 10);
  return made;
}

// Remembers which pictures were drawn, in order.
class SeenTextures final : public ui::Textures {
 public:
  ImTextureRef texture(const core::Image& image) override {
    seen.push_back(core::content_hash(image));
    return ImGui::GetIO().Fonts->TexRef;
  }
  ImTextureRef squares(const core::Image& image, int) override { return texture(image); }
  ImTextureRef map(const core::Map&, const core::MapStyle&, core::Size) override {
    seen.push_back(0);
    return ImGui::GetIO().Fonts->TexRef;
  }
  std::vector<std::uint64_t> seen;
};

// A window with a session in it, an engine that answers at once, and a store that can be made to fail.
class Seat {
 public:
  explicit Seat(study::Experiment experiment, core::Size size = {1280, 800}, const std::string& condition = "natural")
      : gui(size) {
    auto opened = std::make_shared<engine::ExperimentSnapshot>();
    opened->folder = "experiment";
    opened->name = "experiment";
    opened->hash = "hash";
    opened->experiment = std::make_shared<study::Experiment>(std::move(experiment));
    opened->texts = study::default_texts();
    experiment_ = opened;
    workspace.screen = ui::Screen::session;
    ui::Session session;
    session.ask = {study::Mode::pilot, "p01", "expert", condition, std::nullopt};
    session.experiment_folder = "experiment";
    session.results_folder = "results";
    session.machine = {"0.1", "a GPU", "steady", "fifo", 60.0, 1.0};
    workspace.session = session;
    store_ = std::make_shared<engine::StoreSnapshot>();
  }

  void frame() {
    engine::Requests out;
    ui::Frame now;
    now.now_s = now_s;
    now_s += 1.0 / 60.0;
    now.press_time = time_of(now.now_s);
    const ImVec2 size = ImGui::GetIO().DisplaySize;
    ui::before_new_frame(workspace, {static_cast<int>(size.x), static_cast<int>(size.y)}, 1.0F);
    ImGui::NewFrame();
    textures.seen.clear();
    ui::draw_window(workspace, in, out, textures, now);
    ImGui::Render();
    ui::frame_was_presented(workspace, time_of(now.now_s + 0.004));
    answer(out);
  }
  void frames(int count) {
    for (int i = 0; i < count; ++i) frame();
  }
  void press(ImGuiKey key) {
    ImGui::GetIO().AddKeyEvent(key, true);
    frames(2);
    ImGui::GetIO().AddKeyEvent(key, false);
    frames(2);
  }
  void click(core::Point at) {
    ImGui::GetIO().AddMousePosEvent(at.x, at.y);
    frames(2);
    ImGui::GetIO().AddMouseButtonEvent(0, true);
    frames(2);
    ImGui::GetIO().AddMouseButtonEvent(0, false);
    frames(2);
  }
  [[nodiscard]] ui::Session& session() { return *workspace.session; }
  [[nodiscard]] study::RunPage page() { return session().run->page(); }
  void go_to_first_trial() {
    frames(4);
    for (int i = 0; i < 60 && page() != study::RunPage::trial; ++i) press(ImGuiKey_Enter);
    frames(2);
    REQUIRE(page() == study::RunPage::trial);
  }
  // The side of max, which only the test may look at.
  [[nodiscard]] bool max_is_left() { return session().run->question().left.find("max") != std::string::npos; }

  // Everything that reaches the screen: vertices, what is drawn of them, and the pictures.
  [[nodiscard]] std::uint64_t seen() const {
    std::uint64_t hash = base::hash64(std::as_bytes(std::span(textures.seen)));
    for (const ImDrawList* list : ImGui::GetDrawData()->CmdLists) {
      hash = base::hash64(
          std::as_bytes(std::span(list->VtxBuffer.Data, static_cast<std::size_t>(list->VtxBuffer.Size))), hash);
      hash = base::hash64(
          std::as_bytes(std::span(list->IdxBuffer.Data, static_cast<std::size_t>(list->IdxBuffer.Size))), hash);
    }
    return hash;
  }

  scene::Headless gui;
  SeenTextures textures;
  ui::Workspace workspace;
  engine::Snapshots in;
  std::vector<engine::StoreOrder> orders;
  std::vector<study::Answer> answers;
  int retries = 0;
  bool store_works = true;
  double now_s = 10.0;

 private:
  static engine::Clock::time_point time_of(double seconds) {
    return engine::Clock::time_point(
        std::chrono::duration_cast<engine::Clock::duration>(std::chrono::duration<double>(seconds)));
  }
  void answer(engine::Requests& out) {
    if (out.experiment) in.experiment = experiment_;
    if (out.questions) {
      auto loaded = std::make_shared<engine::QuestionsSnapshot>();
      loaded->request = *out.questions;
      for (const auto& files : out.questions->questions) loaded->pictures.push_back(pictures_of(files, *out.questions));
      in.questions = loaded;
    }
    retries += out.retry_store ? 1 : 0;
    for (engine::StoreOrder& order : out.store) orders.push_back(std::move(order));
    auto next = std::make_shared<engine::StoreSnapshot>(*store_);
    next->error.reset();
    if (!store_works && next->done < static_cast<int>(orders.size()))
      next->error = base::Error{"The answers cannot be written", "the disk is full", "Free some space"};
    while (store_works && next->done < static_cast<int>(orders.size())) {
      const engine::StoreOrder& order = orders[static_cast<std::size_t>(next->done)];
      next->open = true;
      if (const auto* add = std::get_if<engine::AddAnswer>(&order.what)) answers.push_back(add->answer);
      next->done = order.number;
    }
    store_ = next;
    in.store = next;
  }

  std::shared_ptr<const engine::ExperimentSnapshot> experiment_;
  std::shared_ptr<const engine::StoreSnapshot> store_;
};

}  // namespace seat
