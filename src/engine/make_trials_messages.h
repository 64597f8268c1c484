// What the window and the engine say to each other about making an experiment. Plain values, of any thread; a part of
// engine/messages.h.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "study/experiment.h"

namespace engine {

struct ModelSnapshot;
struct CollectionSnapshot;
struct SkippedEntry;

struct MakeTrialsRequest {
  std::shared_ptr<const ModelSnapshot> model;  // empty: making stops; what is finished is recognized the next time
  std::shared_ptr<const CollectionSnapshot> collection;
  // The units: this text of a units.csv, else that file, else so many of each layer.
  std::string units_csv;
  std::filesystem::path units_file;
  int per_layer = 2;
  study::Tier tier = study::Tier::quick;
  double size = 0.4;  // of the square, as a share of the picture's side
  std::uint64_t seed = 0;
  double least_effect = 0.1;  // of the two queries, in the unit's standard deviations
  bool asks_intuitiveness = false;
  std::filesystem::path folder;
  bool only_estimate = false;
  int number = 0;  // a counter: each increase begins anew
};
struct MakeTrialsSnapshot {
  MakeTrialsRequest request;
  std::string doing;  // "trial 7 of 24 · sweep 34×34"
  int trials_done = 0;
  int trials = 0;
  bool resumed = false;  // an interrupted making goes on
  double elapsed_s = 0.0;
  std::optional<double> estimate_s;   // of the sweeps and pictures, before they start
  std::optional<double> remaining_s;  // from then on
  bool done = false;
  std::shared_ptr<const study::Experiment> experiment;  // when done, unless only the estimate was asked for
  std::vector<std::string> skipped;                     // one sentence each
  std::optional<base::Error> error;
};

}  // namespace engine
