#include "study/session_plan.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>

#include "study/analysis.h"

namespace study {
namespace {

constexpr std::size_t kMostLetters = 64;
constexpr double kMs_per_s = 1000.0;
constexpr int kSeconds_per_hour = 3600;

base::Error refused(const std::string& why, const std::string& what_to_do) {
  return {"The session cannot begin", why, what_to_do};
}

bool fits_file_names(const std::string& text) {
  return text.size() <= kMostLetters && std::ranges::all_of(text, [](unsigned char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
                  c == '-';
         });
}

base::Status check(const SessionAsk& ask) {
  constexpr const char* kAllowed = "Use at most 64 letters, digits, '.', '_' and '-', such as p01";
  if (ask.mode == Mode::practice) return refused("practice is no session", "Use --pilot or --real");
  if (ask.participant.empty()) return refused("the participant has no name", "Name one with --participant p01");
  if (!fits_file_names(ask.participant))
    return refused("\"" + ask.participant.substr(0, kMostLetters) + "\" cannot name a participant", kAllowed);
  if (!fits_file_names(ask.group))
    return refused("\"" + ask.group.substr(0, kMostLetters) + "\" cannot name a group", kAllowed);
  return {};
}

// Sessions of this participant in this condition, mode and experiment.
bool is_same_person(const SessionHeader& header, const SessionHeader& wanted) {
  return header.participant == wanted.participant && header.condition == wanted.condition &&
         header.mode == wanted.mode && header.experiment_hash == wanted.experiment_hash;
}

bool may_resume(const Experiment& experiment, const Session& session, std::int64_t now_unix_s) {
  const auto began = unix_time(session.header.began);
  if (session.end.complete || !began) return false;
  // Time that was spent in the session counts from its beginning; a break before does not shorten it.
  const double last_s = static_cast<double>(*began) + session.end.total_ms / kMs_per_s;
  return static_cast<double>(now_unix_s) - last_s <= 1.0 * experiment.resume_within_hours * kSeconds_per_hour;
}

// What was excluded or never ended is asked again (protocol 1.11); what may still be resumed is not.
bool uses_up_its_task(const Experiment& experiment, const Session& session, std::int64_t now_unix_s) {
  if (!session.end.complete) return may_resume(experiment, session, now_unix_s);
  return reasons_to_exclude(participations_of(session).front(), experiment.spec.fidelity).empty();
}

base::Result<const Condition*> chosen_condition(const Experiment& experiment, const std::string& name) {
  if (const Condition* condition = experiment.condition(name)) return condition;
  std::string known;
  for (const Condition& condition : experiment.conditions) known += (known.empty() ? "" : ", ") + condition.name;
  return refused("the experiment has no condition \"" + name.substr(0, kMostLetters) + "\"",
                 "Choose one with --condition: " + known);
}

std::string compact(const std::string& iso) {
  std::string digits;
  for (const char c : iso)
    if (c != '-' && c != ':') digits += c;
  return digits;
}

void take_over(SessionPlan& plan, const Session& session) {
  plan.resumed = true;
  const std::string group = plan.header.group;
  plan.header = session.header;
  if (!group.empty()) plan.header.group = group;
  plan.answered = session.answers;
  plan.before = session.end;
}

}  // namespace

const Task* free_task(const Experiment& experiment, const SessionHeader& wanted, const std::vector<Session>& stored,
                      std::int64_t now_unix_s) {
  std::map<std::string, int> used;
  for (const Session& session : stored)
    if (session.header.mode == wanted.mode && session.header.experiment_hash == wanted.experiment_hash &&
        (session.header.participant == wanted.participant || uses_up_its_task(experiment, session, now_unix_s)))
      ++used[session.header.task_name];
  const Task* best = nullptr;
  for (const Task& task : experiment.tasks) {
    if (task.condition != wanted.condition) continue;
    if (best == nullptr || used[task.name] < used[best->name]) best = &task;
  }
  return best;
}

std::string iso_time(std::int64_t unix_s) {
  using namespace std::chrono;
  const sys_seconds time{seconds(unix_s)};
  const sys_days day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{time - day};
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text;
}

std::optional<std::int64_t> unix_time(const std::string& iso) {
  using namespace std::chrono;
  int year_number = 0, hour = 0, minute = 0, second = 0;
  unsigned month_number = 0, day_number = 0;
  char end = 0;
  if (std::sscanf(iso.c_str(), "%4d-%2u-%2uT%2d:%2d:%2d%c", &year_number, &month_number, &day_number, &hour, &minute,
                  &second, &end) != 7 ||
      end != 'Z')
    return std::nullopt;
  const year_month_day date{year(year_number), month(month_number), day(day_number)};
  if (!date.ok()) return std::nullopt;
  const sys_seconds time = sys_days(date) + hours(hour) + minutes(minute) + seconds(second);
  return time.time_since_epoch().count();
}

base::Result<SessionPlan> plan_session(const Experiment& experiment, const std::string& experiment_name,
                                       const std::string& experiment_hash, const SessionAsk& ask,
                                       const std::vector<Session>& stored, std::int64_t now_unix_s) {
  if (const base::Status valid = check(ask); !valid) return valid.error();
  const auto condition = chosen_condition(experiment, ask.condition);
  if (!condition) return condition.error();
  SessionPlan plan;
  SessionHeader& header = plan.header;
  header.participant = ask.participant;
  header.group = ask.group;
  header.condition = (*condition)->name;
  header.mode = ask.mode;
  header.experiment = experiment_name;
  header.experiment_hash = experiment_hash;
  header.began = iso_time(now_unix_s);

  const Task* task =
      ask.task ? experiment.task(header.condition, *ask.task) : free_task(experiment, header, stored, now_unix_s);
  if (task == nullptr)
    return ask.task ? refused("the condition " + header.condition + " has no task " + std::to_string(*ask.task),
                              "Choose one from 1 to " + std::to_string(experiment.spec.tasks))
                    : refused("the condition " + header.condition + " has no tasks", "Make the trials again");

  const Session* interrupted = nullptr;
  for (const Session& session : stored) {
    if (!is_same_person(session.header, header)) continue;
    if (session.end.complete && ask.mode == Mode::real)
      return refused(ask.participant + " has already completed the condition " + header.condition,
                     "Give every person a name of their own");
    const bool same_task = !ask.task || session.header.task_name == task->name;
    if (same_task && may_resume(experiment, session, now_unix_s)) interrupted = &session;
  }
  for (const Session& session : stored)
    if (&session != interrupted && is_same_person(session.header, header))
      for (const Answer& answer : session.answers) plan.known.push_back(answer.trial_id);
  if (interrupted != nullptr) {
    take_over(plan, *interrupted);
    return plan;
  }
  header.task_name = task->name;
  header.batch = task->batch;
  header.session = std::string(to_string(ask.mode)) + "-" + ask.participant + "-" + header.condition + "-task" +
                   std::to_string(task->number) + "-" + compact(header.began);
  const std::string name = header.session;
  const auto is_taken = [&](const Session& session) { return session.header.session == header.session; };
  for (int i = 2; std::ranges::any_of(stored, is_taken); ++i) header.session = name + "-" + std::to_string(i);
  return plan;
}

}  // namespace study
