#include "net/cpu_pass.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"
#include "net/cpu_operators.h"
#include "net/parallel.h"

namespace net {
namespace {

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

std::size_t cells_of(const Rect& rect) {
  return rect.empty() ? 0 : at(rect.rows) * at(rect.cols);
}

Rect shifted(const Rect& rect, int rows, int cols) {
  return rect.empty() ? rect : Rect{rect.row + rows, rect.col + cols, rect.rows, rect.cols};
}

bool has_window(Op op) {
  return op == Op::convolution || op == Op::max_pool || op == Op::average_pool;
}

bool sees_everything(Op op) {
  return op == Op::global_average_pool || op == Op::global_max_pool || op == Op::flatten || op == Op::linear ||
         op == Op::softmax;
}

// A map that is one row or column where the result has more counts for all of them: what of the result an area of it
// is (`all`), and the other way round what of it an area of the result needs.
Rect stretched(const Rect& area, const Shape& map, const Shape& result, bool all) {
  if (area.empty()) return area;
  Rect rect = area;
  if (map.rows == 1 && result.rows > 1) rect.row = 0, rect.rows = all ? result.rows : 1;
  if (map.cols == 1 && result.cols > 1) rect.col = 0, rect.cols = all ? result.cols : 1;
  return rect;
}

bool combines(Op op) {
  return op == Op::add || op == Op::subtract || op == Op::multiply || op == Op::divide;
}

bool by_tiles(const CpuProgram::Step& step) {
  return step.convolution != nullptr && step.convolution->way == cpu::PreparedConvolution::Way::winograd;
}

// work(part) for the up to four parts of `outer` around `inner`, which lies inside it or is empty.
template <class Work>
void each_part_around(const Rect& outer, const Rect& inner, const Work& work) {
  if (inner.empty()) return outer.empty() ? void() : work(outer);
  const Rect parts[] = {
      {outer.row, outer.col, inner.row - outer.row, outer.cols},
      {inner.end_row(), outer.col, outer.end_row() - inner.end_row(), outer.cols},
      {inner.row, outer.col, inner.rows, inner.col - outer.col},
      {inner.row, inner.end_col(), inner.rows, outer.end_col() - inner.end_col()},
  };
  for (const Rect& part : parts)
    if (!part.empty()) work(part);
}

void copy_part(const cpu::MapView& from, const cpu::Region& to, const Rect& part, int channels) {
  if (part.empty()) return;
  cpu::Region there = to;
  there.rect = part;
  there.first = to.at(part.row, part.col);
  cpu::copy_channels(from, channels, there, 0);
}

std::string gibibytes(std::int64_t bytes) {
  const std::int64_t tenths = (bytes * 10 + (std::int64_t{1} << 30) - 1) >> 30;
  return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10) + " GiB";
}

}  // namespace

base::Result<std::unique_ptr<CpuPass>> CpuPass::create(std::shared_ptr<const Model> model,
                                                       std::shared_ptr<const CpuProgram> program, core::Size size,
                                                       std::int64_t most_bytes) {
  const auto of_nodes = infer_shapes(model->graph, model->input.channels, size, program->targets);
  if (!of_nodes) return of_nodes.error();
  std::vector<Shape> shapes;
  for (std::size_t i = 0; i < program->steps.size(); ++i) {
    shapes.push_back((*of_nodes)[at(program->plan.steps[i].node)]);
    // A flattened map has as many channels as the picture's size makes of it.
    if (!program->plan.steps[i].channels.empty()) shapes.back().channels = program->steps[i].channels;
  }
  if (const MapMemory needed = memory_of(*program, shapes); needed.at_one_time > most_bytes)
    return base::Error{"The model " + model->name + " cannot be run on pictures of " + std::to_string(size.width_px) +
                           "×" + std::to_string(size.height_px) + " pixels",
                       "its maps take " + gibibytes(needed.at_one_time) + " at one time, and at most " +
                           gibibytes(most_bytes) + " are used",
                       "Use a model of smaller pictures, or ask for fewer layers at once."};
  return std::unique_ptr<CpuPass>(new CpuPass(std::move(model), std::move(program), std::move(shapes), most_bytes));
}

CpuPass::CpuPass(std::shared_ptr<const Model> model, std::shared_ptr<const CpuProgram> program,
                 std::vector<Shape> shapes, std::int64_t most_bytes)
    : model_(std::move(model)),
      program_(std::move(program)),
      shapes_(std::move(shapes)),
      windows_(shapes_.size()),
      clean_(shapes_.size()),
      patches_(shapes_.size()) {
  CHECK(!shapes_.empty() && node_of(0).op == Op::input, "a plan begins with the input");
  const MapMemory memory = memory_of(*program_, shapes_);
  keeps_clean_ = memory.together <= most_bytes;
  bytes_ = keeps_clean_ ? memory.together : memory.at_one_time;
  for (std::size_t step = 0; step < shapes_.size(); ++step) {
    const Node& node = node_of(step);
    if (!has_window(node.op)) continue;
    const Window& window = node.op == Op::convolution ? std::get<Convolution>(node.attributes).window
                                                      : std::get<Pool>(node.attributes).window;
    windows_[step] = padded_for(window, shapes_[at(program_->plan.steps[step].inputs.front().step)]);
  }
}

