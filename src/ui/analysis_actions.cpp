// Analyses in the table of ui/actions.h.
#include <algorithm>

#include "ui/action_groups.h"
#include "ui/analysing.h"
#include "ui/choice.h"

namespace ui {
namespace {

constexpr std::string_view kAnalyses = "Analyses";

base::Status begin(ActionContext& context, std::string_view argument) {
  if (argument.empty()) {
    go_to(context.workspace, Screen::analyse);
    return {};
  }
  analyse(context.workspace, std::filesystem::path(std::string(argument)));
  return {};
}

base::Status show_page(ActionContext& context, std::string_view argument) {
  std::string names;
  for (int i = 0; i < kAnalysisPages; ++i) {
    const auto page = static_cast<AnalysisPage>(i);
    if (argument == name_of(page)) {
      context.workspace.analysing.page = page;
      return {};
    }
    names += (i == 0 ? "" : ", ") + std::string(name_of(page));
  }
  return needs("analysis page", "there is no page \"" + std::string(argument) + "\"", "Say one of: " + names);
}

base::Status split_by(ActionContext& context, std::string_view argument) {
  for (const study::Factor factor : study::kFactors)
    if (argument == study::to_string(factor)) {
      context.workspace.analysing.factor = factor;
      context.workspace.analysing.page = AnalysisPage::parts;
      return {};
    }
  return needs("analysis by", "\"" + std::string(argument) + "\" is nothing to split by",
               "Say group, unit, layer, branch, size or image set.");
}

base::Status show_difficulty(ActionContext& context, std::string_view argument) {
  std::string names;
  for (const study::Difficulty difficulty : study::kDifficulties) {
    if (argument == study::key_of(difficulty)) {
      context.workspace.analysing.difficulty = difficulty;
      context.workspace.analysing.page = AnalysisPage::trials;
      return {};
    }
    names += (names.empty() ? "" : ", ") + std::string(study::key_of(difficulty));
  }
  return needs("difficulty", "\"" + std::string(argument) + "\" is no measure", "Say one of: " + names);
}

base::Status as_published(ActionContext& context, std::string_view argument) {
  study::AnalysisOptions options = context.workspace.analysing.options;
  const auto on = switch_argument("as published", argument, options.fidelity == study::Fidelity::as_published);
  if (!on) return on.error();
  options.fidelity = *on ? study::Fidelity::as_published : study::Fidelity::as_intended;
  set_analysis_options(context.workspace, options);
  return {};
}

base::Status exclude(ActionContext& context, std::string_view argument) {
  study::AnalysisOptions options = context.workspace.analysing.options;
  const auto on = switch_argument("exclude", argument, options.exclude);
  if (!on) return on.error();
  options.exclude = *on;
  set_analysis_options(context.workspace, options);
  return {};
}

base::Status write_report(ActionContext& context, std::string_view argument) {
  return export_report(context.workspace, context.in, context.out, std::filesystem::path(std::string(argument)));
}

}  // namespace

std::vector<Action> analysis_actions() {
  return {
      {"analyse",
       "FOLDER",
       kAnalyses,
       "Reads the answers in a folder and shows what they say.",
       {},
       "",
       false,
       begin,
       std::nullopt},
      {"analysis page",
       "NAME",
       kAnalyses,
       "accuracy, parts, trials, confidence, agreement or exclusions.",
       {},
       "",
       false,
       show_page,
       Screen::analyse},
      {"analysis by",
       "FACTOR",
       kAnalyses,
       "Accuracy by group, unit, layer, branch, size or image set.",
       {},
       "",
       false,
       split_by,
       Screen::analyse},
      {"difficulty",
       "NAME",
       kAnalyses,
       "Accuracy per trial against a measure of its difficulty.",
       {},
       "",
       false,
       show_difficulty,
       Screen::analyse},
      {"show trial",
       "NAME",
       kAnalyses,
       "A trial's pictures and numbers.",
       {},
       "",
       false,
       [](ActionContext& c, std::string_view name) { return show_trial(c.workspace, c.in, std::string(name)); },
       Screen::analyse},
      {"as published",
       "on|off",
       kAnalyses,
       "With the quirks of the published analysis.",
       {},
       "",
       false,
       as_published,
       Screen::analyse},
      {"exclude",
       "on|off",
       kAnalyses,
       "Whether sessions are excluded by the published rules.",
       {},
       "",
       false,
       exclude,
       Screen::analyse},
      {"export report",
       "FOLDER",
       kAnalyses,
       "Writes the analysis as one page, tables and plots; beside the answers without a folder.",
       {ImGuiMod_Ctrl | ImGuiKey_E},
       "",
       false,
       write_report,
       Screen::analyse},
  };
}

}  // namespace ui
