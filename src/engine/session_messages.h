// What the window and the engine say to each other about experiments and sessions: which folder to open, which pictures
// to load for the coming questions, and orders to the results store, each with a number that is acknowledged when it is
// on the disk. Plain values; part of engine/messages.h.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "study/answer.h"
#include "study/experiment.h"
#include "study/question.h"
#include "study/texts.h"

namespace engine {

inline constexpr const char* kStoreName = "results.sqlite";  // in the folder of results

// ---- the experiment ------------------------------------------------------------------------------------------------

struct ExperimentRequest {
  std::filesystem::path folder;
};
struct ExperimentSnapshot {
  std::filesystem::path folder;
  std::string name;  // of the folder
  std::string hash;  // SHA-256 of trials.json
  std::shared_ptr<const study::Experiment> experiment;
  study::Texts texts;  // of texts.json in the folder, else the built-in ones
  std::optional<base::Error> error;
};

struct QuestionsRequest {
  std::filesystem::path folder;
  std::vector<study::QuestionFiles> questions;  // the present one first
  int reference_side_px = 224;                  // references are brought to this size, antialiased
  int image_scale = 1;                          // base and queries with every pixel repeated so often each way
};
struct QuestionsSnapshot {
  QuestionsRequest request;
  // In order of the questions; null: not loaded yet.
  std::vector<std::shared_ptr<const study::QuestionPictures>> pictures;
  std::optional<base::Error> error;  // names no file: the names of queries tell the truth
};

// ---- the results store ---------------------------------------------------------------------------------------------

struct OpenStore {
  std::filesystem::path file;
};
struct PutSession {  // begins it, or replaces its header and end
  study::SessionHeader header;
  study::SessionEnd end;
};
struct AddAnswer {
  study::Answer answer;
  study::SessionEnd end;  // as of this answer
};
struct AddPage {
  std::string session;
  std::string page;
  double at_ms = 0.0;
};
struct PutEnd {
  std::string session;
  study::SessionEnd end;
};
struct ExportSession {  // as JSON and CSV, never overwriting
  std::string session;
  std::filesystem::path folder;
};
struct StoreOrder {
  int number = 0;  // 1, 2, 3 …
  std::variant<OpenStore, PutSession, AddAnswer, AddPage, PutEnd, ExportSession> what;
};
struct StoreSnapshot {
  int done = 0;                      // orders up to this number are on the disk
  std::optional<base::Error> error;  // of the next one; it and those after it wait in memory for a retry
  bool open = false;
  std::vector<study::Session> sessions;  // as they were found when the store was opened
  std::vector<std::filesystem::path> exported;
};

}  // namespace engine
