// Practice: prepares questions one after another: draws a unit, a picture of it that was not seen, measures every place
// of the square (float32, stride 2), recomputes the two extremes from the very bytes that are shown, and keeps the
// questions so that neither "far from the centre" nor "little varies beneath" is right more often than not. The same
// seed, pictures and order of wishes give the same questions. Background thread, that of its Network.
#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/rng.h"
#include "engine/messages.h"
#include "engine/slot.h"
#include "net/network.h"
#include "net/occlusion_sweep.h"
#include "study/bins.h"
#include "study/selection.h"

namespace engine {

// How often the two rules that need no unit were right so far. Pure.
class PracticeBalance {
 public:
  // Twice the distances from one half of both counts, with `next` added; the smaller the better.
  [[nodiscard]] int imbalance_with(const study::Guessable& next) const;
  void add(const study::Guessable& asked);

 private:
  int questions_ = 0, centre_ = 0, variance_ = 0;
};

// The pictures that may be asked about a unit, in this order, each with its references, as places in the unit's ranking
// (0 is best): first the image sets of the protocol, then every other picture of the bins, which takes the place of a
// set's query. Pure.
std::vector<study::ImageSet> practice_sets(int channel, const study::BinSizes& sizes,
                                           const std::vector<study::Origin>& origins);

class Practice final : public SlotJob<PracticeRequest, PracticeSnapshot> {
 public:
  Practice(std::shared_ptr<net::Network> network, PracticeRequest request);
  ~Practice() override;

  void change(const PracticeRequest& request) override;
  core::StepOutcome step(const core::StopFlag& stop) override;
  [[nodiscard]] std::shared_ptr<const PracticeSnapshot> snapshot() const override;

 private:
  using QuestionPointer = std::shared_ptr<PracticeQuestion>;
  struct Sets {  // of one unit
    std::vector<RankedPicture> ranked;
    std::vector<study::Origin> origins;  // grows, one picture a step
    std::vector<study::ImageSet> sets;   // when all origins are known
  };

  [[nodiscard]] bool is_ready() const;
  [[nodiscard]] bool seen_elsewhere(const core::Unit& unit, const std::filesystem::path& path) const;
  [[nodiscard]] bool may_ask(const core::Unit& unit, const std::filesystem::path& path) const;
  [[nodiscard]] const std::vector<PictureEntry>& pictures() const;
  void look_for_units();  // one layer
  void begin();           // draws the unit, or takes a question that waits
  core::StepOutcome learn_origins();
  void choose_picture();
  void gather_references();
  core::StepOutcome sweep(const core::StopFlag& stop);
  core::StepOutcome finish(const core::StopFlag& stop);
  std::optional<core::Image> mask_of(std::size_t picture) const;
  base::Result<float> activation(const core::Image& picture, const core::StopFlag& stop) const;
  void accept_or_keep(const QuestionPointer& question);
  void publish(const QuestionPointer& question);
  void fail(base::Error error);

  std::shared_ptr<net::Network> network_;
  PracticeRequest request_;
  const std::shared_ptr<const CollectionSnapshot> collection_;
  base::Rng rng_;

  std::size_t layer_ = 0;  // of the model, the next to look through
  std::vector<core::Unit> units_;
  std::map<std::string, Sets> sets_;  // by unit

  // The question in the making.
  std::optional<core::Unit> unit_;
  std::optional<core::Unit> last_unit_;
  std::optional<study::ImageSet> set_;
  bool truth_seen_ = false;
  PicturePointer picture_;
  std::unique_ptr<net::OcclusionSweep> sweep_;
  std::shared_ptr<const study::QuestionPictures> coming_;
  study::ReferenceSet natural_;
  int tries_ = 0;
  std::size_t again_ = 0;   // the next picture to ask again where all were seen
  std::size_t futile_ = 0;  // of those, how many in a row had nothing to see

  PracticeBalance balance_;
  std::vector<PracticePicture> measured_;                   // their questions were asked, wait, or are none
  std::map<std::string, std::vector<double>> differences_;  // by unit
  std::vector<QuestionPointer> waiting_;                    // measured, and kept for when they balance
  std::shared_ptr<const PracticeQuestion> question_;
  std::optional<base::Error> error_;
};

}  // namespace engine
