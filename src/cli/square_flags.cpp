#include "cli/square_flags.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>

#include "cli/flags.h"
#include "core/occluder.h"

namespace cli {
namespace {

constexpr double kDefaultSize = 0.4;  // of the shorter side: the study's main experiment

// "0.4" is a share of the picture's shorter side, "90" is pixels.
base::Result<int> side_from_text(const std::string& text, core::Size picture) {
  double value = 0.0;
  const char* end = text.data() + text.size();
  const auto [stopped, problem] = std::from_chars(text.data(), end, value);
  const bool is_share = text.find('.') != std::string::npos;
  const int shorter_px = std::min(picture.width_px, picture.height_px);
  const bool is_number = problem == std::errc{} && stopped == end;
  const bool fits = is_share ? value > 0.0 && value <= 1.0 : value >= 1.0 && value <= shorter_px;
  if (!is_number || !fits || (!is_share && value != static_cast<int>(value)))
    return base::Error{"The value of --size cannot be used", "\"" + text + "\" is no side of a square in the picture",
                       "Give a share of its shorter side with a point (0.4; at most 1.0), or pixels (1 to " +
                           std::to_string(shorter_px) + ")"};
  return is_share ? core::side_from_fraction(value, picture) : static_cast<int>(value);
}

}  // namespace

void add_square(CLI::App& app, SquareFlags& flags, int stride_px) {
  add_text(app, "--size", flags.size, "SIZE",
           "side of the square: a share of the picture's shorter side (0.4, the default) or pixels (90)");
  add_number(app, "--stride", flags.stride_px,
             "pixels between positions: 16, 8, 4 or 2 (" + std::to_string(stride_px) + ")");
  std::vector<std::string> fills;
  for (const core::Fill fill : core::kFills) fills.emplace_back(core::to_string(fill));
  add_text(app, "--fill", flags.fill, "FILL", "what the square shows: " + either_of(fills) + " (patch-mean)");
  add_seed(app, flags.seed, "of the noise fill (0)");
}

base::Status apply_square(const SquareFlags& flags, core::Size crop, bool from_file, core::OcclusionSpec& spec) {
  if (flags.size) {
    const auto side = side_from_text(*flags.size, crop);
    if (!side) return side.error();
    spec.side_px = *side;
  } else if (!from_file) {
    spec.side_px = core::side_from_fraction(kDefaultSize, crop);
  }
  if (flags.fill) {
    const auto fill = core::parse_fill(*flags.fill);
    if (!fill) return fill.error();
    spec.fill = *fill;
  }
  spec.stride_px = flags.stride_px.value_or(spec.stride_px);
  spec.seed = flags.seed.value_or(spec.seed);
  return core::validate(spec);
}

}  // namespace cli
