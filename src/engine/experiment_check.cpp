#include "engine/experiment_check.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "core/image_io.h"
#include "engine/published_layout.h"
#include "engine/session_messages.h"
#include "engine/store_thread.h"
#include "study/answer.h"
#include "study/observers.h"
#include "study/session_plan.h"
#include "study/texts.h"

namespace engine {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

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

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

// What must be in the folder, each file once: missing or damaged where it is not as it was made.
class Check {
 public:
  Check(const ReadExperiment& read, ExperimentReport& report) : read_(read), report_(report) {}

  void trials() {
    for (const study::Trial& trial : read_.experiment.trials) {
      const core::Size base = picture(trial.base_file);
      for (const std::string* file : {&trial.min_file, &trial.max_file})
        if (const core::Size size = picture(*file); size.width_px > 0 && base.width_px > 0 && !(size == base))
          report_.damaged.push_back(*file + " has " + text(size) + " pixels, but " + trial.base_file + " has " +
                                    text(base) + ".");
      if (!trial.foreign_min_file.empty()) static_cast<void>(picture(trial.foreign_min_file));
      if (!trial.map_file.empty()) map(trial.map_file);
      for (const study::ReferenceSet& set : trial.references)
        for (const study::ReferencePicture& reference : set.pictures) static_cast<void>(picture(reference.file));
    }
  }

  // The published page's folders: what write_published_layout wrote.
  void layout() {
    for (const PublishedFolder& folder : published_layout(read_.experiment)) {
      index(folder);
      for (const auto& [name, of] : folder.files) {
        const fs::path link = read_.folder / name, original = read_.folder / of;
        if (!is_file(link))
          report_.missing.push_back(name);
        else if (is_file(original) && !same_file(link, original))
          report_.damaged.push_back(name + " is not the picture " + of + '.');
      }
    }
    for (const study::Condition& condition : read_.experiment.conditions) {
      const std::string name = condition.code + "/" + condition.name + ".json";
      if (const auto json = document(name); json && !json->contains("tasks"))
        report_.damaged.push_back(name + " has no tasks.");
    }
  }

  void texts() {
    const fs::path file = read_.folder / "texts.json";
    if (!is_file(file)) return;  // the built-in ones are shown
    const auto text = core::load_text(file);
    const auto texts = text ? study::texts_from_json(*text) : base::Result<study::Texts>(text.error());
    if (!texts) report_.damaged.push_back("texts.json: " + texts.error().sentence());
  }

 private:
  static std::string text(core::Size size) {
    return std::to_string(size.width_px) + " × " + std::to_string(size.height_px);
  }

  static bool same_file(const fs::path& a, const fs::path& b) {
    std::error_code failed;
    if (fs::equivalent(a, b, failed)) return true;
    const auto one = core::load_text(a, kMostBytes), other = core::load_text(b, kMostBytes);
    return one && other && *one == *other;
  }

  bool is_there(const std::string& name) {
    if (is_file(read_.folder / name)) return true;
    report_.missing.push_back(name);
    return false;
  }

  // Empty where it cannot be read, which is said once.
  core::Size picture(const std::string& name) {
    const auto [known, is_new] = sizes_.emplace(name, core::Size{});
    if (!is_new || !is_there(name)) return known->second;
    if (const auto image = core::load_image(read_.folder / name))
      known->second = image->size;
    else
      report_.damaged.push_back(image.error().sentence());
    return known->second;
  }

  void map(const std::string& name) {
    if (!maps_.insert(name).second || !is_there(name)) return;
    if (const auto array = core::load_npy_array(read_.folder / name); !array)
      report_.damaged.push_back(array.error().sentence());
  }

  std::optional<Json> document(const std::string& name) {
    if (!is_there(name)) return std::nullopt;
    const auto text = core::load_text(read_.folder / name, kMostBytes);
    Json json = text ? Json::parse(*text, nullptr, false) : Json(Json::value_t::discarded);
    if (json.is_object()) return json;
    report_.damaged.push_back(name + " is not the JSON that unitscope wrote.");
    return std::nullopt;
  }

  void index(const PublishedFolder& folder) {
    const std::string name = folder.name + "/index.json";
    const auto json = document(name);
    if (!json) return;
    const auto number = [&](const char* key) {
      const auto found = json->find(key);
      return found != json->end() && found->is_number_unsigned() ? found->get<std::size_t>() : std::size_t{1} << 40;
    };
    if (json->value("task_name", Json()) != folder.name || number("n_trials") != folder.trials ||
        number("n_reference_images") != folder.references)
      report_.damaged.push_back(name + " does not describe the trials of its task.");
  }

  static constexpr std::size_t kMostBytes = std::size_t{64} << 20;  // of one file
  const ReadExperiment& read_;
  ExperimentReport& report_;
  std::map<std::string, core::Size> sizes_;
  std::set<std::string> maps_;
};

}  // namespace

ExperimentReport report_on(const ReadExperiment& read) {
  const study::Experiment& experiment = read.experiment;
  ExperimentReport report;
  std::vector<double> effects, relative, apart;
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
  }
  report.rejected = static_cast<int>(experiment.rejected.size());
  report.tasks_a_condition = experiment.spec.tasks;
  for (const study::Condition& condition : experiment.conditions) report.conditions.push_back(condition.name);
  report.effect_in_spreads = quantiles(std::move(effects));
  report.relative_difference = quantiles(std::move(relative));
  report.squares_apart_px = quantiles(std::move(apart));
  count_rules(report, experiment);
  Check check(read, report);
  check.trials();
  check.layout();
  check.texts();
  return report;
}

base::Result<NextTasks> next_tasks(const ReadExperiment& read, std::int64_t now_unix_s) {
  std::vector<study::Session> stored;
  const fs::path file = read.folder / "results" / kStoreName;
  if (is_file(file)) {
    auto sessions = stored_sessions(file);
    if (!sessions) return sessions.error();
    stored = *std::move(sessions);
  }
  NextTasks next;
  for (const study::Condition& condition : read.experiment.conditions) {
    const auto number = [&](study::Mode mode) -> std::optional<int> {
      study::SessionHeader wanted;  // of somebody new
      wanted.condition = condition.name;
      wanted.mode = mode;
      wanted.experiment_hash = read.hash;
      const study::Task* task = study::free_task(read.experiment, wanted, stored, now_unix_s);
      return task == nullptr ? std::nullopt : std::optional(task->number);
    };
    next.conditions.push_back({condition.name, number(study::Mode::real), number(study::Mode::pilot)});
  }
  return next;
}

}  // namespace engine
