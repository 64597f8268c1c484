#include "engine/published_layout.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "core/image_io.h"
#include "study/answer.h"

namespace engine {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int kFirstShown = 8;  // the web page's number of the reference that it shows first

base::Status link_file(const fs::path& from, const fs::path& to) {
  std::error_code failed;
  fs::create_hard_link(from, to, failed);
  if (failed) fs::copy_file(from, to, fs::copy_options::overwrite_existing, failed);
  if (!failed) return {};
  return base::Error{"The file " + to.string() + " cannot be written", failed.message(),
                     "Make room on the disk, or choose another folder"};
}

base::Status make_folder(const fs::path& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (!failed) return {};
  return base::Error{"The folder " + folder.string() + " cannot be made", failed.message(),
                     "Choose another folder, or make this one writable"};
}

// One folder of trials. The web page shows as many references in every trial of a task.
PublishedFolder folder_of(const std::string& name, const std::vector<const study::Trial*>& trials,
                          const study::Condition& condition) {
  PublishedFolder folder{name, trials.size(), static_cast<std::size_t>(condition.references), {}, {}, {}};
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const study::Trial& trial = *trials[i];
    const int number = static_cast<int>(i) + 1;
    if (trial.role == study::Role::catch_trial) folder.catches.push_back(number);
    const std::string inside = name + "/trials/trial_" + std::to_string(number) + '/';
    folder.files.emplace_back(inside + "queries/base.png", trial.base_file);
    folder.files.emplace_back(inside + "queries/min.png", study::min_file_shown(trial, condition));
    folder.files.emplace_back(inside + "queries/max.png", trial.max_file);
    const auto references = study::references_shown(trial, condition, name);
    folder.references = std::min(folder.references, references.size());
    int reference = kFirstShown;
    for (const study::ReferencePicture* picture : references)
      if (reference >= 0)
        folder.files.emplace_back(inside + "references/reference_max_" + std::to_string(reference--) + ".png",
                                  picture->file);
  }
  return folder;
}

PublishedFolder practice_of(const study::Experiment& experiment, const study::Condition& condition) {
  std::vector<const study::Trial*> trials;
  if (condition.references > 0)  // there is no practice without references (protocol 1.10)
    for (const study::Role role : {study::Role::obvious_practice, study::Role::less_obvious_practice})
      for (const study::Trial& trial : experiment.trials)
        if (trial.role == role) trials.push_back(&trial);
  PublishedFolder folder = folder_of("demo_" + condition.code, trials, condition);
  folder.obvious = std::ranges::count_if(
      trials, [](const study::Trial* trial) { return trial->role == study::Role::obvious_practice; });
  return folder;
}

base::Status write_folder(const fs::path& root, const PublishedFolder& folder) {
  if (const auto made = make_folder(root / folder.name); !made) return made;
  for (const auto& [name, of] : folder.files) {
    if (const auto made = make_folder((root / name).parent_path()); !made) return made;
    if (const auto linked = link_file(root / of, root / name); !linked) return linked;
  }
  Json index = {{"task_name", folder.name},
                {"n_reference_images", folder.references},
                {"n_trials", folder.trials},
                {"catch_trial_idxs", folder.catches}};
  if (folder.obvious) index["n_obvious_trials"] = *folder.obvious;
  return core::save_text(root / folder.name / "index.json", index.dump() + '\n');
}

std::string decimals(double value) {
  char text[64];
  std::snprintf(text, sizeof text, "%.12f", value);
  return text;
}

// The structure that the published analysis reads, with the baselines that its scripts added; the distance to the
// centre as published or as intended (protocol 1.14).
Json structure_of(const study::Trial& trial, const study::Condition& condition, const std::string& task,
                  study::Fidelity fidelity) {
  const auto shown = study::references_shown(trial, condition, task);
  Json references = Json::array();  // by their numbers, so the one that is shown first is last
  for (auto picture = shown.rbegin(); picture != shown.rend(); ++picture) references.push_back((*picture)->file);
  const auto distance = [&](const study::Occlusion& occlusion) {
    return decimals(fidelity == study::Fidelity::as_published ? occlusion.published_centre_distance
                                                              : occlusion.centre_distance_px);
  };
  return {{"mode", trial.role == study::Role::catch_trial ? "catch_trial" : "normal"},
          {"queries", fs::path(trial.max_file).parent_path().generic_string()},
          {"references", std::move(references)},
          {"unit", core::to_string(trial.unit)},
          {"base_query_activation", decimals(trial.base_activation)},
          {"min_query_activation", decimals(trial.lowest)},
          {"max_query_activation", decimals(trial.highest)},
          {"min_query_center_distance", distance(trial.min)},
          {"max_query_center_distance", distance(trial.max)},
          {"min_query_patch_std", decimals(trial.min.standard_deviation)},
          {"max_query_patch_std", decimals(trial.max.standard_deviation)},
          {"min_query_patch_saliency", decimals(trial.min.saliency)},
          {"max_query_patch_saliency", decimals(trial.max.saliency)}};
}

}  // namespace

std::vector<std::string> published_folders(const study::Experiment& experiment) {
  std::vector<std::string> folders;
  for (const study::Condition& condition : experiment.conditions)
    for (const std::string& name : {condition.code, "demo_" + condition.code}) folders.push_back(name);
  return folders;
}

std::vector<PublishedFolder> published_layout(const study::Experiment& experiment) {
  std::vector<PublishedFolder> folders;
  for (const study::Condition& condition : experiment.conditions) {
    for (const study::Task& task : experiment.tasks) {
      if (task.condition != condition.name) continue;
      std::vector<const study::Trial*> trials;
      for (const std::string& id : task.trials) trials.push_back(experiment.find(id));
      folders.push_back(folder_of(task.name, trials, condition));
    }
    folders.push_back(practice_of(experiment, condition));
  }
  return folders;
}

base::Status write_published_layout(const fs::path& folder, const study::Experiment& experiment) {
  std::error_code failed;
  for (const std::string& name : published_folders(experiment)) {
    fs::remove_all(folder / name, failed);
    if (failed)
      return base::Error{"The folder " + (folder / name).string() + " cannot be replaced", failed.message(),
                         "Make it writable"};
  }
  for (const PublishedFolder& published : published_layout(experiment))
    if (const auto written = write_folder(folder, published); !written) return written;
  for (const study::Condition& condition : experiment.conditions) {
    Json tasks = Json::array();
    for (const study::Task& task : experiment.tasks) {
      if (task.condition != condition.name) continue;
      Json structures = Json::array();
      for (const std::string& id : task.trials)
        structures.push_back(structure_of(*experiment.find(id), condition, task.name, experiment.spec.fidelity));
      tasks.push_back({{"index", task.number}, {"trials", std::move(structures)}});
    }
    if (const auto made = make_folder(folder / condition.code); !made) return made;
    if (const auto saved = core::save_text(folder / condition.code / (condition.name + ".json"),
                                           Json{{"tasks", std::move(tasks)}}.dump(1) + '\n');
        !saved)
      return saved;
  }
  return {};
}

}  // namespace engine
