#include "net/occlusion_sweep.h"

#include <algorithm>
#include <cmath>

#include "hand_made.h"

namespace {

net::Network& network() {
  static const auto made = hand_made::network(hand_made::embedded_model());
  return *made;
}

core::OcclusionSpec spec_for(const core::Unit& unit, int side_px, int stride_px = 16,
                             core::Fill fill = core::Fill::patch_mean) {
  core::OcclusionSpec spec;
  spec.unit = unit;
  spec.side_px = side_px;
  spec.stride_px = stride_px;
  spec.fill = fill;
  spec.seed = 5;
  return spec;
}

std::unique_ptr<net::OcclusionSweep> sweep_of(const core::Image& picture, const core::OcclusionSpec& spec) {
  auto sweep = net::OcclusionSweep::create(network(), picture, spec);
  REQUIRE((sweep ? "" : sweep.error().sentence()) == std::string());
  return std::move(*sweep);
}

std::shared_ptr<const net::SweepSnapshot> finished(net::OcclusionSweep& sweep) {
  const core::StopFlag go_on;
  while (sweep.step(go_on) == core::StepOutcome::more) {
  }
  REQUIRE(sweep.error() == nullptr);
  return sweep.snapshot();
}

float plain(const core::Image& picture, const core::OcclusionSpec& spec, const core::Occluder& occluder) {
  const core::Image occluded = core::occlude(picture, occluder, spec.fill, spec.seed);
  const auto response = network().respond(occluded, spec.unit);
  REQUIRE(response.ok());
  return response->activation;
}

std::vector<float> values_in_any_case(const core::Map& map) {  // NaN as a number that equals itself
  std::vector<float> values = map.values;
  for (float& value : values)
    if (std::isnan(value)) value = 1e30F;
  return values;
}

}  // namespace

TEST_CASE("every cell of a map equals a plain pass of the occluded picture") {
  const core::Unit units[] = {{"conv2d0_pre_relu", 7, {}},   {"conv2d2", 40, {}},
                              {"mixed3a_pre_relu", 100, {}}, {"mixed3b", 3, {}},
                              {"mixed4a_pre_relu", 104, {}}, {"mixed4c_pre_relu", 251, core::Cell{2, 3}},
                              {"mixed5b_pre_relu", 500, {}}, {"softmax2_pre_activation", 12, {}}};
  const core::Size sizes[] = {{64, 64}, {80, 72}, {97, 65}};
  base::Rng rng(11);
  for (std::size_t i = 0; i < std::size(units); ++i) {
    const core::Image picture = hand_made::picture(sizes[i % std::size(sizes)], i);
    for (const int side_px : {1, 20 + rng.below(20), std::min(picture.size.width_px, picture.size.height_px)}) {
      const core::Fill fill =
          core::kFills[static_cast<std::size_t>(rng.below(static_cast<int>(std::size(core::kFills))))];
      const core::OcclusionSpec spec = spec_for(units[i], side_px, 16, fill);
      const auto sweep = sweep_of(picture, spec);
      const auto answer = finished(*sweep);
      REQUIRE(answer->done);
      REQUIRE(answer->map.exact_cells == static_cast<int>(answer->map.values.values.size()));
      float scale = std::abs(answer->map.baseline);
      for (const float value : answer->map.values.values) scale = std::max(scale, std::abs(value));
      REQUIRE(answer->map.baseline == network().respond(picture, units[i])->activation);
      for (int row = 0; row < answer->map.values.rows; ++row)
        for (int col = 0; col < answer->map.values.cols; ++col) {
          CAPTURE(core::to_string(units[i]), side_px, core::to_string(fill), row, col);
          const float expected = plain(picture, spec, answer->map.occluder_at(row, col));
          REQUIRE(std::abs(answer->map.values.at(row, col) - expected) <= 1e-5F * scale);
        }
    }
  }
}

TEST_CASE("a sweep goes from coarse to fine, grid after grid, and a coarse grid is part of the fine one") {
  const core::Image picture = hand_made::picture({70, 66}, 2);
  const core::Unit unit{"conv2d0_pre_relu", 3, {}};
  const auto coarse = finished(*sweep_of(picture, spec_for(unit, 30, 16)));
  const auto sweep = sweep_of(picture, spec_for(unit, 30, 4));
  REQUIRE(sweep->snapshot()->map.exact_cells == 0);
  REQUIRE(sweep->snapshot()->map.complete_stride_px == 0);
  const core::StopFlag go_on;
  int known = 0;
  while (sweep->step(go_on) == core::StepOutcome::more) {
    const core::OcclusionMap& map = sweep->snapshot()->map;
    REQUIRE(map.exact_cells >= known);
    known = map.exact_cells;
    int computed = 0;
    for (int row = 0; row < map.values.rows; ++row)
      for (int col = 0; col < map.values.cols; ++col) {
        const bool is_known = !std::isnan(map.values.at(row, col));
        computed += is_known ? 1 : 0;
        const int every = map.complete_stride_px / map.stride_px;
        if (every > 0 && row % every == 0 && col % every == 0) REQUIRE(is_known);
      }
    REQUIRE(computed == map.exact_cells);
    if (map.complete_stride_px != 16) continue;
    const core::Map grid = core::complete_grid(map);
    REQUIRE(grid.values == coarse->map.values.values);
  }
  REQUIRE(sweep->snapshot()->map.complete_stride_px == 4);
}

