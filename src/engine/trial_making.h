// Making an experiment: from a list of units and a folder of pictures to a folder of trials. A job for the window's
// background thread and for the command line alike. In order: the scan ranks the pictures; a few positions are
// measured, so that the time is known before it is spent; candidates are screened by coarse sweeps; catch and practice
// trials and the image sets of the main trials are chosen (study/selection.h); their complete sweeps run; pictures are
// written; references are made; trials.json is written last. What was finished before an interruption is recognized by
// its spec and not made again. Two threads work on different trials; nothing depends on which or when. The same request
// gives the same bytes.
//
// What is swept: every main trial, and beside them only the candidates that the coarse screening chose for catch and
// practice trials. Those candidates are units of the same layers that are not among the main ones and whose best
// pictures stand out most, one image set each, so that no participant meets a main unit before its trial.
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/job.h"
#include "engine/messages.h"
#include "engine/units_file.h"
#include "net/network.h"
#include "study/experiment.h"
#include "study/selection.h"

namespace engine {

struct TrialMakingRequest {
  ModelPointer model;
  std::shared_ptr<const CollectionSnapshot> collection;
  study::ExperimentSpec spec;  // its hashes are filled in by the job
  std::vector<UnitChoice> units;
  study::PoolSizes pool;
  int candidates = 40;           // screened for catch and practice trials
  bool early_layers = true;      // these come from the earlier half of the layers, whose sweeps are cheaper
  std::filesystem::path folder;  // of the experiment
  std::filesystem::path index_file;
  std::filesystem::path known_sweeps;  // positions that ship with the program (trial_sweep.h); may be empty
  int threads = 2;
  int nice = 10;
  bool only_estimate = false;  // ends when the time is known
  bool asks_intuitiveness = false;
};

// What a tier means: conditions, image sets, tasks, the pool of practice and catch trials. Sets those fields of
// `request` whose spec has the tier.
void apply_tier(TrialMakingRequest& request);
std::vector<study::Condition> conditions_of(const study::ExperimentSpec& spec);

// Refuses a unit of the list for which a condition of one's own has no picture.
base::Status check_own_references(const TrialMakingRequest& request);

// What the pictures and the references of one's own are, by their bytes: the hashes of the spec.
base::Status fill_in_hashes(TrialMakingRequest& request);

// assets/experiments/starter/sweeps.json beside the embedded model; an empty path where it is not there.
std::filesystem::path shipped_sweeps();

// A folder that has another experiment, be it one of changed pictures, or files of somebody, is refused; `force` clears
// an experiment that unitscope made. Says whether making goes on where it was interrupted.
enum class FolderState { fresh, resumes, finished };
base::Result<FolderState> prepare_folder(const TrialMakingRequest& request, bool force);
// From here on the folder says whose it is. The request has its hashes.
base::Status begin_folder(const TrialMakingRequest& request);

struct TrialMakingSnapshot {
  std::string doing;  // "trial 7 of 24 · sweep 34×34"
  int trials_done = 0;
  int trials = 0;
  double elapsed_s = 0.0;
  std::optional<double> estimate_s;   // of the sweeps and pictures, before they start
  std::optional<double> remaining_s;  // from then on
  bool done = false;
  std::shared_ptr<const study::Experiment> experiment;  // when done, unless only the estimate was asked for
  std::vector<SkippedEntry> skipped;                    // pictures of the collection
  std::optional<base::Error> error;
};

class TrialMaking final : public core::Job<TrialMakingSnapshot> {
 public:
  explicit TrialMaking(TrialMakingRequest request);
  ~TrialMaking() override;

  // Waits for a few milliseconds at most, apart from the scan, whose step is a pass.
  core::StepOutcome step(const core::StopFlag& stop) override;
  [[nodiscard]] std::shared_ptr<const TrialMakingSnapshot> snapshot() const override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace engine
