// What changes how a tensor is seen and not what it holds: transpositions, dimensions of 1, channels split into groups
// and joined again. Where the order of the numbers does change, it is a flatten or a channel shuffle, and a node.
#include <algorithm>
#include <limits>

#include "net/onnx_ops.h"

namespace net::onnx {
namespace {

constexpr std::size_t kMostDims = 8;
const Axes kSplit{Axis::pictures, Axis::group, Axis::member, Axis::rows, Axis::cols};
const Axes kSwapped{Axis::pictures, Axis::member, Axis::group, Axis::rows, Axis::cols};

// Weights seen with other dimensions; at most one of the target is −1, and 0 keeps one.
Stored reshaped(const Operator& op, Stored stored, std::vector<std::int64_t> target) {
  const std::int64_t count = stored.count();
  std::int64_t product = 1;
  std::int64_t* open = nullptr;
  if (target.size() > kMostDims) op.refuse("it makes too many dimensions");
  for (std::size_t i = 0; i < target.size(); ++i) {
    if (target[i] == 0 && i < stored.dims.size()) target[i] = stored.dims[i];
    if (target[i] == -1 && open == nullptr) {
      open = &target[i];
      continue;
    }
    if (target[i] < 1 || target[i] > count) op.refuse("its target does not fit its weights");
    product *= target[i];
    if (product > count) op.refuse("its target does not fit its weights");
  }
  if (open != nullptr) product *= (*open = count / product);
  if (product != count) op.refuse("its target does not fit its weights");
  stored.dims = std::move(target);
  return stored;
}

// The target of a reshape against the map that it is applied to. −1 stands for what is left over, once.
class Target {
 public:
  Target(const Operator& op, const Flow& from, Extents extents) : op_(op), from_(from), extents_(std::move(extents)) {
    const bool zero_keeps = op.integer("allowzero", 0, 0, 1) == 0;
    for (std::size_t i = 0; i < extents_.size(); ++i)
      if (extents_[i].is(0) && zero_keeps && i < from.axes.size()) extents_[i] = op.extent(from, from.axes[i]);
    has_rest_ = std::ranges::count_if(extents_, [](const Extent& extent) { return extent.is(-1); }) == 1;
  }

  [[nodiscard]] std::size_t size() const { return extents_.size(); }
  [[nodiscard]] const Extent& at(std::size_t i) const { return extents_[i]; }
  [[nodiscard]] bool is_rest(std::size_t i) const { return has_rest_ && extents_[i].is(-1); }
  // Whether number i keeps the pictures apart: as it is, or as the batch size of a file that fixes it.
  [[nodiscard]] bool is_pictures(std::size_t i) const {
    const std::int64_t declared = op_.import().declared_pictures;
    return extents_[i].of == Extent::Of::pictures || (declared > 0 && extents_[i].is(declared));
  }
  // Rows and columns that the file leaves open are trusted where it computes them from each other: the channels beside
  // them, which are known, leave no other reading.
  [[nodiscard]] bool is(std::size_t i, Axis axis) const {
    if (axis == Axis::pictures) return is_pictures(i) || is_rest(i);
    const Extent extent = op_.extent(from_, axis);
    const bool is_open = extent.of == Extent::Of::rows || extent.of == Extent::Of::cols;
    return extents_[i] == extent || is_rest(i) || (is_open && extents_[i].of == Extent::Of::unknown);
  }
  [[nodiscard]] bool is(const Axes& axes) const {
    if (axes.size() != size()) return false;
    for (std::size_t i = 0; i < axes.size(); ++i)
      if (!is(i, axes[i])) return false;
    return true;
  }
  [[nodiscard]] std::string text() const { return to_string(extents_); }

