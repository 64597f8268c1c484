// A network so small that an experiment is made of it in a second, and a folder of pictures for it.
#pragma once
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "base/rng.h"
#include "core/csv.h"
#include "engine/fixtures.h"
#include "engine/trial_making.h"
#include "net/shapes.h"

namespace tiny {

inline constexpr int kSide_px = 32;

// Two convolutions, the first one strided, with weights of a seed: units "a:0" … "a:7" and "b:0" … "b:11".
inline engine::ModelPointer model() {
  net::Graph graph;
  base::Rng rng(5, "tiny weights");
  const auto add = [&](const std::string& name, net::Op op, int input, net::Attributes attributes = {},
                       std::vector<net::Buffer> buffers = {}) {
    graph.nodes.push_back(
        {name, op, attributes, input < 0 ? std::vector<int>{} : std::vector<int>{input}, std::move(buffers), false});
    graph.index_of[name] = static_cast<int>(graph.nodes.size()) - 1;
    return static_cast<int>(graph.nodes.size()) - 1;
  };
  const auto convolution = [&](const std::string& name, int input, int from, int to, int kernel, int stride) {
    net::Convolution conv;
    net::Buffer weight{{to, from, kernel, kernel}, {}};
    for (int i = 0; i < to * from * kernel * kernel; ++i)
      weight.values.push_back(static_cast<float>(rng.uniform(-1.0, 1.0)));
    for (int axis = 0; axis < 2; ++axis) {
      conv.window.kernel[axis] = kernel;
      conv.window.stride[axis] = stride;
    }
    return add(name, net::Op::convolution, input, conv, {weight});
  };
  const int first = add("input", net::Op::input, -1);
  const int a = convolution("a", first, 3, 8, 5, 2);
  const int relu = add("a_relu", net::Op::relu, a);
  const int b = convolution("b", relu, 8, 12, 3, 1);

  auto made = std::make_shared<net::Model>();
  made->name = "tiny";
  made->sha256 = std::string(64, '7');
  made->graph = std::move(graph);
  made->input.scale = 1.0F;
  made->input.shift.assign(3, 0.0F);
  made->input.framing = {kSide_px, {kSide_px, kSide_px}};
  made->shapes = net::infer_shapes(made->graph, 3, {kSide_px, kSide_px}).value();
  made->fields = net::receptive_fields(made->graph, made->shapes);
  made->unit_layers = {a, b};
  auto snapshot = std::make_shared<engine::ModelSnapshot>();
  snapshot->name = made->name;
  snapshot->file = {"tiny.onnx", made->sha256};
  snapshot->framing = made->input.framing;
  snapshot->model = made;
  return snapshot;
}

// Discs on blotches: forty objects and thirty backgrounds, as collection.csv says.
inline void fill(const std::filesystem::path& folder, int pictures) {
  std::string table = core::csv_row({"file", "label", "object_source", "background_source", "mask"});
  std::filesystem::create_directories(folder / "masks");
  for (int i = 0; i < pictures; ++i) {
    base::Rng rng(static_cast<std::uint64_t>(i), "tiny picture");
    core::Image image = fixtures::made_up_image(static_cast<std::uint64_t>(i), {kSide_px, kSide_px});
    core::Image mask = core::make_image(image.size);
    const int x = 6 + rng.below(20), y = 6 + rng.below(20), radius = 3 + rng.below(4);
    const std::uint8_t colour[3] = {static_cast<std::uint8_t>(rng.below(256)),
                                    static_cast<std::uint8_t>(rng.below(256)),
                                    static_cast<std::uint8_t>(rng.below(256))};
    for (int row = 0; row < kSide_px; ++row)
      for (int col = 0; col < kSide_px; ++col) {
        if ((row - y) * (row - y) + (col - x) * (col - x) > radius * radius) continue;
        std::copy_n(colour, 3, image.pixel(col, row));
        std::fill_n(mask.pixel(col, row), 3, std::uint8_t{255});
      }
    const std::string name = "p" + std::to_string(i) + ".png";
    REQUIRE(core::save_png(folder / name, image).ok());
    REQUIRE(core::save_png(folder / "masks" / name, mask).ok());
    table += core::csv_row({name, "label " + std::to_string(i % 40), "object " + std::to_string(i % 40),
                            "background " + std::to_string(i % 30), "masks/" + name});
  }
  REQUIRE(core::save_text(folder / "collection.csv", table).ok());
}

inline engine::TrialMakingRequest request(const std::filesystem::path& pictures, const std::filesystem::path& folder) {
  engine::TrialMakingRequest made;
  made.model = model();
  made.collection = engine::open_collection({pictures});
  made.spec.model = {"", made.model->file.sha256};
  made.spec.images = "tiny pictures";
  engine::apply_tier(made);
  made.spec.tasks = 3;
  for (const auto& [layer, channel] : {std::pair("a", 1), std::pair("a", 6), std::pair("b", 2), std::pair("b", 9)})
    made.units.push_back({{layer, channel, std::nullopt}, study::Role::main, false, {}});
  made.folder = folder;
  made.nice = 0;
  return made;
}

inline std::shared_ptr<const engine::TrialMakingSnapshot> finish(engine::TrialMaking& job) {
  const core::StopFlag never;
  while (job.step(never) == core::StepOutcome::more) static_cast<void>(job.snapshot());
  return job.snapshot();
}

inline study::Experiment made(const engine::TrialMakingRequest& request) {
  engine::TrialMaking job(request);
  const auto end = finish(job);
  REQUIRE((end->error ? end->error->sentence() : "") == std::string());
  REQUIRE(end->experiment);
  return *end->experiment;
}

// Every file below a folder, by its path, with its bytes.
inline std::map<std::string, std::string> contents(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    files[entry.path().lexically_relative(folder).generic_string()] = {std::istreambuf_iterator<char>(in), {}};
  }
  return files;
}

}  // namespace tiny
