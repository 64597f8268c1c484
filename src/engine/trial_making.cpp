// The job as phases. Each phase begins with a round of pieces for the workers and ends when they have; between rounds
// only this thread touches the plan.
#include "engine/trial_making.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <set>

#include "base/log.h"
#include "core/image_io.h"
#include "engine/experiment_folder.h"
#include "engine/scan.h"
#include "engine/trial_choice.h"
#include "engine/trial_estimate.h"
#include "engine/trial_pieces.h"
#include "engine/trial_planning.h"
#include "engine/trial_progress.h"
#include "engine/trial_workers.h"
#include "study/assignment.h"

namespace engine {
namespace {

namespace fs = std::filesystem;
using core::StepOutcome;
using Clock = std::chrono::steady_clock;

}  // namespace

struct TrialMaking::State {
  enum class Phase {
    opening,
    scanning,
    planning,
    measuring,
    screening,
    sweeping,
    references,
    finishing,
    writing,
    ended
  };

  explicit State(TrialMakingRequest asked)
      : request(std::move(asked)),
        pictures(request.collection, request.model->framing),
        context{pictures, request.spec, conditions, request.folder, known_sweeps, scales} {}

  TrialMakingRequest request;
  TrialPictures pictures;
  std::vector<study::Condition> conditions;
  std::vector<SweepRecord> known_sweeps;
  std::map<std::string, LayerScale> scales;
  TrialContext context;

  Phase phase = Phase::opening;
  bool round_runs = false;
  std::unique_ptr<Scan> scan;
  std::shared_ptr<const ScanSnapshot> ranks;
  std::unique_ptr<TrialPlanner> planner;
  TrialChoice choice;
  std::unique_ptr<TrialWorkers> workers;
  TrialProgress doing;

  TrialEstimate estimate;
  double total_s = 0.0;  // of all that is planned, on one thread
  std::vector<PlannedTrial> round;
  std::vector<std::optional<study::Trial>> answers;
  std::vector<std::pair<PlannedTrial, study::Trial>> kept;  // made and wanted, then finished
  std::atomic<int> shipped{0};                              // trials whose positions came with the program
  std::optional<study::Experiment> experiment;
  std::optional<base::Error> error;
  const Clock::time_point began = Clock::now();
  std::optional<Clock::time_point> work_began;

  StepOutcome fail(const base::Error& failure) {
    error = failure;
    phase = Phase::ended;
    return StepOutcome::done;
  }
  // True once the round that start() began has ended well; else it goes on, or the job has failed.
  bool round_ended() {
    round_runs = true;
    if (!workers->wait()) return false;
    round_runs = false;
    if (const auto failure = workers->error()) {
      fail(*failure);
      return false;
    }
    return true;
  }
  [[nodiscard]] StepOutcome unfinished() const { return phase == Phase::ended ? StepOutcome::done : StepOutcome::more; }
  void start(std::vector<TrialWorkers::Piece> pieces) {
    doing.begin_round();
    workers->start(std::move(pieces));
  }
  [[nodiscard]] core::Size picture_size() const { return request.model->framing.crop; }

