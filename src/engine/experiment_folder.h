// An experiment as a folder: trials.json (everything), stimuli/ (every picture once), screened.json (the candidates
// that the rule chose among) and the published layout of task folders with hard links to the stimuli, which the study's
// web page reads:
//   natural_9_references/task_7/index.json, …/trials/trial_3/queries/{base,min,max}.png,
//   …/trials/trial_3/references/reference_max_8.png, demo_natural_9_references/ for practice.
// Also the counter of the next free task of each condition. Folders come from other people: what is read is checked,
// and no name in it leads out of it. Reads and writes the disk, so never on the UI thread.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "study/experiment.h"

namespace engine {

struct ReadExperiment {
  std::filesystem::path folder;
  study::Experiment experiment;
  std::string hash;  // SHA-256 of trials.json: SessionHeader::experiment_hash
};
base::Result<ReadExperiment> read_experiment(const std::filesystem::path& folder);

// The stimuli are there. Replaces the task folders, writes texts of the screens where there are none yet, and
// trials.json last: a folder that has it is whole.
base::Status write_experiment(const std::filesystem::path& folder, const study::Experiment& experiment);
// Removes what write_experiment and the making left, and nothing else; for making another experiment there.
base::Status clear_experiment(const std::filesystem::path& folder);

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
  std::vector<std::string> missing;  // files that trials name and that are not there
};
ExperimentReport report_on(const ReadExperiment& experiment);

// The number of the next free task of the condition, from 1, tasks in turn; the folder keeps the count. Two programs
// never get the same one. `peek_task` only looks.
base::Result<int> take_task(const ReadExperiment& experiment, const std::string& condition);
base::Result<int> peek_task(const ReadExperiment& experiment, const std::string& condition);

}  // namespace engine
