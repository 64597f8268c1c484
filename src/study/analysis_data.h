// What an analysis is about: responses in sessions, wherever they came from (people, pilots, observers, the published
// web page, a table of another study), and the experiments that they answer as far as those are at hand. What a source
// does not say is absent, and nothing is made up for it. Plain values and pure functions; any thread.
#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "study/answer.h"
#include "study/experiment.h"

namespace study {

// One answered trial, as far as an analysis looks at it.
struct Response {
  std::string trial_id;   // of the experiment; empty where it is not known
  std::string trial_key;  // equal for all who answered the same trial; empty where that is not known
  std::string unit, layer, branch;
  std::optional<int> side_px, image_set;
  bool catch_trial = false;
  bool practice = false;
  bool repeated = false;    // the same trial was answered before: the first answer counts
  bool truth_seen = false;  // could be known from the explorer
  bool correct = false;
  std::optional<int> confidence;            // the label that the person saw
  std::optional<int> published_confidence;  // as the published page stored it: reversed on the left (protocol 1.14)
  std::optional<double> reaction_time_s;
  std::optional<bool> chose_left;
  bool operator==(const Response&) const = default;
};

// One participant's run through a task, or what a table says of one participant in one condition.
struct Participation {
  std::string participant, session, group;
  std::vector<std::string> condition;     // one entry a column
  std::optional<Mode> mode;               // absent: imported, and nobody said
  std::string observer;                   // of simulated ones
  std::optional<std::size_t> experiment;  // in AnalysisData::experiments
  std::optional<double> instruction_s, total_s;
  std::optional<int> practice_rounds;
  bool complete = true;
  std::optional<int> intuitiveness;
  std::vector<Response> responses;
  bool operator==(const Participation&) const = default;
};

// An experiment's trials.json, its hash, and the folder that holds its pictures.
struct LoadedExperiment {
  std::string name;    // of the folder
  std::string folder;  // a path, for those who show pictures
  std::string hash;    // SHA-256 of trials.json
  Experiment experiment;
};

struct AnalysisData {
  std::vector<Participation> sessions;
  std::vector<std::shared_ptr<const LoadedExperiment>> experiments;
  std::vector<std::string> notes;  // whole sentences about what was read: printed with the results
};

// "imported" where nobody said.
std::string_view mode_name(const std::optional<Mode>& mode);
// A stored session, one participation for each condition of its answers: practice may change it, other modes never.
// Which experiment it belongs to is left open.
std::vector<Participation> participations_of(const Session& session);

// The experiment of this hash among those of `data`.
std::optional<std::size_t> experiment_of_hash(const AnalysisData& data, const std::string& hash);
// Appends a session; its experiment should be in data.experiments before. Notes one that is not, once an experiment.
void add_session(AnalysisData& data, const Session& session);
// Flags what a participant answered again: the same trial in the same condition, mode and experiment, anywhere later in
// data.sessions. Practice mode is left alone: it is about asking again.
void flag_repeats(AnalysisData& data);
// The trial that a response answers; nullptr where that is not at hand.
const Trial* trial_of(const AnalysisData& data, const Participation& session, const Response& response);

}  // namespace study
