// Answers that other programs stored: the records of the published web page (jsPsych's JSON), and wide tables with one
// trial a row whose columns a mapping names. Both are untrusted: sizes are limited, and what is wrong is one sentence
// that names the row and the column. Text in, values out: reading files is engine's. Any thread.
#pragma once
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "study/analysis_data.h"

namespace study {

inline constexpr std::size_t kMostImportBytes = std::size_t{64} << 20;  // of one file

struct NumberColumn {
  std::string column;
  bool absolute = false;  // a sign that stands for the side is dropped
  bool milliseconds = false;
  bool operator==(const NumberColumn&) const = default;
};

// Which column of a table means what. Several columns together make a condition (kept apart) or a unit (joined by '/').
struct ColumnMapping {
  std::vector<std::string> participant, condition, unit;
  std::string correct;
  std::optional<NumberColumn> confidence, reaction_time;
  std::string group, mode, layer, branch, size, image_set, catch_trial, practice;  // empty: the table does not say
  std::map<std::string, std::vector<std::string>> keep;  // only rows whose cell is one of these
  bool operator==(const ColumnMapping&) const = default;
};

// columns.json: {"participant": "subject_id", "condition": ["instr_type", "n"], "correct": "correct",
//   "confidence": {"column": "conf_rating", "absolute": true}, "reaction_time": {"column": "RT", "unit": "s"},
//   "unit": ["layer", "channel"], "keep": {"trial_type": ["main"]}}
// participant and correct must be there; group, mode (pilot, real, …), layer, branch, size, image_set, catch_trial and
// practice may be, each with one column. A reaction time is in seconds unless its unit is "ms".
base::Result<ColumnMapping> column_mapping_from_json(std::string_view text);

// Appends what the table says, one Participation for each participant in each condition and mode. `file` names it in
// sentences.
base::Status import_csv(AnalysisData& data, std::string_view csv, const ColumnMapping& mapping,
                        const std::string& file);

// Appends what the published page stored: a list of records, an object with "raw_data" or "main_data", or a list of
// such objects. The confidence that was stored reversed for left answers is put right from button_pressed, and kept as
// stored beside it. Trials are found by the task and number in the pictures' addresses: among the first `named` of
// data.experiments, which the user named, or else among the others; refused where several have that task.
base::Status import_published(AnalysisData& data, std::string_view json, const std::string& file,
                              std::size_t named = 0);

// Whether this text looks like records of the published page rather than a document of ours.
bool is_published_json(std::string_view text);

}  // namespace study
