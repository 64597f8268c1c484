// What a request means before any work: tiers, conditions, and whether its folder may be used.
#include <algorithm>

#include "core/image_io.h"
#include "engine/experiment_folder.h"
#include "engine/trial_making.h"
#include "engine/trial_pictures.h"
#include "engine/trial_references.h"
#include "net/model.h"

namespace engine {
namespace {

namespace fs = std::filesystem;

struct TierNumbers {
  std::vector<std::string> conditions;
  int image_sets, tasks, candidates;
  bool early_layers;
  study::PoolSizes pool;
};

const TierNumbers& numbers_of(study::Tier tier) {
  // Quick keeps the pool of practice small and early, because every trial in it is a complete sweep.
  static const TierNumbers quick{{"none", "natural"}, 1, 10, 40, true, {3, 2, 4}};
  static const TierNumbers standard{{"none", "natural", "synthetic", "mixed"}, 5, 20, 60, false, {3, 3, 7}};
  static const TierNumbers full{{"none", "natural", "synthetic", "mixed", "blur"}, 10, 50, 60, false, {3, 3, 7}};
  return tier == study::Tier::quick ? quick : tier == study::Tier::standard ? standard : full;
}

study::ExperimentSpec without_hashes(study::ExperimentSpec spec) {
  spec.images_hash.clear();
  for (study::OwnReferences& own : spec.own_references) own.hash.clear();
  return spec;
}

// Why an experiment is not what the request asks for; empty where it is. Pictures are read only when all else agrees.
base::Result<std::string> difference(const study::Experiment& there, TrialMakingRequest request) {
  if (without_hashes(there.spec) != without_hashes(request.spec)) return std::string("it holds another experiment");
  if (there.asks_intuitiveness != request.asks_intuitiveness)
    return std::string("it holds another experiment, which ") + (there.asks_intuitiveness ? "asks" : "does not ask") +
           " how intuitive the references were";
  if (const auto hashed = fill_in_hashes(request); !hashed) return hashed.error();
  if (there.spec.images_hash != request.spec.images_hash)
    return std::string("it holds another experiment, made of other pictures");
  if (there.spec != request.spec) return std::string("it holds another experiment, made with other references");
  return std::string();
}

}  // namespace

void apply_tier(TrialMakingRequest& request) {
  const TierNumbers& numbers = numbers_of(request.spec.tier);
  request.spec.image_sets = numbers.image_sets;
  request.spec.tasks = numbers.tasks;
  request.candidates = numbers.candidates;
  request.early_layers = numbers.early_layers;
  request.pool = numbers.pool;
}

std::vector<study::Condition> conditions_of(const study::ExperimentSpec& spec) {
  std::vector<study::Condition> conditions;
  for (const study::Condition& published : study::published_conditions())
    if (std::ranges::find(numbers_of(spec.tier).conditions, published.name) != numbers_of(spec.tier).conditions.end())
      conditions.push_back(published);
  for (const study::OwnReferences& own : spec.own_references)
    conditions.push_back({own.name, plain_name(own.name) + "_9_references", 9});
  return conditions;
}

base::Status check_own_references(const TrialMakingRequest& request) {
  for (const study::OwnReferences& own : request.spec.own_references)
    for (const UnitChoice& choice : request.units)
      if (const auto there = own_references(own, choice.unit); !there) return there.error();
  return {};
}

base::Status fill_in_hashes(TrialMakingRequest& request) {
  auto images = TrialPictures(request.collection, request.model->framing).hash();
  if (!images) return images.error();
  request.spec.images_hash = *std::move(images);
  for (study::OwnReferences& own : request.spec.own_references) {
    auto hash = hash_of(own);
    if (!hash) return hash.error();
    own.hash = *std::move(hash);
  }
  return {};
}

fs::path shipped_sweeps() {
  const fs::path file = net::embedded_model_path().parent_path().parent_path() / "experiments/starter/sweeps.json";
  std::error_code ignored;
  return fs::exists(file, ignored) ? file : fs::path();
}

base::Result<FolderState> prepare_folder(const TrialMakingRequest& request, bool force) {
  const fs::path& folder = request.folder;
  std::error_code ignored;
  if (!fs::exists(folder, ignored) || fs::is_empty(folder, ignored)) return FolderState::fresh;
  const bool finished = fs::exists(folder / "trials.json", ignored);
  const fs::path begun = folder / "making" / "begun.json";
  const auto refuse = [&](const std::string& why) {
    return base::Error{"The experiment cannot be made in " + folder.string(), why,
                       "Choose another --out, or add --force to replace an experiment"};
  };
  if (!finished && !fs::exists(begun, ignored)) return refuse("the folder holds other files");
  const auto text = core::load_text(finished ? folder / "trials.json" : begun);
  if (!text) return text.error();
  const auto there = study::experiment_from_json(*text);
  if (!force) {
    if (!there) return refuse("it holds another experiment");
    const auto why = difference(*there, request);
    if (!why) return why.error();
    if (!why->empty()) return refuse(*why);
    return finished ? FolderState::finished : FolderState::resumes;
  }
  if (const auto cleared = clear_experiment(folder); !cleared) return cleared.error();
  return FolderState::fresh;
}

base::Status begin_folder(const TrialMakingRequest& request) {
  for (const char* part : {"stimuli/pictures", "making"}) {
    std::error_code failed;
    fs::create_directories(request.folder / part, failed);
    if (failed)
      return base::Error{"The folder " + (request.folder / part).string() + " cannot be made", failed.message(),
                         "Choose another folder, or make this one writable"};
  }
  study::Experiment begun;
  begun.spec = request.spec;
  begun.asks_intuitiveness = request.asks_intuitiveness;
  return core::save_text(request.folder / "making" / "begun.json", study::to_json(begun));
}

}  // namespace engine
