// Making trials in the window: what is asked for, and the pure logic of it: the request, the command line that does the
// same, the trials made in the order of their difficulty, and the pilot that may follow. Plain values, a part of the
// Workspace. UI thread.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/messages.h"

namespace ui {

struct Workspace;

enum class MakerUnits { this_unit, sampled, file };
enum class TrialOrder { effect, relative_difference, apart };  // easiest first

// A program of its own that the app starts: a pilot has the whole screen and a store to itself.
struct PilotStart {
  std::filesystem::path folder;
  std::string participant, group, condition;
  bool operator==(const PilotStart&) const = default;
};
// As flags of unitscope.
std::vector<std::string> pilot_flags(const PilotStart& pilot);

struct TrialMaker {
  bool open = false;
  MakerUnits units = MakerUnits::sampled;
  int per_layer = 2;
  std::string units_file = "units.csv";
  std::string folder = "unitscope-experiment";
  study::Tier tier = study::Tier::quick;
  double size = 0.4;
  std::string least_effect = "0.1";  // numbers as they were typed, so that command and request mean the same one
  std::string seed = "0";
  bool asks_intuitiveness = false;

  int number = 0;
  std::optional<engine::MakeTrialsRequest> asked;  // as it was posted; its model is empty after a cancel
  TrialOrder order = TrialOrder::effect;
  bool hardest_first = false;

  std::string participant = "p01", group = "expert", condition = "natural";
  std::optional<PilotStart> pilot;     // to be started; the app takes it
  std::filesystem::path pilot_folder;  // of the one that was started last; both set by the app
  bool pilot_runs = false;
};

// What the panel's settings ask for; a sentence where something is missing.
base::Result<engine::MakeTrialsRequest> making_request(const Workspace& workspace, const engine::Snapshots& in);
// The same from the command line, two commands where the units are no file yet.
std::string making_command(const Workspace& workspace, const engine::Snapshots& in);
base::Status begin_making(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out, bool only_estimate);
// What is finished stays in the folder, and is recognized when the same is made again.
void cancel_making(Workspace& workspace, engine::Requests& out);
[[nodiscard]] bool is_making(const Workspace& workspace, const engine::Snapshots& in);
// The answer to what was asked last; null before there is one.
[[nodiscard]] const engine::MakeTrialsSnapshot* making_answer(const Workspace& workspace, const engine::Snapshots& in);
// How long the present settings would take, where that was asked.
std::optional<double> estimate_s(const Workspace& workspace, const engine::Snapshots& in);

// The number that trials are sorted by, larger is easier; nothing where it does not exist.
std::optional<double> ease_of(const study::Trial& trial, TrialOrder order);
std::vector<const study::Trial*> in_order(const study::Experiment& experiment, TrialOrder order, bool hardest_first);
// "about 4 min" of seconds.
std::string about(double seconds);
// What the panel says of how far it is.
std::string making_words(const engine::MakeTrialsSnapshot& snapshot);

// Asks the app for a pilot with what was made. Refuses without a name for the participant, or while one runs.
base::Status take_pilot(Workspace& workspace, const engine::Snapshots& in);
// "unitscope --pilot FOLDER --participant p01 --group expert --condition natural".
std::string pilot_command(const TrialMaker& maker);

}  // namespace ui
