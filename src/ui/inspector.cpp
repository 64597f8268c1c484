// Right: every control of the occluder, of heat maps and of visualizations. All act at once; nothing is applied.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "ui/choice.h"
#include "ui/panels.h"
#include "ui/sentences.h"
#include "ui/widgets.h"

namespace ui {
namespace {

std::string shown_number(const char* format, double value) {
  char text[48];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

void space(float design_px) {
  ImGui::Dummy({0, px(design_px)});
}

// A section's heading with "copy" at its right.
void section(View& view, const char* name, const char* term, const std::string& command) {
  const float y = ImGui::GetCursorPosY();
  heading(name, term);
  if (command.empty()) return;
  const float after = ImGui::GetCursorPosY();
  const char* label = "copy";
  ImGui::SameLine(0, 0);
  ImGui::SetCursorPos(
      {ImGui::GetCursorPosX() + std::max(0.0F, ImGui::GetContentRegionAvail().x - text_width(label) - px(4)),
       y - px(8)});
  ImGui::PushID(name);
  if (quiet_button(label)) copy(view.workspace, command, view.frame.now_s);
  tooltip("Copy as command: " + command);
  ImGui::PopID();
  ImGui::SetCursorPosY(after);
}

void run_action(View& view, const char* command) {
  const base::Status status = perform(view.workspace, view.in, view.out, command);
  if (!status) notify(view.workspace, status.error().sentence(), true, view.frame.now_s);
}

// ---- occluder ------------------------------------------------------------------------------------------------------

void draw_occluder_section(View& view) {
  Workspace& workspace = view.workspace;
  const core::Size size = stage_size(view.in);
  section(view, "occluder", "occluder",
          workspace.asked.sweep ? core::to_command(workspace.asked.sweep->spec) : std::string());
  constexpr struct {
    const char* label;
    double share;
  } kPresets[] = {{"30", 0.3}, {"40", 0.4}, {"50 %", 0.5}};
  bool first = true;
  for (const auto& preset : kPresets) {
    if (!first) ImGui::SameLine(0, px(6));
    first = false;
    const int side = core::side_from_fraction(preset.share, size);
    if (chip(preset.label, side == workspace.chosen.occluder.side_px)) resize_occluder(workspace, view.in, side);
  }
  space(1);
  const int longest = std::min(size.width_px, size.height_px);
  float side = static_cast<float>(workspace.chosen.occluder.side_px);
  const SliderRange sizes{4, static_cast<float>(longest), static_cast<float>(core::side_from_fraction(0.4, size)), 1};
  if (slider("size", "occluder", side, sizes, std::to_string(workspace.chosen.occluder.side_px) + " px")) {
    resize_occluder(workspace, view.in, static_cast<int>(std::lround(side)));
  }
  std::vector<std::string> fills;
  for (const core::Fill fill : core::kFills) fills.emplace_back(core::label_of(fill));
  int fill = static_cast<int>(workspace.chosen.fill);
  if (choice("fill", "fill", fills, fill)) {
    workspace.chosen.fill = core::kFills[fill];
    workspace.hand.acted = true;
  }
  space(2);
  const bool known = sweep_is_current(workspace, view.in) && view.in.sweep->sweep.map.exact_cells > 0;
  if (!known) ImGui::BeginDisabled();
  if (button("m  lowest")) run_action(view, "lowest");
  flow(chip_width("M  highest"));
  if (button("M  highest")) run_action(view, "highest");
  if (!known) ImGui::EndDisabled();
  if (known && drag_is_current(workspace, view.in)) {
    const core::OcclusionMap& map = view.in.sweep->sweep.map;
    const float spread =
        view.in.scan && view.in.scan->spread ? view.in.scan->spread(*workspace.chosen.unit).second : 0.0F;
    space(2);
    sentence(place_sentence(map, view.in.drag->activation));
    sentence(difference_sentence(map, spread));
    explain("relative difference");
  } else if (known) {
    space(2);
    sentence("Measuring this place…");
  }
}

// ---- heat map
// --------------------------------------------------------------------------------------------------------

void draw_heat_map_section(View& view) {
  MapLook& look = view.workspace.preferences.look;
  section(view, "heat map", "occlusion map", "");
  std::vector<std::string> names;
  for (const core::ColourMap map : core::kColourMaps) {
    names.emplace_back(map == core::ColourMap::blue_white_red ? "blue–white–red" : core::to_string(map));
  }
  int colours = static_cast<int>(look.colours);
  if (choice("colours", "", names, colours)) look.colours = core::kColourMaps[colours];
  const std::string opacity = shown_number("%.2f", static_cast<double>(look.opacity));
  slider("opacity", "activation map", look.opacity, {0, 1, MapLook{}.opacity, 0.01F}, opacity);
  int contour = look.contour_levels == 0 ? 0 : look.contour_levels <= 5 ? 1 : 2;
  constexpr int kLevels[] = {0, 5, 10};
  if (choice("contour", "contour", {"off", "5 lines", "10 lines"}, contour)) look.contour_levels = kLevels[contour];
  int values = static_cast<int>(look.values);
  if (choice("shows", "drop", {"activation", "drop (signed)", "share (signed)"}, values)) {
    look.values = static_cast<MapValues>(values);
    look.range_fixed = false;  // a range of activations means nothing for drops
  }
  bool smooth = look.interpolation == core::Interpolation::bilinear;
  if (toggle("smooth", "exact", smooth)) {
    look.interpolation = smooth ? core::Interpolation::bilinear : core::Interpolation::nearest;
  }
}

// ---- visualization
// ----------------------------------------------------------------------------------------------------

void draw_presets(View& view, VisualizationRun& run) {
  bool first = true;
  for (const core::Preset& preset : core::presets()) {
    const std::string label = preset.name == "lucid" ? "Lucid" : preset.name;
    if (!first) flow(chip_width(label.c_str()));
    first = false;
    if (chip(label.c_str(), run.preset == preset.name && preset_label(run) == run.preset)) {
      const base::Status used = use_preset(view.workspace, view.workspace.controlled, preset.name);
      CHECK(used.ok(), "a preset of the list exists");
    }
    tooltip(preset.meaning);
  }
  flow(chip_width("compare"));
  if (chip("compare", view.workspace.comparing)) set_comparing(view.workspace, !view.workspace.comparing);
  tooltip("Naive pixels, regularized pixels and Fourier *from one seed*, side by side (c).");
}

void draw_transforms(core::VisualizeSettings& settings) {
  const core::VisualizeSettings standard;
  const auto real = [](double& value, const char* label, const char* term, const SliderRange& range,
                       const std::string& shown) {
    auto small = static_cast<float>(value);
    if (slider(label, term, small, range, shown)) value = static_cast<double>(small);
  };
  const auto whole = [](int& value, const char* label, const char* term, float high, int usual,
                        const std::string& shown) {
    auto as_float = static_cast<float>(value);
    if (slider(label, term, as_float, {0, high, static_cast<float>(usual), 1}, shown)) {
      value = static_cast<int>(std::lround(as_float));
    }
  };
  real(settings.learning_rate, "learning rate", "learning rate", {0.001F, 1, 0.05F, 0, true},
       shown_number("%.3g", settings.learning_rate));
  whole(settings.jitter_px, "jitter", "jitter", 16, standard.jitter_px, std::to_string(settings.jitter_px) + " px");
  whole(settings.rotate_deg, "rotate", "rotate", 20, standard.rotate_deg,
        "± " + std::to_string(settings.rotate_deg) + "°");
  real(settings.scale_spread, "scale", "scale", {0, 0.3F, 0.1F, 0.01F},
       shown_number("± %.0f %%", settings.scale_spread * 100));
}

void draw_priors(core::VisualizeSettings& settings, int batch) {
  // From none to strong on a slider that is finer near none; the value shown is the weight itself.
  const auto weight = [](double& value, const char* label, const char* term, double most) {
    auto share = static_cast<float>(std::cbrt(std::fabs(value) / most));
    const std::string shown = value == 0 ? "off" : shown_number("%.2g", std::fabs(value));
    if (slider(label, term, share, {0, 1, 0}, shown)) value = most * std::pow(static_cast<double>(share), 3.0);
  };
  if (batch > 1) weight(settings.diversity, "diversity", "diversity", 200);
  weight(settings.l2, "L2", "L2", 4);
  weight(settings.total_variation, "total variation", "total variation", 16);
  weight(settings.blur, "blur", "blur", 8);
}

// What is needed less often.
void draw_more(Workspace& workspace, core::VisualizeSettings& settings, core::VisualizeSpec& spec) {
  int batch = spec.batch - 1;
  if (choice("pictures at once", "batch", {"1", "2", "3", "4", "5", "6", "7", "8", "9"}, batch)) {
    spec.batch = batch + 1;
    if (spec.batch > 1 && settings.diversity == 0) settings.diversity = 100.0;  // the study's
  }
  draw_priors(settings, spec.batch);
  auto steps = static_cast<float>(spec.steps);
  if (slider("steps", "steps", steps, {64, 4096, 512, 64}, std::to_string(spec.steps))) {
    spec.steps = static_cast<int>(std::lround(steps));
  }
  text("seed");
  explain("seed");
  ImGui::SameLine(0, 0);
  text_right(std::to_string(workspace.seed));
  if (button("another seed")) ++workspace.seed;
  if (workspace.seed == 0) return;
  flow(chip_width("seed 0"));
  if (button("seed 0")) workspace.seed = 0;
}

void draw_visualization_section(View& view) {
  Workspace& workspace = view.workspace;
  const int slot = workspace.controlled;
  VisualizationRun& run = workspace.visualizations[static_cast<std::size_t>(slot)];
  const std::optional<engine::VisualizeRequest>& asked = workspace.asked.visualize[static_cast<std::size_t>(slot)];
  section(view, "visualization", "feature visualization",
          asked && asked->model ? core::to_command(asked->spec) : std::string());
  draw_presets(view, run);
  space(1);
  core::VisualizeSettings settings = settings_of(run);
  draw_transforms(settings);
  int sign = settings.sign < 0 ? 1 : 0;
  if (choice("sign", "sign", {"+ excites", "− inhibits"}, sign)) settings.sign = sign == 1 ? -1.0 : 1.0;
  core::VisualizeSpec spec = run.spec;
  bool& more = workspace.standing.more_controls;
  if (more) draw_more(workspace, settings, spec);
  change_settings(workspace, view.in, slot, settings);
  run.spec.steps = spec.steps;
  if (spec.batch != run.spec.batch) change_identity(workspace, slot, spec);
  if (quiet_button(more ? "less" : "batch, priors, steps, seed…")) more = !more;
}

// Stay at the bottom, whatever is scrolled.
void draw_run_buttons(View& view) {
  Workspace& workspace = view.workspace;
  const bool running = workspace.visualizations[0].run == engine::Run::running;
  const float gap = px(6);
  const float width = std::floor((ImGui::GetContentRegionAvail().x - 2 * gap) / 3);
  if (chip(running ? "pause" : "run", true, width)) run_action(view, "pause");
  tooltip("Space");
  ImGui::SameLine(0, gap);
  if (button("step", width)) run_action(view, "step");
  tooltip("One update of the picture (.)");
  ImGui::SameLine(0, gap);
  if (button("restart", width)) run_action(view, "restart");
  tooltip("From the seed, with these settings (r)");
}

}  // namespace

void draw_inspector(View& view) {
  const float buttons = ImGui::GetFontSize() + px(11) + px(10);
  const float height = std::max(px(60), ImGui::GetContentRegionAvail().y - buttons);
  // The scrollbar stands in the card's padding, not over the values.
  // A tall window has air to give; a small one should show everything without scrolling.
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {px(8), px(height > px(720) ? 9 : 5)});
  const float width = ImGui::GetContentRegionAvail().x;
  ImGui::SetNextWindowContentSize({width, 0});
  if (ImGui::BeginChild("controls", {width + px(10), height})) {
    draw_occluder_section(view);
    space(6);
    draw_heat_map_section(view);
    space(6);
    draw_visualization_section(view);
  }
  ImGui::EndChild();
  ImGui::PopStyleVar();
  space(2);
  draw_run_buttons(view);
}

}  // namespace ui
