#include "engine/trial_pieces.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/image_io.h"
#include "net/occlusion_sweep.h"
#include "net/visualization.h"
#include "study/bins.h"

namespace engine {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr int kScreenStride_px = 16;
constexpr double kMeasured_s = 0.2;
constexpr int kMeasuredUpdates = 2;

base::Status name_picture(const TrialContext& context, PlannedTrial& planned, TrialPicture& picture) {
  auto loaded = context.pictures.load(planned.query);
  if (!loaded) return loaded.error();
  picture = *std::move(loaded);
  planned.sweep.picture.sha256 = picture.sha256;
  return {};
}

struct Candidate {  // for a place in the grid of references
  study::ReferencePicture about;
  core::Image image;
};

base::Status write_once(const fs::path& file, const core::Image& image) {
  std::error_code ignored;
  if (fs::exists(file, ignored)) return {};
  return core::save_png(file, image);
}

base::Result<Candidate> natural(const TrialContext& context, std::size_t row) {
  auto picture = context.pictures.load(row);
  if (!picture) return picture.error();
  const std::string file = context.pictures.file_of(row);
  if (const auto written = write_once(context.folder / file, picture->image); !written) return written.error();
  const PictureEntry& entry = context.pictures.entry(row);
  return Candidate{{study::ReferenceKind::natural, file, entry.name, entry.label, {}, {}, {}},
                   std::move(picture->image)};
}

base::Result<Candidate> from_file(const TrialContext& context, study::ReferenceKind kind, const std::string& file) {
  auto image = core::load_image(context.folder / file);
  if (!image) return image.error();
  return Candidate{{kind, file, {}, {}, {}, {}, {}}, *std::move(image)};
}

base::Result<Candidate> soft(const TrialContext& context, net::Network& network, const PlannedTrial& planned,
                             std::size_t row, const core::StopFlag& stop) {
  const auto picture = context.pictures.load(row);
  if (!picture) return picture.error();
  const std::string file = blurred_file(context.pictures, planned.unit, row);
  const BlurSpec spec{context.spec.model.sha256, picture->sha256, planned.unit, planned.sweep.side_px};
  const auto window = make_blurred(network, picture->image, spec, context.folder / file, stop, [](double) {});
  if (!window) return window.error();
  auto candidate = from_file(context, study::ReferenceKind::blurred, file);
  if (!candidate) return candidate.error();
  candidate->about.source = context.pictures.entry(row).name;
  candidate->about.label = context.pictures.entry(row).label;
  candidate->about.window = *window;
  return candidate;
}

// A user's picture, framed like the others and kept in the experiment.
base::Result<Candidate> own(const TrialContext& context, const study::OwnReferences& from, const core::Unit& unit,
                            const fs::path& path, std::size_t number, const core::Framing& framing) {
  const auto image = core::load_image(path);
  if (!image) return image.error();
  const core::Image shown = image->size == framing.crop ? *image : core::frame(*image, framing);
  const std::string file =
      "stimuli/own/" + plain_name(from.name) + '/' + plain_name(unit) + '/' + std::to_string(number) + ".png";
  std::error_code failed;
  fs::create_directories((context.folder / file).parent_path(), failed);
  if (const auto saved = core::save_png(context.folder / file, shown); !saved) return saved.error();
  return Candidate{{study::ReferenceKind::own, file, path.filename().string(), {}, {}, {}, {}}, shown};
}

// What stands beside the question in a condition, the best last.
base::Result<std::vector<Candidate>> candidates(const TrialContext& context, net::Network& network,
                                                const PlannedTrial& planned, const study::Condition& condition,
                                                const core::StopFlag& stop) {
  std::vector<Candidate> list;
  std::optional<base::Error> failure;
  const auto add = [&](base::Result<Candidate> candidate) {
    if (candidate)
      list.push_back(*std::move(candidate));
    else if (!failure)
      failure = candidate.error();
  };
  const auto add_synthetic = [&](int batch) {
    const int size_px = network.model().input.framing.crop.width_px;
    for (const std::string& file : synthetic_files(synthetic_spec(context.spec, planned.unit, batch, size_px)))
      add(from_file(context, study::ReferenceKind::synthetic, file));
  };
  const auto by_name = std::ranges::find(context.spec.own_references, condition.name, &study::OwnReferences::name);
  if (by_name != context.spec.own_references.end()) {
    const auto files = own_references(*by_name, planned.unit);
    if (!files) return files.error();
    for (std::size_t i = 0; i < files->size(); ++i)
      add(own(context, *by_name, planned.unit, (*files)[i], i, network.model().input.framing));
  } else if (condition.name == "synthetic") {
    add_synthetic(kSyntheticPure);
  } else if (condition.name == "blur") {
    for (const std::size_t row : planned.references) add(soft(context, network, planned, row, stop));
  } else if (condition.name == "mixed") {
    add_synthetic(kSyntheticMixed);
    study::ImageSet set;
    for (std::size_t i = 0; i < planned.references.size(); ++i) set.references.push_back(static_cast<int>(i));
    for (const int at : study::mixed_references(set))
      add(natural(context, planned.references[static_cast<std::size_t>(at)]));
  } else {
    for (const std::size_t row : planned.references) add(natural(context, row));
  }
  if (failure) return *failure;
  return list;
}

}  // namespace

