#include "ui/sentences.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>

#include "ui/choice.h"

namespace ui {
namespace {

std::string formatted(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

// Magnitude only: the sign is put before it as a true minus.
std::string magnitude(float value) {
  const double m = std::fabs(static_cast<double>(value));
  if (m >= 10000) return thousands(std::llround(m));
  if (m >= 100) return formatted("%.0f", m);
  if (m >= 10) return formatted("%.1f", m);
  if (m >= 0.1 || m == 0) return formatted("%.2f", m);
  if (m >= 0.0095) return formatted("%.3f", m);
  return formatted("%.1e", m);
}

State failed(const base::Error& error) {
  return {Readiness::failed, error.sentence()};
}

bool has_no_pictures(const engine::Snapshots& in) {
  return in.collection && (in.collection->error || in.collection->pictures.empty());
}

}  // namespace

std::string number(float value) {
  if (!std::isfinite(value)) return "–";
  return (value < 0 ? "−" : "") + magnitude(value);
}

std::string number(float value, core::Range among) {
  const std::string usual = number(value);
  const double m = std::fabs(static_cast<double>(value));
  const double step = (static_cast<double>(among.high) - among.low) / 20;
  if (!(step > 0) || !std::isfinite(step) || !std::isfinite(value) || m == 0 || m >= 10000) return usual;
  constexpr int kMostDigits = 7;  // a float tells no more apart
  const int power = static_cast<int>(std::floor(std::log10(m)));
  const int decimals = std::min(static_cast<int>(std::ceil(-std::log10(step))), kMostDigits - 1 - power);
  const double largest =
      std::max({m, std::fabs(static_cast<double>(among.low)), std::fabs(static_cast<double>(among.high))});
  char text[64];
  if (largest < 0.0095) {
    std::snprintf(text, sizeof text, "%.*e", std::max(1, decimals + power), m);
  } else {
    const std::size_t point = usual.find('.');
    const bool has_exponent = usual.find('e') != std::string::npos;
    const int present = point == std::string::npos ? 0 : static_cast<int>(usual.size() - point) - 1;
    const bool is_within_step = m < step;  // more decimals would show noughts only
    if (is_within_step || (!has_exponent && decimals <= present)) return usual;
    std::snprintf(text, sizeof text, "%.*f", decimals, m);
  }
  return (value < 0 ? "−" : "") + std::string(text);
}

core::Range values_here(const Workspace& workspace, const engine::Snapshots& in) {
  if (!in.drag || in.drag->error || !sweep_is_current(workspace, in) || in.sweep->sweep.map.complete_stride_px == 0)
    return {0.0F, 0.0F};
  const core::Range map = core::range_of(in.sweep->sweep.map.values);
  return {std::min({map.low, in.drag->activation, in.drag->baseline}),
          std::max({map.high, in.drag->activation, in.drag->baseline})};
}

std::string signed_number(float value) {
  if (!std::isfinite(value)) return "–";
  const std::string text = magnitude(value);
  if (text.find_first_not_of("0.,") == std::string::npos) return "±" + text;
  return (value < 0 ? "−" : "+") + text;
}

std::string thousands(long long value) {
  std::string digits = std::to_string(value < 0 ? -value : value);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return (value < 0 ? "−" : "") + digits;
}

std::string ordinal(int value) {
  const int last_two = value % 100;
  const char* ending = "th";
  if (last_two < 11 || last_two > 13) {
    if (value % 10 == 1) ending = "st";
    if (value % 10 == 2) ending = "nd";
    if (value % 10 == 3) ending = "rd";
  }
  return thousands(value) + ending;
}

std::string percent(double share) {
  // Never rounded up to everything: 99.6 % is not all.
  const double whole = share >= 1.0 ? 100.0 : std::min(std::round(share * 100.0), 99.0);
  return formatted("%.0f", whole) + " %";
}

std::string grid(int rows, int cols) {
  return std::to_string(rows) + "×" + std::to_string(cols);
}

std::string place_sentence(const core::OcclusionMap& map, float value) {
  const std::optional<core::Extremes> ends = core::extremes(map.values);
  if (!ends || !std::isfinite(value)) return "";
  const std::string positions = "*" + thousands(map.exact_cells) + "* positions tested.";
  if (value <= ends->lowest.value) return "*Lowest* of the " + positions;
  if (value >= ends->highest.value) return "*Highest* of the " + positions;
  const double above = core::share_above(map, value);
  if (above >= 0.5) return "Lower here than at *" + percent(above) + "* of the " + positions;
  return "Higher here than at *" + percent(1.0 - above) + "* of the " + positions;
}

std::string difference_sentence(const core::OcclusionMap& map, float spread) {
  const std::optional<core::Extremes> ends = core::extremes(map.values);
  if (!ends) return "";
  const core::Range among{ends->lowest.value, ends->highest.value};
  const float low = std::min(ends->lowest.value, map.baseline);
  const float high = std::max(ends->highest.value, map.baseline);
  const bool divides = std::fabs(map.baseline) >= std::max(1e-3F * spread, 1e-12F);
  const std::string relative = divides ? number((high - low) / map.baseline) : "–";
  const std::string sentence = "From " + number(ends->lowest.value, among) + " to " +
                               number(ends->highest.value, among) + ": relative difference *" + relative + "*";
  if (!divides) return sentence + ", for the unoccluded value is near 0.";
  if (map.baseline < 0.0F) return sentence + ", negative like the unoccluded value.";
  return sentence + ".";
}

State stage_state(const Workspace& workspace, const engine::Snapshots& in) {
  if (in.model && in.model->question)
    return {Readiness::nothing, "It is not known how pictures are fed to " + in.model->question->name +
                                    ": open it again (Ctrl O) and say so."};
  if (in.model && in.model->error) return failed(*in.model->error);
  if (in.collection && in.collection->error && !in.picture) return failed(*in.collection->error);
  if (in.picture && in.picture->error) return failed(*in.picture->error);
  if (!in.model) return {Readiness::working, "Opening the model…"};
  if (!in.picture) {
    if (!in.collection) return {Readiness::working, "Opening the pictures…"};
    if (in.collection->pictures.empty()) {
      return {Readiness::nothing, "No pictures here: drop pictures or a folder on the window."};
    }
    return {Readiness::working, "Opening the picture…"};
  }
  if (in.drag && in.drag->error) return failed(*in.drag->error);
  if (!workspace.chosen.unit)
    return {Readiness::nothing, workspace.standing.without_unit.empty() ? "Measuring which unit to begin with…"
                                                                        : workspace.standing.without_unit};
  return {Readiness::ready, ""};
}

State map_state(const Workspace& workspace, const engine::Snapshots& in) {
  if (!workspace.chosen.unit || !in.picture) {
    return {Readiness::nothing, "Choose a unit and a picture: the map fills by itself."};
  }
  if (in.sweep && in.sweep->error) return failed(*in.sweep->error);
  if (!in.sweep || in.sweep->sweep.map.complete_stride_px == 0) return {Readiness::working, "first positions…"};
  const core::OcclusionMap& map = in.sweep->sweep.map;
  if (!sweep_is_current(workspace, in)) {
    return {Readiness::stale, "still of " + spoken_name(in.model, in.sweep->sweep.spec.unit)};
  }
  const int stride = map.complete_stride_px;
  const std::string exact = grid(core::positions_along(map.picture.height_px, map.side_px, stride),
                                 core::positions_along(map.picture.width_px, map.side_px, stride));
  if (in.sweep->sweep.done) return {Readiness::ready, exact + " exact"};
  const double share = static_cast<double>(map.exact_cells) /
                       std::max<double>(1.0, static_cast<double>(map.values.rows) * map.values.cols);
  return {Readiness::working, exact + " · " + percent(share)};
}

State visualization_state(const Workspace& workspace, const engine::Snapshots& in, int slot) {
  if (!workspace.chosen.unit) return {Readiness::nothing, "Choose a unit: what it looks for is made here."};
  const auto& answer = in.visualize[static_cast<std::size_t>(slot)];
  if (answer && answer->error) return failed(*answer->error);
  if (!answer || answer->visualization.pictures.empty()) return {Readiness::working, "first step…"};
  const core::VisualizationSnapshot& shown = answer->visualization;
  if (shown.spec.unit != *workspace.chosen.unit)
    return {Readiness::stale, "still of " + spoken_name(in.model, shown.spec.unit)};
  std::string steps = "*" + std::to_string(shown.step) + "* / " + std::to_string(shown.spec.steps);
  if (shown.done) return {Readiness::ready, steps + " · done"};
  if (answer->run == engine::Run::paused) return {Readiness::ready, steps + " · paused"};
  if (shown.steps_per_s > 0) steps += " · " + formatted("%.1f", shown.steps_per_s) + " steps/s";
  return {Readiness::ready, steps};
}

State sheet_state(const Workspace& workspace, const engine::Snapshots& in) {
  if (!workspace.chosen.unit && !workspace.wanted_layer)
    return {Readiness::nothing, "Choose a layer to see all its units."};
  if (!in.picture && has_no_pictures(in))
    return {Readiness::nothing, "Open a picture to see all units of the layer on it."};
  if (!in.picture) return {Readiness::working, "measuring…"};
  if (!in.contact_sheet) return {Readiness::working, "measuring…"};
  if (in.contact_sheet->error) return failed(*in.contact_sheet->error);
  const engine::ContactSheetRequest& request = in.contact_sheet->request;
  const std::string& layer = workspace.wanted_layer ? *workspace.wanted_layer : workspace.chosen.unit->layer;
  if (request.layer != layer) return {Readiness::stale, "still of " + short_layer(request.layer)};
  if (request.picture != in.picture) return {Readiness::stale, "still of the last picture"};
  return {Readiness::ready, ""};
}

State best_state(const Workspace& workspace, const engine::Snapshots& in) {
  if (!workspace.chosen.unit) return {Readiness::nothing, "The unit's favourite pictures appear here."};
  if (!in.scan && has_no_pictures(in)) return {Readiness::nothing, "Open a folder to see the unit's favourites in it."};
  if (!in.scan) return {Readiness::working, "Measuring every unit on every picture…"};
  if (in.scan->error) return failed(*in.scan->error);
  if (workspace.ranking.best.empty()) {
    if (workspace.chosen.unit->neuron)
      return {Readiness::nothing, "Pictures are ranked by the mean over the whole map: choose the unit without @y,x."};
    if (!in.scan->done) return {Readiness::working, "Measuring every unit on every picture…"};
    return {Readiness::nothing, "This layer is not part of the ranking: choose one from the list."};
  }
  const std::string of = thousands(static_cast<long long>(workspace.ranking.best.size()));
  std::string sentence = "best of *" + of + "* pictures";
  if (!in.scan->done) {
    return {Readiness::working,
            "best of *" + thousands(in.scan->scanned) + "* / " + thousands(in.scan->total) + " pictures so far"};
  }
  for (const engine::RankedPicture& ranked : workspace.ranking.best) {
    const auto& pictures = in.scan->request.collection->pictures;
    if (ranked.picture < pictures.size() && pictures[ranked.picture].path == workspace.chosen.picture) {
      sentence += "\nthis one: *" + ordinal(ranked.rank) + "*";
      break;
    }
  }
  return {Readiness::ready, sentence};
}

std::string short_layer(const std::string& layer) {
  const std::string ending = "_pre_relu";
  const bool has = layer.size() > ending.size() && layer.ends_with(ending);
  return has ? layer.substr(0, layer.size() - ending.size()) : layer;
}

std::string spoken_name(const engine::ModelPointer& model, const core::Unit& unit) {
  return model && model->spoken ? model->spoken(unit) : core::to_string(unit);
}

std::string status_sentence(const Workspace& workspace, const engine::Snapshots& in) {
  if (!in.model || in.model->error) return "no model";
  std::string text = in.model->name;
  if (workspace.chosen.unit) {
    text += " · *" + spoken_name(in.model, *workspace.chosen.unit) + "*";
    const std::string described = in.model->describe ? in.model->describe(*workspace.chosen.unit) : "";
    if (!described.empty()) text += " = " + described;
  }
  text += " · seed " + std::to_string(workspace.seed);
  const core::Framing& framing = in.model->framing;
  text += " · resized " + std::to_string(framing.resize_short_side_px) + ", cropped " +
          std::to_string(framing.crop.width_px);
  if (framing.crop.height_px != framing.crop.width_px) text += "×" + std::to_string(framing.crop.height_px);
  text += " · fill " + std::string(core::label_of(workspace.chosen.fill));
  return text;
}

}  // namespace ui
