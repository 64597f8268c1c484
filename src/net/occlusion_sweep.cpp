#include "net/occlusion_sweep.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "net/network_impl.h"

namespace net {
namespace {

constexpr int kStrides_px[] = {16, 8, 4, 2};
constexpr std::size_t kChunk = 4;  // positions of a step: bounded work, and enough to reuse what is in the caches

struct GridCell {
  int row = 0;
  int col = 0;
};

// The cells of the finest grid in the order of the sweep: grid after grid, row by row, each cell where it first occurs.
struct Visit {
  std::vector<GridCell> cells;
  struct Grid {
    int stride_px = 0;
    std::size_t end = 0;  // its cells are cells[0 … end)
  };
  std::vector<Grid> grids;
};

Visit coarse_to_fine(int rows, int cols, int stride_px) {
  Visit visit;
  for (const int grid_px : kStrides_px) {
    if (grid_px < stride_px) break;
    const int every = grid_px / stride_px;
    const auto seen = [&](int row, int col) {
      return !visit.grids.empty() && row % (2 * every) == 0 && col % (2 * every) == 0;
    };
    for (int row = 0; row < rows; row += every)
      for (int col = 0; col < cols; col += every)
        if (!seen(row, col)) visit.cells.push_back({row, col});
    visit.grids.push_back({grid_px, visit.cells.size()});
  }
  return visit;
}

// Whether what is under the square is all that a fill looks at.
bool depends_on_square_alone(core::Fill fill) {
  return fill != core::Fill::image_mean && fill != core::Fill::blur;
}

core::Image part_of(const core::Image& picture, const core::Occluder& square) {
  core::Image part = core::make_image({square.side_px, square.side_px});
  for (int y = 0; y < square.side_px; ++y)
    std::copy_n(picture.pixel(square.x_px, square.y_px + y), 3 * square.side_px, part.pixel(0, y));
  return part;
}

base::Status check_spec(const core::OcclusionSpec& spec, core::Size picture) {
  if (std::ranges::find(kStrides_px, spec.stride_px) == std::end(kStrides_px))
    return base::Error{"The occlusion map cannot be made with a stride of " + std::to_string(spec.stride_px) + " px",
                       "each of its grids must contain the one before", "Choose 16, 8, 4 or 2."};
  const int largest = std::min(picture.width_px, picture.height_px);
  if (spec.side_px < 0 || spec.side_px > largest)
    return base::Error{"An occluder of " + std::to_string(spec.side_px) + " px does not fit the picture",
                       "its shorter side is " + std::to_string(largest) + " px",
                       "Choose a side from 0 to " + std::to_string(largest) + " px."};
  return {};
}

}  // namespace

struct OcclusionSweep::State {
  Network& network;
  core::Image picture;
  core::OcclusionSpec spec;
  Visit visit;
  core::OcclusionMap map;
  std::unique_ptr<CpuPass> pass;  // null where the network is on another device
  bool baseline_known = false;
  bool done = false;
  std::optional<base::Error> error;
  mutable std::shared_ptr<const SweepSnapshot> published;  // of the present state; null when the state moved on

  // The activations of the picture under each occluder, as a plain pass of each would give them.
  base::Result<std::vector<float>> activations(std::span<const GridCell> cells, const core::StopFlag& stop) const {
    if (!pass) {
      std::vector<core::Image> occluded;
      for (const GridCell& cell : cells)
        occluded.push_back(core::occlude(picture, map.occluder_at(cell.row, cell.col), spec.fill, spec.seed));
      return network.activations(occluded, spec.unit, &stop);
    }
    return guarded("The occlusion map cannot be computed", [&]() -> base::Result<std::vector<float>> {
      std::vector<CpuPass::Change> changes;
      for (const GridCell& cell : cells) changes.push_back(change_at(map.occluder_at(cell.row, cell.col)));
      if (const auto ran = pass->compute_changes(changes, &stop); !ran) return ran.error();
      std::vector<float> activations;
      for (std::size_t i = 0; i < cells.size(); ++i) activations.push_back(activation(i));
      return activations;
    });
  }

  [[nodiscard]] CpuPass::Change change_at(const core::Occluder& at) const {
    const CpuNetwork& cpu = *network.impl().cpu;
    const Rect square{at.y_px, at.x_px, at.side_px, at.side_px};
    std::vector<float> values;
    if (at.side_px > 0 && depends_on_square_alone(spec.fill)) {
      const core::Image covered = core::occlude(part_of(picture, at), {0, 0, at.side_px}, spec.fill, spec.seed);
      values = cpu.fed(covered, {0, 0, at.side_px, at.side_px});
    } else {
      values = cpu.fed(core::occlude(picture, at, spec.fill, spec.seed), square);
    }
    const bool flat = is_flat(values, network.model().input.channels);
    return {square, flat, std::move(values)};
  }