base::Result<double> seconds_a_position(const TrialContext& context, net::Network& network, const PlannedTrial& trial,
                                        const core::StopFlag& stop) {
  const auto picture = context.pictures.load(trial.query);
  if (!picture) return picture.error();
  auto made = net::OcclusionSweep::create(network, picture->image, trial.sweep);
  if (!made) return made.error();
  net::OcclusionSweep& job = **made;
  if (job.step(stop) == core::StepOutcome::stopped) return base::Error{net::kStopped, "", ""};
  const auto begin = Clock::now();
  const auto elapsed_s = [&] { return std::chrono::duration<double>(Clock::now() - begin).count(); };
  core::StepOutcome outcome = core::StepOutcome::more;
  while (outcome == core::StepOutcome::more && elapsed_s() < kMeasured_s) outcome = job.step(stop);
  if (outcome == core::StepOutcome::stopped) return base::Error{net::kStopped, "", ""};
  if (job.error() != nullptr) return *job.error();
  return elapsed_s() / std::max(1, job.snapshot()->map.exact_cells);
}

base::Result<double> seconds_an_update(const TrialContext& context, net::Network& network, const core::Unit& unit,
                                       const core::StopFlag& stop) {
  const int size_px = network.model().input.framing.crop.width_px;
  auto job = net::Visualization::create(network, synthetic_spec(context.spec, unit, kSyntheticPure, size_px));
  if (!job) return job.error();
  const auto begin = Clock::now();
  for (int i = 0; i < kMeasuredUpdates; ++i) (*job)->step(stop);
  return std::chrono::duration<double>(Clock::now() - begin).count() / kMeasuredUpdates;
}

base::Result<std::set<std::string>> known_trials(const TrialContext& context, std::vector<PlannedTrial> trials) {
  std::set<std::string> ids;
  std::set<core::Unit> shipped;
  for (const SweepRecord& record : context.known_sweeps) shipped.insert(record.spec.unit);
  for (PlannedTrial& trial : trials) {
    std::error_code ignored;
    const fs::path kept = context.folder / folder_of(trial);
    if (!shipped.contains(trial.unit) && !fs::exists(kept, ignored)) continue;
    TrialPicture picture;
    if (const auto named = name_picture(context, trial, picture); !named) return named.error();
    if (found_sweep(kept, trial.sweep) ||
        std::ranges::find(context.known_sweeps, trial.sweep, &SweepRecord::spec) != context.known_sweeps.end())
      ids.insert(trial.id);
  }
  return ids;
}

std::vector<SweepRecord> screened_sweeps(const TrialContext& context, const std::vector<PlannedTrial>& trials) {
  std::vector<SweepRecord> records;
  for (const PlannedTrial& planned : trials) {
    const auto text = core::load_text(context.folder / "making" / planned.id / "sweep.json", 1U << 20);
    const auto found = text ? sweeps_from_json(*text) : base::Result<std::vector<SweepRecord>>(text.error());
    if (found) records.insert(records.end(), found->begin(), found->end());
  }
  return records;
}

base::Result<study::Trial> screen(const TrialContext& context, net::Network& network, PlannedTrial planned,
                                  const core::StopFlag& stop) {
  TrialPicture picture;
  if (const auto named = name_picture(context, planned, picture); !named) return named.error();
  const fs::path kept = context.folder / "making" / planned.id;
  core::OcclusionSpec coarse = planned.sweep;
  coarse.stride_px = kScreenStride_px;
  if (const auto found = found_sweep(kept, coarse)) return sketch(planned, *found, context.pictures);
  const auto known = std::ranges::find(context.known_sweeps, coarse, &SweepRecord::spec);
  bool agrees = false;
  if (known != context.known_sweeps.end()) {
    const auto truth = recompute(network, picture.image, *known, stop);
    if (!truth) return truth.error();
    agrees = truth->agrees;
  }
  auto swept =
      agrees ? base::Result<Swept>(Swept{*known, {}}) : sweep(network, picture.image, coarse, stop, [](int, int) {});
  if (!swept) return swept.error();
  swept->record.spec = coarse;  // whose paths are this experiment's
  if (const auto saved = keep_sweep(kept, {swept->record, {}}); !saved) return saved.error();
  return sketch(planned, swept->record, context.pictures);
}

