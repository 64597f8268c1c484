#include "net/shapes.h"

#include <algorithm>
#include <numeric>

namespace net {
namespace {

constexpr std::int64_t kMaxSide = 1 << 16;
constexpr std::int64_t kMaxValues = 1LL << 28;  // of one picture's map: 1 GiB of float32

base::Error misfit(const Node& node, const std::string& why) {
  return {"The layer " + node.name + " (" + std::string(to_string(node.op)) + ") cannot be computed", why,
          "Check the model file and the input size in its sidecar."};
}

std::string text(const Shape& shape) {
  return std::to_string(shape.channels) + "×" + std::to_string(shape.rows) + "×" + std::to_string(shape.cols);
}

std::int64_t values(const Shape& shape) {
  return static_cast<std::int64_t>(shape.channels) * shape.rows * shape.cols;
}

// Cells that the window yields along an axis; 0 or less where it does not fit. In ceil mode a window may overhang the
// end, but one that would start beyond the input and its leading pad is dropped, as in PyTorch.
std::int64_t count_along(const Window& window, int axis, int input, bool ceil_mode) {
  const std::int64_t stride = window.stride[axis];
  const std::int64_t room = std::int64_t{input} + window.pad_begin[axis] + window.pad_end[axis] - window.reach(axis);
  if (room < 0) return 0;
  std::int64_t count = room / stride + 1;
  if (ceil_mode && room % stride != 0 && count * stride < std::int64_t{input} + window.pad_begin[axis]) ++count;
  return count;
}

base::Result<Shape> slide(const Node& node, const Window& window, const Shape& in, int channels, bool ceil_mode) {
  const Window padded = padded_for(window, in);
  const std::int64_t rows = count_along(padded, 0, in.rows, ceil_mode);
  const std::int64_t cols = count_along(padded, 1, in.cols, ceil_mode);
  if (rows < 1 || cols < 1)
    return misfit(node, "its window is larger than its input of " + text(in) + " and nothing would remain");
  if (rows > kMaxSide || cols > kMaxSide) return misfit(node, "its map would be too large");
  return Shape{channels, static_cast<int>(rows), static_cast<int>(cols)};
}

base::Result<Shape> convolve(const Node& node, const Shape& in) {
  const auto& attributes = std::get<Convolution>(node.attributes);
  const std::vector<std::int64_t>& weight = node.buffers.at(0).shape;
  const std::int64_t expected = weight[1] * attributes.groups;
  if (expected != in.channels)
    return misfit(node, "its weights are for " + std::to_string(expected) + " channels and its input has " +
                            std::to_string(in.channels));
  return slide(node, attributes.window, in, static_cast<int>(weight[0]), false);
}

base::Result<Shape> multiply_weights(const Node& node, const Shape& in) {
  const std::vector<std::int64_t>& weight = node.buffers.at(0).shape;
  if (in.rows != 1 || in.cols != 1) return misfit(node, "its input " + text(in) + " is a map, not a vector");
  if (weight[1] != in.channels)
    return misfit(node, "its weights are for " + std::to_string(weight[1]) + " values and its input has " +
                            std::to_string(in.channels) + " (a model with such a layer has one input size)");
  return Shape{static_cast<int>(weight[0]), 1, 1};
}

base::Result<Shape> flatten(const Node& node, const Shape& in) {
  const std::int64_t count = values(in);
  if (const auto* stated = std::get_if<Flatten>(&node.attributes);
      stated != nullptr && stated->channels != 0 && stated->channels != count)
    return misfit(node, "it is made for " + std::to_string(stated->channels) + " values and its input " + text(in) +
                            " has " + std::to_string(count));
  return Shape{static_cast<int>(count), 1, 1};
}

base::Result<Shape> concatenate(const Node& node, const std::vector<Shape>& inputs) {
  Shape shape = inputs.front();
  std::int64_t channels = 0;
  for (const Shape& in : inputs) {
    if (in.rows != shape.rows || in.cols != shape.cols)
      return misfit(node, "its inputs " + text(shape) + " and " + text(in) + " differ in size");
    channels += in.channels;
  }
  if (channels > kMaxValues) return misfit(node, "its map would be too large");
  shape.channels = static_cast<int>(channels);
  return shape;
}

// Arithmetic and norms: maps of one shape, or with one channel or one place in all where another has more; or one map
// and a constant for each channel (or for all).
base::Result<Shape> combine(const Node& node, const std::vector<Shape>& inputs) {
  Shape all = inputs.front();
  const auto fit = [](int& side, int other) {
    if (side == 1) side = other;
    return other == 1 || other == side;
  };
  for (const Shape& in : inputs) {
    const bool fits = fit(all.channels, in.channels) && fit(all.rows, in.rows) && fit(all.cols, in.cols);
    if (!fits) return misfit(node, "its inputs " + text(inputs.front()) + " and " + text(in) + " differ in shape");
  }
  for (const Buffer& buffer : node.buffers) {
    const auto count = static_cast<std::int64_t>(buffer.values.size());
    if (count != 1 && count != all.channels)
      return misfit(node, "it has constants for " + std::to_string(count) + " channels and its input has " +
                              std::to_string(all.channels));
  }
  return all;
}

base::Result<Shape> slice(const Node& node, const Shape& in) {
  const auto& part = std::get<ChannelSlice>(node.attributes);
  if (part.first < 0 || part.count < 1 || part.count > in.channels - part.first)
    return misfit(node, "it takes " + std::to_string(part.count) + " channels from number " +
                            std::to_string(part.first) + " on, and its input has " + std::to_string(in.channels));
  return Shape{part.count, in.rows, in.cols};
}

base::Result<Shape> shuffle(const Node& node, const Shape& in) {
  const int groups = std::get<ChannelShuffle>(node.attributes).groups;
  if (groups >= 1 && in.channels % groups == 0) return in;
  return misfit(node,
                std::to_string(groups) + " groups do not divide its " + std::to_string(in.channels) + " channels");
}

base::Result<Shape> enlarge(const Node& node, const Shape& in) {
  const auto& pad = std::get<Pad>(node.attributes);
  const std::int64_t rows = std::int64_t{in.rows} + pad.begin[0] + pad.end[0];
  const std::int64_t cols = std::int64_t{in.cols} + pad.begin[1] + pad.end[1];
  if (rows > kMaxSide || cols > kMaxSide) return misfit(node, "its map would be too large");
  return Shape{in.channels, static_cast<int>(rows), static_cast<int>(cols)};
}

}  // namespace

base::Result<Shape> infer_shape(const Node& node, const std::vector<Shape>& inputs) {
  const Shape& in = inputs.front();
  switch (node.op) {
    case Op::convolution:
      return convolve(node, in);
    case Op::linear:
      return multiply_weights(node, in);
    case Op::max_pool:
    case Op::average_pool: {
      const auto& pool = std::get<Pool>(node.attributes);
      return slide(node, pool.window, in, in.channels, pool.ceil_mode);
    }
    case Op::global_average_pool:
    case Op::global_max_pool:
      return Shape{in.channels, 1, 1};
    case Op::mean_over_channels:
      return Shape{1, in.rows, in.cols};
    case Op::concat:
      return concatenate(node, inputs);
    case Op::channel_slice:
      return slice(node, in);
    case Op::channel_shuffle:
      return shuffle(node, in);
    case Op::add:
    case Op::subtract:
    case Op::multiply:
    case Op::divide:
    case Op::batch_norm:
    case Op::layer_norm:
      return combine(node, inputs);
    case Op::pad:
      return enlarge(node, in);
    case Op::flatten:
      return flatten(node, in);
    case Op::softmax:
      if (in.rows != 1 || in.cols != 1) return misfit(node, "its input " + text(in) + " is a map, not a vector");
      return in;
    default:
      return in;  // pointwise
  }
}

namespace {

// Interval arithmetic in 64 bits; what no longer fits a picture is the whole input.
struct Field {
  std::int64_t size = 1, stride = 1, first = 0;
  bool whole = false;
};

// `rows` and `cols` are the same field looked at along one axis each.
Field slid(Field field, const Window& window, int axis) {
  field.first -= window.pad_begin[axis] * field.stride;
  field.size += (window.reach(axis) - 1) * field.stride;
  field.stride *= window.stride[axis];
  return field;
}

// The smallest field that holds both. Of two strides there is none that holds for every cell.
Field hull(const Field& a, const Field& b) {
  Field both = a;
  both.whole = a.whole || b.whole || a.stride != b.stride;
  both.first = std::min(a.first, b.first);
  both.size = std::max(a.first + a.size, b.first + b.size) - both.first;
  return both;
}

Field field_of(const Node& node, const Graph& graph, const std::vector<Shape>& shapes, const std::vector<Field>& fields,
               int axis) {
  Field field = fields[static_cast<std::size_t>(node.inputs.front())];
  for (const int input : node.inputs) field = hull(field, fields[static_cast<std::size_t>(input)]);
  const Shape& in = shapes[static_cast<std::size_t>(node.inputs.front())];
  if (const Window* window = window_of(node)) field = slid(field, padded_for(*window, in), axis);
  switch (node.op) {
    case Op::pad:
      field.first -= std::get<Pad>(node.attributes).begin[axis] * field.stride;
      break;
    case Op::global_average_pool:
    case Op::global_max_pool:
    case Op::flatten:
      field.whole = true;
      break;
    default:
      break;
  }
  const Shape& whole = shapes[static_cast<std::size_t>(graph.input)];
  const std::int64_t side = axis == 0 ? whole.rows : whole.cols;
  constexpr std::int64_t kAbsurd = 1 << 28;
  if (field.size > kAbsurd || field.stride > kAbsurd || field.first < -kAbsurd) field.whole = true;
  if (field.whole) field = {side, side, 0, true};
  return field;
}

ReceptiveField both_axes(const Field& rows, const Field& cols, const Shape& input) {
  const Field field = hull(rows, cols);
  if (!field.whole)
    return {static_cast<int>(field.size), static_cast<int>(field.stride), static_cast<int>(field.first), false};
  const int side = std::max(input.rows, input.cols);
  return {side, side, 0, true};
}

}  // namespace

base::Result<std::vector<Shape>> infer_shapes(const Graph& graph, int input_channels, core::Size input,
                                              const std::vector<int>& only) {
  std::vector<bool> wanted(graph.nodes.size(), only.empty());
  for (const int node : ancestors(graph, only)) wanted[static_cast<std::size_t>(node)] = true;
  std::vector<Shape> shapes(graph.nodes.size());
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (!wanted[i]) continue;
    const Node& node = graph.nodes[i];
    if (node.op == Op::input) {
      if (input_channels < 1 || input.width_px < 1 || input.height_px < 1 || input.width_px > kMaxSide ||
          input.height_px > kMaxSide)
        return misfit(node, "an input of " + std::to_string(input.width_px) + "×" + std::to_string(input.height_px) +
                                " pixels is not possible");
      shapes[i] = {input_channels, input.height_px, input.width_px};
    } else {
      std::vector<Shape> inputs;
      for (const int from : node.inputs) inputs.push_back(shapes[static_cast<std::size_t>(from)]);
      const base::Result<Shape> shape = infer_shape(node, inputs);
      if (!shape) return shape.error();
      shapes[i] = *shape;
    }
    if (values(shapes[i]) > kMaxValues) return misfit(node, "its map of " + text(shapes[i]) + " would be too large");
  }
  return shapes;
}

