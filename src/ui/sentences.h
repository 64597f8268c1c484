// Numbers and states in words: what the window says, as pure functions of values, so that every sentence is tested.
// *Stars* mark what matters; ui/widgets.h draws them brighter. Any thread.
#pragma once
#include <string>

#include "engine/messages.h"
#include "ui/workspace.h"

namespace ui {

// "3.12", "0.00042", "12,400", with a true minus; "–" for what is not a number.
std::string number(float value);
// With as many decimals as tell twenty values of this range apart: "−0.180031" beside "−0.180120".
std::string number(float value, core::Range among);
// From the lowest to the highest that the unit says with the occluder anywhere on the picture; empty without a map, so
// that digits do not come and go under the hand.
core::Range values_here(const Workspace& workspace, const engine::Snapshots& in);
std::string signed_number(float value);  // "+0.31", "−1.10"
std::string thousands(long long value);  // "1,156"
std::string ordinal(int value);          // "3rd"
std::string percent(double share);       // "98 %"
std::string grid(int rows, int cols);    // "34×34"

// "Lower here than at *98 %* of the *1,156* positions tested."
std::string place_sentence(const core::OcclusionMap& map, float value);
// "Lowest 2.01, highest 2.87: a relative difference of 0.35." With "–" where the baseline is too near 0 to divide by.
std::string difference_sentence(const core::OcclusionMap& map, float spread);

// What a panel has to say about itself.
enum class Readiness { nothing, working, ready, stale, failed };
struct State {
  Readiness readiness = Readiness::nothing;
  std::string sentence;  // for working: short, "34×34 · 61 %"
  bool operator==(const State&) const = default;
};
State stage_state(const Workspace& workspace, const engine::Snapshots& in);
State map_state(const Workspace& workspace, const engine::Snapshots& in);
State visualization_state(const Workspace& workspace, const engine::Snapshots& in, int slot);
State sheet_state(const Workspace& workspace, const engine::Snapshots& in);
State best_state(const Workspace& workspace, const engine::Snapshots& in);

// "mixed4a" of "mixed4a_pre_relu".
std::string short_layer(const std::string& layer);
// The unit's name as people write it: short where the file's own names are long.
std::string spoken_name(const engine::ModelPointer& model, const core::Unit& unit);
// The status line: left what is shown, in words.
std::string status_sentence(const Workspace& workspace, const engine::Snapshots& in);

}  // namespace ui
