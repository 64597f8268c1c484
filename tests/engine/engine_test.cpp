// The real engine on the embedded model: what it publishes is what the network answers when asked directly.
#include "engine/engine.h"

#include <algorithm>
#include <cmath>

#include "catch.h"
#include "engine/fixtures.h"
#include "net/model.h"
#include "net/network.h"
#include "net/occlusion_sweep.h"
#include "net/visualization.h"

using fixtures::RunningEngine;

namespace {

const core::Unit kUnit{"conv2d2_pre_relu", 3, std::nullopt};

std::unique_ptr<net::Network> network_of(const engine::ModelPointer& model) {
  net::set_threads_here(1);
  auto network = net::Network::create(model->model);
  REQUIRE(network.ok());
  return *std::move(network);
}

engine::Requests drag(const engine::DragRequest& request) {
  engine::Requests requests;
  requests.drag = request;
  return requests;
}

core::VisualizeSpec small_visualization(int steps) {
  core::VisualizeSpec spec = *core::preset("lucid");
  spec.unit = kUnit;
  spec.size_px = 64;
  spec.steps = steps;
  return spec;
}

}  // namespace

TEST_CASE("a dragged occluder is answered with what the network says of the occluded picture") {
  const auto model = fixtures::open_embedded_model();
  const auto picture = fixtures::made_up_picture(1);
  const auto network = network_of(model);
  RunningEngine engine;
  for (const core::Occluder occluder :
       {core::Occluder{0, 0, 90}, core::Occluder{67, 31, 90}, core::Occluder{9, 158, 66}})
    for (const core::Fill fill : {core::Fill::patch_mean, core::Fill::noise}) {
      engine.post(drag({model, picture, kUnit, occluder, fill, 5}));
      const auto answer = engine.rest().drag;
      REQUIRE(!answer->error);
      REQUIRE(answer->request.occluder == occluder);
      const core::Image fed = core::occlude(picture->image, occluder, fill, 5);
      REQUIRE(answer->occluded == fed);
      const auto direct = network->respond(fed, kUnit);
      REQUIRE(answer->activation == direct->activation);
      REQUIRE(answer->map.values == direct->map.values);
      REQUIRE(answer->baseline == network->respond(picture->image, kUnit)->activation);
    }
}

TEST_CASE("a unit that the model lacks is a sentence, and the next drag is answered") {
  const auto model = fixtures::open_embedded_model();
  const auto picture = fixtures::made_up_picture(1);
  RunningEngine engine;
  engine.post(drag({model, picture, {"no_such_layer", 0, std::nullopt}, {0, 0, 90}}));
  REQUIRE(engine.rest().drag->error);
  REQUIRE(engine.newest().drag->request.unit.layer == "no_such_layer");
  engine.post(drag({model, picture, kUnit, {0, 0, 90}}));
  REQUIRE(!engine.rest().drag->error);
}

TEST_CASE("classes: the likeliest come first, and an occluder that covers nothing changes nothing") {
  const auto model = fixtures::open_embedded_model();
  const auto picture = fixtures::made_up_picture(2);
  RunningEngine engine;
  engine::Requests requests;
  requests.classes = engine::ClassesRequest{model, picture, {0, 0, 0}};
  engine.post(requests);
  auto answer = engine.rest().classes;
  REQUIRE(!answer->error);
  REQUIRE(answer->classes.size() == 5);
  for (std::size_t i = 0; i < 5; ++i) {
    REQUIRE(answer->classes[i].with_occluder == answer->classes[i].without_occluder);
    REQUIRE(answer->classes[i].without_occluder > 0.0F);
    if (i > 0) REQUIRE(answer->classes[i].without_occluder <= answer->classes[i - 1].without_occluder);
  }
  requests.classes->occluder = {40, 40, 140};
  engine.post(requests);
  answer = engine.rest().classes;
  REQUIRE(answer->classes.size() >= 5);
  REQUIRE(answer->classes[0].with_occluder != answer->classes[0].without_occluder);
}

