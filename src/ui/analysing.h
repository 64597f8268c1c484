// What the Analyse screen has chosen: which answers, which page of results, which trial. Pure logic on the workspace;
// drawing is analyse_panel.cpp's. UI thread.
#pragma once
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/messages.h"

namespace ui {

struct Workspace;

enum class AnalysisPage { accuracy, parts, trials, confidence, agreement, exclusions };
inline constexpr int kAnalysisPages = 6;
const char* name_of(AnalysisPage page);  // "accuracy", of menus and scripts

struct AnalysedTrial {
  std::size_t experiment = 0;  // in the analysis's data
  std::string id;
  bool operator==(const AnalysedTrial&) const = default;
};

struct Analysing {
  std::filesystem::path answers;  // the folder or file; empty: none yet
  std::filesystem::path columns;  // the mapping of a table; empty: none
  study::AnalysisOptions options;
  bool wanted = false;  // to be read (again)
  int number = 0;       // of the last request; 0: none

  AnalysisPage page = AnalysisPage::accuracy;
  study::Factor factor = study::Factor::layer;
  study::Difficulty difficulty = study::Difficulty::relative;
  bool published_confidence = false;
  std::optional<AnalysedTrial> trial;

  std::optional<AnalysedTrial> asked_trial;
  std::shared_ptr<const study::AnalysisData> asked_data;  // that the trial was asked of
  int reports = 0, report_told = 0;
};

// Reads these answers; a JSON file is a mapping for the table that was chosen before.
void analyse(Workspace& workspace, const std::filesystem::path& answers);
// With other options: everything is read again.
void set_analysis_options(Workspace& workspace, const study::AnalysisOptions& options);
// The analysis that is shown: of what was asked last, or the one before while that is being made.
std::shared_ptr<const engine::AnalysisSnapshot> analysis_shown(const engine::Snapshots& in);
// The status line: keys, and whose answers these are.
std::string analysis_status(const engine::Snapshots& in);
// Looks at a trial by its name, on the page of trials. Refuses one that the analysis has no answers to.
base::Status show_trial(Workspace& workspace, const engine::Snapshots& in, const std::string& id);
// Writes the report into the folder, or beside the answers.
base::Status export_report(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out,
                           const std::filesystem::path& folder);
// Asks for what is wanted and not asked yet: the answers, and the pictures of the chosen trial.
void decide_analysis(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out);

}  // namespace ui