  StepOutcome open();
  StepOutcome scan_step(const core::StopFlag& stop);
  StepOutcome plan();
  StepOutcome measure();
  StepOutcome screen_candidates();
  StepOutcome sweep_trials();
  StepOutcome make_references();
  StepOutcome finish_trials();
  StepOutcome write();
};

StepOutcome TrialMaking::State::open() {
  if (request.model->error) return fail(*request.model->error);
  if (request.collection->error) return fail(*request.collection->error);
  conditions = conditions_of(request.spec);
  if (const auto possible = check_own_references(request); !possible) return fail(possible.error());
  if (const auto hashed = fill_in_hashes(request); !hashed) return fail(hashed.error());
  if (!request.only_estimate)
    if (const auto begun = begin_folder(request); !begun) return fail(begun.error());
  if (!request.known_sweeps.empty()) {
    const auto text = core::load_text(request.known_sweeps);
    auto known = text ? sweeps_from_json(*text) : base::Result<std::vector<SweepRecord>>(text.error());
    if (known)
      known_sweeps = *std::move(known);
    else
      base::log_warning(known.error().sentence());
  }
  auto network = net::Network::create(request.model->model);
  if (!network) return fail(network.error());
  scan = std::make_unique<Scan>(std::shared_ptr<net::Network>(*std::move(network)),
                                ScanRequest{request.model, request.collection},
                                ScanOptions{request.index_file, /*first_choice=*/false});
  phase = Phase::scanning;
  return StepOutcome::more;
}

StepOutcome TrialMaking::State::scan_step(const core::StopFlag& stop) {
  const StepOutcome outcome = scan->step(stop);
  if (outcome != StepOutcome::done) return outcome;
  ranks = scan->snapshot();
  scan.reset();
  if (ranks->error) return fail(*ranks->error);
  planner = std::make_unique<TrialPlanner>(*request.model->model, *ranks, pictures, request.spec);
  workers = std::make_unique<TrialWorkers>(request.model->model, net::Device::cpu, request.threads, request.nice);
  phase = Phase::planning;
  return StepOutcome::more;
}

StepOutcome TrialMaking::State::plan() {
  if (const auto planned = choice.plan(*planner, request); !planned) return fail(planned.error());
  for (const std::string& layer : choice.layers()) scales[layer] = scale_of(*ranks, *request.model->model, layer);
  phase = Phase::measuring;
  return StepOutcome::more;
}

StepOutcome TrialMaking::State::measure() {
  if (!round_runs) start(measuring_pieces(estimate, context, choice));
  if (!round_ended()) return unfinished();
  total_s = estimate.total_s(choice, request.spec, conditions, picture_size());
  work_began = Clock::now();
  phase = request.only_estimate ? Phase::ended : Phase::screening;
  return request.only_estimate ? StepOutcome::done : StepOutcome::more;
}

StepOutcome TrialMaking::State::screen_candidates() {
  if (!round_runs) {
    round = choice.to_screen();
    answers.assign(round.size(), std::nullopt);
    std::vector<TrialWorkers::Piece> pieces;
    for (std::size_t i = 0; i < round.size(); ++i)
      pieces.push_back([this, i](net::Network& network, const core::StopFlag& stop) -> base::Status {
        auto trial = screen(context, network, round[i], stop);
        if (!trial) return trial.error();
        answers[i] = *std::move(trial);
        doing.finish_one(estimate.screening_s(round[i], picture_size()));
        return {};
      });
    start(std::move(pieces));
  }
  if (!round_ended()) return unfinished();
  for (std::size_t i = 0; i < round.size(); ++i) choice.screened(round[i].id, *answers[i]);
  choice.balance(request.spec);
  phase = Phase::sweeping;
  return StepOutcome::more;
}

StepOutcome TrialMaking::State::sweep_trials() {
  if (!round_runs) {
    round = choice.to_sweep(request.spec);
    if (round.empty()) {
      kept = choice.settle(request.spec);
      phase = Phase::references;
      return StepOutcome::more;
    }
    // The longest first, so that no thread is left with one at the end.
    std::ranges::stable_sort(round, std::greater(),
                             [this](const PlannedTrial& trial) { return estimate.sweep_s(trial, picture_size()); });
    answers.assign(round.size(), std::nullopt);
    std::vector<TrialWorkers::Piece> pieces;
    for (std::size_t i = 0; i < round.size(); ++i)
      pieces.push_back([this, i](net::Network& network, const core::StopFlag& stop) -> base::Status {
        auto made =
            make_trial(context, network, round[i], stop, [this](int rows, int cols) { doing.grid(rows, cols); });
        if (!made) return made.error();
        answers[i] = std::move(made->trial);
        if (made->from_shipped) shipped.fetch_add(1);
        doing.finish_one(made->swept ? estimate.sweep_s(round[i], picture_size()) : 0.0);
        return {};
      });
    start(std::move(pieces));
  }
  if (!round_ended()) return unfinished();
  for (std::size_t i = 0; i < round.size(); ++i) choice.swept(round[i].id, *answers[i]);
  return StepOutcome::more;
}

StepOutcome TrialMaking::State::make_references() {
  if (!round_runs) {
    std::vector<TrialWorkers::Piece> pieces;
    const int size_px = request.model->framing.crop.width_px;
    std::set<core::Unit> units;
    for (const auto& [planned, trial] : kept) units.insert(planned.unit);
    for (const core::Unit& unit : units)
      for (const int batch : {kSyntheticPure, kSyntheticMixed})
        if (wants_synthetic(conditions, batch))
          pieces.push_back([this, unit, batch, size_px](net::Network& network, const core::StopFlag& stop) {
            const auto status = make_synthetic(network, synthetic_spec(request.spec, unit, batch, size_px),
                                               request.folder, stop, [this](double share) { doing.share(share); });
            doing.finish_one(estimate.synthetic_s(batch));
            return status;
          });
    if (pieces.empty()) {
      phase = Phase::finishing;
      return StepOutcome::more;
    }
    start(std::move(pieces));
  }
  if (!round_ended()) return unfinished();
  phase = Phase::finishing;
  return StepOutcome::more;
}

StepOutcome TrialMaking::State::finish_trials() {
  if (!round_runs) {
    std::vector<TrialWorkers::Piece> pieces;
    for (auto& [planned, trial] : kept)
      pieces.push_back([this, &planned = planned, &trial = trial](net::Network& network,
                                                                  const core::StopFlag& stop) -> base::Status {
        auto finished = finish_trial(context, network, trial, planned, stop);
        if (!finished) return finished.error();
        trial = *std::move(finished);
        doing.finish_one(0.0);
        return {};
      });
    start(std::move(pieces));
  }
  if (!round_ended()) return unfinished();
  phase = Phase::writing;
  return StepOutcome::more;
}

StepOutcome TrialMaking::State::write() {
  if (std::ranges::none_of(kept, [](const auto& entry) { return entry.second.role == study::Role::main; }))
    return fail({"The experiment has no main trial", "none of its units' trials passes the filter",
                 "Choose other units, or a milder filter"});
  study::Experiment made;
  made.spec = request.spec;
  made.conditions = conditions;
  made.asks_intuitiveness = request.asks_intuitiveness;
  for (auto& [planned, trial] : kept) made.trials.push_back(std::move(trial));
  choice.describe(made, shipped);
  add_foreign_queries(made);
  made.tasks = study::assign_tasks(made);
  if (const auto saved =
          core::save_text(request.folder / "screened.json", to_json(screened_sweeps(context, choice.to_screen())));
      !saved)
    return fail(saved.error());
  if (const auto written = write_experiment(request.folder, made); !written) return fail(written.error());
  std::error_code ignored;
  fs::remove_all(request.folder / "making", ignored);
  experiment = std::move(made);
  phase = Phase::ended;
  return StepOutcome::done;
}

TrialMaking::TrialMaking(TrialMakingRequest request) : state_(std::make_unique<State>(std::move(request))) {}

TrialMaking::~TrialMaking() {
  state_->workers.reset();  // its pieces use the rest
}

StepOutcome TrialMaking::step(const core::StopFlag& stop) {
  if (stop.stop_requested()) return StepOutcome::stopped;
  switch (state_->phase) {
    case State::Phase::opening:
      return state_->open();
    case State::Phase::scanning:
      return state_->scan_step(stop);
    case State::Phase::planning:
      return state_->plan();
    case State::Phase::measuring:
      return state_->measure();
    case State::Phase::screening:
      return state_->screen_candidates();
    case State::Phase::sweeping:
      return state_->sweep_trials();
    case State::Phase::references:
      return state_->make_references();
    case State::Phase::finishing:
      return state_->finish_trials();
    case State::Phase::writing:
      return state_->write();
    case State::Phase::ended:
      return StepOutcome::done;
  }
  CHECK(false, "a phase of making trials has no step");
}

std::shared_ptr<const TrialMakingSnapshot> TrialMaking::snapshot() const {
  const State& state = *state_;
  auto snapshot = std::make_shared<TrialMakingSnapshot>();
  const auto seconds = [](Clock::duration duration) { return std::chrono::duration<double>(duration).count(); };
  snapshot->elapsed_s = seconds(Clock::now() - state.began);
  snapshot->error = state.error;
  snapshot->done = state.phase == State::Phase::ended && !state.error;
  if (state.experiment) snapshot->experiment = std::make_shared<study::Experiment>(*state.experiment);
  if (state.ranks) snapshot->skipped = state.ranks->skipped;
  const double threads = std::max(1, state.request.threads);
  if (state.work_began) {
    snapshot->estimate_s = state.total_s / threads;
    const double left = std::max(0.0, 1.0 - state.doing.cost_s() / std::max(1e-9, state.total_s));
    const double spent = seconds(Clock::now() - *state.work_began);
    const bool told = state.doing.cost_s() > 0.05 * state.total_s;  // before, the plan knows better
    snapshot->remaining_s = told ? spent * left / std::max(1e-9, 1.0 - left) : *snapshot->estimate_s * left;
  }
  const int done = state.doing.done();
  const int all = static_cast<int>(state.round.size());
  switch (state.phase) {
    case State::Phase::opening:
      snapshot->doing = "opening the pictures";
      break;
    case State::Phase::scanning: {
      const auto now = state.scan->snapshot();
      snapshot->doing = "ranking the pictures · " + std::to_string(now->scanned) + " of " + std::to_string(now->total);
      break;
    }
    case State::Phase::planning:
    case State::Phase::measuring:
      snapshot->doing = "measuring how long it takes";
      break;
    case State::Phase::screening:
      snapshot->doing = "looking at " + state.doing.count_text("candidate", all);
      break;
    case State::Phase::sweeping:
      snapshot->trials_done = done;
      snapshot->trials = all;
      snapshot->doing = state.doing.count_text("trial", all) + state.doing.grid_text();
      break;
    case State::Phase::references:
      snapshot->doing = "synthetic references · unit " + std::to_string(done + 1) + " · " + state.doing.share_text();
      break;
    case State::Phase::finishing:
    case State::Phase::writing:
      snapshot->trials_done = done;
      snapshot->trials = static_cast<int>(state.kept.size());
      snapshot->doing = "references · " + state.doing.count_text("trial", snapshot->trials);
      break;
    case State::Phase::ended:
      snapshot->trials_done = done;
      snapshot->trials = static_cast<int>(state.kept.size());
      snapshot->doing = "done";
      break;
  }
  return snapshot;
}

}  // namespace engine
