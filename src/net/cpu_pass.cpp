#include "net/cpu_pass.h"

#include <algorithm>

#include "base/check.h"
#include "net/parallel.h"

namespace net {
namespace {

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

std::size_t cells_of(const Rect& rect) {
  return rect.empty() ? 0 : at(rect.rows) * at(rect.cols);
}

cpu::MapView view_of(const float* values, const Rect& area, int channels) {
  return {values, std::ptrdiff_t{area.cols} * channels, channels, area};
}

Rect shifted(const Rect& rect, int rows, int cols) {
  return rect.empty() ? rect : Rect{rect.row + rows, rect.col + cols, rect.rows, rect.cols};
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

// Whatever has one entry a channel, or a row of weights.
std::vector<float> cut_to(const Buffer& buffer, const std::vector<int>& channels) {
  const bool for_all_channels = buffer.shape.size() == 1 && buffer.shape[0] == 1;
  if (channels.empty() || for_all_channels) return buffer.values;
  const std::size_t row = buffer.values.size() / static_cast<std::size_t>(buffer.shape[0]);
  std::vector<float> cut;
  for (const int channel : channels)
    cut.insert(cut.end(), buffer.values.begin() + static_cast<std::ptrdiff_t>(at(channel) * row),
               buffer.values.begin() + static_cast<std::ptrdiff_t>((at(channel) + 1) * row));
  return cut;
}

// A ReLU that alone reads a convolution is done while the convolution's sums are in registers.
void let_convolutions_rectify(CpuProgram& program, const Graph& graph) {
  std::vector<int> readers(program.steps.size());
  for (const PlanStep& step : program.plan.steps)
    for (const PlanInput& input : step.inputs) ++readers[at(input.step)];
  for (const PlanInput& answer : program.plan.answers) ++readers[at(answer.step)];
  for (std::size_t i = 0; i < program.steps.size(); ++i) {
    const PlanStep& planned = program.plan.steps[i];
    if (graph.nodes[at(planned.node)].op != Op::relu || !planned.inputs[0].positions.empty()) continue;
    CpuProgram::Step& input = program.steps[at(planned.inputs[0].step)];
    if (input.convolution == nullptr || readers[at(planned.inputs[0].step)] != 1) continue;
    input.relu = true;
    program.steps[i].done_by_input = true;
  }
}

}  // namespace

CpuWeights::CpuWeights(std::shared_ptr<const Model> model)
    : model_(std::move(model)), whole_(model_->graph.nodes.size()) {}

std::shared_ptr<const cpu::PreparedConvolution> CpuWeights::of(int node, const std::vector<int>& channels) {
  if (!channels.empty()) return cpu::prepare(model_->graph.nodes[at(node)], channels);
  auto& whole_layer = whole_[at(node)];
  if (whole_layer == nullptr) whole_layer = cpu::prepare(model_->graph.nodes[at(node)], {});
  return whole_layer;
}

std::shared_ptr<const CpuProgram> make_cpu_program(CpuWeights& weights, std::span<const Wanted> wanted) {
  const Graph& graph = weights.model().graph;
  std::vector<int> channel_counts;
  for (const Shape& shape : weights.model().shapes) channel_counts.push_back(shape.channels);
  auto program = std::make_shared<CpuProgram>();
  program->plan = make_plan(graph, channel_counts, wanted);
  for (const Wanted& one : wanted) program->targets.push_back(one.node);
  for (const PlanStep& planned : program->plan.steps) {
    const Node& node = graph.nodes[at(planned.node)];
    CpuProgram::Step step;
    step.channels =
        planned.channels.empty() ? channel_counts[at(planned.node)] : static_cast<int>(planned.channels.size());
    if (node.op == Op::convolution)
      step.convolution = weights.of(planned.node, planned.channels);
    else
      for (const Buffer& buffer : node.buffers) step.buffers.push_back(cut_to(buffer, planned.channels));
    program->steps.push_back(std::move(step));
  }
  let_convolutions_rectify(*program, graph);
  return program;
}

base::Result<std::unique_ptr<CpuPass>> CpuPass::create(std::shared_ptr<const Model> model,
                                                       std::shared_ptr<const CpuProgram> program, core::Size size) {
  const auto of_nodes = infer_shapes(model->graph, model->input.channels, size, program->targets);
  if (!of_nodes) return of_nodes.error();
  std::vector<Shape> shapes;
  for (std::size_t i = 0; i < program->steps.size(); ++i) {
    shapes.push_back((*of_nodes)[at(program->plan.steps[i].node)]);
    // A flattened map has as many channels as the picture's size makes of it.
    if (!program->plan.steps[i].channels.empty()) shapes.back().channels = program->steps[i].channels;
  }
  return std::unique_ptr<CpuPass>(new CpuPass(std::move(model), std::move(program), std::move(shapes)));
}

CpuPass::CpuPass(std::shared_ptr<const Model> model, std::shared_ptr<const CpuProgram> program,
                 std::vector<Shape> shapes)
    : model_(std::move(model)), program_(std::move(program)), shapes_(std::move(shapes)) {
  clean_.resize(shapes_.size());
  patches_.resize(shapes_.size());
}

const Node& CpuPass::node_of(std::size_t step) const {
  return model_->graph.nodes[at(program_->plan.steps[step].node)];
}

const Shape& CpuPass::shape_of_input(std::size_t step) const {
  return shapes_[at(program_->plan.steps[step].inputs.front().step)];
}

Window CpuPass::window_of(std::size_t step) const {
  const Node& node = node_of(step);
  const Window& window = node.op == Op::convolution ? std::get<Convolution>(node.attributes).window
                                                    : std::get<Pool>(node.attributes).window;
  return padded_for(window, shape_of_input(step));
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

// Kept in the order of their sizes, so that the first that fits fits best.
void CpuPass::give_back(cpu::Floats floats) {
  if (floats.capacity() == 0) return;
  const auto place = std::ranges::upper_bound(spare_, floats.capacity(), {}, &cpu::Floats::capacity);
  spare_.insert(place, std::move(floats));
}

base::Status CpuPass::compute(std::span<const float> fed, const core::StopFlag* stop) {
  Patch picture;
  picture.rect = whole(shapes_[0]);
  CHECK(fed.size() == cells_of(picture.rect) * at(shapes_[0].channels), "a picture of the size of this pass");
  picture.values = take(fed.size());
  std::ranges::copy(fed, picture.values.data());
  has_clean_ = false;
  std::vector<Patch> one;
  one.push_back(std::move(picture));
  if (const auto done = run(std::move(one), true, stop); !done) return done;
  has_clean_ = true;
  answers_changes_ = false;
  return {};
}

base::Status CpuPass::compute_changes(std::span<const Change> changes, const core::StopFlag* stop) {
  CHECK(has_clean_, "changes of a picture that was not computed");
  std::vector<Patch> inputs;
  for (const Change& change : changes) {
    CHECK(whole(shapes_[0]).contains(change.rect) &&
              change.values.size() == cells_of(change.rect) * at(shapes_[0].channels),
          "a change inside the picture");
    Patch& patch = inputs.emplace_back();
    patch.rect = change.rect;
    if (change.flat) patch.flat = change.rect;
    patch.values = take(change.values.size());
    std::ranges::copy(change.values, patch.values.data());
  }
  answers_changes_ = true;
  return run(std::move(inputs), false, stop);
}

std::span<const float> CpuPass::clean_input() const {
  return {clean_[0].data(), cells_of(whole(shapes_[0])) * at(shapes_[0].channels)};
}

// Node by node, and each node for all pictures, while its weights are at hand.
base::Status CpuPass::run(std::vector<Patch> inputs, bool keep, const core::StopFlag* stop) {
  const std::size_t pictures = inputs.size();
  if (rooms_.size() < pictures) rooms_.resize(pictures);
  for (std::vector<Patch>& patches : patches_) {
    for (Patch& patch : patches) give_back(std::move(patch.values));
    patches.clear();
    patches.resize(pictures);
  }
  CHECK(node_of(0).op == Op::input, "a plan begins with the input");
  patches_[0] = std::move(inputs);
  for (std::size_t step = 1; step < shapes_.size(); ++step) {
    if (stop != nullptr && stop->stop_requested()) return base::Error{kStopped, "the answer is no longer wanted", ""};
    const PlanStep& planned = program_->plan.steps[step];
    if (program_->steps[step].done_by_input) {
      std::swap(patches_[step], patches_[at(planned.inputs[0].step)]);
    } else {
      for (std::size_t i = 0; i < pictures; ++i) lay_out(step, patches_[step][i], i);
      parallel_for(static_cast<std::int64_t>(pictures), 1, [&](std::int64_t first, std::int64_t end) {
        for (std::int64_t i = first; i < end; ++i) compute_step(step, static_cast<std::size_t>(i));
      });
    }
    if (keep) continue;
    for (const int unused : planned.last_use_of)
      for (Patch& patch : patches_[at(unused)]) give_back(std::move(patch.values));
  }
  if (!keep) return {};
  for (std::size_t step = 0; step < shapes_.size(); ++step) {
    give_back(std::move(clean_[step]));
    clean_[step] = std::move(patches_[step][0].values);
    patches_[step][0] = {};
  }
  return {};
}

// Where the step's map differs, and memory for it.
void CpuPass::lay_out(std::size_t step, Patch& patch, std::size_t picture) {
  const Node& node = node_of(step);
  const Shape& shape = shapes_[step];
  const auto& inputs = program_->plan.steps[step].inputs;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const Patch& input = patches_[at(inputs[i].step)][picture];
    Rect rect = input.rect, flat = input.flat;
    if (node.op == Op::convolution || node.op == Op::max_pool || node.op == Op::average_pool) {
      const Window window = window_of(step);
      rect = seeing(window, shape, rect);
      flat = seeing_only(window, shape, flat);
      const auto& convolution = program_->steps[step].convolution;
      if (convolution != nullptr && convolution->way == cpu::PreparedConvolution::Way::winograd)
        flat = cpu::inner_tiles(flat);
    } else if (node.op == Op::pad) {
      const auto& pad = std::get<Pad>(node.attributes);
      rect = shifted(rect, pad.begin[0], pad.begin[1]);
      flat = shifted(flat, pad.begin[0], pad.begin[1]);
    } else if (sees_everything(node.op)) {
      rect = rect.empty() ? rect : whole(shape);
      flat = {};
    } else if (inputs.size() > 1 && node.op != Op::concat) {
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
  patch.values = take(cells_of(patch.rect) * at(shape.channels));
}

cpu::Region CpuPass::region_of(std::size_t step, std::size_t picture) const {
  const Patch& patch = patches_[step][picture];
  return {patch.rect, patch.flat, shapes_[step].channels, patch.values.data()};
}

// The cells `need` of an input's map, changed or clean, and `padding` outside of it: where they lie if they lie
// together, else gathered into `room`.
cpu::MapView CpuPass::view(const PlanInput& input, std::size_t picture, const Rect& need, float padding,
                           cpu::Floats& room) {
  const std::size_t step = at(input.step);
  const Shape& shape = shapes_[step];
  const Patch& patch = patches_[step][picture];
  const Rect map = whole(shape);
  if (input.positions.empty()) {
    if (patch.rect.contains(need)) return view_of(patch.values.data(), patch.rect, shape.channels);
    if (map.contains(need) && intersection(patch.rect, need).empty())
      return view_of(clean_[step].data(), map, shape.channels);
  }
  const int channels = input.positions.empty() ? shape.channels : static_cast<int>(input.positions.size());
  const cpu::MapView gathered = view_of(room.of(cells_of(need) * at(channels)), need, channels);
  const auto copy_part = [&](const cpu::MapView& from, const Rect& part) {
    for (int row = part.row; row < part.end_row(); ++row) {
      auto* to = const_cast<float*>(gathered.at(row, part.col));  // of `room`
      const float* x = from.at(row, part.col);
      if (input.positions.empty()) {
        std::copy_n(x, part.cols * channels, to);
        continue;
      }
      for (int col = 0; col < part.cols; ++col, x += from.pixel_pitch)
        for (const int position : input.positions) *to++ = x[position];
    }
  };
  const Rect inside = intersection(need, map), changed = intersection(need, patch.rect);
  if (!(inside == need)) std::fill_n(room.data(), cells_of(need) * at(channels), padding);
  if (!(changed == inside)) copy_part(view_of(clean_[step].data(), map, shape.channels), inside);
  copy_part(view_of(patch.values.data(), patch.rect, shape.channels), changed);
  return gathered;
}

void CpuPass::compute_step(std::size_t step, std::size_t picture) {
  const cpu::Region out = region_of(step, picture);
  if (out.rect.empty()) return;
  const Node& node = node_of(step);
  const auto& inputs = program_->plan.steps[step].inputs;
  const CpuProgram::Step& prepared = program_->steps[step];
  Room& room = rooms_[picture];
  if (room.views.size() < inputs.size()) room.views.resize(inputs.size());
  const auto input = [&](const Rect& need, float padding = 0.0F, std::size_t i = 0) {
    return view(inputs[i], picture, need, padding, room.views[i]);
  };
  switch (node.op) {
    case Op::convolution: {
      const Window window = window_of(step);
      const bool tiles = prepared.convolution->way == cpu::PreparedConvolution::Way::winograd;
      const cpu::MapView x = input(seen_by(window, tiles ? cpu::whole_tiles(out.rect) : out.rect));
      return cpu::convolve(*prepared.convolution, window, prepared.relu, x, out, room.scratch);
    }
    case Op::max_pool:
    case Op::average_pool: {
      const Window window = window_of(step);
      const Shape& shape = shape_of_input(step);
      const Rect seen = intersection(seen_by(window, out.rect), whole(shape));
      const cpu::MapView x = seen.empty() ? cpu::MapView{} : input(seen);
      return cpu::pool(node.op, std::get<Pool>(node.attributes), window, shape, x, out, room.scratch);
    }
    case Op::lrn:
      return cpu::normalize(std::get<Lrn>(node.attributes), input(out.rect), out, room.scratch);
    case Op::batch_norm:
      return cpu::scale_and_shift(prepared.buffers[0], prepared.buffers[1], input(out.rect), out);
    case Op::concat:
      return concatenate(step, picture);
    case Op::layer_norm:
      return cpu::normalize_channels(std::get<LayerNorm>(node.attributes), prepared.buffers[0], prepared.buffers[1],
                                     input(out.rect), out);
    case Op::mean_over_channels:
      return cpu::mean_over_channels(input(out.rect), shape_of_input(step).channels, out);
    case Op::channel_slice: {
      cpu::MapView x = input(out.rect);
      x.first += std::get<ChannelSlice>(node.attributes).first;
      return cpu::copy_channels(x, out.channels, out, 0);
    }
    case Op::channel_shuffle:
      return cpu::shuffle_channels(std::get<ChannelShuffle>(node.attributes).groups, input(out.rect), out);
    case Op::add:
    case Op::subtract:
    case Op::multiply:
    case Op::divide:
      return combine(step, picture);
    case Op::pad: {
      const auto& pad = std::get<Pad>(node.attributes);
      cpu::MapView x = input(shifted(out.rect, -pad.begin[0], -pad.begin[1]), pad.value);
      x.area.row += pad.begin[0];
      x.area.col += pad.begin[1];
      return cpu::copy_channels(x, out.channels, out, 0);
    }
    case Op::global_average_pool:
    case Op::global_max_pool:
    case Op::flatten:
    case Op::linear:
    case Op::softmax:
      return compute_everything(step, picture);
    default:
      return cpu::apply_pointwise(node, input(out.rect), out);
  }
}

void CpuPass::concatenate(std::size_t step, std::size_t picture) {
  const cpu::Region out = region_of(step, picture);
  int first_channel = 0;
  for (std::size_t i = 0; i < program_->plan.steps[step].inputs.size(); ++i) {
    const PlanInput& input = program_->plan.steps[step].inputs[i];
    const int channels = channels_of(input);
    const cpu::MapView x = view(input, picture, out.rect, 0.0F, rooms_[picture].views[i]);
    cpu::copy_channels(x, channels, out, first_channel);
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
    const Rect need = stretched(out.rect, shapes_[at(inputs[i].step)], shapes_[step], false);
    cpu::MapView x = view(inputs[i], picture, need, 0.0F, rooms[i]);
    if (need == out.rect) return x;
    const float* first = x.at(need.row, need.col);
    const bool one_row = shapes_[at(inputs[i].step)].rows == 1, one_col = shapes_[at(inputs[i].step)].cols == 1;
    return cpu::MapView{first, one_row ? 0 : x.row_pitch, one_col ? 0 : x.pixel_pitch, out.rect};
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
  float* out = patches_[step][picture].values.data();
  const std::span<const float> vector(x.first, at(shape.channels));
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

int CpuPass::channels_of(const PlanInput& input) const {
  return input.positions.empty() ? shapes_[at(input.step)].channels : static_cast<int>(input.positions.size());
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
  const Rect map = whole(shape);
  const int own = shapes_[step].channels;
  const cpu::MapView clean = view_of(clean_[step].data(), map, own);
  Rect changed;
  cpu::MapView patch;
  if (answers_changes_) {
    changed = patches_[step][picture].rect;
    patch = view_of(patches_[step][picture].values.data(), changed, own);
  }
  for (int c = 0; c < shape.channels; ++c) {
    const int channel = answer.positions.empty() ? c : answer.positions[at(c)];
    for (int row = 0; row < shape.rows; ++row)
      for (int col = 0; col < shape.cols; ++col)
        *values++ = (changed.contains({row, col, 1, 1}) ? patch : clean).at(row, col)[channel];
  }
}

}  // namespace net
