// Jobs whose whole work is one step: a file read or written. The thread of their slot.
#pragma once
#include <functional>
#include <memory>
#include <utility>

#include "engine/slot.h"

namespace engine {

// Work of one step: a function from the request to its snapshot. Every request is another job.
template <class Request, class Snapshot>
class Once final : public SlotJob<Request, Snapshot> {
 public:
  using Work = std::function<std::shared_ptr<const Snapshot>(const Request&)>;
  Once(const Request& request, Work work) : request_(request), work_(std::move(work)) {}

  void change(const Request& request) override { request_ = request; }
  core::StepOutcome step(const core::StopFlag& /*one file is not worth stopping*/) override {
    answer_ = work_(request_);
    return core::StepOutcome::done;
  }
  std::shared_ptr<const Snapshot> snapshot() const override { return answer_; }

 private:
  Request request_;
  Work work_;
  std::shared_ptr<const Snapshot> answer_;
};

template <class Request, class Snapshot>
SlotRules<Request, Snapshot> once(typename Once<Request, Snapshot>::Work work) {
  SlotRules<Request, Snapshot> rules;
  rules.same_job = [](const Request&, const Request&) { return false; };
  rules.make =
      [work = std::move(work)](const Request& request) -> base::Result<std::unique_ptr<SlotJob<Request, Snapshot>>> {
    return {std::make_unique<Once<Request, Snapshot>>(request, work)};
  };
  rules.yields_to_hand = false;
  return rules;
}

}  // namespace engine
