#include "engine/trial_stimuli.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include "core/image_io.h"
#include "core/saliency.h"
#include "study/difficulty.h"

namespace engine {
namespace {

namespace fs = std::filesystem;

constexpr double kAgreement = 1e-4;  // of the largest of the values that are compared
constexpr std::size_t kLikeliest = 5;

core::Image occluded(const core::Image& picture, const PlaceFound& found, const core::OcclusionSpec& spec) {
  return core::occlude(picture, found.place, spec.fill, spec.seed);
}

bool has_label(const std::vector<std::string>& labels, std::size_t at) {
  if (labels.empty()) return true;
  return at < labels.size() && !labels[at].empty() && labels[at] != "background" && labels[at] != "dummy";
}

// The labelled classes with the highest values, best first; ties by class.
std::vector<int> likeliest(std::span<const float> values, const std::vector<std::string>& labels) {
  std::vector<int> order;
  for (std::size_t at = 0; at < values.size(); ++at)
    if (has_label(labels, at)) order.push_back(static_cast<int>(at));
  std::ranges::stable_sort(
      order, [&](int a, int b) { return values[static_cast<std::size_t>(a)] > values[static_cast<std::size_t>(b)]; });
  order.resize(std::min(kLikeliest, order.size()));
  return order;
}

int in_both(const std::vector<int>& a, const std::vector<int>& b) {
  return static_cast<int>(
      std::ranges::count_if(a, [&](int channel) { return std::ranges::find(b, channel) != b.end(); }));
}

}  // namespace

fs::path folder_of(const PlannedTrial& planned) {
  return fs::path("stimuli") / planned.id;
}

base::Result<study::Trial> sketch(const PlannedTrial& planned, const SweepRecord& record,
                                  const TrialPictures& pictures) {
  const auto picture = pictures.load(planned.query);
  if (!picture) return picture.error();
  const auto mask = pictures.mask(planned.query);
  const core::Map saliency = core::spectral_residual(picture->image);
  study::Trial trial;
  trial.id = planned.id;
  trial.role = planned.role;
  trial.unit = planned.unit;
  trial.batch = planned.batch;
  trial.picture = pictures.entry(planned.query).name;
  trial.label = pictures.entry(planned.query).label;
  trial.fill = record.spec.fill;
  trial.base_activation = static_cast<double>(record.base);
  trial.unit_spread = planned.unit_spread;
  trial.query_rank = planned.query_rank;
  const auto fill_in = [&](study::Occlusion& occlusion, const PlaceFound& found) {
    occlusion.place = found.place;
    occlusion.activation = static_cast<double>(found.activation);
    study::describe(occlusion, picture->image, saliency, mask ? &*mask : nullptr);
  };
  fill_in(trial.min, record.lowest);
  fill_in(trial.max, record.highest);
  trial.lowest = std::min(trial.min.activation, trial.base_activation);
  trial.highest = std::max(trial.max.activation, trial.base_activation);
  return trial;
}

base::Result<Recomputed> recompute(net::Network& network, const core::Image& picture, const SweepRecord& record,
                                   const core::StopFlag& stop) {
  if (record.lowest.place != core::clamp_inside(record.lowest.place, picture.size) ||
      record.highest.place != core::clamp_inside(record.highest.place, picture.size))
    return Recomputed{};  // of another picture
  const std::vector<core::Image> shown = {picture, occluded(picture, record.lowest, record.spec),
                                          occluded(picture, record.highest, record.spec)};
  const auto values = network.activations(shown, record.spec.unit, &stop);
  if (!values) return values.error();
  const float expected[] = {record.base, record.lowest.activation, record.highest.activation};
  double largest = 0.0, apart = 0.0;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    largest = std::max(largest, std::fabs(static_cast<double>((*values)[i])));
    apart = std::max(apart, std::fabs(static_cast<double>((*values)[i]) - static_cast<double>(expected[i])));
  }
  return Recomputed{(*values)[0], (*values)[1], (*values)[2], apart <= kAgreement * largest};
}

base::Result<study::Trial> write_queries(const PlannedTrial& planned, const SweepRecord& record,
                                         const Recomputed& truth, const TrialPictures& pictures,
                                         const fs::path& experiment) {
  auto trial = sketch(planned, record, pictures);
  if (!trial) return trial.error();
  const auto picture = pictures.load(planned.query);
  if (!picture) return picture.error();
  trial->base_activation = static_cast<double>(truth.base);
  trial->min.activation = static_cast<double>(truth.min);
  trial->max.activation = static_cast<double>(truth.max);
  trial->lowest = std::min(trial->min.activation, trial->base_activation);
  trial->highest = std::max(trial->max.activation, trial->base_activation);
  const fs::path folder = folder_of(planned);
  trial->base_file = pictures.file_of(planned.query);
  trial->min_file = (folder / "min.png").generic_string();
  trial->max_file = (folder / "max.png").generic_string();
  std::error_code ignored;
  if (fs::exists(experiment / folder / "map.npy", ignored)) trial->map_file = (folder / "map.npy").generic_string();

  const std::string spec = core::to_json(record.spec);
  const std::pair<const std::string*, core::Image> files[] = {
      {&trial->base_file, picture->image},
      {&trial->min_file, occluded(picture->image, record.lowest, record.spec)},
      {&trial->max_file, occluded(picture->image, record.highest, record.spec)}};
  for (const auto& [file, image] : files) {
    const bool shared = file == &trial->base_file;  // by other units' trials and references: it carries no spec
    if (shared && fs::exists(experiment / *file, ignored)) continue;
    if (const auto saved = core::save_png(experiment / *file, image, shared ? std::string() : spec); !saved)
      return saved.error();
  }
  return trial;
}

int likeliest_kept(std::span<const float> before, std::span<const float> after,
                   const std::vector<std::string>& labels) {
  return in_both(likeliest(before, labels), likeliest(after, labels));
}

base::Result<Kept> top5_kept(net::Network& network, const std::vector<core::Image>& base_min_max,
                             const core::StopFlag& stop) {
  const auto node = network.model().logits ? network.model().logits : network.model().probabilities;
  if (!node) return Kept{};
  const net::Wanted wanted{*node, {}};
  const auto answers = network.respond(base_min_max, std::span(&wanted, 1), &stop);
  if (!answers) return answers.error();
  const std::span<const float> values(answers->front().values);
  const std::size_t classes = values.size() / base_min_max.size();
  const auto kept = [&](std::size_t picture) {
    return likeliest_kept(values.first(classes), values.subspan(picture * classes, classes), network.model().labels);
  };
  return Kept{kept(1), kept(2)};
}

}  // namespace engine
