// Making trials in the window: what is asked for, and the pure logic of it: the request, the command line that does the
// same, the trials made in the order of their difficulty. Plain values, a part of the Workspace. UI thread.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/messages.h"

namespace ui {

struct Workspace;

enum class MakerUnits { this_unit, sampled, file };
enum class TrialOrder { effect, relative_difference, apart };  // easiest first

struct TrialMaker {
  bool open = false;
  MakerUnits units = MakerUnits::sampled;
  int per_layer = 2;
  std::string units_file = "units.csv";
  std::string folder = "unitscope-experiment";
  study::Tier tier = study::Tier::quick;
  double size = 0.4;
  float least_effect = 0.1F;
  int seed = 0;
  std::string participant = "p01";

  int number = 0;
  std::optional<engine::MakeTrialsRequest> asked;  // as it was posted; its model is empty after a cancel
  TrialOrder order = TrialOrder::effect;
  bool hardest_first = false;
};

// What the panel's settings ask for; a sentence where something is missing.
base::Result<engine::MakeTrialsRequest> making_request(const Workspace& workspace, const engine::Snapshots& in);
// The same from the command line, two lines where the units are drawn first.
std::string making_command(const Workspace& workspace, const engine::Snapshots& in);
base::Status begin_making(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out, bool only_estimate);
// What is finished stays in the folder, and is recognized when the same is made again.
void cancel_making(Workspace& workspace, engine::Requests& out);
[[nodiscard]] bool is_making(const Workspace& workspace, const engine::Snapshots& in);
// The answer to what was asked last; null before there is one.
[[nodiscard]] const engine::MakeTrialsSnapshot* making_answer(const Workspace& workspace, const engine::Snapshots& in);

// The number that trials are sorted by, larger is easier; nothing where it does not exist.
std::optional<double> ease_of(const study::Trial& trial, TrialOrder order);
std::vector<const study::Trial*> in_order(const study::Experiment& experiment, TrialOrder order, bool hardest_first);
// "about 4 min" of seconds.
std::string about(double seconds);
// What the panel says of how far it is.
std::string making_words(const engine::MakeTrialsSnapshot& snapshot);
// "unitscope --pilot FOLDER --participant p01 --condition natural".
std::string pilot_command(const TrialMaker& maker);

}  // namespace ui
