// FirstChoice: a picture and a unit that show an effect at once, chosen by measuring. The rule: in each layer of the
// middle of the network take the unit whose best picture stands out most (in standard deviations of the unit over the
// pictures); of the most outstanding of these take the one whose activation on that picture an occluder of 40 % can
// lower most, in the same standard deviations, over a coarse grid of positions. Depends on the table alone, not on
// time. One thread an instance.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/image.h"
#include "core/job.h"
#include "core/unit.h"
#include "data/activation_index.h"
#include "engine/messages.h"
#include "net/network.h"

namespace engine {

class FirstChoice {
 public:
  // The table stays as it is until the choice is made.
  FirstChoice(const net::Model& model, const data::UnitTable& table);

  // Looks a part of the table through, or runs one pass at most. Pictures of the collection are read again, framed as
  // the model wants them.
  core::StepOutcome step(net::Network& network, const CollectionSnapshot& collection, const core::StopFlag& stop);
  // When done; nothing if no unit stands out (fewer than three pictures, a network of other shape).
  [[nodiscard]] std::optional<std::pair<std::size_t, core::Unit>> answer() const;

 private:
  struct Candidate {
    core::Unit unit;
    std::size_t picture = 0;
    float deviation = 0.0F;  // of the unit over the pictures
    float stands_out = 0.0F;
    float drop = 0.0F;  // the most that an occluder lowered it, in deviations
  };
  struct Layer {
    std::string name;
    int channels = 0;
  };
  core::StepOutcome look_through_table(const core::StopFlag& stop);
  void consider(const Layer& layer, int channel);
  void load(const CollectionSnapshot& collection, const core::Framing& framing);

  const data::UnitTable& table_;
  std::vector<Layer> unseen_;  // of the middle of the network, the next one last
  int channel_ = 0;            // of the next layer: the first that was not considered
  Candidate best_;             // of the next layer so far
  std::vector<Candidate> candidates_;
  std::size_t now_ = 0;  // the candidate that is being tried
  core::Image picture_;
  std::optional<float> baseline_;
  std::vector<core::Occluder> untried_;
};

}  // namespace engine
