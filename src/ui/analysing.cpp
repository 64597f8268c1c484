#include "ui/analysing.h"

#include <algorithm>
#include <utility>

#include "ui/choice.h"
#include "ui/workspace.h"

namespace ui {
namespace {

bool is_mapping(const std::filesystem::path& path, const Analysing& analysing) {
  return path.extension() == ".json" && analysing.answers.extension() == ".csv";
}

const study::Trial* trial_of(const study::AnalysisData& data, const AnalysedTrial& trial) {
  return trial.experiment < data.experiments.size() ? data.experiments[trial.experiment]->experiment.find(trial.id)
                                                    : nullptr;
}

// The pictures of a trial: the base, and both queries with the lowest left.
engine::QuestionsRequest pictures_of(const study::LoadedExperiment& loaded, const study::Trial& trial) {
  engine::QuestionsRequest request;
  request.folder = loaded.folder;
  study::QuestionFiles files;
  files.base = trial.base_file;
  files.left = trial.min_file;
  files.right = trial.max_file;
  request.questions = {std::move(files)};
  return request;
}

}  // namespace

const char* name_of(AnalysisPage page) {
  switch (page) {
    case AnalysisPage::accuracy:
      return "accuracy";
    case AnalysisPage::parts:
      return "parts";
    case AnalysisPage::trials:
      return "trials";
    case AnalysisPage::confidence:
      return "confidence";
    case AnalysisPage::agreement:
      return "agreement";
    case AnalysisPage::exclusions:
      return "exclusions";
  }
  return "";
}

void analyse(Workspace& workspace, const std::filesystem::path& answers) {
  Analysing& analysing = workspace.analysing;
  if (is_mapping(answers, analysing)) {
    analysing.columns = answers;
  } else {
    if (answers != analysing.answers) analysing.columns.clear();
    analysing.answers = answers;
    analysing.trial.reset();
  }
  analysing.wanted = true;
  go_to(workspace, Screen::analyse);
}

void set_analysis_options(Workspace& workspace, const study::AnalysisOptions& options) {
  if (options == workspace.analysing.options) return;
  workspace.analysing.options = options;
  workspace.analysing.wanted = !workspace.analysing.answers.empty();
}

std::shared_ptr<const engine::AnalysisSnapshot> analysis_shown(const engine::Snapshots& in) {
  return in.analysis && in.analysis->analysis ? in.analysis : nullptr;
}

std::string analysis_status(const engine::Snapshots& in) {
  const auto shown = analysis_shown(in);
  return std::string("*Esc* explore") + (shown ? " · *Ctrl E* report · " + shown->analysis->footnote : "");
}

base::Status show_trial(Workspace& workspace, const engine::Snapshots& in, const std::string& id) {
  const auto shown = analysis_shown(in);
  if (!shown)
    return base::Error{"No trial can be shown", "no answers have been analysed", "Choose a folder of answers"};
  const auto& points = shown->analysis->points;
  const auto point = std::find_if(points.begin(), points.end(), [&](const auto& one) { return one.trial_id == id; });
  if (point == points.end())
    return base::Error{"The trial \"" + id.substr(0, 60) + "\" cannot be shown", "nobody who is kept answered it",
                       points.empty() ? "The trials.json of these answers is not at hand"
                                      : "Choose a point of the plot, such as " + points.front().trial_id};
  workspace.analysing.trial = AnalysedTrial{point->experiment, id};
  workspace.analysing.page = AnalysisPage::trials;
  return {};
}

base::Status export_report(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out,
                           const std::filesystem::path& folder) {
  Analysing& analysing = workspace.analysing;
  const auto shown = analysis_shown(in);
  if (!shown)
    return base::Error{"There is no report yet", "no answers have been analysed", "Choose a folder of answers"};
  engine::ReportRequest request;
  request.analysis = shown;
  request.folder = folder;
  if (folder.empty()) {
    std::filesystem::path beside = analysing.answers;
    if (beside.filename().empty()) beside = beside.parent_path();
    request.folder = beside.parent_path() / (beside.stem().string() + "-report");
  }
  request.number = ++analysing.reports;
  out.report = std::move(request);
  return {};
}

void decide_analysis(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out) {
  Analysing& analysing = workspace.analysing;
  // What was analysed last time is read when it is looked at.
  if (workspace.screen == Screen::analyse && analysing.number == 0 && !analysing.answers.empty())
    analysing.wanted = true;
  if (analysing.wanted) {
    engine::AnalysisRequest request;
    request.asked.paths = {analysing.answers};
    if (!analysing.columns.empty()) request.asked.columns = analysing.columns;
    request.options = analysing.options;
    request.number = ++analysing.number;
    out.analysis = std::move(request);
    analysing.wanted = false;
  }
  const auto shown = analysis_shown(in);
  if (!shown || !analysing.trial) return;
  if (analysing.asked_trial == analysing.trial && analysing.asked_data == shown->data) return;
  analysing.asked_trial = analysing.trial;
  analysing.asked_data = shown->data;
  if (const study::Trial* trial = trial_of(*shown->data, *analysing.trial))
    out.analysed_trial = pictures_of(*shown->data->experiments[analysing.trial->experiment], *trial);
  else
    analysing.trial.reset();  // of answers that are no longer shown
}

}  // namespace ui