const Node& CpuPass::node_of(std::size_t step) const {
  return model_->graph.nodes[at(program_->plan.steps[step].node)];
}

int CpuPass::channels_of(const PlanInput& input) const {
  return input.positions.empty() ? shapes_[at(input.step)].channels : static_cast<int>(input.positions.size());
}

cpu::Floats CpuPass::take(std::size_t count) {
  const auto fits = std::ranges::find_if(spare_, [&](const cpu::Floats& f) { return f.capacity() >= count; });
  cpu::Floats floats;
  if (fits != spare_.end()) {
    floats = std::move(*fits);
    spare_.erase(fits);
  } else if (!spare_.empty()) {  // the largest of them gives way
    floats = std::move(spare_.back());
    spare_.pop_back();
  }
  floats.of(count);
  return floats;
}

void CpuPass::give_back(cpu::Floats floats) {
  if (floats.capacity() == 0) return;
  const auto place = std::ranges::upper_bound(spare_, floats.capacity(), {}, &cpu::Floats::capacity);
  spare_.insert(place, std::move(floats));
}

// ---- what is computed ---------------------------------------------------------------------------------------------

base::Status CpuPass::compute(std::vector<float> fed, const core::StopFlag* stop) {
  has_clean_ = false;
  for (Field& clean : clean_) {  // its memory is that of the new one
    give_back(std::move(clean.values));
    clean.area = {};
  }
  const Change all{whole(shapes_[0]), false, std::move(fed)};
  if (const auto done = run(std::span(&all, 1), keeps_clean_, stop); !done) return done;
  has_clean_ = keeps_clean_;
  answers_changes_ = !keeps_clean_;
  return {};
}

base::Status CpuPass::compute_changes(std::span<const Change> changes, const core::StopFlag* stop) {
  CHECK(has_clean_, "changes of a picture that was not computed");
  answers_changes_ = true;
  return run(changes, false, stop);
}

// Step by step, and each step for all pictures, while its weights are at hand.
base::Status CpuPass::run(std::span<const Change> changes, bool keep, const core::StopFlag* stop) {
  begin(changes);
  for (std::size_t step = 0; step < shapes_.size(); ++step) {
    if (stop != nullptr && stop->stop_requested()) return base::Error{kStopped, "the answer is no longer wanted", ""};
    make_room(at(program_->steps[step].place.step));
    parallel_for(static_cast<std::int64_t>(changes.size()), 1, [&](std::int64_t first, std::int64_t end) {
      for (auto picture = static_cast<std::size_t>(first); picture < static_cast<std::size_t>(end); ++picture) {
        if (step == 0)
          feed(changes[picture], picture);
        else
          compute_step(step, picture);
        fill_margin(step, picture);
      }
    });
    if (keep) continue;
    for (const int unused : program_->plan.steps[step].last_use_of)
      for (Patch& patch : patches_[at(unused)]) give_back(std::move(patch.field.values));
  }
  for (std::size_t step = 0; keep && step < shapes_.size(); ++step) clean_[step] = std::move(patches_[step][0].field);
  return {};
}

