#include "engine/experiment_folder.h"

#include <span>
#include <utility>

#include "base/hash.h"
#include "core/image_io.h"
#include "engine/published_layout.h"
#include "study/texts.h"

namespace engine {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTrials = "trials.json";
constexpr const char* kTexts = "texts.json";

}  // namespace

base::Result<ReadExperiment> read_experiment(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::exists(folder / kTrials, ignored))
    return base::Error{"The folder " + folder.string() + " is no experiment", "it has no trials.json",
                       "Make one with unitscope-cli trials make --out " + folder.string()};
  const auto text = core::load_text(folder / kTrials);
  if (!text) return text.error();
  auto experiment = study::experiment_from_json(*text);
  if (!experiment)
    return base::Error{"The experiment " + folder.string() + " cannot be read", experiment.error().why,
                       experiment.error().what_to_do};
  return ReadExperiment{folder, *std::move(experiment), base::sha256_hex(std::as_bytes(std::span(*text)))};
}

base::Status write_experiment(const fs::path& folder, const study::Experiment& experiment) {
  if (const auto written = write_published_layout(folder, experiment); !written) return written;
  std::error_code ignored;
  if (!fs::exists(folder / kTexts, ignored))
    if (const auto saved = core::save_text(folder / kTexts, study::to_json(study::default_texts())); !saved)
      return saved;
  return core::save_text(folder / kTrials, study::to_json(experiment));
}

base::Status clear_experiment(const fs::path& folder) {
  std::error_code failed;
  std::vector<std::string> names = {kTrials, "screened.json", "stimuli", "making"};
  if (const auto read = read_experiment(folder)) {
    const auto published = published_folders(read->experiment);
    names.insert(names.end(), published.begin(), published.end());
  }
  for (const std::string& name : names) {
    fs::remove_all(folder / name, failed);
    if (failed)
      return base::Error{"The experiment in " + folder.string() + " cannot be replaced", failed.message(),
                         "Choose another folder, or make this one writable"};
  }
  return {};
}

}  // namespace engine
