#include "engine/practice_run.h"

#include "engine/likeness.h"
#include "engine/networks.h"
#include "study/answer.h"

namespace engine {

using core::StepOutcome;

PracticeRun::PracticeRun(std::shared_ptr<net::Network> network, PracticeRunRequest request)
    : network_(std::move(network)),
      request_(std::move(request)),
      practice_(network_, request_.practice),
      rng_(request_.practice.seed, "observers of practice") {
  for (const study::Rule rule : request_.rules) so_far_.scores.push_back({rule, {}});
}

StepOutcome PracticeRun::step(const core::StopFlag& stop) {
  if (so_far_.error || so_far_.asked >= request_.questions) return StepOutcome::done;
  const StepOutcome outcome = practice_.step(stop);
  if (outcome != StepOutcome::done) return outcome;
  const auto prepared = practice_.snapshot();
  if (prepared->error) {
    so_far_.error = prepared->error;
    return StepOutcome::done;
  }
  if (prepared->question->truth_seen) {
    so_far_.error = base::Error{"There are no more practice questions",
                                "after " + std::to_string(so_far_.asked) + " every picture of these units was asked",
                                "Ask for fewer --questions, or open a folder with more pictures"};
    return StepOutcome::done;
  }
  return answer(*prepared->question, stop);
}

StepOutcome PracticeRun::answer(const PracticeQuestion& question, const core::StopFlag& stop) {
  study::Trial trial = question.trial;
  const study::QuestionPictures& shown = question.pictures;
  std::vector<core::Image> pictures = {question.switched_queries ? shown.right : shown.left,
                                       question.switched_queries ? shown.left : shown.right};
  pictures.insert(pictures.end(), shown.references.begin(), shown.references.end());
  const LayerScale scale = scale_of(*request_.practice.scan, network_->model(), trial.unit.layer);
  auto features = features_of(*network_, pictures, trial.unit, scale, stop);
  if (!features) {
    if (was_stopped(features.error())) return StepOutcome::stopped;
    so_far_.error = features.error();
    return StepOutcome::done;
  }
  const std::vector<Features> references(features->begin() + 2, features->end());
  if (!references.empty()) {
    trial.references.front().likeness_min = likeness((*features)[0], references);
    trial.references.front().likeness_max = likeness((*features)[1], references);
  }
  for (RuleScore& one : so_far_.scores) {
    const int button =
        study::button_of({one.rule}, trial, trial.references.front().condition, question.switched_queries, rng_);
    one.score.add(study::is_left(button) == question.switched_queries);
  }
  so_far_.trials.push_back(std::move(trial));
  ++so_far_.asked;
  request_.practice.number = question.number + 1;
  practice_.change(request_.practice);
  return so_far_.asked >= request_.questions ? StepOutcome::done : StepOutcome::more;
}

std::shared_ptr<const PracticeRunSnapshot> PracticeRun::snapshot() const {
  return std::make_shared<PracticeRunSnapshot>(so_far_);
}

}  // namespace engine
