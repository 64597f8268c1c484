// unitscope-cli analyse: accuracies, differences and agreement of the answers in a folder, as a report or in brief.
#include <CLI/CLI.hpp>
#include <filesystem>

#include "cli/commands.h"
#include "cli/flags.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/session.h"
#include "engine/answers.h"
#include "report/report.h"
#include "study/analysis.h"

namespace cli {
namespace {

namespace fs = std::filesystem;

base::Result<study::AnalysisData> read_answers(const AnalyseRequest& request, Outcome& outcome) {
  engine::AnswersAsked asked;
  for (const std::string& path : request.paths) asked.paths.emplace_back(path);
  for (const std::string& folder : request.experiments) asked.experiments.emplace_back(folder);
  if (request.columns) asked.columns = *request.columns;
  engine::ReadAnswers reading(std::move(asked));
  Progress progress;
  while (reading.step() == core::StepOutcome::more) {
    if (progress.due()) progress.show(reading.done(), reading.total(), "files");
    if (interrupt_flag().stop_requested()) {
      outcome = Outcome::interrupted;
      return study::AnalysisData{};
    }
  }
  if (reading.error()) return *reading.error();
  return reading.take();
}

Json or_null(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json to_document(const study::Series& series, const study::Accuracy& accuracy) {
  Json json;
  json["condition"] = series.condition;
  json["mode"] = study::mode_name(series.mode);
  json["observer"] = series.observer.empty() ? Json(nullptr) : Json(series.observer);
  json["participants"] = accuracy.participants;
  json["trials"] = accuracy.trials;
  json["correct"] = accuracy.correct;
  json["mean"] = accuracy.mean;
  json["two_sem"] = or_null(accuracy.two_sem);
  json["ci95"] = {accuracy.ci95.low, accuracy.ci95.high};
  json["ci95_of"] = accuracy.over_trials ? "binomial over trials" : "bootstrap over participants";
  json["p_binomial_50"] = accuracy.p_chance;
  return json;
}

// A table as a list of objects; a missing number is null.
Json to_document(const report::Table& table) {
  Json list = Json::array();
  for (const auto& row : table.rows) {
    Json json = Json::object();
    for (std::size_t i = 0; i < row.size(); ++i)
      json[table.columns[i]] = row[i].is_number ? or_null(row[i].number) : Json(row[i].text);
    list.push_back(std::move(json));
  }
  return list;
}

Json to_document(const study::AnalysisData& data, const study::Analysis& analysis) {
  Json document;
  document["accuracy"] = Json::array();
  for (std::size_t s = 0; s < analysis.series.size(); ++s)
    if (analysis.accuracy[s]) document["accuracy"].push_back(to_document(analysis.series[s], *analysis.accuracy[s]));
  for (const report::Table& table : report::tables(data, analysis))
    if (table.name != "accuracy" && table.name != "histograms") document[table.name] = to_document(table);
  document["fidelity"] = study::to_string(analysis.options.fidelity);
  document["seed"] = analysis.options.seed;
  document["resamples"] = analysis.options.resamples;
  document["about"] = analysis.footnote;
  document["notes"] = analysis.notes;
  return document;
}

std::string percents(const study::Accuracy& accuracy) {
  const auto percent = [](double share) { return rounded(100.0 * share); };
  return percent(accuracy.mean) + (accuracy.two_sem ? " ± " + percent(*accuracy.two_sem) : " (n = 1)") + " %";
}

std::string to_text(const study::Analysis& analysis) {
  std::vector<std::vector<std::string>> rows = {
      {"condition", "accuracy (± 2 SEM)", "95 %", "participants", "trials", "binomial p against 50 %"}};
  for (std::size_t s = 0; s < analysis.series.size(); ++s) {
    const auto& accuracy = analysis.accuracy[s];
    if (!accuracy) {
      rows.push_back({analysis.series[s].label, "– (no session is left)", "–", "0", "0", "–"});
      continue;
    }
    rows.push_back({analysis.series[s].label, percents(*accuracy),
                    rounded(100.0 * accuracy->ci95.low) + " to " + rounded(100.0 * accuracy->ci95.high),
                    std::to_string(accuracy->participants), std::to_string(accuracy->trials),
                    rounded(accuracy->p_chance)});
  }
  std::string text = table(rows);
  if (const auto& anova = analysis.within.anova)
    text += "\nwithin participants: F(" + std::to_string(anova->numerator) + ", " + std::to_string(anova->denominator) +
            ") = " + rounded(anova->f) + ", " + study::p_text(anova->p) + "\n";
  for (const study::BetweenTest& test : analysis.between)
    if (test.test)
      text += "\n" + analysis.series[static_cast<std::size_t>(test.a)].label + " against " +
              analysis.series[static_cast<std::size_t>(test.b)].label + ": " + study::p_text(test.p_corrected) +
              " (permutation, Bonferroni)";
  text += "\n" + analysis.footnote + "\n";
  for (const study::Judged& judged : analysis.sessions)
    if (judged.excluded) {
      text += "sessions that are excluded, and why: sessions.csv, or --json\n";
      break;
    }
  return text;
}

// A folder may be filled if it holds none of these files, or a report of ours.
base::Status may_write_report(const Destination& out, const study::AnalysisData& data,
                              const study::Analysis& analysis) {
  const fs::path folder = *out.path;
  if (out.force || report::is_report(folder)) return may_write_into({out.path, true}, {}, {});
  return may_write_into(out, report::file_names(report::figures(data, analysis), report::tables(data, analysis)), {});
}

std::string title_of(const AnalyseRequest& request) {
  fs::path path = request.paths.front();
  if (path.filename().empty()) path = path.parent_path();
  return "Answers in " + path.filename().string() + (request.paths.size() > 1 ? " and others" : "");
}

}  // namespace

void declare(CLI::App& app, AnalyseRequest& request) {
  app.add_option("answers", request.paths,
                 "folders or files: sessions (JSON, CSV), records of the published page, tables")
      ->type_name("PATH");
  add_text(app, "--columns", request.columns, "FILE", "a JSON file that says which column of a table means what");
  app.add_option("--experiment", request.experiments,
                 "a folder with the trials.json that was answered; those named in sessions are looked for beside them")
      ->type_name("DIR");
  app.add_flag("--as-published", request.as_published, "with the quirks of the published analysis");
  app.add_flag("--keep-all", request.keep_all, "exclude nobody; who would be excluded is still listed");
  add_seed(app, request.seed, "of bootstraps and permutations (0)");
  add_destination(app, request.out, "DIR", "write report.html, a CSV file for each table and a PNG for each plot");
  add_talk(app, request.talk);
  app.footer(
      "A mapping: {\"participant\": \"subject_id\", \"condition\": [\"instr_type\"], \"correct\": \"correct\",\n"
      "  \"confidence\": {\"column\": \"conf_rating\", \"absolute\": true}, \"reaction_time\": {\"column\": \"RT\", "
      "\"unit\": "
      "\"s\"},\n  \"unit\": [\"layer\", \"channel\"], \"keep\": {\"trial_type\": [\"main\"]}}\n"
      "  Also with one column each: group, mode, layer, branch, size, image_set, catch_trial, practice. Which "
      "participants\n"
      "  agree on a trial is known where unit and image_set are.\n"
      "Examples:\n  unitscope-cli analyse sessions --out report\n"
      "  unitscope-cli analyse answers.csv --columns columns.json --out report --json");
}

base::Result<Outcome> run(const AnalyseRequest& request) {
  if (request.paths.empty())
    return base::Error{"unitscope-cli analyse needs answers", "no folder or file was named",
                       "Name one, for example unitscope-cli analyse sessions"};
  Outcome outcome = Outcome::done;
  const auto data = read_answers(request, outcome);
  if (!data) return data.error();
  if (outcome == Outcome::interrupted) return outcome;
  stop_watching_interrupts();  // the rest has no steps; its files are written whole or not at all
  study::AnalysisOptions options;
  if (request.as_published) options.fidelity = study::Fidelity::as_published;
  options.exclude = !request.keep_all;
  options.seed = request.seed.value_or(0);
  const auto analysis = study::analyse(*data, options);
  if (!analysis) return analysis.error();

  Json document;
  if (request.talk.json) document = to_document(*data, *analysis);
  if (request.out.path) {
    if (const auto allowed = may_write_report(request.out, *data, *analysis); !allowed) return allowed.error();
    const auto files = report::write_report(*request.out.path, title_of(request), *data, *analysis);
    if (!files) return files.error();
    if (request.talk.json)
      document["files"] = names(*files);
    else
      print_note("wrote " + files->front().string() + " and " + std::to_string(files->size() - 1) +
                 " tables and plots");
  }
  if (request.talk.json) {
    print_json(document);
  } else {
    for (const std::string& note : analysis->notes) print_note(note);
    print_text(to_text(*analysis));
  }
  return Outcome::done;
}

}  // namespace cli