 private:
  const Operator& op_;
  const Flow& from_;
  Extents extents_;
  bool has_rest_ = false;
};

void emit_flatten(Operator& op, const Flow& from, int stated_values) {
  if (from.axes == kVector) return op.means(from);
  const bool channels_last = from.axes == kChannelsLast;
  if (from.axes != kMap && !channels_last)
    op.refuse("a tensor with these dimensions cannot be made one vector a picture");
  op.emit(Op::flatten, {from.node}, kVector, Flatten{stated_values, channels_last});
}

// To [pictures, values].
void reshape_to_vector(Operator& op, const Flow& from, const Target& target) {
  const Extent& values = target.at(1);
  const bool states_values =
      values.of == Extent::Of::number && values.value > 0 && values.value <= std::numeric_limits<int>::max();
  const bool keeps_pictures = target.is_pictures(0) || (target.is_rest(0) && states_values);
  if (!keeps_pictures || !(states_values || target.is_rest(1) || values.of == Extent::Of::unknown))
    op.refuse("its target " + target.text() + " does not keep pictures apart");
  emit_flatten(op, from, states_values ? static_cast<int>(values.value) : 0);
}

// [pictures, channels, rows, cols] with the channels split into groups.
bool splits_channels(const Operator& op, const Flow& from, const Target& target, int& groups) {
  if (from.axes != kMap || target.size() != 5) return false;
  const Extent channels = op.extent(from, Axis::channels), group = target.at(1), member = target.at(2);
  if (channels.of != Extent::Of::number) return false;
  const auto fits = [&](const Extent& part) {
    return part.of == Extent::Of::number && part.value > 0 && part.value <= channels.value &&
           channels.value % part.value == 0;
  };
  std::int64_t count = 0;
  if (fits(group) && (member.is(channels.value / group.value) || target.is_rest(2)))
    count = group.value;
  else if (target.is_rest(1) && fits(member))
    count = channels.value / member.value;
  groups = static_cast<int>(count);
  return count > 0 && target.is(0, Axis::pictures) && target.is(3, Axis::rows) && target.is(4, Axis::cols);
}

bool is_one(const Operator& op, const Flow& flow, Axis axis) {
  return op.extent(flow, axis).is(1);
}

// Which channels [first, end) a slice, a gather or a split takes.
void emit_slice(Operator& op, const Flow& from, std::int64_t first, std::int64_t end, const Axes& axes,
                std::size_t output = 0) {
  constexpr std::int64_t kMost = std::numeric_limits<int>::max();
  if (first < 0 || end <= first || end > kMost) op.refuse("it takes no channels, or more than there are");
  op.emit(Op::channel_slice, {from.node}, axes, ChannelSlice{static_cast<int>(first), static_cast<int>(end - first)},
          {}, output);
}

std::int64_t channels_of(const Operator& op, const Flow& flow) {
  const Extent channels = op.extent(flow, Axis::channels);
  if (channels.of != Extent::Of::number) op.refuse("the number of its input's channels is not known");
  return channels.value;
}

void require_channels(const Operator& op, const Flow& flow, std::int64_t axis) {
  if (op.axis(flow, axis) != Axis::channels) op.refuse("axis " + std::to_string(axis) + " is not that of the channels");
}

// The axes of a Squeeze or Unsqueeze, from the start and in order, in a tensor of this rank.
std::vector<std::int64_t> sorted_axes(const Operator& op, std::vector<std::int64_t> axes, std::size_t rank) {
  for (std::int64_t& axis : axes) {
    if (axis < 0) axis += static_cast<std::int64_t>(rank);
    if (axis < 0 || axis >= static_cast<std::int64_t>(rank)) op.refuse("its axes are not possible");
  }
  std::ranges::sort(axes);
  if (std::ranges::adjacent_find(axes) != axes.end()) op.refuse("its axes are not possible");
  return axes;
}

// A new dimension of 1 is the first of channels, rows and columns that the tensor does not have.
Axis missing_axis(const Operator& op, const Axes& axes) {
  for (const Axis axis : {Axis::channels, Axis::rows, Axis::cols})
    if (std::ranges::count(axes, axis) == 0) return axis;
  op.refuse("it makes too many dimensions");
}

Stored transposed(const Operator& op, const Stored& stored, const std::vector<std::int64_t>& order) {
  const std::vector<float> from = op.weights(0).values;
  std::vector<std::int64_t> strides(stored.dims.size(), 1), dims, steps;
  for (std::size_t i = stored.dims.size(); i-- > 1;) strides[i - 1] = strides[i] * stored.dims[i];
  for (const std::int64_t axis : order) {
    dims.push_back(stored.dims[static_cast<std::size_t>(axis)]);
    steps.push_back(strides[static_cast<std::size_t>(axis)]);
  }
  auto values = std::make_shared<std::vector<float>>();
  values->reserve(from.size());
  std::vector<std::int64_t> place(dims.size(), 0);
  std::int64_t offset = 0;
  for (std::size_t count = 0; count < from.size(); ++count) {
    values->push_back(from[static_cast<std::size_t>(offset)]);
    for (std::size_t i = dims.size(); i-- > 0;) {
      offset += steps[i];
      if (++place[i] < dims[i]) break;
      offset -= place[i] * steps[i];
      place[i] = 0;
    }
  }
  return {nullptr, std::move(dims), std::move(values)};
}

// PyTorch writes the view of a vector as a map as the places of its numbers in a list; only these, in order, are read.
void gather_list(Operator& op) {
  const Flow from = op.flow(0);
  const Extents places = op.extents(1);
  const std::int64_t channels = channels_of(op, from);
  bool in_order = static_cast<std::int64_t>(places.size()) == channels;
  for (std::int64_t i = 0; in_order && i < channels; ++i) {
    const Extent& place = places[static_cast<std::size_t>(i)];
    const bool of_any_picture = place == Extent{Extent::Of::places, i, 0, channels};
    in_order = of_any_picture || (op.import().declared_pictures == 1 && place.is(i));
  }
  if (!in_order) op.refuse("it gathers the numbers of several pictures in another order");
  op.means(Flow{from.node, kMap});
}

}  // namespace

void read_flatten(Operator& op) {
  const Flow from = op.whole_channels(0);
  if (op.place(from, op.integer("axis", 1, -8, 8)) != 1) op.refuse("it does not flatten from the second dimension on");
  emit_flatten(op, from, 0);
}

void read_reshape(Operator& op) {
  if (op.is_stored(0)) return op.means(reshaped(op, std::get<Stored>(op.input(0)), op.numbers("shape", 1)));
  Extents extents;
  if (op.attribute("shape") != nullptr)
    for (const std::int64_t value : op.integers("shape")) extents.push_back(Extent::number(value));
  else
    extents = op.extents(1);
  if (!op.is_flow(0)) return op.means(op.extents(0));
  Flow from = op.flow(0);
  const Target target(op, from, std::move(extents));
  if (target.is(from.axes)) return op.means(from);
  if (splits_channels(op, from, target, from.groups)) {
    from.axes = kSplit;
    return op.means(from);
  }
  if ((from.axes == kSplit || from.axes == kSwapped) && target.is(kMap)) {
    if (from.axes == kSplit) return op.means(Flow{from.node, kMap});
    return op.emit(Op::channel_shuffle, {from.node}, kMap, ChannelShuffle{from.groups});
  }
  if (target.size() == 1 && target.is_rest(0) && from.axes == kMap && is_one(op, from, Axis::rows) &&
      is_one(op, from, Axis::cols))
    return op.means(Flow{from.node, {Axis::list}});
  const bool adds_ones = from.axes == kVector && target.size() == 4 && target.is(0, Axis::pictures) &&
                         target.is(1, Axis::channels) && target.at(2).is(1) && target.at(3).is(1);
  if (adds_ones) return op.means(Flow{from.node, kMap});
  if (target.size() != 2)
    op.refuse("reshaping to " + target.text() +
              " is not supported, only to one vector a picture and channels to groups and back");
  reshape_to_vector(op, op.whole_channels(0), target);
}

void read_transpose(Operator& op) {
  if (std::holds_alternative<Extents>(op.input(0))) return op.means(op.input(0));
  const std::size_t rank = op.is_flow(0) ? op.flow(0).axes.size() : std::get<Stored>(op.input(0)).dims.size();
  std::vector<std::int64_t> order = op.integers("perm");
  if (order.empty())
    for (std::size_t i = rank; i-- > 0;) order.push_back(static_cast<std::int64_t>(i));
  if (order.size() != rank)
    op.refuse("its perm has " + std::to_string(order.size()) + " numbers for " + std::to_string(rank) + " dimensions");
  static_cast<void>(sorted_axes(op, order, rank));
  for (std::int64_t& axis : order) axis = axis < 0 ? axis + static_cast<std::int64_t>(rank) : axis;
  if (!op.is_flow(0)) return op.means(transposed(op, std::get<Stored>(op.input(0)), order));
  Flow flow = op.flow(0);
  const Axes before = flow.axes;
  for (std::size_t i = 0; i < rank; ++i) flow.axes[i] = before[static_cast<std::size_t>(order[i])];
  op.means(std::move(flow));
}

void read_squeeze(Operator& op) {
  if (std::holds_alternative<Extents>(op.input(0))) return op.means(op.input(0));
  std::vector<std::int64_t> axes = op.numbers("axes", 1);
  if (!op.is_flow(0)) {
    Stored stored = std::get<Stored>(op.input(0));
    if (axes.empty()) {
      std::erase(stored.dims, 1);
      return op.means(std::move(stored));
    }
    axes = sorted_axes(op, std::move(axes), stored.dims.size());
    for (std::size_t i = axes.size(); i-- > 0;) {
      if (stored.dims[static_cast<std::size_t>(axes[i])] != 1) op.refuse("it removes a dimension that is not 1");
      stored.dims.erase(stored.dims.begin() + axes[i]);
    }
    return op.means(std::move(stored));
  }
  Flow flow = op.whole_channels(0);
  if (axes.empty())
    for (std::size_t i = 1; i < flow.axes.size(); ++i)
      if (is_one(op, flow, flow.axes[i])) axes.push_back(static_cast<std::int64_t>(i));
  axes = sorted_axes(op, std::move(axes), flow.axes.size());
  for (std::size_t i = axes.size(); i-- > 0;) {
    if (!is_one(op, flow, flow.axes[static_cast<std::size_t>(axes[i])]))
      op.refuse("it removes a dimension that is not known to be 1");
    flow.axes.erase(flow.axes.begin() + axes[i]);
  }
  op.means(std::move(flow));
}

// Of integers about shapes it makes a list of one, which they are already.
void read_unsqueeze(Operator& op) {
  if (std::holds_alternative<Extents>(op.input(0))) return op.means(op.input(0));
  const std::vector<std::int64_t> written = op.numbers("axes", 1);
  const auto rank_after = [&](std::size_t rank) {
    if (rank + written.size() > kMostDims) op.refuse("it makes too many dimensions");
    return rank + written.size();
  };
  if (!op.is_flow(0)) {
    Stored stored = std::get<Stored>(op.input(0));
    for (const std::int64_t axis : sorted_axes(op, written, rank_after(stored.dims.size())))
      stored.dims.insert(stored.dims.begin() + axis, 1);
    return op.means(std::move(stored));
  }
  Flow flow = op.whole_channels(0);
  for (const std::int64_t axis : sorted_axes(op, written, rank_after(flow.axes.size())))
    flow.axes.insert(flow.axes.begin() + axis, missing_axis(op, flow.axes));
  op.means(std::move(flow));
}

// Of integers any; of a map one channel.
void read_gather(Operator& op) {
  if (op.is_flow(0) && op.flow(0).axes == Axes{Axis::list}) return gather_list(op);
  const int axis = op.integer("axis", 0, -8, 8);
  const std::vector<std::int64_t> indices = op.numbers(1);
  if (op.is_flow(0)) {
    const Flow from = op.whole_channels(0);
    require_channels(op, from, axis);
    const auto* stored = std::get_if<Stored>(&op.input(1));
    if (indices.size() != 1) op.refuse("only one channel of a map can be gathered");
    Axes axes = from.axes;
    if (stored == nullptr || stored->dims.empty()) std::erase(axes, Axis::channels);
    const std::int64_t channel = indices[0] < 0 ? indices[0] + channels_of(op, from) : indices[0];
    return emit_slice(op, from, channel, channel + 1, axes);
  }
  const Extents from = op.extents(0);
  Extents taken;
  for (const std::int64_t index : indices) {
    const std::int64_t at = index < 0 ? index + static_cast<std::int64_t>(from.size()) : index;
    if (at < 0 || at >= static_cast<std::int64_t>(from.size())) op.refuse("it gathers beyond the end");
    taken.push_back(from[static_cast<std::size_t>(at)]);
  }
  op.means(std::move(taken));
}

void read_slice(Operator& op) {
  const bool by_attributes = op.attribute("starts") != nullptr;
  const std::vector<std::int64_t> starts = op.numbers("starts", 1), ends = op.numbers("ends", 2);
  std::vector<std::int64_t> axes = op.numbers("axes", 3);
  const std::vector<std::int64_t> steps =
      by_attributes || !op.has_input(4) ? std::vector<std::int64_t>{} : op.numbers(4);
  if (axes.empty()) axes = {0};
  if (starts.size() != 1 || ends.size() != 1 || axes.size() != 1) op.refuse("only slices along one axis are supported");
  if (!steps.empty() && steps != std::vector<std::int64_t>{1})
    op.refuse("a slice in steps other than 1 is not supported");
  const auto within = [&](std::int64_t number, std::int64_t count) {
    return std::clamp<std::int64_t>(number < 0 ? number + count : number, 0, count);
  };
  if (op.is_flow(0)) {
    const Flow from = op.whole_channels(0);
    require_channels(op, from, axes[0]);
    const std::int64_t count = channels_of(op, from);
    return emit_slice(op, from, within(starts[0], count), within(ends[0], count), from.axes);
  }
  Extents from = op.extents(0);
  if (axes[0] != 0 && axes[0] != -1) op.refuse("a list of numbers has only one axis");
  const auto count = static_cast<std::int64_t>(from.size());
  const std::int64_t first = within(starts[0], count), end = std::max(first, within(ends[0], count));
  op.means(Extents(from.begin() + first, from.begin() + end));
}

void read_split(Operator& op) {
  const Flow from = op.whole_channels(0);
  require_channels(op, from, op.integer("axis", 0, -8, 8));
  std::vector<std::int64_t> parts = op.numbers("split", 1);
  const std::int64_t count = channels_of(op, from);
  const auto outputs = static_cast<std::int64_t>(op.outputs());
  if (outputs == 0) op.refuse("it has no output");
  if (parts.empty()) {  // equal parts, the last one smaller where they do not divide
    const std::int64_t part = (count + outputs - 1) / outputs;
    for (std::int64_t i = 0; i < outputs; ++i) parts.push_back(std::min(part, count - i * part));
  }
  if (static_cast<std::int64_t>(parts.size()) != outputs) op.refuse("it has another number of outputs than of parts");
  std::int64_t first = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i] < 1 || parts[i] > count - first) op.refuse("its parts are not those of its channels");
    emit_slice(op, from, first, first + parts[i], from.axes, i);
    first += parts[i];
  }
}

void read_concat(Operator& op) {
  if (op.inputs() == 0) op.refuse("it has no input");
  const int axis = op.integer("axis", 1, -8, 8);
  if (std::holds_alternative<Flow>(op.input(0))) {
    const Axes axes = op.whole_channels(0).axes;
    require_channels(op, op.flow(0), axis);
    std::vector<int> inputs;
    for (std::size_t i = 0; i < op.inputs(); ++i) {
      if (op.flow(i).axes.size() != axes.size()) op.refuse("its inputs have different numbers of dimensions");
      if (op.flow(i).axes != axes) op.refuse("its inputs have their dimensions in different orders");
      inputs.push_back(op.flow(i).node);
    }
    return op.emit(Op::concat, std::move(inputs), axes);
  }
  Extents joined;
  for (std::size_t i = 0; i < op.inputs(); ++i) {
    const Extents part = op.extents(i);
    joined.insert(joined.end(), part.begin(), part.end());
    if (joined.size() > 64) op.refuse("it joins more numbers than a shape has");
  }
  op.means(std::move(joined));
}

}  // namespace net::onnx
