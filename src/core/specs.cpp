#include "core/specs.h"

#include <algorithm>

#include "base/check.h"

namespace core {
namespace {

// Plain gradient ascent on the pixels: nothing keeps the picture smooth or makes it robust.
VisualizeSpec naive() {
  VisualizeSpec spec;
  spec.parameterization = Parameterization::pixels;
  spec.decorrelated = false;
  VisualizeSettings& settings = spec.schedule.front().settings;
  settings.pad_px = 0;
  settings.jitter_px = 0;
  settings.scale_spread = 0.0;
  settings.scale_choices = 1;
  settings.rotate_deg = 0;
  settings.rotate_extra_zeros = 0;
  settings.jitter_after_px = 0;
  settings.redirect_steps = 0;
  return spec;
}

// The same pixels under Lucid's transformations, with the classic priors against noise. The weights suit activations of
// a few units, as the embedded model has them: smoother than naive, and the unit is still plainly excited.
VisualizeSpec regularized() {
  VisualizeSpec spec;
  spec.parameterization = Parameterization::pixels;
  spec.decorrelated = false;
  VisualizeSettings& settings = spec.schedule.front().settings;
  settings.l2 = 2.0;
  settings.total_variation = 20.0;
  settings.blur = 50.0;
  return spec;
}

// The synthetic references of Zimmermann et al. 2021 (their threshold of 2560 means 2561 updates).
VisualizeSpec study() {
  VisualizeSpec spec;
  spec.size_px = 224;
  spec.margin_px = 16;
  spec.batch = 9;
  spec.steps = 2561;
  VisualizeSettings& settings = spec.schedule.front().settings;
  settings.pad_px = 0;
  settings.jitter_px = 16;
  settings.scale_spread = 0.05;
  settings.scale_choices = 5;
  settings.rotate_deg = 5;
  settings.rotate_extra_zeros = 0;
  settings.jitter_after_px = 8;
  settings.diversity = 100.0;
  return spec;
}

}  // namespace

bool same_identity(const VisualizeSpec& a, const VisualizeSpec& b) {
  return a.model == b.model && a.unit == b.unit && a.size_px == b.size_px && a.margin_px == b.margin_px &&
         a.parameterization == b.parameterization && a.decorrelated == b.decorrelated && a.batch == b.batch &&
         a.seed == b.seed;
}

const VisualizeSettings& settings_at(const VisualizeSpec& spec, int step) {
  CHECK(!spec.schedule.empty() && spec.schedule.front().from_step <= step, "a schedule begins at step 0");
  const auto after = std::ranges::upper_bound(spec.schedule, step, {}, &ScheduleEntry::from_step);
  return std::prev(after)->settings;
}

void change_settings(VisualizeSpec& spec, int from_step, const VisualizeSettings& settings) {
  std::erase_if(spec.schedule, [&](const ScheduleEntry& entry) { return entry.from_step >= from_step; });
  if (spec.schedule.empty() || spec.schedule.back().settings != settings)
    spec.schedule.push_back({from_step, settings});
}

const std::vector<Preset>& presets() {
  static const std::vector<Preset> all = {
      {"naive", "pixels with nothing on: the noise that a network's gradient is full of", naive()},
      {"regularized", "pixels with jitter, scaling, rotation and priors for smoothness", regularized()},
      {"lucid", "Lucid's default: decorrelated Fourier spectrum with jitter, scaling and rotation", VisualizeSpec{}},
      {"study", "nine pictures made as the references of Zimmermann et al. 2021 (slow)", study()}};
  return all;
}

base::Result<VisualizeSpec> preset(std::string_view name) {
  std::string valid;
  for (const Preset& known : presets()) {
    if (known.name == name) return known.spec;
    valid += (valid.empty() ? "" : ", ") + known.name;
  }
  return base::Error{"The preset \"" + std::string(name) + "\" is not known", "there is none of that name",
                     "Choose one of " + valid + "."};
}

}  // namespace core
