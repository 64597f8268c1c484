#include "study/experiment.h"

#include <algorithm>
#include <set>

#include "catch.h"
#include "study/assignment.h"
#include "study/made_up_trials.h"

namespace {

study::Experiment whole_experiment() {
  study::Experiment made = made_up::experiment();
  made.spec.own_references = {{"mine", "my references", std::string(64, 'd')}};
  made.spec.sweeps_all = true;
  made.spec.filter.least_relative_difference = 0.25;
  made.units.push_back({{"mixed4a_pre_relu", 7, std::nullopt}, study::Role::main, true, "mixed4a", 2, "3x3", 1, 2, 3});
  made.bins.push_back({{"mixed4a_pre_relu", 7, std::nullopt}, 10, 2});
  made.rejected.push_back({"x", {"mixed4a_pre_relu", 8, core::Cell{1, 2}}, 1, "The difference is under the floor."});
  made.remarks = {"said \"aloud\""};
  made.asks_intuitiveness = true;
  made.resume = study::ResumePolicy::restart;
  made.trials[1].references[0].pictures[0].window = core::Occluder{4, 6, 90};
  made.trials[1].top5_kept_min = 3;
  made.trials[2].min.object_share.reset();
  made.tasks = study::assign_tasks(made);
  return made;
}

std::string refusal(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  text.replace(at, from.size(), to);
  const auto read = study::experiment_from_json(text);
  REQUIRE(!read);
  return read.error().sentence();
}

}  // namespace

TEST_CASE("An experiment comes back from its JSON as it was, and equal ones give equal bytes") {
  const study::Experiment made = whole_experiment();
  const std::string text = study::to_json(made);
  const auto read = study::experiment_from_json(text);
  REQUIRE(read);
  REQUIRE(*read == made);
  REQUIRE(study::to_json(*read) == text);
  const auto trial = study::trial_from_json(study::to_json(made.trials[1]));
  REQUIRE(trial);
  REQUIRE(*trial == made.trials[1]);
}

TEST_CASE("What an experiment's JSON gets wrong is said by name") {
  const std::string text = study::to_json(whole_experiment());
  REQUIRE(refusal(text, "\"remarks\"", "\"remark\"").find("remarks") != std::string::npos);
  REQUIRE(refusal(text, "\"version\": 1", "\"version\": 2").find("newer") != std::string::npos);
  REQUIRE(refusal(text, "\"quick\"", "\"slow\"").find("quick, standard, full") != std::string::npos);
  REQUIRE(refusal(text, "\"id\": \"main-0-b1\"", "\"id\": \"main-0-b0\"").find("twice") != std::string::npos);
  REQUIRE(refusal(text, "\"id\": \"main-0-b1\"", "\"id\": \"gone\"").find("not there") != std::string::npos);
  REQUIRE(refusal(text, "stimuli/main-0-b1/min.png", "../../secret.png").find("inside") != std::string::npos);
  REQUIRE(refusal(text, "stimuli/main-0-b1/min.png", "/etc/passwd").find("inside") != std::string::npos);
  REQUIRE(refusal(text, "\"activation\": -1.25", "\"activation\": 7").find("above its highest") != std::string::npos);
  REQUIRE(refusal(text, "\"image_sets\": 2", "\"image_sets\": 2.5").find("image_sets") != std::string::npos);
  REQUIRE(!study::experiment_from_json(text.substr(0, text.size() / 2)));
  REQUIRE(!study::experiment_from_json(""));
}

TEST_CASE("An experiment that was made before a key was known is read without it") {
  std::string text = study::to_json(whole_experiment());
  for (const std::string key : {"\"hash\":", "\"sweeps_all\":"}) {
    const std::size_t at = text.find(key);
    REQUIRE(at != std::string::npos);
    const std::size_t comma = text.rfind(',', at);
    text.erase(comma, text.find_first_of("}\n", at) - comma);
  }
  const auto read = study::experiment_from_json(text);
  INFO((read ? "" : read.error().sentence()));
  REQUIRE(read);
  REQUIRE(read->spec.own_references.front().hash.empty());
  REQUIRE(!read->spec.sweeps_all);
}

TEST_CASE("Every task has every unit once and all catch trials, of its own image set, in the same order everywhere") {
  study::Experiment made = made_up::experiment(18, 10, 50);
  made.tasks = study::assign_tasks(made);
  REQUIRE(made.tasks.size() == 100);
  std::set<std::vector<std::string>> orders;
  for (const study::Task& task : made.tasks) {
    REQUIRE(task.batch == (task.number - 1) % 10);
    REQUIRE(task.trials.size() == 21);
    std::set<std::string> main, catches;
    for (const std::string& id : task.trials) {
      const study::Trial* trial = made.find(id);
      REQUIRE(trial != nullptr);
      if (trial->role == study::Role::main) REQUIRE(trial->batch == task.batch);
      (trial->role == study::Role::main ? main : catches).insert(id);
    }
    REQUIRE(main.size() == 18);
    REQUIRE(catches.size() == 3);
    REQUIRE(made.task("none", task.number)->trials == made.task("natural", task.number)->trials);
    orders.insert(task.trials);
  }
  REQUIRE(orders.size() == 50);  // an order of its own for each task
  REQUIRE(made.task("natural", 1)->name == "natural_9_references/task_1");
  REQUIRE(made.task("natural", 51) == nullptr);
  made.spec.seed = 1;
  REQUIRE(study::assign_tasks(made)[0].trials != made.tasks[0].trials);
}

TEST_CASE("The max query stands left in about half of the trials, and always on the same side for a task and trial") {
  int left = 0;
  for (int task = 0; task < 50; ++task)
    for (int trial = 0; trial < 21; ++trial) {
      const std::string name = "natural_9_references/task_" + std::to_string(task);
      left += study::switched_queries(name, trial) ? 1 : 0;
      REQUIRE(study::switched_queries(name, trial) == study::switched_queries(name, trial));
    }
  REQUIRE(left > 450);
  REQUIRE(left < 600);
}
