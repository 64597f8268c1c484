#include "engine/published_layout.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "core/image_io.h"

namespace engine {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int kFirstShown = 8;  // the web page's number of the reference that it shows first

const std::vector<study::ReferencePicture>& pictures_of(const study::Trial& trial, const study::Condition& condition) {
  static const std::vector<study::ReferencePicture> none;
  const study::ReferenceSet* set = condition.references > 0 ? trial.references_of(condition.name) : nullptr;
  return set == nullptr ? none : set->pictures;
}

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

// One trial_<n> folder.
base::Status write_trial(const fs::path& root, const fs::path& to, const study::Trial& trial,
                         const study::Condition& condition) {
  for (const char* part : {"queries", "references"})
    if (const auto made = make_folder(to / part); !made) return made;
  const bool foreign = condition.references == 0 && !trial.foreign_min_file.empty();
  const std::string& min = foreign ? trial.foreign_min_file : trial.min_file;
  const std::pair<const char*, const std::string*> queries[] = {
      {"base.png", &trial.base_file}, {"min.png", &min}, {"max.png", &trial.max_file}};
  for (const auto& [name, file] : queries)
    if (const auto linked = link_file(root / *file, to / "queries" / name); !linked) return linked;
  const auto& pictures = pictures_of(trial, condition);
  int number = kFirstShown;
  for (auto picture = pictures.rbegin(); picture != pictures.rend() && number >= 0; ++picture, --number)
    if (const auto linked =
            link_file(root / picture->file, to / "references" / ("reference_max_" + std::to_string(number) + ".png"));
        !linked)
      return linked;
  return {};
}

// A folder of trials with its index.json. The web page shows as many references in every trial of a task.
base::Status write_trials(const fs::path& root, const std::string& name, const std::vector<const study::Trial*>& trials,
                          const study::Condition& condition, const std::optional<int>& obvious) {
  std::size_t references = static_cast<std::size_t>(condition.references);
  std::vector<int> catches;
  if (const auto made = make_folder(root / name); !made) return made;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const study::Trial& trial = *trials[i];
    const int number = static_cast<int>(i) + 1;
    references = std::min(references, pictures_of(trial, condition).size());
    if (trial.role == study::Role::catch_trial) catches.push_back(number);
    if (const auto written =
            write_trial(root, root / name / "trials" / ("trial_" + std::to_string(number)), trial, condition);
        !written)
      return written;
  }
  Json index = {{"task_name", name},
                {"n_reference_images", references},
                {"n_trials", trials.size()},
                {"catch_trial_idxs", catches}};
  if (obvious) index["n_obvious_trials"] = *obvious;
  return core::save_text(root / name / "index.json", index.dump() + '\n');
}

base::Status write_practice(const fs::path& root, const study::Experiment& experiment,
                            const study::Condition& condition) {
  std::vector<const study::Trial*> trials;
  if (condition.references > 0)  // there is no practice without references (protocol 1.10)
    for (const study::Role role : {study::Role::obvious_practice, study::Role::less_obvious_practice})
      for (const study::Trial& trial : experiment.trials)
        if (trial.role == role) trials.push_back(&trial);
  const auto obvious = std::ranges::count_if(
      trials, [](const study::Trial* trial) { return trial->role == study::Role::obvious_practice; });
  return write_trials(root, "demo_" + condition.code, trials, condition, static_cast<int>(obvious));
}

std::string decimals(double value) {
  char text[64];
  std::snprintf(text, sizeof text, "%.12f", value);
  return text;
}

// The structure that the published analysis reads, with the baselines that its scripts added.
Json structure_of(const study::Trial& trial, const study::Condition& condition) {
  const auto& pictures = pictures_of(trial, condition);
  Json references = Json::array();
  for (const study::ReferencePicture& picture : pictures) references.push_back(picture.file);
  return {{"mode", trial.role == study::Role::catch_trial ? "catch_trial" : "normal"},
          {"queries", fs::path(trial.max_file).parent_path().generic_string()},
          {"references", std::move(references)},
          {"unit", core::to_string(trial.unit)},
          {"base_query_activation", decimals(trial.base_activation)},
          {"min_query_activation", decimals(trial.lowest)},
          {"max_query_activation", decimals(trial.highest)},
          {"min_query_center_distance", decimals(trial.min.published_centre_distance)},
          {"max_query_center_distance", decimals(trial.max.published_centre_distance)},
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

base::Status write_published_layout(const fs::path& folder, const study::Experiment& experiment) {
  std::error_code failed;
  for (const std::string& name : published_folders(experiment)) {
    fs::remove_all(folder / name, failed);
    if (failed)
      return base::Error{"The folder " + (folder / name).string() + " cannot be replaced", failed.message(),
                         "Make it writable"};
  }
  for (const study::Condition& condition : experiment.conditions) {
    Json tasks = Json::array();
    for (const study::Task& task : experiment.tasks) {
      if (task.condition != condition.name) continue;
      std::vector<const study::Trial*> trials;
      Json structures = Json::array();
      for (const std::string& id : task.trials) {
        trials.push_back(experiment.find(id));
        structures.push_back(structure_of(*trials.back(), condition));
      }
      if (const auto written = write_trials(folder, task.name, trials, condition, std::nullopt); !written)
        return written;
      tasks.push_back({{"index", task.number}, {"trials", std::move(structures)}});
    }
    if (const auto written = write_practice(folder, experiment, condition); !written) return written;
    if (const auto made = make_folder(folder / condition.code); !made) return made;
    if (const auto saved = core::save_text(folder / condition.code / (condition.name + ".json"),
                                           Json{{"tasks", std::move(tasks)}}.dump(1) + '\n');
        !saved)
      return saved;
  }
  return {};
}

}  // namespace engine
