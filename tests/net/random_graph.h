// Random small graphs of every operator, for laws that hold in any.
#pragma once
#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "hand_made.h"

namespace random_graph {

using net::Op;

inline std::size_t index(int number) {
  return static_cast<std::size_t>(number);
}

inline net::Window random_window(base::Rng& rng, int largest_kernel, bool padded_like_pools) {
  net::Window w;
  for (int axis = 0; axis < 2; ++axis) {
    w.kernel[axis] = 1 + rng.below(largest_kernel);
    w.stride[axis] = rng.below(3) == 0 ? 2 : 1;
    w.dilation[axis] = rng.below(4) == 0 ? 2 : 1;
    const int most = padded_like_pools ? (w.kernel[axis] - 1) * w.dilation[axis] : 3;
    w.pad_begin[axis] = rng.below(most + 1);
    w.pad_end[axis] = rng.below(most + 1);
  }
  return w;
}

inline net::Buffer buffer(std::vector<std::int64_t> shape, base::Rng& rng, double size = 1.0) {
  std::size_t count = 1;
  for (const std::int64_t side : shape) count *= static_cast<std::size_t>(side);
  return {std::move(shape), hand_made::numbers(count, rng.bits(), -size, size)};
}

// Adds one random node that reads earlier ones; may not fit.
inline void add_random(hand_made::GraphBuilder& builder, const std::vector<net::Shape>& shapes, base::Rng& rng) {
  int from = std::max(0, static_cast<int>(shapes.size()) - 1 - rng.below(3));
  while (shapes[index(from)].rows == 1) --from;
  const int channels = shapes[index(from)].channels;
  const std::string name = "n" + std::to_string(shapes.size());
  const auto like = [&](bool same_channels) {  // another node of the same size, or the same one
    std::vector<int> fitting;
    for (int i = 0; i < static_cast<int>(shapes.size()); ++i)
      if (shapes[index(i)].rows == shapes[index(from)].rows && shapes[index(i)].cols == shapes[index(from)].cols &&
          (!same_channels || shapes[index(i)].channels == channels))
        fitting.push_back(i);
    return fitting[index(rng.below(static_cast<int>(fitting.size())))];
  };
  const double fan = 1.5 / std::sqrt(static_cast<double>(channels));
  switch (rng.below(16)) {
    case 0:
    case 1: {
      net::Convolution made{random_window(rng, 4, false), 1};
      if (rng.below(3) == 0) made.groups = channels % 2 == 0 && rng.below(2) == 0 ? 2 : channels;
      const int out = made.groups * (1 + rng.below(made.groups == 1 ? 40 : 3));
      const net::Window& w = made.window;
      std::vector<net::Buffer> buffers = {buffer({out, channels / made.groups, w.kernel[0], w.kernel[1]}, rng, fan)};
      if (rng.below(3) != 0) buffers.push_back(buffer({out}, rng));
      builder.add(name, Op::convolution, {from}, made, std::move(buffers));
      return;
    }
    case 2:
    case 3: {  // as networks have them
      net::Window w;
      for (int axis = 0; axis < 2; ++axis) w.kernel[axis] = 3, w.pad_begin[axis] = w.pad_end[axis] = 1;
      const int out = 8 + rng.below(30);
      builder.add(name, Op::convolution, {from}, net::Convolution{w, 1},
                  {buffer({out, channels, 3, 3}, rng, 0.5 * fan), buffer({out}, rng)});
      builder.add(name + "_relu", Op::relu, {static_cast<int>(shapes.size())});
      return;
    }
    case 4:
    case 5:
    case 6: {
      net::Pool pool{random_window(rng, 3, true), rng.below(3) == 0, rng.below(2) == 0};
      const bool average = rng.below(2) == 0;
      if (average) pool.window.dilation[0] = pool.window.dilation[1] = 1;
      for (int axis = 0; axis < 2; ++axis) {
        const int most = (pool.window.kernel[axis] - 1) * pool.window.dilation[axis];
        pool.window.pad_begin[axis] = std::min(pool.window.pad_begin[axis], most);
        pool.window.pad_end[axis] = std::min(pool.window.pad_end[axis], most);
      }
      builder.add(name, average ? Op::average_pool : Op::max_pool, {from}, pool);
      return;
    }
    case 7: {
      constexpr float kBetas[] = {0.5F, 0.75F, 0.6F};
      builder.add(name, Op::lrn, {from}, net::Lrn{1 + rng.below(6), 0.4F, kBetas[rng.below(3)], 1.0F});
      return;
    }
    case 8:
      builder.add(name, Op::batch_norm, {from}, {}, {buffer({channels}, rng), buffer({channels}, rng)});
      return;
    case 9:
    case 10:
      builder.add(name, Op::concat, {from, like(false)});
      return;
    case 11:
      builder.add(name, rng.below(2) == 0 ? Op::add : Op::multiply, {from, like(true)});
      return;
    case 12:
      builder.add(
          name, Op::pad, {from},
          net::Pad{{rng.below(3), rng.below(3)}, {rng.below(3), rng.below(3)}, rng.below(2) == 0 ? 0.0F : 0.5F});
      return;
    case 13: {  // a gate for each channel, from the whole map
      const int pooled = builder.add(name, rng.below(2) == 0 ? Op::global_average_pool : Op::global_max_pool, {from});
      const int gate = builder.add(name + "_gate", Op::hard_sigmoid, {pooled}, net::HardSigmoid{0.3F, 0.4F});
      builder.add(name + "_gated", rng.below(2) == 0 ? Op::multiply : Op::subtract, {from, gate});
      return;
    }
    case 14: {  // over the channels of a place
      const int half = (channels + 1) / 2;
      if (const int kind = rng.below(4); kind == 0)
        builder.add(name, Op::channel_slice, {from}, net::ChannelSlice{channels - half, half});
      else if (kind == 1)
        builder.add(name, Op::channel_shuffle, {from}, net::ChannelShuffle{channels % 2 == 0 ? 2 : channels});
      else if (kind == 2)
        builder.add(name, Op::mean_over_channels, {from});
      else
        builder.add(name, Op::layer_norm, {from}, net::LayerNorm{0.1F},
                    {buffer({channels}, rng), buffer({channels}, rng)});
      return;
    }
    default: {
      constexpr Op kOps[] = {Op::relu,     Op::sigmoid, Op::tanh, Op::leaky_relu, Op::clip,
                             Op::identity, Op::add,     Op::gelu, Op::hard_swish};
      const Op op = kOps[rng.below(static_cast<int>(std::size(kOps)))];
      if (op == Op::add)
        builder.add(name, op, {from}, {}, {buffer({rng.below(2) == 0 ? 1 : channels}, rng)});
      else if (op == Op::clip)
        builder.add(name, op, {from}, net::Clip{-0.5F, 0.7F});
      else if (op == Op::leaky_relu)
        builder.add(name, op, {from}, net::LeakyRelu{0.1F});
      else if (op == Op::gelu)
        builder.add(name, op, {from}, net::Gelu{rng.below(2) == 0});
      else if (op == Op::hard_swish)
        builder.add(name, op, {from}, net::HardSigmoid{});
      else
        builder.add(name, op, {from});
    }
  }
}

struct Random {
  std::shared_ptr<const net::Model> model;
  net::Shape input;
};

inline Random random_model(base::Rng& rng) {
  const net::Shape input{1 + rng.below(10), 10 + rng.below(12), 10 + rng.below(12)};
  hand_made::GraphBuilder builder;
  const auto shapes_now = [&] { return net::infer_shapes(builder.graph, input.channels, {input.cols, input.rows}); };
  const int nodes = 4 + rng.below(8);
  while (static_cast<int>(builder.graph.nodes.size()) < nodes) {
    const net::Graph before = builder.graph;
    add_random(builder, shapes_now().value(), rng);
    const auto shapes = shapes_now();
    const bool fits =
        shapes.ok() && std::ranges::all_of(*shapes, [](const net::Shape& shape) {
          const bool vector = shape.rows == 1 && shape.cols == 1;
          return (vector || (shape.rows >= 2 && shape.cols >= 2)) && shape.channels <= 120 && shape.rows <= 40;
        });
    if (!fits) builder.graph = before;
  }
  const int end = static_cast<int>(builder.graph.nodes.size()) - 1;
  if (rng.below(3) == 0) {
    const int flat = rng.below(2) == 0 ? builder.add("pooled", Op::global_average_pool, {end})
                                       : builder.add("flat", Op::flatten, {end}, net::Flatten{});
    const int values = shapes_now()->back().channels;
    const int linear = builder.add("linear", Op::linear, {flat}, {},
                                   {buffer({5, values}, rng, 1.0 / std::sqrt(values)), buffer({5}, rng)});
    builder.add("softmax", Op::softmax, {linear});
  }
  return {hand_made::model(builder.graph, input), input};
}

inline std::string described(const net::Model& model) {
  std::string text;
  for (std::size_t i = 0; i < model.graph.nodes.size(); ++i) {
    const net::Node& node = model.graph.nodes[i];
    text += node.name + " " + std::string(net::to_string(node.op)) + "(";
    for (const int input : node.inputs) text += " " + model.graph.nodes[index(input)].name;
    const net::Shape& shape = model.shapes[i];
    text += " ) " + std::to_string(shape.channels) + "x" + std::to_string(shape.rows) + "x" +
            std::to_string(shape.cols) + "\n";
  }
  return text;
}

}  // namespace random_graph