TEST_CASE("a contact sheet holds every channel of the layer, strongest first") {
  const auto model = fixtures::open_embedded_model();
  const auto picture = fixtures::made_up_picture(3);
  RunningEngine engine;
  engine::Requests requests;
  requests.contact_sheet = engine::ContactSheetRequest{model, picture, kUnit.layer};
  engine.post(requests);
  const auto sheet = engine.rest().contact_sheet;
  REQUIRE(!sheet->error);
  const auto layer = std::find_if(model->layers.begin(), model->layers.end(),
                                  [](const engine::LayerInfo& info) { return info.name == kUnit.layer; });
  REQUIRE(layer != model->layers.end());
  REQUIRE(sheet->maps.size() == static_cast<std::size_t>(layer->channels));
  REQUIRE(std::is_sorted(sheet->order.begin(), sheet->order.end(), [&](int a, int b) {
    return sheet->activations[static_cast<std::size_t>(a)] > sheet->activations[static_cast<std::size_t>(b)];
  }));
  const auto direct = network_of(model)->respond(picture->image, kUnit);
  const core::Map& map = sheet->maps[static_cast<std::size_t>(kUnit.channel)];
  REQUIRE(map.values.size() == direct->map.values.size());
  float largest = 0.0F;
  for (const float value : direct->map.values) largest = std::max(largest, std::abs(value));
  for (std::size_t i = 0; i < map.values.size(); ++i)
    REQUIRE(std::abs(map.values[i] - direct->map.values[i]) <= 1e-5F * largest);
}

TEST_CASE("a sweep goes on after drags, and its map is the one of an undisturbed sweep") {
  const auto model = fixtures::open_embedded_model();
  const auto picture = fixtures::made_up_picture(4);
  core::OcclusionSpec spec;
  spec.model = model->file;
  spec.picture = picture->file;
  spec.unit = kUnit;
  spec.stride_px = 16;
  RunningEngine engine;
  engine::Requests requests;
  requests.sweep = engine::SweepRequest{model, picture, spec};
  engine.post(requests);
  engine.wait([](const engine::Snapshots& in) { return in.sweep && in.sweep->sweep.map.exact_cells > 0; });
  for (int x = 0; x < 3; ++x) {
    engine.post(drag({model, picture, kUnit, {x, 0, 90}}));
    engine.wait([&](const engine::Snapshots& in) { return in.drag && in.drag->request.occluder.x_px == x; });
  }
  const auto answer = engine.rest().sweep;
  REQUIRE(!answer->error);
  REQUIRE(answer->sweep.done);
  REQUIRE(answer->sweep.spec == spec);

  const auto network = network_of(model);
  auto direct = net::OcclusionSweep::create(*network, picture->image, spec);
  const core::StopFlag never;
  while ((*direct)->step(never) == core::StepOutcome::more) {
  }
  REQUIRE((*direct)->snapshot()->map.values.values == answer->sweep.map.values.values);
  REQUIRE((*direct)->snapshot()->map.baseline == answer->sweep.map.baseline);
}

TEST_CASE("a visualization pauses, single-steps, goes on, is prolonged and begins anew") {
  const auto model = fixtures::open_embedded_model();
  RunningEngine engine;
  engine::VisualizeRequest wanted{model, small_visualization(6), engine::Run::paused, 0, 0};
  const auto post = [&] {
    engine::Requests requests;
    requests.visualize[1] = wanted;
    engine.post(requests);
    return engine.rest().visualize[1];
  };
  REQUIRE(post()->visualization.step == 0);
  wanted.single_steps = 2;
  auto answer = post();
  REQUIRE(!answer->error);
  REQUIRE(answer->visualization.step == 2);
  REQUIRE(answer->run == engine::Run::paused);
  wanted.run = engine::Run::running;
  answer = post();
  REQUIRE(answer->visualization.step == 6);
  REQUIRE(answer->visualization.done);

  const auto network = network_of(model);
  auto direct = net::Visualization::create(*network, wanted.spec);
  const core::StopFlag never;
  while ((*direct)->step(never) == core::StepOutcome::more) {
  }
  REQUIRE((*direct)->snapshot()->pictures == answer->visualization.pictures);

  wanted.spec.steps = 8;
  REQUIRE(post()->visualization.step == 8);
  wanted.restarts = 1;
  wanted.run = engine::Run::paused;
  answer = post();
  REQUIRE(answer->visualization.step == 0);
  REQUIRE(answer->restarts == 1);
  wanted.model = nullptr;  // empties the slot
  REQUIRE(post() == nullptr);
}