Window padded_for(const Window& window, const Shape& input) {
  if (window.same == Same::no) return window;
  Window padded = window;
  padded.same = Same::no;
  const int sides[2] = {input.rows, input.cols};
  for (int axis = 0; axis < 2; ++axis) {
    const std::int64_t stride = window.stride[axis];
    const std::int64_t outputs = (sides[axis] + stride - 1) / stride;
    const std::int64_t total = std::max<std::int64_t>(0, (outputs - 1) * stride + window.reach(axis) - sides[axis]);
    const auto smaller = static_cast<int>(total / 2);
    const auto larger = static_cast<int>(total - total / 2);
    padded.pad_begin[axis] = window.same == Same::upper ? smaller : larger;
    padded.pad_end[axis] = window.same == Same::upper ? larger : smaller;
  }
  return padded;
}

std::vector<ReceptiveField> receptive_fields(const Graph& graph, const std::vector<Shape>& shapes) {
  CHECK(shapes.size() == graph.nodes.size(), "the shapes of another graph");
  std::vector<Field> rows(graph.nodes.size()), cols(graph.nodes.size());
  std::vector<ReceptiveField> fields(graph.nodes.size());
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    if (node.op != Op::input) {
      rows[i] = field_of(node, graph, shapes, rows, 0);
      cols[i] = field_of(node, graph, shapes, cols, 1);
    }
    fields[i] = both_axes(rows[i], cols[i], shapes[static_cast<std::size_t>(graph.input)]);
  }
  return fields;
}

