// unitscope-cli practice: the questions that the window's practice asks, answered by artificial observers.
#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/flags.h"
#include "cli/output.h"
#include "cli/scan.h"
#include "cli/session.h"
#include "data/collection.h"
#include "engine/open.h"
#include "engine/practice_run.h"
#include "study/statistics.h"

namespace cli {
namespace {

constexpr int kQuestions = 200;
constexpr double kSize = 0.4;  // the study's

base::Result<std::vector<study::Rule>> rules_asked(const std::vector<std::string>& names) {
  if (names.empty())
    return std::vector{study::Rule::chance, study::Rule::centre, study::Rule::variance, study::Rule::saliency,
                       study::Rule::nearest_reference};
  std::vector<study::Rule> rules;
  for (const std::string& name : names) {
    const auto rule = study::parse_rule(name);
    if (!rule) return rule.error();
    rules.push_back(*rule);
  }
  return rules;
}

double p_of(const study::Share& score) {
  return study::binomial_test(score.right, score.of, 0.5);
}

Json row_of(const study::Trial& trial) {
  const auto place = [](const study::Occlusion& occlusion) -> Json {
    return {{"x_px", occlusion.place.x_px}, {"y_px", occlusion.place.y_px}, {"activation", occlusion.activation}};
  };
  const auto number = [](const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); };
  const study::ReferenceSet& natural = trial.references.front();
  return {{"trial", trial.id},
          {"unit", core::to_string(trial.unit)},
          {"image", trial.picture},
          {"side_px", trial.min.place.side_px},
          {"base_activation", trial.base_activation},
          {"min", place(trial.min)},
          {"max", place(trial.max)},
          {"likeness_min", number(natural.likeness_min)},
          {"likeness_max", number(natural.likeness_max)}};
}

Json to_document(const engine::PracticeRunSnapshot& run, const std::string& images, std::uint64_t seed) {
  Json observers = Json::array(), trials = Json::array();
  for (const engine::RuleScore& one : run.scores)
    observers.push_back({{"observer", study::to_string(one.rule)},
                         {"right", one.score.right},
                         {"trials", one.score.of},
                         {"p_chance", p_of(one.score)}});
  for (const study::Trial& trial : run.trials) trials.push_back(row_of(trial));
  return {{"images", images}, {"seed", seed}, {"observers", std::move(observers)}, {"trials", std::move(trials)}};
}

std::string to_text(const engine::PracticeRunSnapshot& run) {
  std::vector<std::vector<std::string>> rows = {{"observer", "right", "of", "binomial p"}};
  for (const engine::RuleScore& one : run.scores)
    rows.push_back({std::string(study::to_string(one.rule)), std::to_string(one.score.right),
                    std::to_string(one.score.of), rounded(p_of(one.score))});
  return table(rows);
}

base::Result<engine::PracticeRunRequest> asked(const PracticeRequest& request, const std::string& images,
                                               const net::Model& model) {
  engine::PracticeRunRequest run;
  auto rules = rules_asked(request.observers);
  if (!rules) return rules.error();
  run.rules = *std::move(rules);
  run.questions = request.questions.value_or(kQuestions);
  run.practice.seed = request.seed.value_or(0);
  run.practice.size = kSize;
  if (request.size) {
    const auto share = share_of_side(*request.size);
    if (!share) return share.error();
    run.practice.size = *share;
  }
  if (request.unit) {
    const auto unit = unit_asked(request.unit, {}, model, "unitscope-cli practice");
    if (!unit) return unit.error();
    run.practice.unit = *unit;
  }
  run.practice.model = engine::open_model(model.path, request.machine.device, 1);
  if (run.practice.model->error) return *run.practice.model->error;
  std::error_code ignored;
  if (!request.images && !std::filesystem::exists(images, ignored))
    return base::Error{"There are no starter pictures", images + " is not there",
                       "Make them with unitscope-cli collection starter, or give --images"};
  return run;
}

}  // namespace

void declare(CLI::App& app, PracticeRequest& request) {
  add_text(app, "--images", request.images, "DIR", "a folder of PNG and JPEG files (the starter pictures)");
  add_text(app, "--unit", request.unit, "UNIT", "ask about this unit only (units that stand out, a few of each layer)");
  add_number(app, "--questions", request.questions, "how many (200)", {1, 100000});
  add_seed(app, request.seed, "of the questions and the observers (0)");
  add_text(app, "--size", request.size, "SHARE", "of the square, by the picture's shorter side (0.4)");
  app.add_option("--observer", request.observers,
                 "one or more (chance centre variance saliency nearest-reference); as for trials simulate")
      ->type_name("NAME")
      ->expected(1, 8);
  add_model(app, request.model);
  add_machine(app, request.machine);
  add_talk(app, request.talk);
  app.footer(
      "The same seed gives the questions of unitscope --practice. p is the exact binomial test against one half. The\n"
      "nearest-reference observer is informed: it compares pictures in the network's own features.\n"
      "Example:\n  unitscope-cli practice --questions 20 --observer chance nearest-reference");
}

base::Result<Outcome> run(const PracticeRequest& request) {
  core::FileName name;
  const auto model = model_asked(request.model, name);
  if (!model) return model.error();
  const std::string images = request.images.value_or(data::starter_folder().string());
  auto asking = asked(request, images, **model);
  if (!asking) return asking.error();
  const auto scanned = scan_folder(request.machine, *model, images, /*first_choice=*/false);
  if (!scanned) return scanned.error();
  if (!scanned->answer) return Outcome::interrupted;
  asking->practice.scan = scanned->answer;
  auto network = start_network(request.machine, *model);
  if (!network) return network.error();
  engine::PracticeRun job(*std::move(network), *asking);
  Outcome outcome = Outcome::done;
  {
    Progress progress;
    outcome = run_to_end(job, [&] {
      if (progress.due()) progress.show(job.snapshot()->asked, asking->questions, "questions");
    });
  }
  const auto answer = job.snapshot();
  if (answer->error) return *answer->error;
  if (outcome == Outcome::interrupted) return outcome;
  if (request.talk.json)
    print_json(to_document(*answer, images, asking->practice.seed));
  else
    print_text(to_text(*answer));
  return Outcome::done;
}

}  // namespace cli
