// unitscope-cli trials check: what an experiment's folder holds. Exits with 2 where something is missing or
// damaged.
#include <CLI/CLI.hpp>
#include <ctime>
#include <utility>

#include "cli/commands.h"
#include "cli/flags.h"
#include "cli/output.h"
#include "engine/experiment_check.h"

namespace cli {
namespace {

Json quantiles(const engine::Quantiles& values) {
  if (values.count == 0) return nullptr;
  return {{"least", values.least}, {"median", values.median}, {"most", values.most}, {"trials", values.count}};
}

using Next = base::Result<engine::NextTasks>;

Json to_document(const engine::ReadExperiment& read, const engine::ExperimentReport& report, const Next& tasks) {
  const auto or_null = [](const std::optional<int>& number) { return number ? Json(*number) : Json(nullptr); };
  Json rules = Json::object(), next = Json::object(), rejected = Json::array();
  for (const auto& score : report.rules) rules[score.rule] = {{"right", score.right}, {"trials", score.trials}};
  if (tasks)
    for (const auto& of : tasks->conditions)
      next[of.condition] = {{"real", or_null(of.real)}, {"pilot", or_null(of.pilot)}};
  for (const study::Rejected& trial : read.experiment.rejected)
    rejected.push_back({{"id", trial.id}, {"reason", trial.reason}});
  return {{"folder", read.folder.string()},
          {"tier", study::to_string(read.experiment.spec.tier)},
          {"main", report.main},
          {"catch", report.catch_trials},
          {"obvious", report.obvious},
          {"less_obvious", report.less_obvious},
          {"conditions", report.conditions},
          {"tasks_a_condition", report.tasks_a_condition},
          {"next_task", tasks ? std::move(next) : Json(nullptr)},
          {"effect_in_spreads", quantiles(report.effect_in_spreads)},
          {"relative_difference", quantiles(report.relative_difference)},
          {"squares_apart_px", quantiles(report.squares_apart_px)},
          {"rules", std::move(rules)},
          {"rejected", std::move(rejected)},
          {"remarks", read.experiment.remarks},
          {"missing", report.missing},
          {"damaged", report.damaged}};
}

std::vector<std::string> row(const std::string& what, const engine::Quantiles& values) {
  if (values.count == 0) return {what, "–", "–", "–"};
  return {what, rounded(values.least), rounded(values.median), rounded(values.most)};
}

std::string to_text(const engine::ReadExperiment& read, const engine::ExperimentReport& report, const Next& tasks) {
  std::string text = std::to_string(report.main) + " main, " + std::to_string(report.catch_trials) + " catch, " +
                     std::to_string(report.obvious) + " obvious and " + std::to_string(report.less_obvious) +
                     " less obvious practice trials; " + std::to_string(report.rejected) + " not kept\n";
  for (std::size_t i = 0; i < report.conditions.size(); ++i) {
    text += report.conditions[i] + ": " + std::to_string(report.tasks_a_condition) + " tasks";
    if (tasks && tasks->conditions[i].real && tasks->conditions[i].pilot)
      text += ", the next free one is " + std::to_string(*tasks->conditions[i].real) + " for real sessions and " +
              std::to_string(*tasks->conditions[i].pilot) + " for pilots";
    text += "\n";
  }
  if (!tasks) text += "which task is free is not known: " + tasks.error().sentence() + "\n";
  text += "\n" + table({{"main trials", "least", "median", "most"},
                        row("effect (standard deviations)", report.effect_in_spreads),
                        row("relative difference", report.relative_difference),
                        row("squares apart (px)", report.squares_apart_px)});
  if (report.relative_difference.count > 0 && report.relative_difference.least < 0.0)
    text +=
        "A relative difference is negative where the unit's activation for the whole picture is: it is the "
        "difference divided by that activation, as published.\n";
  std::vector<std::vector<std::string>> rules = {{"rule", "right", "of"}};
  for (const auto& score : report.rules)
    rules.push_back({score.rule, std::to_string(score.right), std::to_string(score.trials)});
  text += "\n" + table(rules) + "\n";
  for (const std::string& remark : read.experiment.remarks) text += remark + "\n";
  for (const std::string& damage : report.damaged) text += "damaged: " + damage + "\n";
  for (const study::Rejected& trial : read.experiment.rejected)
    text += "not kept: " + trial.id + ": " + trial.reason + "\n";
  return text;
}

}  // namespace

void declare(CLI::App& app, TrialsCheckRequest& request) {
  app.add_option("DIR", request.folder, "the experiment's folder")->required();
  add_talk(app, request.talk);
  app.footer("Example:\n  unitscope-cli trials check experiment");
}

base::Result<Outcome> run(const TrialsCheckRequest& request) {
  const auto read = engine::read_experiment(request.folder);
  if (!read) return read.error();
  const engine::ExperimentReport report = engine::report_on(*read);
  const Next tasks = engine::next_tasks(*read, std::time(nullptr));
  if (request.talk.json)
    print_json(to_document(*read, report, tasks));
  else
    print_text(to_text(*read, report, tasks));
  if (report.missing.empty() && report.damaged.empty()) return Outcome::done;
  const std::string why =
      report.missing.empty()
          ? std::to_string(report.damaged.size()) + " of its files are damaged, the first: " + report.damaged.front()
          : std::to_string(report.missing.size()) + " of its files are missing, the first is " + report.missing.front();
  return base::Error{"The experiment " + request.folder + " is not whole", why,
                     "Make it again with unitscope-cli trials make --force"};
}

}  // namespace cli
