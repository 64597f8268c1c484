// Reading answers for an analysis: sessions as trials simulate and the store's exports write them, records of the
// published page, tables with a mapping, and the experiments that they answer. A folder is searched; what in it is no
// answer is said and left out, a file that was named must be readable. Steps: one file each, so that a window can show
// how far it is. The disk thread, or the main thread of the command line.
#pragma once
#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/job.h"
#include "engine/analysis_messages.h"
#include "study/analysis_data.h"
#include "study/import.h"

namespace engine {

class ReadAnswers {
 public:
  explicit ReadAnswers(AnswersAsked asked);

  core::StepOutcome step();
  [[nodiscard]] int done() const { return static_cast<int>(next_); }
  [[nodiscard]] int total() const { return static_cast<int>(files_.size()); }
  [[nodiscard]] const std::optional<base::Error>& error() const { return error_; }
  // When done without error.
  [[nodiscard]] study::AnalysisData take() { return std::move(data_); }

 private:
  struct File {
    std::filesystem::path path;
    bool named = false;  // not found in a folder
  };

  base::Status begin();
  base::Status find_files(const std::filesystem::path& folder);
  base::Status read(const File& file);
  base::Status leave_out_aloud(const File& file, const base::Error& error);
  base::Status read_table(const File& file, const std::string& text);
  // Adds the experiment of this file unless it is there already.
  base::Status add_experiment(const std::filesystem::path& trials_json);
  void find_experiments();
  void finish();

  AnswersAsked asked_;
  std::optional<study::ColumnMapping> mapping_;
  bool begun_ = false;
  std::size_t named_experiments_ = 0;  // the first of data_.experiments
  std::vector<File> files_;
  std::size_t next_ = 0;
  std::vector<study::Session> sessions_;
  std::map<std::string, std::string> read_;  // SHA-256 of answers to the name of their file
  std::size_t sentences_ = 0;                // about files that were left out
  std::vector<std::string> left_out_;        // names of files in folders that are no answers
  study::AnalysisData data_;
  std::optional<base::Error> error_;
};

}  // namespace engine
