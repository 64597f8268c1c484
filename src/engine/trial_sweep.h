// The sweep of one trial: a complete occlusion map of the very bytes that are shown, kept beside the trial with the
// spec that made it, so that an interrupted experiment goes on where it was. Sweeps that ship with the program (assets/
// experiments) give positions for the same model, picture and unit; then only the extremes are computed again. Reads
// and writes the disk; each call on the thread of its network.
#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/image.h"
#include "core/job.h"
#include "core/map.h"
#include "core/specs.h"
#include "net/network.h"

namespace engine {

struct PlaceFound {
  core::Occluder place;
  float activation = 0.0F;
  bool operator==(const PlaceFound&) const = default;
};
struct SweepRecord {
  core::OcclusionSpec spec;  // its stride says how complete it is
  float base = 0.0F;
  PlaceFound lowest, highest;  // first in row-major order on ties
  bool operator==(const SweepRecord&) const = default;
};
std::string to_json(const std::vector<SweepRecord>& records);  // kind "unitscope sweeps"
base::Result<std::vector<SweepRecord>> sweeps_from_json(std::string_view text);

struct Swept {
  SweepRecord record;
  core::Map map;  // empty where the positions were known
};
// `on_grid` is told how many rows and columns the grid has that is being computed. A unit without a number anywhere
// (NaN) is an error.
base::Result<Swept> sweep(net::Network& network, const core::Image& picture, const core::OcclusionSpec& spec,
                          const core::StopFlag& stop, const std::function<void(int rows, int cols)>& on_grid);

// sweep.json and map.npy in `folder`, if they answer this spec.
std::optional<SweepRecord> found_sweep(const std::filesystem::path& folder, const core::OcclusionSpec& spec);
base::Status keep_sweep(const std::filesystem::path& folder, const Swept& swept);

}  // namespace engine