std::vector<int> ancestors(const Graph& graph, const std::vector<int>& targets) {
  std::vector<bool> needed(graph.nodes.size());
  for (const int target : targets) needed.at(static_cast<std::size_t>(target)) = true;
  std::vector<int> order;
  for (std::size_t i = graph.nodes.size(); i-- > 0;) {
    if (!needed[i]) continue;
    order.push_back(static_cast<int>(i));
    for (const int input : graph.nodes[i].inputs) needed[static_cast<std::size_t>(input)] = true;
  }
  std::reverse(order.begin(), order.end());
  return order;
}

// Dominators. In topological order a node's immediate dominator is the nearest common one of its inputs, and the climb
// towards the input always goes from the later of two nodes.
std::vector<int> main_path(const Graph& graph, int target) {
  std::vector<int> dominator(graph.nodes.size());
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    if (node.op == Op::input) {
      dominator[i] = static_cast<int>(i);
      continue;
    }
    int common = node.inputs.front();
    for (int other : node.inputs)
      while (common != other)
        (common > other ? common : other) = dominator[static_cast<std::size_t>(std::max(common, other))];
    dominator[i] = common;
  }
  std::vector<int> path{target};
  while (path.back() != graph.input) path.push_back(dominator[static_cast<std::size_t>(path.back())]);
  std::reverse(path.begin(), path.end());
  return path;
}

std::vector<Branch> branches(const Graph& graph, const std::vector<Shape>& shapes, int concat) {
  const Node& node = graph.nodes.at(static_cast<std::size_t>(concat));
  CHECK(node.op == Op::concat, node.name + " is no concatenation");
  std::vector<Branch> result;
  int first = 0;
  for (const int input : node.inputs) {
    const int channels = shapes.at(static_cast<std::size_t>(input)).channels;
    result.push_back({input, first, channels});
    first += channels;
  }
  return result;
}

std::optional<int> joined_by(const Graph& graph, int node) {
  for (std::size_t i = 0; i < graph.nodes.size(); ++i)
    if (graph.nodes[i].op == Op::concat && std::ranges::count(graph.nodes[i].inputs, node) > 0)
      return static_cast<int>(i);
  return std::nullopt;
}

}  // namespace net
