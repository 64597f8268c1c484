// The files that keep results: the same from the window and from the command line. Every file carries its spec (PNG
// chunk, or spec.json beside it); spec.json also says, outside the spec, what made it. Paths in a spec are relative to
// the file that holds it. Existing files of these names are replaced: choosing names is the caller's (fresh_path).
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/image.h"
#include "core/map.h"
#include "core/snapshots.h"
#include "core/specs.h"
#include "net/network.h"

namespace engine {

struct MadeBy {
  std::string software;  // "unitscope 0.1.0"
  std::string libtorch;
  std::string device;  // "cpu", "cuda"
  std::string precision;
  int threads = 0;  // of torch
};
MadeBy made_by(net::Device device, int threads);
// "LibTorch 1.13.1 · CPU float32 · 1 thread"
std::string sentence(const MadeBy& made_by);
std::string to_json(const MadeBy& made_by);
// The spec with "made_by" beside its keys; readers of specs allow that key and compare without it.
std::string with_made_by(const std::string& spec_json, const MadeBy& made_by);

using Files = std::vector<std::filesystem::path>;

// map.npy [rows, cols] float32, map.png, spec.json. The folder is made if it is not there.
base::Result<Files> write_response(const std::filesystem::path& folder, const core::RespondSpec& spec,
                                   const core::Map& map, const MadeBy& made_by);
// map.npy and map.csv hold the grid of the spec's stride, NaN (empty in the CSV) where a cell was not computed; map.png
// shows it coloured; lowest.png and highest.png are the occluded pictures of the extremes; spec.json.
base::Result<Files> write_occlusion(const std::filesystem::path& folder, const core::SweepSnapshot& sweep,
                                    const core::Image& picture, const MadeBy& made_by);
// The picture, or a sheet of the batch and each of it numbered beside it (FILE-1.png, …); each carries the spec.
base::Result<Files> write_visualization(const std::filesystem::path& file,
                                        const core::VisualizationSnapshot& visualization);
// What write_visualization writes for so many pictures.
Files visualization_files(const std::filesystem::path& file, int batch);

// `wanted`, or with "-2", "-3", … before the extension: the first that does not exist.
std::filesystem::path fresh_path(const std::filesystem::path& wanted);
// The file as a spec in `folder` names it.
core::FileName seen_from(const std::filesystem::path& folder, core::FileName name);

}  // namespace engine
