// A study of 50 participants in each of 5 conditions with 18 main and 3 catch trials each, drawn from a small
// generator. data/analysis_expected.py draws the same one and analyses it with NumPy and SciPy: whoever changes one
// changes both. Tests only.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "study/analysis_data.h"

namespace synthetic {

inline constexpr int kParticipants = 50, kUnits = 18, kSets = 10, kCatches = 3;

class Draws {  // modulo 2^64 with Knuth's constants; the upper 53 bits make a number below 1
 public:
  explicit Draws(std::uint64_t seed) : state_(seed) {}
  double next() {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<double>(state_ >> 11) * 0x1.0p-53;
  }

 private:
  std::uint64_t state_;
};

inline core::Unit unit(int index) {
  return {"layer" + std::to_string(index / 2) + "_pre_relu", 100 + index, {}};
}
inline std::string trial_id(int index, int image_set) {
  return "unit" + std::to_string(index) + "-b" + std::to_string(image_set);
}

inline study::Trial draw_trial(Draws& draws, int index, int image_set) {
  study::Trial trial;
  trial.id = trial_id(index, image_set);
  trial.unit = unit(index);
  trial.batch = image_set;
  trial.base_activation = 1.0 + 2.0 * draws.next();
  trial.min.activation = trial.lowest = trial.base_activation * (0.2 + 0.3 * draws.next());
  trial.max.activation = trial.base_activation * (0.6 + 0.5 * draws.next());
  trial.highest = std::max(trial.max.activation, trial.base_activation);
  trial.unit_spread = 1.0;
  for (double study::Occlusion::*measure :
       {&study::Occlusion::centre_distance_px, &study::Occlusion::published_centre_distance,
        &study::Occlusion::standard_deviation, &study::Occlusion::saliency}) {
    trial.min.*measure = 100.0 * draws.next();
    trial.max.*measure = 100.0 * draws.next();
  }
  return trial;
}

inline study::Answer draw_answer(Draws& draws, const study::Experiment& experiment, const std::string& condition,
                                 int number, double ability, int index, int image_set) {
  study::Answer answer;
  answer.condition = condition;
  answer.catch_trial = index >= kUnits;
  double chance = 0.85;
  if (!answer.catch_trial) {
    answer.trial_id = trial_id(index, image_set);
    const study::Trial& trial = *experiment.find(answer.trial_id);
    answer.unit = trial.unit;
    chance =
        0.4 + 0.03 * number + ability + 0.3 * (trial.max.activation - trial.min.activation) / trial.base_activation;
  } else {
    answer.trial_id = "catch" + std::to_string(index);
  }
  answer.layer = "layer" + std::to_string(index / 2);
  answer.branch = index % 2 == 0 ? "3x3" : "pool";
  answer.batch = image_set;
  answer.side_px = 90;
  answer.trial_index = index;
  answer.correct = answer.chose_max = draws.next() < chance;
  answer.switched_queries = draws.next() < 0.5;
  answer.confidence = 1 + static_cast<int>(3.0 * draws.next());
  const bool left = answer.correct == answer.switched_queries;
  answer.button = left ? 3 - answer.confidence : answer.confidence + 2;
  answer.rt_ms = 1000.0 * (1.0 + 4.0 * draws.next());
  return answer;
}

// With `within`, participants of the same number are the same person in all conditions.
inline study::AnalysisData synthetic_study(bool within = false) {
  Draws draws(7);
  auto loaded = std::make_shared<study::LoadedExperiment>();
  loaded->name = "synthetic";
  loaded->hash = "hash of synthetic";
  loaded->experiment.conditions = study::published_conditions();
  for (int index = 0; index < kUnits; ++index)
    for (int image_set = 0; image_set < kSets; ++image_set)
      loaded->experiment.trials.push_back(draw_trial(draws, index, image_set));
  study::AnalysisData data;
  data.experiments.push_back(loaded);
  int number = 0;
  for (const char* condition : {"none", "natural", "synthetic", "mixed", "blur"}) {
    for (int participant = 0; participant < kParticipants; ++participant) {
      study::Session session;
      session.header.condition = condition;
      session.header.participant = (within ? "p" : condition) + std::to_string(participant);
      session.header.session = std::string(condition) + std::to_string(participant);
      session.header.mode = study::Mode::real;
      session.header.experiment_hash = loaded->hash;
      session.header.batch = participant % kSets;
      const double ability = 0.2 * draws.next() - 0.1;
      session.end.complete = true;
      session.end.instruction_ms = 1000.0 * (10.0 + 60.0 * draws.next());
      session.end.total_ms = 1000.0 * (60.0 + 860.0 * draws.next());
      for (int index = 0; index < kUnits + kCatches; ++index)
        session.answers.push_back(
            draw_answer(draws, loaded->experiment, condition, number, ability, index, participant % kSets));
      study::add_session(data, session);
    }
    ++number;
  }
  return data;
}

}  // namespace synthetic
