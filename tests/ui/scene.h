// A window without a window: snapshots of a made-up network of three layers, and a headless Dear ImGui that frames can
// be drawn in and a mouse moved in.
#pragma once
#include <imgui.h>
#include <imgui_internal.h>
#include <implot.h>

#include <cmath>
#include <memory>
#include <vector>

#include "catch.h"
#include "ui/choice.h"
#include "ui/theme.h"
#include "ui/window.h"

namespace scene {

inline engine::LayerInfo layer(const char* name, const char* short_name, int channels, int side, int field_px) {
  return {name, short_name, channels, side, side, field_px, false};
}

inline std::shared_ptr<engine::ModelSnapshot> model() {
  auto made = std::make_shared<engine::ModelSnapshot>();
  made->path = "tiny.onnx";
  made->file = {"tiny.onnx", "abc"};
  made->name = "tiny";
  made->layers = {layer("one_pre_relu", "one", 4, 28, 19), layer("two_pre_relu", "two", 8, 14, 59),
                  layer("three_pre_relu", "three", 16, 7, 171)};
  made->labels = 3;
  made->made_by = "a test";
  made->understand = [](std::string_view text) -> base::Result<engine::UnderstoodName> {
    const base::Result<core::Unit> unit = core::parse_unit(text);
    if (!unit) return unit.error();
    for (const char* known : {"one_pre_relu", "two_pre_relu", "three_pre_relu"}) {
      if (unit->layer == known) return engine::UnderstoodName{*unit, "channel of " + unit->layer};
    }
    return base::Error{"The layer " + unit->layer + " is not in the model", "it has others", "Choose one of one, two."};
  };
  made->describe = [](const core::Unit& unit) { return "channel " + std::to_string(unit.channel + 1); };
  return made;
}

inline std::shared_ptr<engine::CollectionSnapshot> collection(int pictures = 5) {
  auto made = std::make_shared<engine::CollectionSnapshot>();
  made->folder = "pictures";
  made->name = "pictures";
  for (int i = 0; i < pictures; ++i) {
    const std::string name = "p" + std::to_string(i) + ".png";
    made->pictures.push_back({"pictures/" + name, name, i % 2 == 0 ? "heron" : ""});
  }
  made->skipped.push_back({"broken.png", {"broken.png cannot be read", "it ends early", ""}});
  return made;
}

inline std::shared_ptr<engine::PictureSnapshot> picture(const std::string& name = "p0.png", int side_px = 224) {
  auto made = std::make_shared<engine::PictureSnapshot>();
  made->file = {"pictures/" + name, "hash-of-" + name};
  made->name = name;
  made->original = {640, 480};
  made->image = core::make_image({side_px, side_px}, 120, 90, 60);
  return made;
}

inline core::Map ramp(int side) {
  core::Map map = core::make_map(side, side, 0.0F);
  for (int row = 0; row < side; ++row) {
    for (int col = 0; col < side; ++col) map.at(row, col) = static_cast<float>(row * side + col);
  }
  return map;
}

inline std::shared_ptr<engine::ContactSheetSnapshot> sheet(const engine::Snapshots& in, const std::string& layer_name,
                                                           int channels) {
  auto made = std::make_shared<engine::ContactSheetSnapshot>();
  made->request = {in.model, in.picture, layer_name};
  for (int channel = 0; channel < channels; ++channel) {
    made->order.push_back(channels - 1 - channel);
    made->activations.push_back(static_cast<float>(channel));
    made->maps.push_back(ramp(14));
  }
  return made;
}

inline std::shared_ptr<engine::SweepAnswer> sweep(const core::OcclusionSpec& spec, core::Size picture_size) {
  auto made = std::make_shared<engine::SweepAnswer>();
  made->sweep.spec = spec;
  core::OcclusionMap& map = made->sweep.map;
  const int side = core::positions_along(picture_size.width_px, spec.side_px, spec.stride_px);
  map.values = ramp(side);
  map.stride_px = spec.stride_px;
  map.side_px = spec.side_px;
  map.picture = picture_size;
  map.baseline = 30.0F;
  map.exact_cells = side * side;
  map.complete_stride_px = 2;
  made->sweep.done = true;
  return made;
}

inline std::shared_ptr<engine::DragSnapshot> drag(const engine::DragRequest& request, float activation) {
  auto made = std::make_shared<engine::DragSnapshot>();
  made->request = request;
  made->occluded = core::occlude(request.picture->image, request.occluder, request.fill);
  made->map = ramp(14);
  made->baseline_map = ramp(14);
  made->activation = activation;
  made->baseline = 3.0F;
  return made;
}

inline std::shared_ptr<engine::VisualizeAnswer> visualization(const core::VisualizeSpec& spec, int step) {
  auto made = std::make_shared<engine::VisualizeAnswer>();
  made->visualization.spec = spec;
  made->visualization.step = step;
  for (int i = 0; i < spec.batch; ++i) made->visualization.pictures.push_back(core::make_image({64, 64}, 9, 90, 200));
  for (int i = 0; i <= step; ++i) {
    const auto value = std::sqrt(static_cast<float>(i));
    made->visualization.history.push_back({i, value, value, 0.1F * value, 0.2F});
  }
  made->visualization.steps_per_s = 11.4;
  return made;
}

inline std::shared_ptr<engine::ScanSnapshot> scan(const engine::Snapshots& in, bool done) {
  auto made = std::make_shared<engine::ScanSnapshot>();
  made->request = {in.model, in.collection};
  made->total = static_cast<int>(in.collection->pictures.size());
  made->scanned = made->total;
  made->done = done;
  const std::size_t count = in.collection->pictures.size();
  made->best = [count](const core::Unit&, int) {
    std::vector<engine::RankedPicture> best;
    for (std::size_t i = 0; i < count; ++i) {
      best.push_back({count - 1 - i, 5.0F - static_cast<float>(i), static_cast<int>(i) + 1});
    }
    return best;
  };
  made->spread = [](const core::Unit&) { return std::pair(1.0F, 0.5F); };
  return made;
}

// A model, a folder and a picture are there; nothing is chosen yet.
inline engine::Snapshots beginning() {
  engine::Snapshots in;
  in.model = model();
  in.collection = collection();
  in.picture = picture();
  return in;
}

inline ui::Workspace workspace_with(core::Unit unit) {
  ui::Workspace workspace;
  ui::choose_unit(workspace, std::move(unit));
  workspace.chosen.picture = "pictures/p0.png";
  return workspace;
}

inline engine::Requests decide(ui::Workspace& workspace, const engine::Snapshots& in, double now_s) {
  engine::Requests out;
  ui::decide(workspace, in, out, now_s, engine::Clock::now());
  return out;
}

// Every slot answered, as a running engine would after a while.
inline engine::Snapshots everything(ui::Workspace& workspace, double now_s = 10.0) {
  engine::Snapshots in = beginning();
  in.scan = scan(in, true);
  for (int i = 0; i < 3; ++i) decide(workspace, in, now_s + i);
  if (!workspace.chosen.unit) workspace.chosen.unit = core::Unit{"two_pre_relu", 3, std::nullopt};
  decide(workspace, in, now_s + 4);
  in.contact_sheet = sheet(in, "two_pre_relu", 8);
  in.drag = drag(*workspace.asked.drag, 2.0F);
  in.sweep = sweep(workspace.asked.sweep->spec, in.picture->image.size);
  for (std::size_t slot = 0; slot < in.visualize.size(); ++slot) {
    if (workspace.asked.visualize[slot]) in.visualize[slot] = visualization(workspace.asked.visualize[slot]->spec, 318);
  }
  auto classes = std::make_shared<engine::ClassesSnapshot>();
  classes->request = *workspace.asked.classes;
  classes->classes = {
      {"American coot", 0.61F, 0.58F}, {"drake", 0.11F, 0.12F}, {"a name that is far too long", 0.06F, 0}};
  in.classes = classes;
  auto thumbnails = std::make_shared<engine::ThumbnailsSnapshot>();
  thumbnails->request.paths = workspace.asked.thumbnails;
  for (std::size_t i = 0; i < workspace.asked.thumbnails.size(); ++i) {
    thumbnails->pictures.push_back(core::make_image({96, 96}, 50, 60, 70));
  }
  in.thumbnails = thumbnails;
  return in;
}

class NoTextures final : public ui::Textures {
 public:
  ImTextureRef texture(const core::Image& image) override {
    pictures += image.empty() ? 0 : 1;
    shown.push_back(core::content_hash(image));
    return ImGui::GetIO().Fonts->TexRef;
  }
  ImTextureRef squares(const core::Image& image, int times) override {
    most_times = std::max(most_times, times);
    return texture(image);
  }
  ImTextureRef map(const core::Map& map, const core::MapStyle& style, core::Size size_px) override {
    maps +=
        map.empty() || size_px.width_px < 1 || size_px.height_px < 1 || !(style.range.high > style.range.low) ? 0 : 1;
    shown.push_back(core::content_hash(map));
    return ImGui::GetIO().Fonts->TexRef;
  }
  int pictures = 0;
  int maps = 0;
  int most_times = 1;
  std::vector<std::uint64_t> shown;  // contents, in the order of drawing
};

// Dear ImGui without a renderer.
class Headless {
 public:
  explicit Headless(core::Size size, float content_scale = 1.0F) : size_(size), scale_(content_scale) {
    ImGui::CreateContext();
    ImPlot::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.BackendFlags |= ImGuiBackendFlags_RendererHasTextures;
    io.DisplaySize = {static_cast<float>(size.width_px), static_cast<float>(size.height_px)};
    io.DeltaTime = 1.0F / 60.0F;
    io.IniFilename = nullptr;  // nothing is written into the folder that the tests run in
    io.LogFilename = nullptr;
  }
  ~Headless() {
    ImPlot::DestroyContext();
    ImGui::DestroyContext();
  }
  Headless(const Headless&) = delete;
  Headless& operator=(const Headless&) = delete;

