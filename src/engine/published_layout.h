// The task folders that the published study's web page reads, and the structure file of its analysis: hard links to the
// stimuli (copies where the file system has none), index.json in every task, <condition>.json beside them. The web page
// shows reference_max_8 first, so the best reference has that number whatever their count. Its instruction screenshots
// are not ours to make: open it with its parameter "ni". Writes the disk, so never on the UI thread.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "study/experiment.h"

namespace engine {

// Names of the folders that write_published_layout makes in the experiment's folder.
std::vector<std::string> published_folders(const study::Experiment& experiment);
// Replaces them.
base::Status write_published_layout(const std::filesystem::path& folder, const study::Experiment& experiment);

}  // namespace engine
