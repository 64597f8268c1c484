// The long work: a sweep, visualizations. What they compute is net's; here is when they are wanted, how fast they go
// and what the window hears of them.
#include <algorithm>
#include <deque>

#include "base/check.h"
#include "engine/jobs.h"
#include "net/occlusion_sweep.h"
#include "net/visualization.h"

namespace engine {
namespace {

using core::StepOutcome;
using namespace std::chrono_literals;

double seconds(Clock::duration time) {
  return std::chrono::duration<double>(time).count();
}

// Steps in the last second, or since the work began if that is less.
class Speed {
 public:
  void begin(Clock::time_point now) {
    times_.clear();
    times_.push_back(now);
  }
  void count(Clock::time_point now) {
    times_.push_back(now);
    while (times_.size() > 2 && now - times_.front() > 1s) times_.pop_front();
  }
  [[nodiscard]] double per_s() const {
    if (times_.size() < 2) return 0.0;
    return static_cast<double>(times_.size() - 1) / std::max(1e-9, seconds(times_.back() - times_.front()));
  }

 private:
  std::deque<Clock::time_point> times_;
};

class Sweep final : public SlotJob<SweepRequest, SweepAnswer> {
 public:
  Sweep(std::shared_ptr<net::Network> network, std::unique_ptr<net::OcclusionSweep> sweep, const SweepRequest& request)
      : network_(std::move(network)), sweep_(std::move(sweep)), command_(core::to_command(request.spec)) {}

  void change(const SweepRequest& /*the same one again*/) override {}

  StepOutcome step(const core::StopFlag& stop) override {
    if (ended_) return StepOutcome::done;
    base::set_reproduce_command(command_);
    const StepOutcome outcome = sweep_->step(stop);
    if (outcome == StepOutcome::stopped) return outcome;
    elapsed_s_ = seconds(Clock::now() - begin_);
    ended_ = outcome == StepOutcome::done || sweep_->error() != nullptr;
    return ended_ ? StepOutcome::done : StepOutcome::more;
  }

  std::shared_ptr<const SweepAnswer> snapshot() const override {
    auto answer = std::make_shared<SweepAnswer>();
    answer->sweep = *sweep_->snapshot();
    answer->elapsed_s = elapsed_s_;
    if (sweep_->error() != nullptr) answer->error = *sweep_->error();
    return answer;
  }

 private:
  std::shared_ptr<net::Network> network_;  // the sweep's
  std::unique_ptr<net::OcclusionSweep> sweep_;
  const std::string command_;
  const Clock::time_point begin_ = Clock::now();
  double elapsed_s_ = 0.0;
  bool ended_ = false;
};

class Visualization final : public SlotJob<VisualizeRequest, VisualizeAnswer> {
 public:
  Visualization(std::shared_ptr<net::Network> network, std::unique_ptr<net::Visualization> visualization,
                const VisualizeRequest& request)
      : network_(std::move(network)),
        visualization_(std::move(visualization)),
        request_(request),
        command_(core::to_command(request.spec)) {
    speed_.begin(Clock::now());
  }

  void change(const VisualizeRequest& request) override {
    singles_ += std::max(0, request.single_steps - request_.single_steps);
    if (!(request.spec == request_.spec)) {
      visualization_->change(request.spec);
      command_ = core::to_command(request.spec);
      const bool goes_on = request.spec.steps > request_.spec.steps && visualization_->error() == nullptr;
      ended_ = ended_ && !goes_on;
    }
    if (request.run == Run::running) {
      singles_ = 0;
      if (request_.run == Run::paused) speed_.begin(Clock::now());
    }
    request_ = request;
  }

  StepOutcome step(const core::StopFlag& stop) override {
    if (rests()) return StepOutcome::done;
    base::set_reproduce_command(command_);
    const StepOutcome outcome = visualization_->step(stop);
    if (outcome == StepOutcome::stopped) return outcome;
    speed_.count(Clock::now());
    if (request_.run == Run::paused) --singles_;
    ended_ = outcome == StepOutcome::done || visualization_->error() != nullptr;
    return rests() ? StepOutcome::done : StepOutcome::more;
  }

