// Reference pictures that are not simply pictures of the collection: synthetic ones (protocol 1.5), blurred ones with
// one sharp window (1.6), and a user's own. Made once, recognized by the spec inside the PNG. Each call on the thread
// of its network; reads and writes the experiment's folder.
#pragma once
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/image.h"
#include "core/job.h"
#include "core/specs.h"
#include "net/network.h"
#include "study/experiment.h"

namespace engine {

// Something that takes minutes says how far it is, 0 … 1.
using TellShare = std::function<void(double)>;

// What the study asked for, for a unit of this model: `batch` is 9, or 4 for the mixed condition.
core::VisualizeSpec synthetic_spec(const study::ExperimentSpec& spec, const core::Unit& unit, int batch, int size_px);
// "stimuli/synthetic/<unit>/9-0.png", …
std::vector<std::string> synthetic_files(const core::VisualizeSpec& spec);
base::Status make_synthetic(net::Network& network, const core::VisualizeSpec& spec,
                            const std::filesystem::path& experiment, const core::StopFlag& stop, const TellShare& tell);

// OpenCV's GaussianBlur with a 21 × 21 kernel and sigma 0: sigma 3.5, borders reflected about the outermost pixel.
core::Image blurred(const core::Image& picture);
struct BlurSpec {
  std::string model_sha256, picture_sha256;
  core::Unit unit;
  int side_px = 90;
  bool operator==(const BlurSpec&) const = default;
};
// The blurred picture with the sharp window that the unit answers most strongly, of all windows at stride 2 (first in
// row-major order on ties), written to `file`; answers where the window is.
base::Result<core::Occluder> make_blurred(net::Network& network, const core::Image& picture, const BlurSpec& spec,
                                          const std::filesystem::path& file, const core::StopFlag& stop,
                                          const TellShare& tell);
int window_count(core::Size picture, int side_px);

// The unit's own pictures of --references NAME=FOLDER: the PNGs of FOLDER/<layer>-<channel>/ (or with ':' or '_' before
// the channel), in natural order, at most nine. Refuses a unit that has none, naming the folder that is missing.
base::Result<std::vector<std::filesystem::path>> own_references(const study::OwnReferences& own,
                                                                const core::Unit& unit);
// Of all folders in FOLDER, whichever units they are of: OwnReferences::hash.
base::Result<std::string> hash_of(const study::OwnReferences& own);

}  // namespace engine
