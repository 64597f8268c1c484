// Making trials from the window: the same job as the command line's, in a slot of the background thread.
#include <algorithm>
#include <thread>

#include "core/image_io.h"
#include "data/activation_index.h"
#include "engine/experiment_folder.h"
#include "engine/jobs.h"
#include "engine/trial_making.h"
#include "net/model.h"

namespace engine {
namespace {

using core::StepOutcome;
using Job = SlotJob<MakeTrialsRequest, MakeTrialsSnapshot>;

constexpr std::size_t kMaxUnitsBytes = 16U << 20;

// The units as text, which the experiment keeps, and as choices.
base::Status add_units(const MakeTrialsRequest& request, TrialMakingRequest& making) {
  const net::Model& model = *request.model->model;
  if (!request.units_csv.empty()) {
    making.spec.units = request.units_csv;
  } else if (!request.units_file.empty()) {
    auto text = core::load_text(request.units_file, kMaxUnitsBytes);
    if (!text) return text.error();
    making.spec.units = *std::move(text);
  } else {
    const auto sampled = sample_units(model, request.per_layer, request.seed);
    if (!sampled) return sampled.error();
    making.spec.units = units_csv(*sampled, model);
  }
  auto units = read_units(making.spec.units, model);
  if (!units) return units.error();
  making.units = *std::move(units);
  return {};
}

base::Result<TrialMakingRequest> asked(const MakeTrialsRequest& request) {
  if (request.model->error) return *request.model->error;
  if (!request.collection)
    return base::Error{"No trials can be made", "no folder of pictures is open", "Open one first."};
  if (request.collection->error) return *request.collection->error;
  TrialMakingRequest making;
  making.model = request.model;
  making.collection = request.collection;
  making.spec.model = request.model->file;
  making.spec.images = request.collection->name;
  making.spec.tier = request.tier;
  apply_tier(making);
  making.spec.sizes = {request.size};
  making.spec.seed = request.seed;
  making.spec.filter.least_effect = request.least_effect;
  if (const auto units = add_units(request, making); !units) return units.error();
  making.folder = request.folder;
  making.index_file = data::default_index_file();
  making.known_sweeps = shipped_sweeps();
  making.threads = std::min(2, std::max(1, static_cast<int>(std::thread::hardware_concurrency())));
  making.only_estimate = request.only_estimate;
  making.asks_intuitiveness = request.asks_intuitiveness;
  return making;
}

class MakeTrials final : public Job {
 public:
  MakeTrials(MakeTrialsRequest request, TrialMakingRequest making, bool resumed)
      : request_(std::move(request)), resumed_(resumed), making_(std::move(making)) {}

  void change(const MakeTrialsRequest& /*the same one again*/) override {}
  StepOutcome step(const core::StopFlag& stop) override { return making_.step(stop); }

  std::shared_ptr<const MakeTrialsSnapshot> snapshot() const override {
    const auto now = making_.snapshot();
    auto snapshot = std::make_shared<MakeTrialsSnapshot>();
    snapshot->request = request_;
    snapshot->doing = now->doing;
    snapshot->trials_done = now->trials_done;
    snapshot->trials = now->trials;
    snapshot->resumed = resumed_;
    snapshot->elapsed_s = now->elapsed_s;
    snapshot->estimate_s = now->estimate_s;
    snapshot->remaining_s = now->remaining_s;
    snapshot->done = now->done;
    snapshot->experiment = now->experiment;
    for (const SkippedEntry& entry : now->skipped) snapshot->skipped.push_back(entry.reason.sentence());
    snapshot->error = now->error;
    return snapshot;
  }

 private:
  const MakeTrialsRequest request_;
  const bool resumed_;
  TrialMaking making_;
};

// What is made already is only read.
class ReadTrials final : public Job {
 public:
  explicit ReadTrials(const MakeTrialsRequest& request) {
    auto snapshot = std::make_shared<MakeTrialsSnapshot>();
    snapshot->request = request;
    auto there = read_experiment(request.folder);
    if (there) {
      snapshot->experiment = std::make_shared<study::Experiment>(std::move(there->experiment));
      snapshot->trials = snapshot->trials_done = static_cast<int>(snapshot->experiment->trials.size());
    } else {
      snapshot->error = there.error();
    }
    snapshot->done = true;
    snapshot_ = std::move(snapshot);
  }
  void change(const MakeTrialsRequest& /*the same one again*/) override {}
  StepOutcome step(const core::StopFlag& /*stop*/) override { return StepOutcome::done; }
  std::shared_ptr<const MakeTrialsSnapshot> snapshot() const override { return snapshot_; }

 private:
  std::shared_ptr<const MakeTrialsSnapshot> snapshot_;
};

}  // namespace

SlotRules<MakeTrialsRequest, MakeTrialsSnapshot> make_trials_rules() {
  SlotRules<MakeTrialsRequest, MakeTrialsSnapshot> rules;
  rules.same_job = [](const MakeTrialsRequest& a, const MakeTrialsRequest& b) {
    return a.model == b.model && a.number == b.number;
  };
  rules.empties = [](const MakeTrialsRequest& request) { return !request.model; };
  rules.make = [](const MakeTrialsRequest& request) -> base::Result<std::unique_ptr<Job>> {
    auto making = asked(request);
    if (!making) return making.error();
    if (request.only_estimate) return {std::make_unique<MakeTrials>(request, *std::move(making), false)};
    const auto state = prepare_folder(*making, false);
    if (!state) return state.error();
    if (*state == FolderState::finished) return {std::make_unique<ReadTrials>(request)};
    return {std::make_unique<MakeTrials>(request, *std::move(making), *state == FolderState::resumes)};
  };
  rules.failed = failed_with<MakeTrialsRequest, MakeTrialsSnapshot>;
  rules.publish_interval = std::chrono::milliseconds(200);
  return rules;
}

}  // namespace engine