TEST_CASE("the disk thread opens models, folders and pictures, and says why where it cannot") {
  const fixtures::TemporaryFolder folder;
  REQUIRE(core::save_png(folder.path() / "a.png", fixtures::made_up_image(1, {300, 260})).ok());
  REQUIRE(core::save_text(folder.path() / "b.png", "no picture").ok());
  REQUIRE(core::save_text(folder.path() / "broken.onnx", "no model").ok());
  RunningEngine engine;
  engine::Requests requests;
  requests.open_model = fixtures::embedded_model();
  requests.open_folder = folder.path();
  engine.post(requests);
  auto newest = engine.rest();
  REQUIRE(!newest.model->error);
  REQUIRE(!newest.model->layers.empty());
  REQUIRE(newest.model->understand("mixed4a:3")->unit.channel == 3);
  REQUIRE(newest.collection->pictures.size() == 2);

  requests = {};
  requests.show_picture = folder.path() / "a.png";
  requests.thumbnails = engine::ThumbnailsRequest{{folder.path() / "a.png", folder.path() / "b.png"}, 32, {}};
  engine.post(requests);
  newest = engine.rest();
  REQUIRE(newest.picture->image == core::frame(fixtures::made_up_image(1, {300, 260}), newest.model->framing));
  REQUIRE(newest.picture->file.sha256.size() == 64);
  REQUIRE(newest.thumbnails->pictures[0].size == core::Size{32, 32});
  REQUIRE(newest.thumbnails->pictures[1].empty());

  requests = {};
  requests.show_picture = folder.path() / "b.png";
  requests.open_pictures = {folder.path() / "broken.onnx", folder.path() / "a.png", folder.path() / "broken.txt"};
  engine.post(requests);
  newest = engine.rest();
  REQUIRE(newest.picture->error);
  REQUIRE(!newest.model->error);
  REQUIRE(newest.model->path == fixtures::embedded_model());
  REQUIRE(newest.refusal->error.sentence().find("broken.onnx") != std::string::npos);
  REQUIRE(newest.collection->pictures.size() == 1);
  REQUIRE(newest.collection->skipped.size() == 1);

  requests = {};
  requests.open_folder = folder.path() / "no such folder";
  engine.post(requests);
  const auto then = engine.rest();
  REQUIRE(then.collection == newest.collection);
  REQUIRE(then.refusal->error.sentence().find("no such folder") != std::string::npos);
}

TEST_CASE("where nothing is open yet, what cannot be opened says why in its place") {
  const fixtures::TemporaryFolder folder;
  RunningEngine engine;
  engine::Requests requests;
  requests.open_model = folder.path() / "none.onnx";
  requests.open_folder = folder.path() / "none";
  engine.post(requests);
  const auto newest = engine.rest();
  REQUIRE(newest.model->error);
  REQUIRE(newest.model->path.filename() == "none.onnx");
  REQUIRE(newest.collection->error);
  REQUIRE(!newest.refusal);
}

TEST_CASE("an engine ends at once with everything under way") {
  const auto model = fixtures::open_embedded_model();
  const auto picture = fixtures::made_up_picture(5);
  RunningEngine engine;
  engine::Requests requests = drag({model, picture, kUnit, {0, 0, 90}});
  core::OcclusionSpec spec;
  spec.unit = kUnit;
  requests.sweep = engine::SweepRequest{model, picture, spec};
  requests.visualize[0] = engine::VisualizeRequest{model, small_visualization(100000)};
  requests.contact_sheet = engine::ContactSheetRequest{model, picture, "mixed4a_pre_relu"};
  engine.post(requests);
  engine.wait([](const engine::Snapshots& in) { return in.visualize[0] && in.visualize[0]->visualization.step > 0; });
  REQUIRE(!engine.newest().visualize[0]->error);
}
