// Two models side by side: the second one, the unit looked at in it, and the same picture and occluder for both. What
// the second shows is a workspace of its own, brought in line with the first every frame, so that the panels draw
// either. UI thread.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "core/unit.h"
#include "engine/messages.h"
#include "ui/preferences.h"

namespace ui {

struct Workspace;

struct Beside {
  std::shared_ptr<Workspace> second;  // null until a second model is open
  std::string written;                // the unit in the second; empty: the first's name
  bool focus_unit = false;

  // How `written`, or the first's name, is read in the second model.
  engine::ModelPointer model;
  std::string read;
  std::optional<core::Unit> unit;
  std::string words;  // what it is there, or why there is none
  bool is_there = false;

  // One scale for both maps: shares of what each unit says without an occluder, unless values are asked for.
  MapValues values = MapValues::share;

  // How alike the maps are, for these two answers; absent where the positions differ or one does not vary.
  std::shared_ptr<const engine::SweepAnswer> compared_first, compared_second;
  std::optional<double> correlation;
};

// The snapshots as the second model's panels see them.
engine::Snapshots seen_by_second(const engine::Snapshots& in);

// Where the unit is missing: of a name that was written why it is none; else what to do.
std::string missing_words(const Beside& beside);

// Brings the second workspace in line before it is drawn; the hand, where it drags the second's square, leads.
void align_second(Workspace& workspace, const engine::Snapshots& in);
// After drawing: asks for what the second shows.
void decide_beside(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out, double now_s,
                   engine::Clock::time_point input_time);

// The colours' one range for both maps; nothing before there is a map.
std::optional<core::Range> shared_range(const Workspace& workspace, const engine::Snapshots& in);
// "The maps are alike: a rank correlation of 0.83 …", or what is missing.
std::string likeness_sentence(const Workspace& workspace, const engine::Snapshots& in);
// The command line that repeats it over the open folder; empty where there is no pair of units.
std::string compare_command(const Workspace& workspace, const engine::Snapshots& in);

}  // namespace ui
