#include "engine/trial_sweep.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/image_io.h"
#include "net/occlusion_sweep.h"

namespace engine {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kKind = "unitscope sweeps";
constexpr std::size_t kMaxRecords = 100000;
constexpr const char* kSweepFile = "sweep.json";
constexpr const char* kMapFile = "map.npy";

Json written(const PlaceFound& found) {
  return {{"x_px", found.place.x_px}, {"y_px", found.place.y_px}, {"activation", found.activation}};
}

// Throws Json::exception where something is missing or of another type.
PlaceFound read_place(const Json& json, int side_px) {
  PlaceFound found{{json.at("x_px").get<int>(), json.at("y_px").get<int>(), side_px},
                   json.at("activation").get<float>()};
  if (found.place.x_px < 0 || found.place.y_px < 0 || !std::isfinite(found.activation))
    throw std::out_of_range("a place or an activation that cannot be");
  return found;
}

SweepRecord read_record(const Json& json) {
  auto spec = core::occlusion_spec_from_json(json.at("spec").dump());
  if (!spec) throw std::out_of_range(spec.error().why);
  SweepRecord record{*std::move(spec), json.at("base").get<float>(), {}, {}};
  record.lowest = read_place(json.at("lowest"), record.spec.side_px);
  record.highest = read_place(json.at("highest"), record.spec.side_px);
  return record;
}

PlaceFound place_of(const core::Extreme& extreme, const core::OcclusionMap& map) {
  return {map.occluder_at(extreme.row, extreme.col), extreme.value};
}

}  // namespace

std::string to_json(const std::vector<SweepRecord>& records) {
  Json list = Json::array();
  for (const SweepRecord& record : records)
    list.push_back({{"spec", Json::parse(core::to_json(record.spec))},
                    {"base", record.base},
                    {"lowest", written(record.lowest)},
                    {"highest", written(record.highest)}});
  return Json{{"kind", kKind}, {"version", 1}, {"sweeps", std::move(list)}}.dump(1) + '\n';
}

base::Result<std::vector<SweepRecord>> sweeps_from_json(std::string_view text) {
  const auto refuse = [](const std::string& why) {
    return base::Error{"The sweeps cannot be read", why, "Remove the file, and they are computed again"};
  };
  try {
    const Json json = Json::parse(text);
    if (json.at("kind") != kKind || json.at("version") != 1) return refuse("it is a file of another kind or version");
    if (!json.at("sweeps").is_array() || json["sweeps"].size() > kMaxRecords) return refuse("it is no list of sweeps");
    std::vector<SweepRecord> records;
    for (const Json& entry : json["sweeps"]) records.push_back(read_record(entry));
    return records;
  } catch (const Json::exception&) {
    return refuse("it is not what unitscope writes");
  } catch (const std::out_of_range& problem) {
    return refuse(problem.what());
  }
}

base::Result<Swept> sweep(net::Network& network, const core::Image& picture, const core::OcclusionSpec& spec,
                          const core::StopFlag& stop, const std::function<void(int, int)>& on_grid) {
  auto made = net::OcclusionSweep::create(network, picture, spec);
  if (!made) return made.error();
  net::OcclusionSweep& job = **made;
  int told_px = -1;
  while (true) {
    const core::StepOutcome outcome = job.step(stop);
    if (outcome == core::StepOutcome::stopped) return base::Error{net::kStopped, "", ""};
    if (job.error() != nullptr) return *job.error();
    if (outcome == core::StepOutcome::done) break;
    const core::OcclusionMap& map = job.snapshot()->map;
    if (map.complete_stride_px == told_px) continue;
    told_px = map.complete_stride_px;
    const int next_px = std::max(spec.stride_px, told_px == 0 ? 16 : told_px / 2);
    on_grid(core::positions_along(picture.size.height_px, spec.side_px, next_px),
            core::positions_along(picture.size.width_px, spec.side_px, next_px));
  }
  const core::OcclusionMap& map = job.snapshot()->map;
  if (std::ranges::any_of(map.values.values, [](float value) { return !std::isfinite(value); }) ||
      !std::isfinite(map.baseline))
    return base::Error{"The unit " + core::to_string(spec.unit) + " cannot be asked about",
                       "it answers this picture with no number (NaN or infinity)", "Leave it out"};
  const core::Extremes found = core::extremes(map.values).value();
  return Swept{{spec, map.baseline, place_of(found.lowest, map), place_of(found.highest, map)}, map.values};
}

std::optional<SweepRecord> found_sweep(const fs::path& folder, const core::OcclusionSpec& spec) {
  std::error_code ignored;
  if (!fs::exists(folder / kSweepFile, ignored)) return std::nullopt;
  const auto text = core::load_text(folder / kSweepFile, 1U << 20);
  if (!text) return std::nullopt;
  const auto records = sweeps_from_json(*text);
  if (!records || records->size() != 1 || records->front().spec != spec) return std::nullopt;
  return records->front();
}

base::Status keep_sweep(const fs::path& folder, const Swept& swept) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed)
    return base::Error{"The folder " + folder.string() + " cannot be made", failed.message(),
                       "Choose another folder, or make this one writable"};
  if (!swept.map.empty())
    if (const auto saved = core::save_npy(folder / kMapFile, swept.map); !saved) return saved;
  return core::save_text(folder / kSweepFile, to_json({swept.record}));
}

}  // namespace engine
