#include "study/analysis_data.h"

#include <algorithm>

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

std::optional<std::size_t> experiment_of_hash(const AnalysisData& data, const std::string& hash) {
  for (std::size_t i = 0; i < data.experiments.size(); ++i)
    if (data.experiments[i]->hash == hash) return i;
  return std::nullopt;
}

void add_session(AnalysisData& data, const Session& session) {
  const SessionHeader& header = session.header;
  Participation taken;
  taken.participant = header.participant;
  taken.session = header.session;
  taken.group = header.group;
  taken.condition = {header.condition};
  taken.mode = header.mode;
  taken.observer = header.observer;
  taken.experiment = experiment_of_hash(data, header.experiment_hash);
  taken.instruction_s = session.end.instruction_ms / 1000.0;
  taken.total_s = session.end.total_ms / 1000.0;
  taken.practice_rounds = session.end.practice_rounds;
  taken.complete = session.end.complete;
  taken.intuitiveness = session.end.intuitiveness;
  for (const Answer& answer : session.answers) taken.responses.push_back(response_of(answer, header.experiment_hash));
  if (!taken.experiment)
    note_once(data, "The trials.json of the experiment " + header.experiment + " (" +
                        header.experiment_hash.substr(0, 12) +
                        ") was not found, so difficulty and baselines are not known for its sessions.");
  data.sessions.push_back(std::move(taken));
}

const Trial* trial_of(const AnalysisData& data, const Participation& session, const Response& response) {
  if (!session.experiment || response.trial_id.empty()) return nullptr;
  return data.experiments[*session.experiment]->experiment.find(response.trial_id);
}

}  // namespace study
