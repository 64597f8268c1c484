// One step of a pass for one picture: its inputs are looked up, or gathered, and its operator is run on them.
#include <algorithm>

#include "net/cpu_operators.h"
#include "net/cpu_pass.h"

namespace net {
namespace {

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

}  // namespace

// The cells `need` of an input's map, changed or clean, and `padding` outside of it: where they lie if they lie
// together, else gathered into `room`.
cpu::MapView CpuPass::view(const PlanInput& input, std::size_t picture, const Rect& need, float padding,
                           cpu::Floats& room) {
  const std::size_t step = at(input.step);
  const Patch& patch = patches_[step][picture];
  const Rect map = whole(shapes_[step]);
  const cpu::MapView changed = patch_of(step, picture), clean = clean_of(step);
  if (input.positions.empty() && (padding == 0.0F || map.contains(need))) {
    if (!patch.rect.empty() && changed.area.contains(need)) return changed;
    if (intersection(patch.rect, need).empty() && clean.area.contains(need)) return clean;
  }
  const int channels = channels_of(input);
  cpu::Region gathered{
      need, {}, channels, room.of(cell_count(need) * at(channels)), std::ptrdiff_t{need.cols} * channels, channels};
  std::fill_n(gathered.first, cell_count(need) * at(channels), padding);
  const Rect inside = intersection(need, map);
  for (int row = inside.row; row < inside.end_row(); ++row)
    for (int col = inside.col; col < inside.end_col(); ++col) {
      const float* from = (patch.rect.contains({row, col, 1, 1}) ? changed : clean).at(row, col);
      float* to = gathered.at(row, col);
      for (int c = 0; c < channels; ++c) to[c] = from[input.positions.empty() ? c : input.positions[at(c)]];
    }
  return {gathered.first, gathered.row_pitch, gathered.pixel_pitch, need};
}

void CpuPass::compute_step(std::size_t step, std::size_t picture) {
  const cpu::Region out = region_of(step, picture);
  const CpuProgram::Step& prepared = program_->steps[step];
  if (out.rect.empty() || prepared.done_by_input) return;
  const Node& node = node_of(step);
  const auto& inputs = program_->plan.steps[step].inputs;
  Room& room = rooms_[picture];
  if (room.views.size() < inputs.size()) room.views.resize(inputs.size());
  const Rect need = needed(step, out.rect);
  const auto input = [&](float padding = 0.0F) { return view(inputs[0], picture, need, padding, room.views[0]); };
  switch (node.op) {
    case Op::convolution:
      return cpu::convolve(*prepared.convolution, windows_[step], prepared.rectifies, input(), out, room.scratch);
    case Op::max_pool:
    case Op::average_pool:
      return cpu::pool(node.op, std::get<Pool>(node.attributes), windows_[step], shapes_[at(inputs[0].step)],
                       need.empty() ? cpu::MapView{} : input(), out, room.scratch);
    case Op::lrn:
      return cpu::normalize(std::get<Lrn>(node.attributes), input(), out, room.scratch);
    case Op::batch_norm:
      return cpu::scale_and_shift(prepared.buffers[0], prepared.buffers[1], input(), out);
    case Op::concat:
      return concatenate(step, picture);
    case Op::layer_norm:
      return cpu::normalize_channels(std::get<LayerNorm>(node.attributes), prepared.buffers[0], prepared.buffers[1],
                                     input(), out);
    case Op::mean_over_channels:
      return cpu::mean_over_channels(input(), shapes_[at(inputs[0].step)].channels, out);
    case Op::channel_slice: {
      cpu::MapView x = input();
      x.first += std::get<ChannelSlice>(node.attributes).first;
      return cpu::copy_channels(x, out.channels, out);
    }
    case Op::channel_shuffle:
      return cpu::shuffle_channels(std::get<ChannelShuffle>(node.attributes).groups, input(), out);
    case Op::add:
    case Op::subtract:
    case Op::multiply:
    case Op::divide:
      return combine(step, picture);
    case Op::pad: {
      const auto& pad = std::get<Pad>(node.attributes);
      cpu::MapView x = input(pad.value);
      x.area = shifted(x.area, pad.begin[0], pad.begin[1]);
      return cpu::copy_channels(x, out.channels, out);
    }
    case Op::global_average_pool:
    case Op::global_max_pool:
    case Op::flatten:
    case Op::linear:
    case Op::softmax:
      return compute_everything(step, picture);
    default:
      return cpu::apply_pointwise(node, input(), out);
  }
}

// What lies here already is completed with what did not change; the rest is copied.
void CpuPass::concatenate(std::size_t step, std::size_t picture) {
  const cpu::Region out = region_of(step, picture);
  int first_channel = 0;
  for (std::size_t i = 0; i < program_->plan.steps[step].inputs.size(); ++i) {
    const PlanInput& input = program_->plan.steps[step].inputs[i];
    const int channels = channels_of(input);
    cpu::Region part = out;
    part.first += first_channel;
    if (program_->steps[at(input.step)].place.step != input.step) {
      each_part_around(out.rect, patches_[at(input.step)][picture].rect,
                       [&](const Rect& around) { cpu::copy_part(clean_of(at(input.step)), part, around, channels); });
    } else {
      cpu::copy_part(view(input, picture, out.rect, 0.0F, rooms_[picture].views[i]), part, out.rect, channels);
    }
    first_channel += channels;
  }
}

void CpuPass::combine(std::size_t step, std::size_t picture) {
  constexpr float kNothing[] = {0.0F}, kOne[] = {1.0F};
  const cpu::Region out = region_of(step, picture);
  const Op op = node_of(step).op;
  const auto& inputs = program_->plan.steps[step].inputs;
  std::vector<cpu::Floats>& rooms = rooms_[picture].views;
  const auto operand = [&](std::size_t i) {
    const Shape& map = shapes_[at(inputs[i].step)];
    const Rect need = stretched(out.rect, map, shapes_[step], false);
    const cpu::MapView x = view(inputs[i], picture, need, 0.0F, rooms[i]);
    if (need == out.rect) return x;
    return cpu::MapView{x.at(need.row, need.col), map.rows == 1 ? 0 : x.row_pitch, map.cols == 1 ? 0 : x.pixel_pitch,
                        out.rect};
  };
  const cpu::MapView a = operand(0);
  if (inputs.size() > 1) {
    const cpu::MapView b = operand(1);
    return cpu::combine(op, a, channels_of(inputs[0]), b, channels_of(inputs[1]), out);
  }
  const std::span<const float> constant = program_->steps[step].buffers[0];
  if (op == Op::add)
    cpu::scale_and_shift(kOne, constant, a, out);
  else
    cpu::scale_and_shift(constant, kNothing, a, out);
}

void CpuPass::compute_everything(std::size_t step, std::size_t picture) {
  const PlanInput& input = program_->plan.steps[step].inputs[0];
  Shape shape = shapes_[at(input.step)];
  shape.channels = channels_of(input);
  const cpu::MapView x = view(input, picture, whole(shape), 0.0F, rooms_[picture].views[0]);
  float* out = region_of(step, picture).first;
  const std::span<const float> vector(x.at(0, 0), at(shape.channels));
  const auto& buffers = program_->steps[step].buffers;
  switch (node_of(step).op) {
    case Op::global_average_pool:
      return cpu::average_everything(x, shape, out);
    case Op::flatten:
      return cpu::flatten(x, shape, std::get<Flatten>(node_of(step).attributes).channels_last, out);
    case Op::global_max_pool:
      return cpu::largest_of_everything(x, shape, out);
    case Op::linear:
      return cpu::linear(vector, buffers[0], buffers.size() > 1 ? buffers[1] : std::span<const float>(), out);
    default:
      return cpu::softmax(vector, out);
  }
}

}  // namespace net
