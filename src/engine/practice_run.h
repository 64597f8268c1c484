// Practice taken by artificial observers: the very questions that a person would be asked one after another, answered
// by each rule, so that one can see which of them the questions let win. Any thread, that of its Network.
#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "base/rng.h"
#include "engine/messages.h"
#include "engine/practice.h"
#include "study/observers.h"
#include "study/practice_score.h"

namespace engine {

struct PracticeRunRequest {
  PracticeRequest practice;  // from question `number` on; the seed is that of the observers, too
  int questions = 200;
  std::vector<study::Rule> rules;
};

struct RuleScore {
  study::Rule rule = study::Rule::chance;
  study::Share score;
};
struct PracticeRunSnapshot {
  int asked = 0;
  std::vector<RuleScore> scores;     // in the order of the request's rules
  std::vector<study::Trial> trials;  // with their likeness, in the order of asking
  std::optional<base::Error> error;
};

class PracticeRun final : public core::Job<PracticeRunSnapshot> {
 public:
  PracticeRun(std::shared_ptr<net::Network> network, PracticeRunRequest request);

  // Fails where no question is left whose answer was not seen.
  core::StepOutcome step(const core::StopFlag& stop) override;
  [[nodiscard]] std::shared_ptr<const PracticeRunSnapshot> snapshot() const override;

 private:
  core::StepOutcome answer(const PracticeQuestion& question, const core::StopFlag& stop);

  std::shared_ptr<net::Network> network_;
  PracticeRunRequest request_;
  Practice practice_;
  base::Rng rng_;
  PracticeRunSnapshot so_far_;
};

}  // namespace engine
