#include "study/simulate.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "study/question.h"
#include "study/run.h"
#include "study/session_plan.h"
#include "study/texts.h"

namespace study {
namespace {

constexpr double kInstruction_ms = 75000.0, kReaction_ms = 4500.0;  // medians
constexpr double kGoOn_ms = 350.0;                                  // until Continue appears
constexpr double kHurried = 0.05, kDawdles = 0.025;

double around(double median, double spread, base::Rng& rng) {
  return median * std::exp(spread * rng.normal());
}

struct Shown {
  const Trial* trial = nullptr;
  bool switched = false;
};
// The observer is told what a person only sees: which trial this is.
Shown shown_in(const Experiment& experiment, const Condition& condition, const std::string& task_name,
               const QuestionFiles& question) {
  for (const Trial& trial : experiment.trials)
    for (const bool switched : {false, true})
      if (question_files(trial, condition, task_name, switched) == question) return {&trial, switched};
  CHECK(false, "a question is about a trial of its experiment");
}

// Each condition has participants of its own, as in the study: with one name in all of them they would be compared
// within.
std::string participant_name(const SimulateAsk& ask, const std::string& condition) {
  char number[16];
  std::snprintf(number, sizeof number, "%04d", ask.participant);
  return std::string(to_string(ask.observer.rule)) + '-' + condition + '-' + number;
}

}  // namespace

base::Result<Session> simulate(const std::shared_ptr<const Experiment>& experiment, const std::string& experiment_name,
                               const std::string& experiment_hash, const SimulateAsk& ask) {
  const Condition* condition = experiment->condition(ask.condition);
  const auto tasks = std::ranges::count_if(
      experiment->tasks, [&](const Task& task) { return condition != nullptr && task.condition == condition->name; });
  SessionAsk session_ask;
  session_ask.mode = Mode::simulated;
  session_ask.participant = participant_name(ask, condition == nullptr ? ask.condition : condition->name);
  session_ask.condition = ask.condition;
  if (tasks > 0) session_ask.task = (ask.participant - 1) % static_cast<int>(tasks) + 1;
  const auto plan = plan_session(*experiment, experiment_name, experiment_hash, session_ask, {}, 0);
  if (!plan) return plan.error();
  const int pages = static_cast<int>(instructions_for(default_texts(), *condition).size());
  Run run(experiment, *plan, pages);

  base::Rng rng(ask.seed, "observer " + session_ask.participant);
  const double hurry = rng.uniform(), dawdle = rng.uniform();
  const double instruction_ms = hurry < kHurried ? rng.uniform(4000.0, 14000.0) : around(kInstruction_ms, 0.35, rng);
  const double slowness = dawdle < kDawdles ? 8.0 : 1.0;
  Session session{plan->header, {}, {}};
  session.header.observer = std::string(to_string(ask.observer.rule));
  session.header.seed = ask.seed;
  double now_ms = 0.0;
  while (run.page() != RunPage::end) {
    if (run.page() == RunPage::trial) {
      const Shown shown = shown_in(*experiment, *condition, plan->header.task_name, run.question());
      const int button = button_of(ask.observer, *shown.trial, condition->name, shown.switched, rng);
      const double rt_ms = slowness * around(kReaction_ms, 0.45, rng);
      now_ms += rt_ms;
      session.answers.push_back(run.answer(button, Device::observer, rt_ms, now_ms));
      run.acknowledge();
      now_ms += kGoOn_ms + around(400.0, 0.3, rng);
    } else if (run.page() == RunPage::intuitiveness) {
      run.set_intuitiveness(rng.below(201) - 100);
    } else if (run.page() == RunPage::instructions || run.page() == RunPage::welcome) {
      now_ms += instruction_ms / (pages + 1);
    } else {
      now_ms += 1000.0;
    }
    run.go_on(now_ms);
  }
  session.end = run.end();
  return session;
}

}  // namespace study
