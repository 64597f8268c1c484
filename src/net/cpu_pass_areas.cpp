// What of every map a change reaches, and what of it is read: all of a pass that is geometry.
#include "base/check.h"
#include "net/cpu_pass.h"

namespace net {
namespace {

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

bool sees_everything(Op op) {
  return op == Op::global_average_pool || op == Op::global_max_pool || op == Op::flatten || op == Op::linear ||
         op == Op::softmax;
}

bool combines(Op op) {
  return op == Op::add || op == Op::subtract || op == Op::multiply || op == Op::divide;
}

bool by_tiles(const CpuProgram::Step& step) {
  return step.convolution != nullptr && step.convolution->way == cpu::PreparedConvolution::Way::winograd;
}

}  // namespace

void CpuPass::begin(std::span<const Change> changes) {
  if (rooms_.size() < changes.size()) rooms_.resize(changes.size());
  for (std::vector<Patch>& patches : patches_) {
    for (Patch& patch : patches) give_back(std::move(patch.field.values));
    patches.clear();
    patches.resize(changes.size());
  }
  for (std::size_t picture = 0; picture < changes.size(); ++picture) {
    const Change& change = changes[picture];
    CHECK(whole(shapes_[0]).contains(change.rect) &&
              change.values.size() == cell_count(change.rect) * at(shapes_[0].channels),
          "a change inside the picture");
    patches_[0][picture].rect = change.rect;
    if (change.flat) patches_[0][picture].flat = change.rect;
    for (std::size_t step = 1; step < shapes_.size(); ++step) find_changed(step, picture);
    for (std::size_t step = 1; step < shapes_.size(); ++step) look_at_inputs(step, picture);
  }
}

void CpuPass::find_changed(std::size_t step, std::size_t picture) {
  const Node& node = node_of(step);
  const Shape& shape = shapes_[step];
  const auto& inputs = program_->plan.steps[step].inputs;
  Patch& patch = patches_[step][picture];
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const Patch& input = patches_[at(inputs[i].step)][picture];
    Rect rect = input.rect, flat = input.flat;
    if (window_of(node) != nullptr) {
      rect = seeing(windows_[step], shape, rect);
      flat = seeing_only(windows_[step], shape, flat);
      if (by_tiles(program_->steps[step])) flat = cpu::inner_tiles(flat);
    } else if (node.op == Op::pad) {
      const auto& pad = std::get<Pad>(node.attributes);
      rect = shifted(rect, pad.begin[0], pad.begin[1]);
      flat = shifted(flat, pad.begin[0], pad.begin[1]);
    } else if (sees_everything(node.op)) {
      rect = rect.empty() ? rect : whole(shape);
      flat = {};
    } else if (combines(node.op)) {
      const Shape& map = shapes_[at(inputs[i].step)];
      const bool one_place = map.rows == 1 && map.cols == 1;
      flat = stretched(one_place ? rect : flat, map, shape, true);
      rect = stretched(rect, map, shape, true);
    }
    // A whole picture's maps are whole, also where a window sees nothing but padding.
    if (input.rect == whole(shapes_[at(inputs[i].step)])) rect = whole(shape);
    patch.rect = united(patch.rect, rect);
    patch.flat = i == 0 ? flat : intersection(patch.flat, flat);
  }
}

// The cells of its inputs that a step reads to compute `cells`.
Rect CpuPass::needed(std::size_t step, const Rect& cells) const {
  const Node& node = node_of(step);
  const Shape& in = shapes_[at(program_->plan.steps[step].inputs.front().step)];
  if (cells.empty()) return {};
  if (node.op == Op::convolution)
    return seen_by(windows_[step], by_tiles(program_->steps[step]) ? cpu::whole_tiles(cells) : cells);
  if (window_of(node) != nullptr) return intersection(seen_by(windows_[step], cells), whole(in));
  if (node.op == Op::pad) {
    const auto& pad = std::get<Pad>(node.attributes);
    return shifted(cells, -pad.begin[0], -pad.begin[1]);
  }
  return sees_everything(node.op) ? whole(in) : cells;
}

void CpuPass::look_at_inputs(std::size_t step, std::size_t picture) {
  const CpuProgram::Step& prepared = program_->steps[step];
  // The margin's zeros are not what a border is filled with.
  if (prepared.done_by_input || node_of(step).op == Op::pad) return;
  const Rect all = needed(step, patches_[step][picture].rect);
  for (const PlanInput& input : program_->plan.steps[step].inputs) {
    const CpuProgram::Place& place = program_->steps[at(input.step)].place;
    const bool lies_in_this_step = place.step != input.step;
    if (lies_in_this_step) continue;
    Patch& read = patches_[at(input.step)][picture];
    const bool may_stretch = combines(node_of(step).op);
    const Rect need = may_stretch ? stretched(all, shapes_[at(input.step)], shapes_[step], false) : all;
    if (!read.rect.empty()) read.looked_at = united(read.looked_at, need);
  }
}

}  // namespace net
