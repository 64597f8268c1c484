// Looking over an experiment before anyone is asked: what it holds and how difficult that is, which files are missing
// or not what they were when they were made, and which set of trials the next participant gets. Decodes every picture,
// so it takes seconds. Reads the disk, so never on the UI thread.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/experiment_folder.h"

namespace engine {

struct Quantiles {
  double least = 0.0, median = 0.0, most = 0.0;
  int count = 0;
};
struct ExperimentReport {
  int main = 0, catch_trials = 0, obvious = 0, less_obvious = 0, rejected = 0;
  int tasks_a_condition = 0;
  std::vector<std::string> conditions;
  // Of the main trials.
  Quantiles effect_in_spreads, relative_difference, squares_apart_px;
  // How many of the main trials each rule gets right, of those about which it says something.
  struct RuleScore {
    std::string rule;
    int right = 0, trials = 0;
  };
  std::vector<RuleScore> rules;
  std::vector<std::string> missing;  // files that trials name or the published page reads, and that are not there
  std::vector<std::string> damaged;  // whole sentences about files that are there
};
ExperimentReport report_on(const ReadExperiment& experiment);

// The set that the next participant of each condition gets, by the sessions that the folder's results hold
// (study::free_task). A condition without tasks has none.
struct NextTasks {
  struct OfCondition {
    std::string condition;
    std::optional<int> real, pilot;
  };
  std::vector<OfCondition> conditions;
};
// Refuses results that another program holds or that are damaged.
base::Result<NextTasks> next_tasks(const ReadExperiment& experiment, std::int64_t now_unix_s);

}  // namespace engine
