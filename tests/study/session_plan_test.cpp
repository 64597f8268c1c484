#include "study/session_plan.h"

#include "catch.h"
#include "made_up_trials.h"
#include "study/assignment.h"

namespace {

study::Experiment an_experiment() {
  study::Experiment made = made_up::experiment();
  made.tasks = study::assign_tasks(made);
  return made;
}

study::SessionAsk ask_for(const std::string& participant, const std::string& condition = "natural") {
  study::SessionAsk ask;
  ask.participant = participant;
  ask.group = "expert";
  ask.condition = condition;
  return ask;
}

study::Session session_of(const study::SessionPlan& plan, bool complete) {
  study::Session session;
  session.header = plan.header;
  session.end.complete = complete;
  session.end.instruction_ms = 30'000;
  session.end.total_ms = 120'000;
  return session;
}

constexpr std::int64_t kNow = 1'795'521'948;  // 2026-11-24T12:05:48Z

base::Result<study::SessionPlan> plan(const study::SessionAsk& ask, const std::vector<study::Session>& stored = {},
                                      std::int64_t now = kNow) {
  return study::plan_session(an_experiment(), "experiment", "hash", ask, stored, now);
}

}  // namespace

TEST_CASE("Times are written as ISO 8601 and read back") {
  REQUIRE(study::iso_time(kNow) == "2026-11-24T12:05:48Z");
  for (const std::int64_t time : {std::int64_t{0}, kNow, std::int64_t{951'782'399}, std::int64_t{4'102'444'800}})
    REQUIRE(study::unix_time(study::iso_time(time)) == time);
  for (const char* wrong : {"", "yesterday", "2026-13-01T00:00:00Z", "2026-11-24 12:05:48"})
    REQUIRE_FALSE(study::unix_time(wrong));
}

TEST_CASE("Participants get the sets in turn, and the set that the fewest have had") {
  std::vector<study::Session> stored;
  std::vector<std::string> names;
  for (int i = 0; i < 6; ++i) {
    const auto made = plan(ask_for("p" + std::to_string(i)), stored);
    names.push_back(made->header.task_name);
    stored.push_back(session_of(*made, true));
  }
  REQUIRE(names == std::vector<std::string>{"natural_9_references/task_1", "natural_9_references/task_2",
                                            "natural_9_references/task_3", "natural_9_references/task_4",
                                            "natural_9_references/task_1", "natural_9_references/task_2"});
  // What was excluded is asked again, and so is what was cut off, once it can no longer go on.
  auto hurried = session_of(*plan(ask_for("p6"), stored), true);
  hurried.end.instruction_ms = 3'000;
  REQUIRE(hurried.header.task_name == "natural_9_references/task_3");
  stored.push_back(hurried);
  REQUIRE(plan(ask_for("p7"), stored)->header.task_name == "natural_9_references/task_3");
  REQUIRE(plan(ask_for("p6"), stored)->header.task_name == "natural_9_references/task_4");  // who knows those trials
  stored.push_back(session_of(*plan(ask_for("p7"), stored), false));
  REQUIRE(plan(ask_for("p8"), stored)->header.task_name == "natural_9_references/task_4");
  REQUIRE(plan(ask_for("p8"), stored, kNow + 25 * 3600)->header.task_name == "natural_9_references/task_3");
  // Pilots do not use up the sets of real sessions, nor does another condition.
  auto real = ask_for("q");
  real.mode = study::Mode::real;
  REQUIRE(plan(real, stored)->header.task_name == "natural_9_references/task_1");
  REQUIRE(plan(ask_for("q", "none"), stored)->header.task_name == "no_references/task_1");
}

TEST_CASE("The mode and the person are in a session's name, and no two sessions share one") {
  const auto first = plan(ask_for("p01"));
  REQUIRE(first->header.session == "pilot-p01-natural-task1-20261124T120548Z");
  auto other_task = session_of(*first, true);
  other_task.header.task_name = "natural_9_references/task_4";
  REQUIRE(plan(ask_for("p01"), {other_task})->header.session == "pilot-p01-natural-task1-20261124T120548Z-2");
}

TEST_CASE("A session that was cut off goes on within its hours, for the same person, condition, mode and trials") {
  const auto begun = plan(ask_for("p01"));
  const std::vector<study::Session> stored = {session_of(*begun, false)};
  REQUIRE(plan(ask_for("p01"), stored, kNow + 23 * 3600)->resumed);
  REQUIRE(plan(ask_for("p01"), stored, kNow + 23 * 3600)->header.session == begun->header.session);
  REQUIRE_FALSE(plan(ask_for("p01"), stored, kNow + 25 * 3600)->resumed);
  REQUIRE_FALSE(plan(ask_for("p02"), stored)->resumed);
  REQUIRE_FALSE(plan(ask_for("p01", "none"), stored)->resumed);
  auto real = ask_for("p01");
  real.mode = study::Mode::real;
  REQUIRE_FALSE(plan(real, stored)->resumed);
  auto other = ask_for("p01");
  other.task = 3;
  REQUIRE_FALSE(plan(other, stored)->resumed);
  REQUIRE_FALSE(study::plan_session(an_experiment(), "experiment", "changed", ask_for("p01"), stored, kNow)->resumed);
}

TEST_CASE("Who comes again after a whole session: pilots are flagged, real sessions are refused") {
  auto ask = ask_for("p01");
  auto done = session_of(*plan(ask), true);
  study::Answer answer;
  answer.trial_id = "main-0-b0";
  done.answers = {answer};
  // Whoever comes back too late has seen those trials, too.
  auto expired = session_of(*plan(ask), false);
  expired.answers = {answer};
  const auto late = plan(ask, {expired}, kNow + 25 * 3600);
  REQUIRE_FALSE(late->resumed);
  REQUIRE(late->known == std::vector<std::string>{"main-0-b0"});
  REQUIRE(plan(ask, {expired})->resumed);
  REQUIRE(plan(ask, {expired})->known.empty());
  const auto again = plan(ask, {done});
  REQUIRE_FALSE(again->resumed);
  REQUIRE(again->known == std::vector<std::string>{"main-0-b0"});
  ask.mode = study::Mode::real;
  done.header.mode = study::Mode::real;
  const auto refused = plan(ask, {done});
  REQUIRE_FALSE(refused);
  REQUIRE(refused.error().sentence().find("already completed") != std::string::npos);
}

TEST_CASE("What cannot be is refused with what can") {
  REQUIRE(plan(ask_for("p01", "psychic")).error().sentence().find("none, natural") != std::string::npos);
  auto ask = ask_for("p01");
  ask.task = 5;
  REQUIRE(plan(ask).error().sentence().find("1 to 4") != std::string::npos);
  for (const char* name : {"", "a b", "../p01", "p/1", "ü"}) REQUIRE_FALSE(plan(ask_for(name)));
  ask = ask_for("p01");
  ask.mode = study::Mode::practice;
  REQUIRE_FALSE(plan(ask));
}
