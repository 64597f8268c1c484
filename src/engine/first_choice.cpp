#include "engine/first_choice.h"

#include <algorithm>
#include <cmath>

#include "core/occluder.h"
#include "engine/networks.h"
#include "engine/open.h"
#include "net/model.h"

namespace engine {
namespace {

constexpr std::size_t kCandidates = 5;
constexpr int kFewestPictures = 3;
constexpr int kPositionsAlong = 4;
constexpr double kOccluderFraction = 0.4;
constexpr std::size_t kValuesPerStep = std::size_t{1} << 22;  // of the table: some milliseconds

// Units that see more than an edge and less than everything; before the ReLU where the network has such views, because
// after it a unit that is off everywhere has no spread to stand out of.
std::vector<int> middle_layers(const net::Model& model) {
  const core::Size crop = model.input.framing.crop;
  const int side_px = std::min(crop.width_px, crop.height_px);
  const bool has_views = std::any_of(model.unit_layers.begin(), model.unit_layers.end(), [&](int node) {
    return model.graph.nodes[static_cast<std::size_t>(node)].only_a_view;
  });
  std::vector<int> layers;
  for (const int node : model.unit_layers) {
    const auto at = static_cast<std::size_t>(node);
    const net::ReceptiveField& field = model.fields[at];
    const bool is_middle = !field.whole_input && field.size_px >= side_px / 4 && field.size_px <= 2 * side_px;
    if (is_middle && (model.graph.nodes[at].only_a_view || !has_views)) layers.push_back(node);
  }
  return layers;
}

std::vector<core::Occluder> coarse_grid(core::Size picture) {
  const int side_px = core::side_from_fraction(kOccluderFraction, picture);
  std::vector<core::Occluder> grid;
  for (int row = 0; row < kPositionsAlong; ++row)
    for (int col = 0; col < kPositionsAlong; ++col)
      grid.push_back({col * (picture.width_px - side_px) / (kPositionsAlong - 1),
                      row * (picture.height_px - side_px) / (kPositionsAlong - 1), side_px});
  return grid;
}

}  // namespace

FirstChoice::FirstChoice(const net::Model& model, const data::UnitTable& table) : table_(table) {
  if (table.scanned < kFewestPictures) return;
  for (const int node : middle_layers(model)) {
    const auto at = static_cast<std::size_t>(node);
    unseen_.push_back({model.graph.nodes[at].name, model.shapes[at].channels});
  }
  std::reverse(unseen_.begin(), unseen_.end());
}

void FirstChoice::consider(const Layer& layer, int channel) {
  const auto column = table_.column(layer.name, channel);
  if (!column) return;
  const data::Spread spread = data::spread(table_, *column);
  const auto top = data::best_picture(table_, *column);
  if (!top || !(spread.standard_deviation > 0.0F)) return;
  const float stands_out = (top->activation - spread.mean) / spread.standard_deviation;
  if (stands_out > best_.stands_out)
    best_ = {{layer.name, channel, std::nullopt},
             static_cast<std::size_t>(top->picture),
             spread.standard_deviation,
             stands_out,
             0.0F};
}

core::StepOutcome FirstChoice::look_through_table(const core::StopFlag& stop) {
  const Layer& layer = unseen_.back();
  for (std::size_t seen = 0; channel_ < layer.channels && seen < kValuesPerStep; seen += table_.values.size()) {
    if (stop.stop_requested()) return core::StepOutcome::stopped;
    consider(layer, channel_++);
  }
  if (channel_ < layer.channels) return core::StepOutcome::more;
  if (best_.stands_out > 0.0F) candidates_.push_back(std::move(best_));
  best_ = {};
  channel_ = 0;
  unseen_.pop_back();
  if (!unseen_.empty()) return core::StepOutcome::more;
  std::stable_sort(candidates_.begin(), candidates_.end(),
                   [](const Candidate& a, const Candidate& b) { return a.stands_out > b.stands_out; });
  candidates_.resize(std::min(candidates_.size(), kCandidates));
  return candidates_.empty() ? core::StepOutcome::done : core::StepOutcome::more;
}

void FirstChoice::load(const CollectionSnapshot& collection, const core::Framing& framing) {
  picture_ = {};
  const std::size_t picture = candidates_[now_].picture;
  if (picture < collection.pictures.size()) picture_ = open_picture(collection.pictures[picture].path, framing)->image;
  untried_ = picture_.empty() ? std::vector<core::Occluder>() : coarse_grid(picture_.size);
}

core::StepOutcome FirstChoice::step(net::Network& network, const CollectionSnapshot& collection,
                                    const core::StopFlag& stop) {
  if (!unseen_.empty()) return look_through_table(stop);
  if (now_ >= candidates_.size()) return core::StepOutcome::done;
  Candidate& candidate = candidates_[now_];
  if (!baseline_ && untried_.empty()) load(collection, network.model().input.framing);

  bool over = picture_.empty();
  if (!over) {
    const core::Image& fed = !baseline_ ? picture_ : core::occlude(picture_, untried_.back(), core::Fill::patch_mean);
    const auto response = network.respond(fed, candidate.unit, &stop);
    if (!response && was_stopped(response.error())) return core::StepOutcome::stopped;
    if (!response) {
      over = true;
    } else if (!baseline_) {
      baseline_ = response->activation;
    } else {
      candidate.drop = std::max(candidate.drop, (*baseline_ - response->activation) / candidate.deviation);
      untried_.pop_back();
      over = untried_.empty();
    }
  }
  if (over) {
    baseline_.reset();
    untried_.clear();
    ++now_;
  }
  return now_ < candidates_.size() ? core::StepOutcome::more : core::StepOutcome::done;
}

std::optional<std::pair<std::size_t, core::Unit>> FirstChoice::answer() const {
  if (candidates_.empty()) return std::nullopt;
  const auto best = std::max_element(candidates_.begin(), candidates_.end(),
                                     [](const Candidate& a, const Candidate& b) { return a.drop < b.drop; });
  return std::pair(best->picture, best->unit);
}

}  // namespace engine