  engine::Requests frame(ui::Workspace& workspace, const engine::Snapshots& in) {
    engine::Requests out;
    ui::Frame now;
    now.now_s = time_s_ += 1.0 / 60.0;
    now.input_time = engine::Clock::now();
    now.frames_per_s = 60;
    now.drag_ms = 21;
    ui::before_new_frame(workspace, size_, scale_);
    ImGui::NewFrame();
    ui::draw_window(workspace, in, out, textures, now);
    ImGui::Render();
    last = now;
    // Dear ImGui has seen two things of one name under the mouse.
    REQUIRE(ImGui::GetCurrentContext()->DebugDrawIdConflictsId == 0);
    return out;
  }
  void frames(int count, ui::Workspace& workspace, const engine::Snapshots& in) {
    for (int i = 0; i < count; ++i) frame(workspace, in);
  }
  void point_at_everything(ui::Workspace& workspace, const engine::Snapshots& in) {
    const auto width = static_cast<float>(size_.width_px), height = static_cast<float>(size_.height_px);
    for (float y = 8; y < height; y += 24) {
      for (float x = 8; x < width; x += 40) {
        ImGui::GetIO().AddMousePosEvent(x, y);
        frames(2, workspace, in);
      }
    }
  }
  void resize(core::Size size) {
    size_ = size;
    ImGui::GetIO().DisplaySize = {static_cast<float>(size.width_px), static_cast<float>(size.height_px)};
  }

  NoTextures textures;
  ui::Frame last;

 private:
  core::Size size_;
  float scale_;
  double time_s_ = 100.0;
};

}  // namespace scene
