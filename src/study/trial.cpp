#include "study/trial.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "study/words.h"

namespace study {
namespace {

constexpr std::array<std::pair<Role, std::string_view>, 4> kRoles = {{{Role::main, "main"},
                                                                      {Role::catch_trial, "catch"},
                                                                      {Role::obvious_practice, "obvious"},
                                                                      {Role::less_obvious_practice, "less-obvious"}}};
constexpr std::array<std::pair<ReferenceKind, std::string_view>, 4> kReferenceKinds = {
    {{ReferenceKind::natural, "natural"},
     {ReferenceKind::synthetic, "synthetic"},
     {ReferenceKind::blurred, "blurred"},
     {ReferenceKind::own, "own"}}};

constexpr double kBaselineFloor = 1e-3;  // of the unit's spread; below it a ratio to the baseline means nothing

std::optional<double> by_base(const Trial& trial, double base, double difference) {
  const double size = std::fabs(base);
  if (size == 0.0 || size < kBaselineFloor * trial.unit_spread) return std::nullopt;
  return difference / base;
}

}  // namespace

std::string_view to_string(Role role) {
  return word_of(kRoles, role);
}
base::Result<Role> parse_role(std::string_view text) {
  return value_of(kRoles, text, "a role of trials");
}
std::string_view to_string(ReferenceKind kind) {
  return word_of(kReferenceKinds, kind);
}
base::Result<ReferenceKind> parse_reference_kind(std::string_view text) {
  return value_of(kReferenceKinds, text, "a kind of reference picture");
}

const std::vector<Condition>& published_conditions() {
  static const std::vector<Condition> conditions = {{"none", "no_references", 0},
                                                    {"natural", "natural_9_references", 9},
                                                    {"synthetic", "optimized_9_references", 9},
                                                    {"mixed", "natural_5_optimized_4_references", 9},
                                                    {"blur", "natural_blur_9_references", 9}};
  return conditions;
}

const ReferenceSet* Trial::references_of(std::string_view condition) const {
  const auto found = std::find_if(references.begin(), references.end(),
                                  [&](const ReferenceSet& set) { return set.condition == condition; });
  return found == references.end() ? nullptr : &*found;
}

std::optional<double> relative_difference(const Trial& trial) {
  return by_base(trial, trial.base_activation, trial.highest - trial.lowest);
}

std::optional<double> plain_relative_difference(const Trial& trial) {
  return by_base(trial, std::fabs(trial.base_activation), trial.max.activation - trial.min.activation);
}

double effect_in_spreads(const Trial& trial) {
  return trial.unit_spread > 0.0 ? (trial.max.activation - trial.min.activation) / trial.unit_spread : 0.0;
}

double squares_apart_px(const Trial& trial) {
  const auto centre = [](int corner_px, const core::Occluder& place) { return corner_px + place.side_px / 2.0; };
  const core::Occluder& a = trial.min.place;
  const core::Occluder& b = trial.max.place;
  return std::hypot(centre(a.x_px, a) - centre(b.x_px, b), centre(a.y_px, a) - centre(b.y_px, b));
}

}  // namespace study
