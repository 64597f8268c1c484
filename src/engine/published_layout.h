// The task folders that the published study's web page reads, and the structure file of its analysis: hard links to the
// stimuli (copies where the file system has none), index.json in every task, <condition>.json beside them. The web page
// shows reference_max_8 first, so the numbers go down from there in the order that our screen shows, whatever their
// count. Its instruction screenshots are not ours to make: open it with its parameter "ni". Writes the disk, so never
// on the UI thread.
#pragma once
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "study/experiment.h"

namespace engine {

// Names of the folders that write_published_layout makes in the experiment's folder.
std::vector<std::string> published_folders(const study::Experiment& experiment);
// One folder of trials: a task, or the practice of a condition.
struct PublishedFolder {
  std::string name;  // "natural_9_references/task_7"
  std::size_t trials = 0, references = 0;
  std::vector<int> catches;                                // numbers of trials, from 1
  std::optional<std::ptrdiff_t> obvious;                   // of practice
  std::vector<std::pair<std::string, std::string>> files;  // of the folder, and the picture that each one is
};
std::vector<PublishedFolder> published_layout(const study::Experiment& experiment);
// Replaces all of it.
base::Status write_published_layout(const std::filesystem::path& folder, const study::Experiment& experiment);

}  // namespace engine
