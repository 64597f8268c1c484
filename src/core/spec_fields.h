// The numbers of a spec as a table: how each is called in JSON and on the command line, and its range. JSON, validation
// and the command line read the same table, so they cannot disagree. Only core's .cpp files include it.
#pragma once
#include <span>
#include <string_view>
#include <variant>

#include "core/specs.h"

namespace core {

template <class Spec>
struct Field {
  const char* key;
  const char* flag;
  std::variant<int Spec::*, double Spec::*> member;
  double low, high;  // both allowed
};

inline constexpr Field<VisualizeSettings> kSettingsFields[] = {
    {"sign", "--sign", &VisualizeSettings::sign, -1, 1},
    {"learning_rate", "--learning-rate", &VisualizeSettings::learning_rate, 0, 10},
    {"pad_px", "--pad", &VisualizeSettings::pad_px, 0, 256},
    {"jitter_px", "--jitter", &VisualizeSettings::jitter_px, 0, 256},
    {"scale_spread", "--scale-spread", &VisualizeSettings::scale_spread, 0, 0.5},
    {"scale_choices", "--scale-choices", &VisualizeSettings::scale_choices, 1, 101},
    {"rotate_deg", "--rotate", &VisualizeSettings::rotate_deg, 0, 180},
    {"rotate_extra_zeros", "--rotate-extra-zeros", &VisualizeSettings::rotate_extra_zeros, 0, 1000},
    {"jitter_after_px", "--jitter-after", &VisualizeSettings::jitter_after_px, 0, 256},
    {"diversity", "--diversity", &VisualizeSettings::diversity, 0, 1e6},
    {"l2", "--l2", &VisualizeSettings::l2, 0, 1e6},
    {"total_variation", "--total-variation", &VisualizeSettings::total_variation, 0, 1e6},
    {"blur", "--blur", &VisualizeSettings::blur, 0, 1e6},
    {"redirect_steps", "--redirect-steps", &VisualizeSettings::redirect_steps, 0, 1000000},
};

inline constexpr Field<VisualizeSpec> kVisualizeFields[] = {
    {"size_px", "--size", &VisualizeSpec::size_px, 16, 1024},
    {"margin_px", "--margin", &VisualizeSpec::margin_px, 0, 256},
    {"batch", "--batch", &VisualizeSpec::batch, 1, 9},
    {"steps", "--steps", &VisualizeSpec::steps, 1, 1000000},
};

inline constexpr Field<OcclusionSpec> kOcclusionFields[] = {
    {"side_px", "--size", &OcclusionSpec::side_px, 0, 16384},
    {"stride_px", "--stride", &OcclusionSpec::stride_px, 2, 16},
};

// The value of a field as a double, which holds every int.
template <class Spec>
double value_of(const Spec& spec, const Field<Spec>& field) {
  return std::visit([&](auto member) { return static_cast<double>(spec.*member); }, field.member);
}

std::string_view to_string(Parameterization parameterization);  // "pixels", "fourier"
// Shortest decimal form that reads back as the same double.
std::string number_text(double value);

}  // namespace core
