// A whole session taken by an artificial observer: the same state machine, rows and files as a person's, marked
// simulated. Pure and seeded; any thread.
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "study/answer.h"
#include "study/experiment.h"
#include "study/observers.h"

namespace study {

struct SimulateAsk {
  Observer observer;
  std::string condition;  // name or code
  int participant = 1;    // from 1; participants take the tasks in turn
  std::uint64_t seed = 0;
};
// Instruction, reaction and total times are plausible; one participant in twenty hurries through the instructions and
// one in forty dawdles, so that exclusions have something to exclude. Refuses a condition that the experiment lacks.
base::Result<Session> simulate(const std::shared_ptr<const Experiment>& experiment, const std::string& experiment_name,
                               const std::string& experiment_hash, const SimulateAsk& ask);

}  // namespace study
