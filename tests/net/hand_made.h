// Small models built in code, for tests that know every number of them.
#pragma once
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/rng.h"
#include "catch.h"
#include "core/image.h"
#include "net/model.h"
#include "net/network.h"
#include "net/shapes.h"

namespace hand_made {

class GraphBuilder {
 public:
  GraphBuilder() { graph.nodes.push_back({"input", net::Op::input, {}, {}, {}, false}); }
  int add(const std::string& name, net::Op op, std::vector<int> inputs, net::Attributes attributes = {},
          std::vector<net::Buffer> buffers = {}) {
    graph.nodes.push_back({name, op, attributes, std::move(inputs), std::move(buffers), false});
    return static_cast<int>(graph.nodes.size()) - 1;
  }
  net::Graph graph;
};

// Fed as it is: numbers in 0…1.
inline std::shared_ptr<const net::Model> model(net::Graph graph, net::Shape input) {
  auto made = std::make_shared<net::Model>();
  made->name = "hand-made";
  made->graph = std::move(graph);
  for (std::size_t i = 0; i < made->graph.nodes.size(); ++i)
    made->graph.index_of[made->graph.nodes[i].name] = static_cast<int>(i);
  made->input.channels = input.channels;
  made->input.scale = 1.0F;
  made->input.shift.assign(static_cast<std::size_t>(input.channels), 0.0F);
  made->input.framing.crop = {input.cols, input.rows};
  made->shapes = net::infer_shapes(made->graph, input.channels, {input.cols, input.rows}).value();
  return made;
}

// One unit, "root", of colours in 0…1: the square root of a negative number, or a sum that no float holds.
inline std::shared_ptr<const net::Model> without_numbers(bool infinite, int side) {
  GraphBuilder builder;
  const float weight = infinite ? 3e38F : -1.0F;
  const int sum = builder.add("sum", net::Op::convolution, {0}, net::Convolution{},
                              {{{1, 3, 1, 1}, {weight, weight, weight}}, {{1}, {weight}}});
  builder.add("root", net::Op::power, {sum}, net::Power{infinite ? 2.0F : 0.5F});
  return model(std::move(builder.graph), {3, side, side});
}

inline std::unique_ptr<net::Network> network(std::shared_ptr<const net::Model> model) {
  auto made = net::Network::create(std::move(model));
  REQUIRE((made ? "" : made.error().sentence()) == std::string());
  return std::move(*made);
}

inline std::shared_ptr<const net::Model> embedded_model() {
  static const auto opened = net::open_model(net::embedded_model_path());
  REQUIRE((opened ? "" : opened.error().sentence()) == std::string());
  return *opened;
}

inline std::vector<float> numbers(std::size_t count, std::uint64_t seed, double low = -1.0, double high = 1.0) {
  base::Rng rng(seed);
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(rng.uniform(low, high));
  return values;
}

// A picture with edges, colours and fine detail: a few discs on a slanted ramp with noise.
inline core::Image picture(core::Size size, std::uint64_t seed) {
  base::Rng rng(seed);
  core::Image image = core::make_image(size);
  struct Disc {
    int x, y, radius, colour[3];
  };
  std::vector<Disc> discs(6);
  for (Disc& disc : discs)
    disc = {rng.below(size.width_px),
            rng.below(size.height_px),
            6 + rng.below(20),
            {rng.below(256), rng.below(256), rng.below(256)}};
  for (int y = 0; y < size.height_px; ++y) {
    for (int x = 0; x < size.width_px; ++x) {
      for (int c = 0; c < 3; ++c) {
        int value = 60 + (x + (c + 1) * y) * 90 / size.width_px % 120 + rng.below(30);
        for (const Disc& disc : discs)
          if ((x - disc.x) * (x - disc.x) + (y - disc.y) * (y - disc.y) < disc.radius * disc.radius)
            value = disc.colour[c];
        image.pixel(x, y)[c] = static_cast<std::uint8_t>(value);
      }
    }
  }
  return image;
}

}  // namespace hand_made
