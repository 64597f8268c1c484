// An experiment as a folder: trials.json (everything), stimuli/ (every picture once), screened.json (the candidates
// that the rule chose among) and the published layout of task folders with hard links to the stimuli, which the study's
// web page reads:
//   natural_9_references/task_7/index.json, …/trials/trial_3/queries/{base,min,max}.png,
//   …/trials/trial_3/references/reference_max_8.png, demo_natural_9_references/ for practice.
// Whether all of it is there is experiment_check.h's question. Folders come from other people: what is read is checked,
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

}  // namespace engine
