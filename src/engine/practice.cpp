#include "engine/practice.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/image_io.h"
#include "engine/jobs.h"
#include "engine/networks.h"
#include "engine/open.h"

namespace engine {
namespace {

using core::StepOutcome;

constexpr int kTries = 3;         // pictures measured for one question until it balances
constexpr int kBalanced = 2;      // as good as it gets after an odd number of questions
constexpr int kUnitsALayer = 4;   // of the pool
constexpr int kTopPictures = 10;  // what stands out is their mean
constexpr int kSpareOrigins = 3;  // times the bins, to fill up from

double stands_out(const ScanSnapshot& scan, const core::Unit& unit) {
  const auto [mean, deviation] = scan.spread(unit);
  const std::vector<RankedPicture> best = scan.best(unit, kTopPictures);
  if (best.empty() || !(deviation > 0.0F)) return 0.0;
  const double sum = std::accumulate(best.begin(), best.end(), 0.0, [](double so_far, const RankedPicture& picture) {
    return so_far + static_cast<double>(picture.activation);
  });
  return (sum / static_cast<double>(best.size()) - static_cast<double>(mean)) / static_cast<double>(deviation);
}

// Layer and view before the ReLU rank pictures nearly alike: the truth of one tells that of the other.
bool same_channel(const core::Unit& a, const core::Unit& b) {
  const auto base = [](const std::string& layer) {
    constexpr std::string_view kView = "_pre_relu";
    return layer.ends_with(kView) ? layer.substr(0, layer.size() - kView.size()) : layer;
  };
  return a.channel == b.channel && base(a.layer) == base(b.layer);
}

}  // namespace

int PracticeBalance::imbalance_with(const study::Guessable& next) const {
  const int questions = questions_ + 1;
  return std::abs(2 * (centre_ + (next.centre_is_right ? 1 : 0)) - questions) +
         std::abs(2 * (variance_ + (next.variance_is_right ? 1 : 0)) - questions);
}

void PracticeBalance::add(const study::Guessable& asked) {
  ++questions_;
  centre_ += asked.centre_is_right ? 1 : 0;
  variance_ += asked.variance_is_right ? 1 : 0;
}

std::vector<study::ImageSet> practice_sets(int channel, const study::BinSizes& sizes,
                                           const std::vector<study::Origin>& origins) {
  std::vector<study::ImageSet> sets = study::image_sets(channel, sizes, origins, study::Fidelity::as_intended);
  const int top = sizes.bins * sizes.pictures_a_bin;
  const std::size_t published = sets.size();
  for (int picture = 0; picture < top; ++picture) {
    const auto is_query = [picture](const study::ImageSet& set) { return set.query == picture; };
    if (std::any_of(sets.begin(), sets.begin() + static_cast<std::ptrdiff_t>(published), is_query)) continue;
    // The two exchange their places in the ranking.
    const study::ImageSet& its_place = sets[sets.size() % published];
    const auto there = [&](int place) {
      return place == its_place.query ? picture : place == picture ? its_place.query : place;
    };
    std::vector<study::Origin> exchanged(origins.size());
    for (std::size_t i = 0; i < origins.size(); ++i)
      exchanged[i] = origins[static_cast<std::size_t>(there(static_cast<int>(i)))];
    study::ImageSet set = study::image_sets(channel, sizes, exchanged,
                                            study::Fidelity::as_intended)[static_cast<std::size_t>(its_place.batch)];
    set.query = there(set.query);
    for (int& reference : set.references) reference = there(reference);
    set.batch = static_cast<int>(sets.size());
    sets.push_back(std::move(set));
  }
  return sets;
}

Practice::Practice(std::shared_ptr<net::Network> network, PracticeRequest request)
    : network_(std::move(network)),
      request_(std::move(request)),
      collection_(request_.scan->request.collection),
      rng_(request_.seed, "practice from " + std::to_string(request_.number)) {
  if (request_.unit) units_ = {*request_.unit};
}

Practice::~Practice() = default;

const std::vector<PictureEntry>& Practice::pictures() const {
  return collection_->pictures;
}

bool Practice::seen_elsewhere(const core::Unit& unit, const std::filesystem::path& path) const {
  return std::ranges::any_of(
      request_.seen, [&](const PracticePicture& seen) { return same_channel(seen.unit, unit) && seen.path == path; });
}

bool Practice::may_ask(const core::Unit& unit, const std::filesystem::path& path) const {
  return !seen_elsewhere(unit, path) && std::ranges::none_of(measured_, [&](const PracticePicture& measured) {
    return same_channel(measured.unit, unit) && measured.path == path;
  });
}

bool Practice::is_ready() const {
  return question_ && question_->number == request_.number;
}

void Practice::change(const PracticeRequest& request) {
  request_ = request;
  // A question that waited to be asked while its picture was looked at with the answer in view is none any more.
  const auto seen = [&](const PracticeQuestion& question) {
    return seen_elsewhere(question.trial.unit, question.path);
  };
  std::erase_if(waiting_, [&](const QuestionPointer& question) { return seen(*question); });
  if (is_ready() && !question_->truth_seen && seen(*question_)) question_.reset();
}

StepOutcome Practice::step(const core::StopFlag& stop) {
  if (error_ || is_ready()) return StepOutcome::done;
  if (!request_.unit && layer_ < request_.model->layers.size()) {
    look_for_units();
    return StepOutcome::more;
  }
  base::set_reproduce_command("unitscope --practice");
  if (!unit_) {
    begin();
  } else if (!set_) {
    const StepOutcome outcome = learn_origins();
    if (outcome != StepOutcome::done) return outcome;
    choose_picture();
  } else {
    return sweep(stop);
  }
  return error_ || is_ready() ? StepOutcome::done : StepOutcome::more;
}

// The pool: in every layer the units whose best pictures stand out most.
void Practice::look_for_units() {
  const LayerInfo& layer = request_.model->layers[layer_++];
  if (layer.whole_input) return;
  std::vector<std::pair<double, core::Unit>> found;
  for (int channel = 0; channel < layer.channels; ++channel) {
    const core::Unit unit{layer.name, channel, std::nullopt};
    if (const double out = stands_out(*request_.scan, unit); out > 0.0) found.emplace_back(out, unit);
  }
  std::ranges::stable_sort(found, [](const auto& a, const auto& b) { return a.first > b.first; });
  for (std::size_t i = 0; i < std::min<std::size_t>(kUnitsALayer, found.size()); ++i) units_.push_back(found[i].second);
}

void Practice::begin() {
  if (units_.empty())
    return fail({"There is no unit to practise with", "none of the folder's pictures stands out for any",
                 "Open a folder with more pictures."});
  tries_ = 0;
  // Of the questions that wait, the one that balances best now; not the unit of the last question if there are others.
  const auto balances = [&](const QuestionPointer& question) {
    const bool again = units_.size() > 1 && last_unit_ == question->trial.unit;
    return balance_.imbalance_with(study::guessable(question->trial)) + (again ? 2 * kBalanced : 0);
  };
  const auto best = std::ranges::min_element(waiting_, {}, balances);
  if (best != waiting_.end() && balances(*best) <= kBalanced) {
    const QuestionPointer question = *best;
    waiting_.erase(best);
    return publish(question);
  }
  do {
    unit_ = units_[static_cast<std::size_t>(rng_.below(static_cast<int>(units_.size())))];
  } while (units_.size() > 1 && unit_ == last_unit_);
}

// Where the unit's best pictures come from: the table's words, else the look of the picture, which is read for it.
StepOutcome Practice::learn_origins() {
  Sets& of = sets_[core::to_string(*unit_)];
  if (!of.sets.empty()) return StepOutcome::done;
  const auto total = static_cast<int>(pictures().size());
  const auto sizes = study::bins_for(total);
  if (!sizes) {
    fail(sizes.error());
    return StepOutcome::done;
  }
  const int top = sizes->bins * sizes->pictures_a_bin;
  if (of.ranked.empty()) of.ranked = request_.scan->best(*unit_, kSpareOrigins * top);
  if (static_cast<int>(of.ranked.size()) < top) {
    fail({"No questions can be asked about " + core::to_string(*unit_),
          "its layer is not part of the ranking of pictures", "Choose a unit of the list of layers."});
    return StepOutcome::done;
  }
  while (of.origins.size() < of.ranked.size()) {
    const PictureEntry& entry = pictures()[of.ranked[of.origins.size()].picture];
    study::Origin origin{entry.object_source, entry.background_source, std::nullopt};
    const bool unknown = origin.object_source.empty() && origin.background_source.empty();
    if (unknown) {
      const PicturePointer picture = open_picture(entry.path, request_.model->framing);
      if (!picture->error) origin.look = study::look_of(picture->image);
    }
    of.origins.push_back(std::move(origin));
    if (unknown) return StepOutcome::more;
  }
  of.sets = practice_sets(unit_->channel, *sizes, of.origins);
  return StepOutcome::done;
}

void Practice::choose_picture() {
  if (error_) return;
  const Sets& of = sets_.at(core::to_string(*unit_));
  const auto picture_of = [&](const study::ImageSet& set) {
    return of.ranked[static_cast<std::size_t>(set.query)].picture;
  };
  auto found = std::ranges::find_if(
      of.sets, [&](const study::ImageSet& set) { return may_ask(*unit_, pictures()[picture_of(set)].path); });
  truth_seen_ = found == of.sets.end();
  if (truth_seen_) {
    // A question that waits is better than one whose truth was seen; another unit, where there are others, too.
    const auto waits =
        std::ranges::find_if(waiting_, [&](const QuestionPointer& question) { return question->trial.unit == *unit_; });
    if (waits != waiting_.end()) {
      const QuestionPointer question = *waits;
      waiting_.erase(waits);
      return publish(question);
    }
    if (!request_.unit && units_.size() > 1) {
      std::erase(units_, *unit_);
      unit_.reset();
      return;
    }
    found = of.sets.begin() + static_cast<std::ptrdiff_t>(again_++ % of.sets.size());
  }
  set_ = *found;
  const PictureEntry& entry = pictures()[picture_of(*set_)];
  measured_.push_back({*unit_, entry.path});
  auto opened =
      std::make_shared<PictureSnapshot>(*open_picture(entry.path, request_.model->framing, request_.model->grey));
  opened->label = entry.label;
  picture_ = opened;
  if (picture_->error) {
    set_.reset();  // the next one
    return;
  }
  core::OcclusionSpec spec;
  spec.model = request_.model->file;
  spec.picture = picture_->file;
  spec.unit = *unit_;
  spec.side_px = core::side_from_fraction(request_.size, picture_->image.size);
  auto made = net::OcclusionSweep::create(*network_, picture_->image, spec);
  if (!made) return fail(made.error());
  sweep_ = *std::move(made);
  gather_references();
}

StepOutcome Practice::sweep(const core::StopFlag& stop) {
  if (!sweep_->snapshot()->done) {
    const StepOutcome outcome = sweep_->step(stop);
    if (outcome == StepOutcome::stopped) return outcome;
    if (sweep_->error() != nullptr) {
      fail(*sweep_->error());
      return StepOutcome::done;
    }
    return StepOutcome::more;
  }
  return finish(stop);
}

void Practice::accept_or_keep(const QuestionPointer& question) {
  std::vector<double>& differences = differences_[core::to_string(*unit_)];
  if (const auto difference = study::relative_difference(question->trial)) differences.push_back(*difference);
  set_.reset();
  const auto imbalance = [&](const QuestionPointer& one) {
    return balance_.imbalance_with(study::guessable(one->trial));
  };
  if (++tries_ < kTries && !question->truth_seen && imbalance(question) > kBalanced) {
    waiting_.push_back(question);
    unit_ = units_[static_cast<std::size_t>(rng_.below(static_cast<int>(units_.size())))];
    return;
  }
  // None balances: the one that does least harm.
  const auto best = std::ranges::min_element(waiting_, {}, imbalance);
  if (best == waiting_.end() || imbalance(question) <= imbalance(*best)) return publish(question);
  const QuestionPointer better = *best;
  *best = question;
  publish(better);
}

void Practice::publish(const QuestionPointer& question) {
  question->number = request_.number;
  // Without its own.
  question->others = differences_[core::to_string(question->trial.unit)];
  if (const auto own = study::relative_difference(question->trial)) {
    const auto found = std::ranges::find(question->others, *own);
    if (found != question->others.end()) question->others.erase(found);
  }
  balance_.add(study::guessable(question->trial));
  last_unit_ = question->trial.unit;
  futile_ = 0;
  question_ = question;
  unit_.reset();
  set_.reset();
  sweep_.reset();
}

void Practice::fail(base::Error error) {
  error_ = std::move(error);
}

std::shared_ptr<const PracticeSnapshot> Practice::snapshot() const {
  auto snapshot = std::make_shared<PracticeSnapshot>();
  snapshot->request = request_;
  snapshot->question = question_;
  snapshot->error = error_;
  if (is_ready() || error_) return snapshot;
  snapshot->preparing = unit_;
  if (set_) snapshot->coming = coming_;
  if (set_ && sweep_) {
    const core::OcclusionMap& map = sweep_->snapshot()->map;
    snapshot->tested = map.exact_cells;
    snapshot->places = map.values.rows * map.values.cols;
  }
  return snapshot;
}

SlotRules<PracticeRequest, PracticeSnapshot> practice_rules(Networks& networks) {
  SlotRules<PracticeRequest, PracticeSnapshot> rules;
  rules.same_job = [](const PracticeRequest& a, const PracticeRequest& b) {
    return a.model == b.model && a.scan == b.scan && a.unit == b.unit && a.size == b.size && a.seed == b.seed;
  };
  rules.empties = [](const PracticeRequest& request) { return !request.model; };
  rules.make =
      [&networks](
          const PracticeRequest& request) -> base::Result<std::unique_ptr<SlotJob<PracticeRequest, PracticeSnapshot>>> {
    if (!request.scan || !request.scan->done || request.scan->error || !request.scan->request.collection)
      return base::Error{"There is nothing to practise with", "the pictures of the folder are not ranked yet",
                         "Wait until all of them are measured."};
    auto network = networks.of(request.model);
    if (!network) return network.error();
    return {std::make_unique<Practice>(*std::move(network), request)};
  };
  rules.failed = failed_with<PracticeRequest, PracticeSnapshot>;
  rules.publish_interval = std::chrono::milliseconds(100);
  return rules;
}

}  // namespace engine