// Everything about a pass that is geometry: it does not depend on the pictures' contents.
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
              change.values.size() == cells_of(change.rect) * at(shapes_[0].channels),
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
    if (has_window(node.op)) {
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
  if (has_window(node.op)) return intersection(seen_by(windows_[step], cells), whole(in));
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

// Memory for a step that has a place of its own, if it has none yet.
void CpuPass::make_room(std::size_t step) {
  for (Patch& patch : patches_[step]) {
    if (patch.rect.empty() || patch.field.values.capacity() > 0) continue;
    patch.field.area = united(patch.rect, patch.looked_at);
    patch.field.values = take(cells_of(patch.field.area) * at(shapes_[step].channels));
  }
}

cpu::MapView CpuPass::patch_of(std::size_t step, std::size_t picture) const {
  const auto& [owner, first_channel] = program_->steps[step].place;
  const Field& field = patches_[at(owner)][picture].field;
  const int channels = shapes_[at(owner)].channels;
  return {field.values.data() + first_channel, std::ptrdiff_t{field.area.cols} * channels, channels, field.area};
}

cpu::MapView CpuPass::clean_of(std::size_t step) const {
  const auto& [owner, first_channel] = program_->steps[step].place;
  const Field& field = clean_[at(owner)];
  const int channels = shapes_[at(owner)].channels;
  return {field.values.data() + first_channel, std::ptrdiff_t{field.area.cols} * channels, channels, field.area};
}

cpu::Region CpuPass::region_of(std::size_t step, std::size_t picture) const {
  const Patch& patch = patches_[step][picture];
  const cpu::MapView memory = patch_of(step, picture);
  cpu::Region region{patch.rect, patch.flat, shapes_[step].channels, nullptr, memory.row_pitch, memory.pixel_pitch};
  if (!patch.rect.empty()) region.first = const_cast<float*>(memory.at(patch.rect.row, patch.rect.col));
  return region;
}

void CpuPass::feed(const Change& change, std::size_t picture) {
  if (change.rect.empty()) return;
  const int channels = shapes_[0].channels;
  const cpu::MapView values{change.values.data(), std::ptrdiff_t{change.rect.cols} * channels, channels, change.rect};
  copy_part(values, region_of(0, picture), change.rect, channels);
}

void CpuPass::fill_margin(std::size_t step, std::size_t picture) {
  const Patch& patch = patches_[step][picture];
  if (patch.rect.empty() || program_->steps[step].place.step != static_cast<int>(step)) return;
  const cpu::Region region = region_of(step, picture);
  const Rect map = whole(shapes_[step]), inside = intersection(patch.field.area, map);
  each_part_around(inside, patch.rect,
                   [&](const Rect& part) { copy_part(clean_of(step), region, part, region.channels); });
  each_part_around(patch.field.area, inside, [&](const Rect& part) {
    for (int row = part.row; row < part.end_row(); ++row)
      std::fill_n(region.at(row, part.col), at(part.cols) * at(region.channels), 0.0F);
  });
}

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
      need, {}, channels, room.of(cells_of(need) * at(channels)), std::ptrdiff_t{need.cols} * channels, channels};
  std::fill_n(gathered.first, cells_of(need) * at(channels), padding);
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
      return cpu::copy_channels(x, out.channels, out, 0);
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
      return cpu::copy_channels(x, out.channels, out, 0);
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
                       [&](const Rect& around) { copy_part(clean_of(at(input.step)), part, around, channels); });
    } else {
      copy_part(view(input, picture, out.rect, 0.0F, rooms_[picture].views[i]), part, out.rect, channels);
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

// ---- answers ------------------------------------------------------------------------------------------------------

Rect CpuPass::difference_from_clean(std::span<const float> fed) const {
  CHECK(has_clean_, "a difference from a picture that was not computed");
  const cpu::MapView clean = clean_of(0);
  return difference(clean.at(0, 0), clean.row_pitch, fed, shapes_[0]);
}

Shape CpuPass::answer_shape(std::size_t wanted) const {
  const PlanInput& answer = program_->plan.answers[wanted];
  Shape shape = shapes_[at(answer.step)];
  shape.channels = channels_of(answer);
  return shape;
}

void CpuPass::read_answer(std::size_t wanted, std::size_t picture, float* values) const {
  const PlanInput& answer = program_->plan.answers[wanted];
  const std::size_t step = at(answer.step);
  const Shape shape = answer_shape(wanted);
  const cpu::MapView clean = clean_of(step), patch = patch_of(step, answers_changes_ ? picture : 0);
  const Rect changed = answers_changes_ ? patches_[step][picture].rect : Rect{};
  for (int c = 0; c < shape.channels; ++c) {
    const int channel = answer.positions.empty() ? c : answer.positions[at(c)];
    for (int row = 0; row < shape.rows; ++row)
      for (int col = 0; col < shape.cols; ++col)
        *values++ = (changed.contains({row, col, 1, 1}) ? patch : clean).at(row, col)[channel];
  }
}

Rect difference(const float* a, std::ptrdiff_t pitch, std::span<const float> b, const Shape& shape) {
  const std::size_t pixel = at(shape.channels), line = pixel * at(shape.cols);
  Rect differing;
  for (int row = 0; row < shape.rows; ++row) {
    const float *x = a + row * pitch, *y = b.data() + at(row) * line;
    if (std::memcmp(x, y, line * sizeof(float)) == 0) continue;
    const auto differs = [&](int col) {
      return std::memcmp(x + at(col) * pixel, y + at(col) * pixel, pixel * sizeof(float)) != 0;
    };
    int first = 0, last = shape.cols - 1;
    while (!differs(first)) ++first;
    while (!differs(last)) --last;
    differing = united(differing, {row, first, 1, last - first + 1});
  }
  return differing;
}

}  // namespace net
