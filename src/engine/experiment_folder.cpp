#include "engine/experiment_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/hash.h"
#include "core/image_io.h"
#include "engine/published_layout.h"
#include "study/observers.h"
#include "study/texts.h"

namespace engine {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kTrials = "trials.json";
constexpr const char* kTexts = "texts.json";
constexpr const char* kCounter = "next_tasks.json";
constexpr const char* kCounterKind = "unitscope task counter";

Quantiles quantiles(std::vector<double> values) {
  if (values.empty()) return {};
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  const double median = values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2.0;
  return {values.front(), median, values.back(), static_cast<int>(values.size())};
}

void count_rules(ExperimentReport& report, const study::Experiment& experiment) {
  for (const study::Rule rule : study::kRules) {
    if (rule == study::Rule::chance || rule == study::Rule::oracle) continue;
    ExperimentReport::RuleScore score{std::string(to_string(rule)), 0, 0};
    for (const study::Trial& trial : experiment.trials) {
      if (trial.role != study::Role::main) continue;
      const auto found = study::evidence(rule, trial, "natural");
      if (!found) continue;
      ++score.trials;
      score.right += *found > 0.0 ? 1 : 0;
    }
    report.rules.push_back(std::move(score));
  }
}

std::vector<std::string> files_of(const study::Trial& trial) {
  std::vector<std::string> files = {trial.base_file, trial.min_file, trial.max_file, trial.map_file,
                                    trial.foreign_min_file};
  for (const study::ReferenceSet& set : trial.references)
    for (const study::ReferencePicture& picture : set.pictures) files.push_back(picture.file);
  std::erase(files, std::string());
  return files;
}

// While it lives no other program counts in this folder.
class Lock {
 public:
  explicit Lock(const fs::path& file) : file_(::open(file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644)) {
    held_ = file_ >= 0 && ::flock(file_, LOCK_EX) == 0;
  }
  ~Lock() {
    if (file_ >= 0) ::close(file_);
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  [[nodiscard]] bool held() const { return held_; }

 private:
  int file_;
  bool held_ = false;
};

// Next task by condition; a condition that is not there begins with 1.
base::Result<std::map<std::string, int>> read_counter(const fs::path& folder) {
  std::map<std::string, int> next;
  std::error_code ignored;
  if (!fs::exists(folder / kCounter, ignored)) return next;
  const auto text = core::load_text(folder / kCounter, 1U << 20);
  if (!text) return text.error();
  const Json json = Json::parse(*text, nullptr, false);
  const auto damaged =
      base::Error{"The counter of tasks in " + folder.string() + " cannot be read", "it is not what unitscope wrote",
                  std::string("Remove ") + kCounter + " to count from 1 again, or name a task"};
  if (!json.is_object() || json.value("kind", "") != kCounterKind || !json.contains("next") ||
      !json["next"].is_object())
    return damaged;
  for (const auto& [condition, number] : json["next"].items()) {
    if (!number.is_number_integer() || number < 1 || number > 1000000000) return damaged;
    next[condition] = number.get<int>();
  }
  return next;
}

base::Status write_counter(const fs::path& folder, const std::map<std::string, int>& next) {
  return core::save_text(folder / kCounter,
                         Json{{"kind", kCounterKind}, {"version", 1}, {"next", next}}.dump(2) + '\n');
}

base::Result<int> next_task(const ReadExperiment& read, const std::string& condition, bool take) {
  const study::Condition* known = read.experiment.condition(condition);
  const auto tasks = std::ranges::count_if(read.experiment.tasks, [&](const study::Task& task) {
    return known != nullptr && task.condition == known->name;
  });
  if (tasks == 0) {
    std::string choices;
    for (const study::Condition& other : read.experiment.conditions)
      choices += (choices.empty() ? "" : ", ") + other.name;
    return base::Error{"The experiment " + read.folder.string() + " has no tasks for \"" + condition + '"',
                       "it is not among its conditions", "Choose one of: " + choices};
  }
  const Lock lock(read.folder / "next_tasks.lock");
  if (take && !lock.held())
    return base::Error{"No task can be taken from " + read.folder.string(), "the folder cannot be written",
                       "Make it writable, or name a task"};
  auto counted = read_counter(read.folder);
  if (!counted) return counted.error();
  int& next = (*counted)[known->name];
  next = std::max(1, next);
  const int task = (next - 1) % static_cast<int>(tasks) + 1;
  ++next;
  if (take)
    if (const auto written = write_counter(read.folder, *counted); !written) return written.error();
  return task;
}

}  // namespace

base::Result<ReadExperiment> read_experiment(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::exists(folder / kTrials, ignored))
    return base::Error{"The folder " + folder.string() + " is no experiment", "it has no trials.json",
                       "Make one with unitscope-cli trials make --out " + folder.string()};
  const auto text = core::load_text(folder / kTrials);
  if (!text) return text.error();
  auto experiment = study::experiment_from_json(*text);
  if (!experiment)
    return base::Error{"The experiment " + folder.string() + " cannot be read", experiment.error().why,
                       experiment.error().what_to_do};
  return ReadExperiment{folder, *std::move(experiment), base::sha256_hex(std::as_bytes(std::span(*text)))};
}

