#include "study/analysis_data.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace study {
namespace {

Response response_of(const Answer& answer, const std::string& experiment_hash) {
  Response response;
  response.trial_id = answer.trial_id;
  response.trial_key = experiment_hash + "/" + answer.trial_id;
  response.unit = core::to_string(answer.unit);
  response.layer = answer.layer.empty() ? answer.unit.layer : answer.layer;
  response.branch = answer.branch;
  response.side_px = answer.side_px;
  response.image_set = answer.batch;
  response.catch_trial = answer.catch_trial;
  response.practice = answer.is_demo;
  response.repeated = answer.repeated;
  response.truth_seen = answer.truth_seen;
  response.correct = answer.correct;
  response.confidence = answer.confidence;
  response.published_confidence = published_confidence(answer.button);
  response.reaction_time_s = answer.rt_ms / 1000.0;
  response.chose_left = is_left(answer.button);
  return response;
}

void note_once(AnalysisData& data, const std::string& note) {
  if (std::find(data.notes.begin(), data.notes.end(), note) == data.notes.end()) data.notes.push_back(note);
}

}  // namespace

std::string_view mode_name(const std::optional<Mode>& mode) {
  return mode ? to_string(*mode) : "imported";
}

std::optional<std::size_t> experiment_of_hash(const AnalysisData& data, const std::string& hash) {
  for (std::size_t i = 0; i < data.experiments.size(); ++i)
    if (data.experiments[i]->hash == hash) return i;
  return std::nullopt;
}

std::vector<Participation> participations_of(const Session& session) {
  const SessionHeader& header = session.header;
  Participation empty;
  empty.participant = header.participant;
  empty.session = header.session;
  empty.group = header.group;
  empty.mode = header.mode;
  empty.observer = header.observer;
  empty.instruction_s = session.end.instruction_ms / 1000.0;
  empty.total_s = session.end.total_ms / 1000.0;
  empty.practice_rounds = session.end.practice_rounds;
  empty.complete = session.end.complete;
  empty.intuitiveness = session.end.intuitiveness;
  std::vector<Participation> parts;
  const auto part_in = [&](const std::string& condition) -> Participation& {
    for (Participation& part : parts)
      if (part.condition.front() == condition) return part;
    parts.push_back(empty);
    parts.back().condition = {condition};
    return parts.back();
  };
  for (const Answer& answer : session.answers)
    part_in(answer.condition.empty() ? header.condition : answer.condition)
        .responses.push_back(response_of(answer, header.experiment_hash));
  if (parts.empty()) part_in(header.condition);
  return parts;
}

void add_session(AnalysisData& data, const Session& session) {
  const SessionHeader& header = session.header;
  const auto experiment = experiment_of_hash(data, header.experiment_hash);
  for (Participation& part : participations_of(session)) {
    part.experiment = experiment;
    data.sessions.push_back(std::move(part));
  }
  if (experiment) return;
  if (header.experiment.empty() && header.experiment_hash.empty())
    note_once(data, "Answers of practice belong to no experiment, so difficulty and baselines are not known for them.");
  else
    note_once(data, "The trials.json of the experiment " + header.experiment + " (" +
                        header.experiment_hash.substr(0, 12) +
                        ") was not found, so difficulty and baselines are not known for its sessions.");
}

void flag_repeats(AnalysisData& data) {
  std::set<std::tuple<std::string, std::vector<std::string>, std::string, std::string, std::string>> answered;
  for (Participation& session : data.sessions) {
    if (session.mode == Mode::practice) continue;
    for (Response& response : session.responses) {
      if (response.practice || response.repeated || response.trial_key.empty()) continue;
      response.repeated = !answered
                               .emplace(session.participant, session.condition, std::string(mode_name(session.mode)),
                                        session.observer, response.trial_key)
                               .second;
    }
  }
}

const Trial* trial_of(const AnalysisData& data, const Participation& session, const Response& response) {
  if (!session.experiment || response.trial_id.empty()) return nullptr;
  return data.experiments[*session.experiment]->experiment.find(response.trial_id);
}

}  // namespace study