TEST_CASE("an occluder outside a neuron's receptive field changes nothing, inside it does") {
  const core::Image picture = hand_made::picture({128, 128}, 6);
  const core::Unit unit{"mixed3a_pre_relu", 40, core::Cell{2, 2}};
  const net::Model& model = network().model();
  const net::ReceptiveField field = model.fields[static_cast<std::size_t>(model.graph.find(unit.layer).value())];
  REQUIRE_FALSE(field.whole_input);
  const int end = field.first_px + 2 * field.stride_px + field.size_px;  // the first pixel beyond it
  const auto answer = finished(*sweep_of(picture, spec_for(unit, 24)));
  int outside = 0, changed = 0;
  for (int row = 0; row < answer->map.values.rows; ++row)
    for (int col = 0; col < answer->map.values.cols; ++col) {
      const core::Occluder at = answer->map.occluder_at(row, col);
      const float value = answer->map.values.at(row, col);
      if (at.x_px >= end || at.y_px >= end) {
        ++outside;
        REQUIRE(value == answer->map.baseline);
      } else {
        changed += value != answer->map.baseline ? 1 : 0;
      }
    }
  REQUIRE(outside > 0);
  REQUIRE(changed > 0);
}

TEST_CASE("an empty occluder gives the baseline everywhere") {
  const core::Image picture = hand_made::picture({64, 64}, 4);
  for (const core::Fill fill : core::kFills) {
    const auto answer = finished(*sweep_of(picture, spec_for({"mixed4a_pre_relu", 9, {}}, 0, 16, fill)));
    for (const float value : answer->map.values.values) REQUIRE(value == answer->map.baseline);
  }
}

TEST_CASE("stopped steps leave no trace, and snapshots do not change a sweep") {
  const core::Image picture = hand_made::picture({66, 64}, 7);
  const core::OcclusionSpec spec = spec_for({"mixed3b_pre_relu", 77, {}}, 25, 8);
  const auto plain_answer = finished(*sweep_of(picture, spec));
  const auto sweep = sweep_of(picture, spec);
  core::StopFlag stop;
  base::Rng rng(3);
  for (bool more = true; more;) {
    stop.clear();
    if (rng.below(3) == 0) stop.request_stop();
    const int before = sweep->snapshot()->map.exact_cells;
    const core::StepOutcome outcome = sweep->step(stop);
    more = outcome != core::StepOutcome::done;
    if (outcome != core::StepOutcome::stopped) continue;
    REQUIRE(stop.stop_requested());
    REQUIRE(sweep->snapshot()->map.exact_cells == before);
  }
  REQUIRE(sweep->snapshot()->done);
  REQUIRE(values_in_any_case(sweep->snapshot()->map.values) == values_in_any_case(plain_answer->map.values));
  REQUIRE(sweep->step(core::StopFlag()) == core::StepOutcome::done);
}

TEST_CASE("strides, sides and units that do not fit are refused in words") {
  const core::Image picture = hand_made::picture({70, 64}, 1);
  const auto why = [&](const core::OcclusionSpec& spec) {
    const auto sweep = net::OcclusionSweep::create(network(), picture, spec);
    REQUIRE_FALSE(sweep.ok());
    return sweep.error().sentence();
  };
  REQUIRE(why(spec_for({"mixed4a", 3, {}}, 20, 3)).find("16, 8, 4 or 2") != std::string::npos);
  REQUIRE(why(spec_for({"mixed4a", 3, {}}, 65)).find("0 to 64") != std::string::npos);
  REQUIRE(why(spec_for({"mixed4a", 999, {}}, 20)).find("0 to 255") != std::string::npos);
}

TEST_CASE("a sweep of a unit whose activation is no number ends with the sentence") {
  for (const bool infinite : {false, true}) {
    const auto broken = hand_made::network(hand_made::without_numbers(infinite, 32));
    auto sweep = net::OcclusionSweep::create(*broken, hand_made::picture({32, 32}, 1), spec_for({"root", 0, {}}, 8));
    REQUIRE(sweep.ok());
    const core::StopFlag go_on;
    REQUIRE((*sweep)->step(go_on) == core::StepOutcome::done);
    REQUIRE((*sweep)->error() != nullptr);
    REQUIRE((*sweep)->error()->sentence() == net::no_activation({"root", 0, {}}).sentence());
    REQUIRE((*sweep)->snapshot()->map.exact_cells == 0);
  }
}
