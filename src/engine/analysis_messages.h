// What the window and the engine say to each other about analyses: which answers to read and how, what came of them,
// and the report that is written of it. Plain values; part of engine/messages.h.
#pragma once
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "base/result.h"
#include "study/analysis.h"

namespace engine {

struct AnswersAsked {
  std::vector<std::filesystem::path> paths;        // folders and files of answers
  std::vector<std::filesystem::path> experiments;  // folders that hold a trials.json, or such files
  std::optional<std::filesystem::path> columns;    // the mapping of tables
  bool operator==(const AnswersAsked&) const = default;
};

struct AnalysisRequest {
  AnswersAsked asked;
  study::AnalysisOptions options;
  int number = 0;  // a counter, so that the same folder can be read again
};
struct AnalysisSnapshot {
  AnalysisRequest request;
  int read = 0, total = 0;                          // files
  std::shared_ptr<const study::AnalysisData> data;  // when all are read
  std::shared_ptr<const study::Analysis> analysis;  // when done
  std::optional<base::Error> error;
};

struct ReportRequest {  // page, tables and plots into a folder that holds nothing, or a report of ours
  std::shared_ptr<const AnalysisSnapshot> analysis;
  std::filesystem::path folder;
  int number = 0;
};
struct ReportSnapshot {
  int number = 0;
  std::filesystem::path page;
  std::size_t files = 0;
  std::optional<base::Error> error;
};

}  // namespace engine
