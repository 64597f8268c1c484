// Who sees what (protocol 1.8): every condition has the same tasks; task i uses image set (i − 1) mod image sets for
// all its main trials, with every unit once and the catch trials mixed in, in a seeded order. Also which side the max
// query of a trial stands on. Pure; any thread.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "study/experiment.h"

namespace study {

// Tasks 1 … experiment.spec.tasks of every condition, from the main and catch trials of the experiment. Task 7 has the
// same trials in the same order in every condition, as published.
std::vector<Task> assign_tasks(const Experiment& experiment);

// Whether the max query stands on the left: probability one half, from the task's name and the trial's place in the
// session (practice included) alone, so that a resumed session shows the same.
bool switched_queries(std::string_view task_name, int trial_index);

}  // namespace study