  std::shared_ptr<const VisualizeAnswer> snapshot() const override {
    auto answer = std::make_shared<VisualizeAnswer>();
    answer->visualization = *visualization_->snapshot();
    answer->visualization.steps_per_s = speed_.per_s();
    answer->run = request_.run;
    answer->restarts = request_.restarts;
    if (visualization_->error() != nullptr) answer->error = *visualization_->error();
    return answer;
  }

 private:
  bool rests() const { return ended_ || (request_.run == Run::paused && singles_ == 0); }

  std::shared_ptr<net::Network> network_;  // the visualization's
  std::unique_ptr<net::Visualization> visualization_;
  VisualizeRequest request_;
  std::string command_;
  Speed speed_;
  int singles_ = 0;  // updates still to make while paused
  bool ended_ = false;
};

}  // namespace

SlotRules<SweepRequest, SweepAnswer> sweep_rules(Networks& networks) {
  SlotRules<SweepRequest, SweepAnswer> rules;
  rules.same_job = [](const SweepRequest& a, const SweepRequest& b) {
    return a.model == b.model && a.picture == b.picture && a.spec == b.spec;
  };
  rules.empties = [](const SweepRequest& request) { return !request.model; };
  rules.make =
      [&networks](const SweepRequest& request) -> base::Result<std::unique_ptr<SlotJob<SweepRequest, SweepAnswer>>> {
    if (!request.picture) return base::Error{"There is nothing to occlude", "no picture was chosen", "Choose one."};
    if (request.picture->error) return *request.picture->error;
    auto network = networks.of(request.model);
    if (!network) return network.error();
    auto sweep = net::OcclusionSweep::create(**network, request.picture->image, request.spec);
    if (!sweep) return sweep.error();
    return {std::make_unique<Sweep>(*std::move(network), *std::move(sweep), request)};
  };
  rules.failed = [](const SweepRequest& request, base::Error error) {
    auto answer = std::make_shared<SweepAnswer>();
    answer->sweep.spec = request.spec;
    answer->error = std::move(error);
    return answer;
  };
  rules.publish_interval = 16ms;
  return rules;
}

SlotRules<VisualizeRequest, VisualizeAnswer> visualize_rules(Networks& networks) {
  SlotRules<VisualizeRequest, VisualizeAnswer> rules;
  rules.same_job = [](const VisualizeRequest& a, const VisualizeRequest& b) {
    return a.model == b.model && a.restarts == b.restarts && core::same_identity(a.spec, b.spec);
  };
  rules.empties = [](const VisualizeRequest& request) { return !request.model; };
  rules.make = [&networks](const VisualizeRequest& request)
      -> base::Result<std::unique_ptr<SlotJob<VisualizeRequest, VisualizeAnswer>>> {
    auto network = networks.of(request.model);
    if (!network) return network.error();
    auto visualization = net::Visualization::create(**network, request.spec);
    if (!visualization) return visualization.error();
    return {std::make_unique<Visualization>(*std::move(network), *std::move(visualization), request)};
  };
  rules.failed = [](const VisualizeRequest& request, base::Error error) {
    auto answer = std::make_shared<VisualizeAnswer>();
    answer->visualization.spec = request.spec;
    answer->run = request.run;
    answer->restarts = request.restarts;
    answer->error = std::move(error);
    return answer;
  };
  rules.publish_interval = 16ms;
  return rules;
}

SlotRules<ScanRequest, ScanSnapshot> scan_rules(Networks& networks, ScanOptions options) {
  SlotRules<ScanRequest, ScanSnapshot> rules;
  rules.same_job = [](const ScanRequest& a, const ScanRequest& b) {
    return a.model == b.model && a.collection == b.collection;
  };
  rules.empties = [](const ScanRequest& request) { return !request.model; };
  rules.make = [&networks, options](
                   const ScanRequest& request) -> base::Result<std::unique_ptr<SlotJob<ScanRequest, ScanSnapshot>>> {
    auto network = networks.of(request.model);
    if (!network) return network.error();
    return {std::make_unique<Scan>(*std::move(network), request, options)};
  };
  rules.failed = failed_with<ScanRequest, ScanSnapshot>;
  rules.publish_interval = 300ms;
  return rules;
}

}  // namespace engine
