// How a practice question is put together: what one may learn from, the extremes of the measured places, what other
// rules see of them.
#include <algorithm>
#include <optional>

#include "core/image_io.h"
#include "core/saliency.h"
#include "engine/networks.h"
#include "engine/open.h"
#include "engine/practice.h"
#include "study/answer.h"
#include "study/difficulty.h"

namespace engine {
namespace {

using core::StepOutcome;

constexpr double kLeastEffect = 0.1;  // of the truth, in the unit's standard deviations

std::string id_of(const core::Unit& unit, const std::string& picture) {
  return "practice-" + core::to_string(unit) + "-" + picture;
}

}  // namespace

void Practice::gather_references() {
  const Sets& of = sets_.at(core::to_string(*unit_));
  auto pictures_shown = std::make_shared<study::QuestionPictures>();
  pictures_shown->base = picture_->seen();
  natural_ = {"natural", {}, std::nullopt, std::nullopt};
  std::vector<core::Image> images;
  for (const int place : set_->references) {  // best last
    const RankedPicture& favourite = of.ranked[static_cast<std::size_t>(place)];
    const PictureEntry& entry = pictures()[favourite.picture];
    const PicturePointer reference = open_picture(entry.path, request_.model->framing, request_.model->grey);
    if (reference->error) continue;
    images.push_back(reference->seen());
    study::ReferencePicture noted;
    noted.source = entry.name;
    noted.label = entry.label;
    noted.activation = static_cast<double>(favourite.activation);
    natural_.pictures.push_back(std::move(noted));
  }
  // As in a session, in the order that the answer records: no place of the grid tells how much the unit likes it.
  study::Trial trial;
  trial.id = id_of(*unit_, picture_->name);
  trial.references = {natural_};
  const auto natural = std::ranges::find(study::published_conditions(), natural_.condition, &study::Condition::name);
  for (const study::ReferencePicture* shown : study::references_shown(trial, *natural, ""))
    pictures_shown->references.push_back(
        images[static_cast<std::size_t>(shown - trial.references.front().pictures.data())]);
  coming_ = std::move(pictures_shown);
}

base::Result<float> Practice::activation(const core::Image& picture, const core::StopFlag& stop) const {
  auto response = network_->respond(picture, *unit_, &stop);
  if (!response) return response.error();
  return response->activation;
}

// The picture's object, framed as the network sees it; nothing where the collection has no mask that can be read.
std::optional<core::Image> Practice::mask_of(std::size_t picture) const {
  const std::filesystem::path& file = pictures()[picture].mask;
  if (file.empty()) return std::nullopt;
  const auto image = core::load_image(file);
  if (!image) return std::nullopt;
  return core::frame(*image, request_.model->framing);
}

// What is shown is what is measured: the extremes once more, from the bytes of the two occluded pictures.
StepOutcome Practice::finish(const core::StopFlag& stop) {
  const core::OcclusionMap& map = sweep_->snapshot()->map;
  const std::optional<core::Extremes> ends = core::extremes(map.values);
  if (!ends) {
    fail(net::no_activation(*unit_));
    return StepOutcome::done;
  }
  const core::Image& base = picture_->image;
  auto question = std::make_shared<PracticeQuestion>();
  study::Trial& trial = question->trial;
  trial.min.place = map.occluder_at(ends->lowest.row, ends->lowest.col);
  trial.max.place = map.occluder_at(ends->highest.row, ends->highest.col);
  core::Image min = core::occlude(base, trial.min.place, trial.fill);
  core::Image max = core::occlude(base, trial.max.place, trial.fill);
  const auto lowest = activation(min, stop);
  if (!lowest && was_stopped(lowest.error())) return StepOutcome::stopped;
  const auto highest = activation(max, stop);
  if (!highest && was_stopped(highest.error())) return StepOutcome::stopped;
  if (!lowest || !highest) {
    fail(!lowest ? lowest.error() : highest.error());
    return StepOutcome::done;
  }
  const Sets& of = sets_.at(core::to_string(*unit_));
  const RankedPicture& ranked = of.ranked[static_cast<std::size_t>(set_->query)];
  trial.id = id_of(*unit_, picture_->name);
  trial.role = study::Role::less_obvious_practice;
  trial.unit = *unit_;
  trial.batch = set_->batch;
  trial.picture = picture_->name;
  trial.label = picture_->label;
  trial.min.activation = static_cast<double>(*lowest);
  trial.max.activation = static_cast<double>(*highest);
  trial.base_activation = static_cast<double>(map.baseline);
  trial.lowest = std::min(trial.min.activation, trial.base_activation);
  trial.highest = std::max(trial.max.activation, trial.base_activation);
  trial.unit_spread = static_cast<double>(request_.scan->spread(*unit_).second);
  trial.query_rank = ranked.rank;
  const core::Map saliency = core::spectral_residual(base);
  const std::optional<core::Image> mask = mask_of(ranked.picture);
  study::describe(trial.min, base, saliency, mask ? &*mask : nullptr);
  study::describe(trial.max, base, saliency, mask ? &*mask : nullptr);
  const bool was_just_seen = !truth_seen_ && seen_elsewhere(*unit_, pictures()[ranked.picture].path);
  const bool is_too_small = study::effect_in_spreads(trial) < kLeastEffect;
  if (is_too_small || was_just_seen) {
    if (is_too_small && truth_seen_ && ++futile_ >= of.sets.size())
      fail({"No question can be asked about " + core::to_string(*unit_),
            "the square changes it too little on every picture that it likes", "Choose another unit."});
    set_.reset();
    return error_ ? StepOutcome::done : StepOutcome::more;
  }
  question->picture = picture_;
  question->path = pictures()[ranked.picture].path;
  question->truth_seen = truth_seen_;
  question->map = map;
  question->switched_queries = base::Rng(request_.seed, "left and right of " + trial.id).below(2) == 1;
  question->pictures = *coming_;
  if (request_.model->grey) {
    min = core::grey(min);
    max = core::grey(max);
  }
  question->pictures.left = question->switched_queries ? std::move(max) : min;
  question->pictures.right = question->switched_queries ? std::move(min) : std::move(max);
  trial.references.push_back(natural_);
  accept_or_keep(question);
  return is_ready() ? StepOutcome::done : StepOutcome::more;
}

}  // namespace engine
