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
    if (const Window* window = window_of(node_of(step)))
      windows_[step] = padded_for(*window, shapes_[at(program_->plan.steps[step].inputs.front().step)]);
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

// Memory for a step that has a place of its own, if it has none yet.
void CpuPass::make_room(std::size_t step) {
  for (Patch& patch : patches_[step]) {
    if (patch.rect.empty() || patch.field.values.capacity() > 0) continue;
    patch.field.area = united(patch.rect, patch.looked_at);
    patch.field.values = take(cell_count(patch.field.area) * at(shapes_[step].channels));
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
  cpu::copy_part(values, region_of(0, picture), change.rect, channels);
}

void CpuPass::fill_margin(std::size_t step, std::size_t picture) {
  const Patch& patch = patches_[step][picture];
  if (patch.rect.empty() || program_->steps[step].place.step != static_cast<int>(step)) return;
  const cpu::Region region = region_of(step, picture);
  const Rect map = whole(shapes_[step]), inside = intersection(patch.field.area, map);
  each_part_around(inside, patch.rect,
                   [&](const Rect& part) { cpu::copy_part(clean_of(step), region, part, region.channels); });
  each_part_around(patch.field.area, inside, [&](const Rect& part) {
    for (int row = part.row; row < part.end_row(); ++row)
      std::fill_n(region.at(row, part.col), at(part.cols) * at(region.channels), 0.0F);
  });
}

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
