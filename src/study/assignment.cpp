#include "study/assignment.h"

#include <utility>

#include "base/hash.h"
#include "base/rng.h"

namespace study {

std::vector<Task> assign_tasks(const Experiment& experiment) {
  std::vector<Task> tasks;
  const int image_sets = std::max(1, experiment.spec.image_sets);
  for (const Condition& condition : experiment.conditions) {
    for (int number = 1; number <= experiment.spec.tasks; ++number) {
      Task task{
          condition.code + "/task_" + std::to_string(number), condition.name, number, (number - 1) % image_sets, {}};
      for (const Trial& trial : experiment.trials)
        if (trial.role == Role::catch_trial || (trial.role == Role::main && trial.batch == task.batch))
          task.trials.push_back(trial.id);
      base::Rng rng(experiment.spec.seed, "order of task " + std::to_string(number));
      for (std::size_t i = task.trials.size(); i > 1; --i)
        std::swap(task.trials[i - 1], task.trials[static_cast<std::size_t>(rng.below(static_cast<int>(i)))]);
      tasks.push_back(std::move(task));
    }
  }
  return tasks;
}

bool switched_queries(std::string_view task_name, int trial_index) {
  return base::Rng(base::hash64(task_name), "switched queries " + std::to_string(trial_index)).uniform() < 0.5;
}

}  // namespace study
