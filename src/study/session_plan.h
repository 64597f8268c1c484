// How a session begins: which set of trials a participant gets, whether an interrupted session goes on, and which of
// its trials were answered before. A pure function of the experiment and of what is stored; the time comes in. Any
// thread.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "study/answer.h"
#include "study/experiment.h"

namespace study {

struct SessionAsk {
  Mode mode = Mode::pilot;
  std::string participant;  // letters, digits, '.', '_' and '-'
  std::string group;        // the same; may be empty
  std::string condition;    // name or code
  std::optional<int> task;  // absent: that of the interrupted session, else free_task
  bool operator==(const SessionAsk&) const = default;
};

struct SessionPlan {
  SessionHeader header;
  bool resumed = false;
  std::vector<Answer> answered;    // in this session before it was interrupted
  SessionEnd before;               // of the interrupted session
  std::vector<std::string> known;  // trials that this participant answered in another session of the same condition
  bool operator==(const SessionPlan&) const = default;
};

// `experiment_name` and `experiment_hash` go into the header. Refuses an unknown condition or task, names that cannot
// stand in a file name, and in real mode a participant who has completed this condition.
base::Result<SessionPlan> plan_session(const Experiment& experiment, const std::string& experiment_name,
                                       const std::string& experiment_hash, const SessionAsk& ask,
                                       const std::vector<Session>& stored, std::int64_t now_unix_s);

// The set of trials that a participant gets: of the condition's tasks the one that the fewest stored sessions of the
// mode and experiment used up, the lowest number of those. A session that was excluded, or that can no longer be
// resumed, used nothing up, unless it was the same participant's. Of `wanted` participant, condition, mode and
// experiment_hash count. Null where the condition has no tasks.
const Task* free_task(const Experiment& experiment, const SessionHeader& wanted, const std::vector<Session>& stored,
                      std::int64_t now_unix_s);

// "2026-11-24T12:05:48Z" and back; nothing where the text is no such time.
std::string iso_time(std::int64_t unix_s);
std::optional<std::int64_t> unix_time(const std::string& iso);

}  // namespace study