base::Result<MadeTrial> make_trial(const TrialContext& context, net::Network& network, PlannedTrial planned,
                                   const core::StopFlag& stop, const std::function<void(int, int)>& on_grid) {
  TrialPicture picture;
  if (const auto named = name_picture(context, planned, picture); !named) return named.error();
  const fs::path kept = context.folder / folder_of(planned);
  std::error_code ignored;
  const auto written = [&](const SweepRecord& record, const Recomputed& truth, bool swept,
                           bool shipped) -> base::Result<MadeTrial> {
    auto trial = write_queries(planned, record, truth, context.pictures, context.folder);
    if (!trial) return trial.error();
    return MadeTrial{*std::move(trial), swept, shipped};
  };
  std::vector<std::pair<SweepRecord, bool>> guesses;  // with whether they were shipped
  if (const auto found = found_sweep(kept, planned.sweep))
    guesses.emplace_back(*found, !fs::exists(kept / "map.npy", ignored));
  for (const SweepRecord& known : context.known_sweeps)
    if (known.spec == planned.sweep) guesses.emplace_back(known, true);
  for (const auto& [record, shipped] : guesses) {
    const auto truth = recompute(network, picture.image, record, stop);
    if (!truth) return truth.error();
    if (!truth->agrees) continue;
    SweepRecord same = record;
    same.spec = planned.sweep;  // whose paths are this experiment's
    if (const auto saved = keep_sweep(kept, {same, {}}); !saved) return saved.error();
    return written(same, *truth, false, shipped);
  }
  const auto swept = sweep(network, picture.image, planned.sweep, stop, on_grid);
  if (!swept) return swept.error();
  const auto truth = recompute(network, picture.image, swept->record, stop);
  if (!truth) return truth.error();
  if (!truth->agrees)
    return base::Error{"The sweep of " + planned.id + " cannot be trusted",
                       "a plain pass of its extremes gives other activations",
                       "Report it; leave the unit out meanwhile"};
  if (const auto saved = keep_sweep(kept, *swept); !saved) return saved.error();
  return written(swept->record, *truth, true, false);
}

base::Result<study::Trial> finish_trial(const TrialContext& context, net::Network& network, study::Trial trial,
                                        const PlannedTrial& planned, const core::StopFlag& stop) {
  std::vector<core::Image> queries;
  for (const std::string& file : {trial.base_file, trial.min_file, trial.max_file}) {
    auto image = core::load_image(context.folder / file);
    if (!image) return image.error();
    queries.push_back(*std::move(image));
  }
  const auto kept = top5_kept(network, queries, stop);
  if (!kept) return kept.error();
  trial.top5_kept_min = kept->min;
  trial.top5_kept_max = kept->max;
  const LayerScale& scale = context.scales.at(trial.unit.layer);
  const auto asked = features_of(network, {queries[1], queries[2]}, trial.unit, scale, stop);
  if (!asked) return asked.error();
  for (const study::Condition& condition : context.conditions) {
    if (condition.references == 0) continue;
    const auto list = candidates(context, network, planned, condition, stop);
    if (!list) return list.error();
    std::vector<core::Image> images;
    for (const Candidate& candidate : *list) images.push_back(candidate.image);
    const auto answers = features_of(network, images, trial.unit, scale, stop);
    if (!answers) return answers.error();
    study::ReferenceSet set{condition.name, {}, {}, {}};
    for (std::size_t i = 0; i < list->size(); ++i) {
      study::ReferencePicture about = (*list)[i].about;
      about.activation = static_cast<double>((*answers)[i].activation);
      if (planned.unit_best > 0.0) about.share_of_best = *about.activation / planned.unit_best;
      set.pictures.push_back(std::move(about));
    }
    if (!answers->empty()) {
      set.likeness_min = likeness((*asked)[0], *answers);
      set.likeness_max = likeness((*asked)[1], *answers);
    }
    trial.references.push_back(std::move(set));
  }
  return trial;
}

bool wants_synthetic(const std::vector<study::Condition>& conditions, int batch) {
  return std::ranges::any_of(conditions, [&](const study::Condition& condition) {
    return condition.name == (batch == kSyntheticPure ? "synthetic" : "mixed");
  });
}

bool wants_blurred(const std::vector<study::Condition>& conditions) {
  return std::ranges::any_of(conditions, [](const study::Condition& condition) { return condition.name == "blur"; });
}

std::string blurred_file(const TrialPictures& pictures, const core::Unit& unit, std::size_t row) {
  return "stimuli/blurred/" + plain_name(unit) + '/' + fs::path(pictures.file_of(row)).filename().string();
}

}  // namespace engine