  [[nodiscard]] float activation(std::size_t picture_of_pass) const {
    const Shape shape = pass->answer_shape(0);
    std::vector<float> unit_map(static_cast<std::size_t>(shape.rows) * static_cast<std::size_t>(shape.cols));
    pass->read_answer(0, picture_of_pass, unit_map.data());
    return activation_of(unit_map, spec.unit.neuron, shape.cols);
  }

  base::Result<float> baseline(const core::StopFlag& stop) {
    if (!network.impl().cpu) {
      const auto answer = network.activations(std::span(&picture, 1), spec.unit, &stop);
      if (!answer) return answer.error();
      return answer->front();
    }
    return guarded("The occlusion map cannot be computed", [&]() -> base::Result<float> {
      const auto wanted = network.impl().wanted(spec.unit, picture.size);
      if (!wanted) return wanted.error();
      auto made = network.impl().cpu->new_pass(std::span(&*wanted, 1), picture.size);
      if (!made) return made.error();
      if (!(*made)->keeps_clean())
        return base::Error{"The occlusion map cannot be computed",
                           "the maps of the unoccluded picture, which are kept for it, take more than " +
                               std::to_string(CpuPass::kMostBytes >> 30) + " GiB",
                           "Use a model of smaller pictures, or a unit of an earlier layer."};
      pass = std::move(*made);
      const Rect all{0, 0, picture.size.height_px, picture.size.width_px};
      if (const auto ran = pass->compute(network.impl().cpu->fed(picture, all), &stop); !ran) return ran.error();
      return activation(0);
    });
  }

  core::StepOutcome outcome_of(const base::Error& failure) {
    if (failure.what == kStopped) return core::StepOutcome::stopped;
    error = failure;
    done = true;
    published.reset();
    return core::StepOutcome::done;
  }

  core::StepOutcome find_baseline(const core::StopFlag& stop) {
    const auto value = baseline(stop);
    if (!value) return outcome_of(value.error());
    if (!std::isfinite(*value)) return outcome_of(no_activation(spec.unit));
    map.baseline = *value;
    baseline_known = true;
    published.reset();
    return core::StepOutcome::more;
  }

  core::StepOutcome compute_chunk(const core::StopFlag& stop) {
    const auto first = static_cast<std::size_t>(map.exact_cells);
    const auto cells = std::span(visit.cells).subspan(first, std::min(kChunk, visit.cells.size() - first));
    const auto values = activations(cells, stop);
    if (!values) return outcome_of(values.error());
    for (std::size_t i = 0; i < cells.size(); ++i) map.values.at(cells[i].row, cells[i].col) = (*values)[i];
    map.exact_cells += static_cast<int>(cells.size());
    for (const Visit::Grid& grid : visit.grids)
      if (grid.end <= first + cells.size()) map.complete_stride_px = grid.stride_px;
    done = first + cells.size() == visit.cells.size();
    published.reset();
    return done ? core::StepOutcome::done : core::StepOutcome::more;
  }
};

base::Result<std::unique_ptr<OcclusionSweep>> OcclusionSweep::create(Network& network, core::Image picture,
                                                                     core::OcclusionSpec spec) {
  CHECK(!picture.empty(), "a sweep needs a picture");
  if (const auto possible = takes_pictures(network.model()); !possible) return possible.error();
  if (const auto fits = check_spec(spec, picture.size); !fits) return fits.error();
  if (const auto unit = network.impl().wanted(spec.unit, picture.size); !unit) return unit.error();
  const int rows = core::positions_along(picture.size.height_px, spec.side_px, spec.stride_px);
  const int cols = core::positions_along(picture.size.width_px, spec.side_px, spec.stride_px);
  core::OcclusionMap map;
  map.values = core::make_map(rows, cols, std::numeric_limits<float>::quiet_NaN());
  map.stride_px = spec.stride_px;
  map.side_px = spec.side_px;
  map.picture = picture.size;
  Visit visit = coarse_to_fine(rows, cols, spec.stride_px);
  auto state = std::make_unique<State>(State{
      network, std::move(picture), std::move(spec), std::move(visit), std::move(map), nullptr, false, false, {}, {}});
  return std::unique_ptr<OcclusionSweep>(new OcclusionSweep(std::move(state)));
}

OcclusionSweep::OcclusionSweep(std::unique_ptr<State> state) : state_(std::move(state)) {}

OcclusionSweep::~OcclusionSweep() = default;

core::StepOutcome OcclusionSweep::step(const core::StopFlag& stop) {
  if (state_->done) return core::StepOutcome::done;
  return state_->baseline_known ? state_->compute_chunk(stop) : state_->find_baseline(stop);
}

std::shared_ptr<const SweepSnapshot> OcclusionSweep::snapshot() const {
  if (!state_->published)
    state_->published = std::make_shared<SweepSnapshot>(SweepSnapshot{state_->spec, state_->map, state_->done});
  return state_->published;
}

const base::Error* OcclusionSweep::error() const {
  return state_->error ? &*state_->error : nullptr;
}

}  // namespace net