base::Status write_experiment(const fs::path& folder, const study::Experiment& experiment) {
  if (const auto written = write_published_layout(folder, experiment); !written) return written;
  std::error_code ignored;
  if (!fs::exists(folder / kTexts, ignored))
    if (const auto saved = core::save_text(folder / kTexts, study::to_json(study::default_texts())); !saved)
      return saved;
  return core::save_text(folder / kTrials, study::to_json(experiment));
}

base::Status clear_experiment(const fs::path& folder) {
  std::error_code failed;
  std::vector<std::string> names = {kTrials, kCounter, "next_tasks.lock", "screened.json", "stimuli", "making"};
  if (const auto read = read_experiment(folder)) {
    const auto published = published_folders(read->experiment);
    names.insert(names.end(), published.begin(), published.end());
  }
  for (const std::string& name : names) {
    fs::remove_all(folder / name, failed);
    if (failed)
      return base::Error{"The experiment in " + folder.string() + " cannot be replaced", failed.message(),
                         "Choose another folder, or make this one writable"};
  }
  return {};
}

ExperimentReport report_on(const ReadExperiment& read) {
  const study::Experiment& experiment = read.experiment;
  ExperimentReport report;
  std::vector<double> effects, relative, apart;
  std::set<std::string> files;
  for (const study::Trial& trial : experiment.trials) {
    switch (trial.role) {
      case study::Role::main:
        ++report.main;
        effects.push_back(effect_in_spreads(trial));
        if (const auto difference = relative_difference(trial)) relative.push_back(*difference);
        apart.push_back(squares_apart_px(trial));
        break;
      case study::Role::catch_trial:
        ++report.catch_trials;
        break;
      case study::Role::obvious_practice:
        ++report.obvious;
        break;
      case study::Role::less_obvious_practice:
        ++report.less_obvious;
        break;
    }
    for (std::string& file : files_of(trial)) files.insert(std::move(file));
  }
  report.rejected = static_cast<int>(experiment.rejected.size());
  report.tasks_a_condition = experiment.spec.tasks;
  for (const study::Condition& condition : experiment.conditions) report.conditions.push_back(condition.name);
  report.effect_in_spreads = quantiles(std::move(effects));
  report.relative_difference = quantiles(std::move(relative));
  report.squares_apart_px = quantiles(std::move(apart));
  count_rules(report, experiment);
  std::error_code ignored;
  for (const std::string& file : files)
    if (!fs::is_regular_file(read.folder / file, ignored)) report.missing.push_back(file);
  return report;
}

base::Result<int> take_task(const ReadExperiment& experiment, const std::string& condition) {
  return next_task(experiment, condition, true);
}

base::Result<int> peek_task(const ReadExperiment& experiment, const std::string& condition) {
  return next_task(experiment, condition, false);
}

}  // namespace engine
