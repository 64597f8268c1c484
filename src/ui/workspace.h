// Workspace: what the user has chosen and how the window stands; plain values, owned by the app, changed by panels and
// actions. decide() compares it with the snapshots and asks for what is missing, each thing once. It computes no
// numbers of the network and draws nothing. UI thread.
#pragma once
#include <array>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/colour_map.h"
#include "core/geometry.h"
#include "core/occluder.h"
#include "core/specs.h"
#include "core/unit.h"
#include "engine/messages.h"

namespace ui {

// ---- what is chosen (undo and redo go over this) ------------------------------------------------------------------

struct Chosen {
  std::optional<core::Unit> unit;
  std::filesystem::path picture;
  core::Occluder occluder{67, 67, 90};
  core::Fill fill = core::Fill::patch_mean;
  bool operator==(const Chosen&) const = default;
};

// ---- how heat maps are coloured ------------------------------------------------------------------------------------

enum class MapValues { value, drop };  // "value", or "baseline − value" (signed)

struct MapLook {
  core::ColourMap colours = core::ColourMap::magma;
  float opacity = 0.42F;  // of the activation map over the picture; 0: the picture alone
  int contour_levels = 0;
  MapValues values = MapValues::value;
  core::Interpolation interpolation = core::Interpolation::nearest;
  bool range_fixed = false;  // false: range of the present map
  core::Range fixed_range;
  bool operator==(const MapLook&) const = default;
};

// ---- visualizations --------------------------------------------------------------------------------------------------

struct VisualizationRun {
  std::string preset = "lucid";
  core::VisualizeSpec spec;  // unit and model are filled in when it is asked for
  engine::Run run = engine::Run::running;
  int single_steps = 0;
  int restarts = 0;
};

// ---- preferences: kept between starts --------------------------------------------------------------------------------

struct Preferences {
  float scale = 1.0F;  // 0.8 … 2, times the content scale
  bool motion = true;
  MapLook look;
  std::string layout_ini;  // Dear ImGui's; empty: the default layout for the window's size
  bool hints_done[3] = {};
};
std::string to_json(const Preferences& preferences);
base::Result<Preferences> preferences_from_json(std::string_view text);

struct TracePoint {
  double time_s = 0.0;
  float value = 0.0F;
};

struct Workspace {
  Chosen chosen;
  Preferences preferences;
  std::uint64_t seed = 0;
  std::array<VisualizationRun, engine::kVisualizationSlots> visualizations;
  int visualizations_shown = 1;  // 1, or 3: naive, regularized, Fourier from one seed
  std::filesystem::path export_folder = "unitscope-export";
};

// Fills the requests for what the workspace wants and has not asked for yet.
void decide(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out, double now_s,
            engine::Clock::time_point input_time);

}  // namespace ui
