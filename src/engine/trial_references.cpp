#include "engine/trial_references.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/hash.h"
#include "base/rng.h"
#include "core/file.h"
#include "core/image_io.h"
#include "data/collection.h"
#include "engine/open.h"
#include "engine/trial_pictures.h"
#include "net/visualization.h"

namespace engine {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int kStride_px = 2;
constexpr int kPassWindows = 16;
constexpr std::size_t kShown = 9;
constexpr int kBlurRadius = 10;
constexpr double kBlurSigma = 3.5;
constexpr const char* kBlurKind = "unitscope blurred reference";

bool carries(const fs::path& file, const std::string& spec) {
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return false;
  const auto carried = core::read_png_spec(file);
  return carried && carried->has_value() && **carried == spec;
}

base::Status make_folder(const fs::path& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (!failed) return {};
  return base::Error{"The folder " + folder.string() + " cannot be made", failed.message(),
                     "Choose another folder, or make this one writable"};
}

std::string to_json(const BlurSpec& spec, const core::Occluder& window) {
  return Json{{"kind", kBlurKind},
              {"version", 1},
              {"model", spec.model_sha256},
              {"picture", spec.picture_sha256},
              {"unit", core::to_string(spec.unit)},
              {"side_px", spec.side_px},
              {"window", {{"x_px", window.x_px}, {"y_px", window.y_px}}}}
      .dump();
}

// The window that an earlier run found, if the file answers this spec.
std::optional<core::Occluder> found_window(const fs::path& file, const BlurSpec& spec) {
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return std::nullopt;
  const auto carried = core::read_png_spec(file);
  if (!carried || !carried->has_value()) return std::nullopt;
  const Json json = Json::parse(**carried, nullptr, false);
  try {
    const core::Occluder window{json.at("window").at("x_px").get<int>(), json.at("window").at("y_px").get<int>(),
                                spec.side_px};
    if (to_json(spec, window) == **carried) return window;
  } catch (const Json::exception&) {  // somebody else's text
  }
  return std::nullopt;
}

core::Image with_window(const core::Image& soft, const core::Image& sharp, const core::Occluder& window) {
  core::Image picture = soft;
  for (int y = window.y_px; y < window.y_px + window.side_px; ++y)
    std::copy_n(sharp.pixel(window.x_px, y), 3 * window.side_px, picture.pixel(window.x_px, y));
  return picture;
}

int reflected(int index, int length) {
  if (length == 1) return 0;
  const int period = 2 * (length - 1);
  const int within = ((index % period) + period) % period;
  return within < length ? within : period - within;
}

}  // namespace

core::VisualizeSpec synthetic_spec(const study::ExperimentSpec& spec, const core::Unit& unit, int batch, int size_px) {
  auto made = core::preset("study");
  CHECK(made.ok(), "the study's preset is one of ours");
  made->model = spec.model;
  made->unit = unit;
  made->batch = batch;
  made->size_px = size_px;
  made->seed = base::Rng(spec.seed, "synthetic " + core::to_string(unit) + " " + std::to_string(batch)).bits();
  return *std::move(made);
}

std::vector<std::string> synthetic_files(const core::VisualizeSpec& spec) {
  std::vector<std::string> files;
  for (int i = 0; i < spec.batch; ++i)
    files.push_back("stimuli/synthetic/" + plain_name(spec.unit) + '/' + std::to_string(spec.batch) + '-' +
                    std::to_string(i) + ".png");
  return files;
}

base::Status make_synthetic(net::Network& network, const core::VisualizeSpec& spec, const fs::path& experiment,
                            const core::StopFlag& stop, const TellShare& tell) {
  const std::vector<std::string> files = synthetic_files(spec);
  const std::string text = core::to_json(spec);
  if (std::ranges::all_of(files, [&](const std::string& file) { return carries(experiment / file, text); })) return {};
  auto made = net::Visualization::create(network, spec);
  if (!made) return made.error();
  net::Visualization& job = **made;
  for (int step = 0;; ++step) {
    const core::StepOutcome outcome = job.step(stop);
    if (outcome == core::StepOutcome::stopped) return base::Error{net::kStopped, "", ""};
    if (job.error() != nullptr) return *job.error();
    if (outcome == core::StepOutcome::done) break;
    tell(static_cast<double>(step) / spec.steps);
  }
  const auto result = job.snapshot();
  if (const auto folder = make_folder((experiment / files.front()).parent_path()); !folder) return folder;
  for (std::size_t i = 0; i < files.size(); ++i)
    if (const auto saved = core::save_png(experiment / files[i], result->pictures[i], text); !saved) return saved;
  return {};
}

core::Image blurred(const core::Image& picture) {
  std::array<double, 2 * kBlurRadius + 1> weights{};
  double whole = 0.0;
  for (int i = -kBlurRadius; i <= kBlurRadius; ++i)
    whole += weights[static_cast<std::size_t>(i + kBlurRadius)] = std::exp(-i * i / (2.0 * kBlurSigma * kBlurSigma));
  const auto [width, height] = picture.size;
  std::vector<double> rows(picture.rgb.size());
  core::Image soft = picture;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < 3; ++c) {
        double sum = 0.0;
        for (int i = -kBlurRadius; i <= kBlurRadius; ++i)
          sum += weights[static_cast<std::size_t>(i + kBlurRadius)] * picture.pixel(reflected(x + i, width), y)[c];
        rows[static_cast<std::size_t>(3 * (y * width + x) + c)] = sum / whole;
      }
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < 3; ++c) {
        double sum = 0.0;
        for (int i = -kBlurRadius; i <= kBlurRadius; ++i)
          sum += weights[static_cast<std::size_t>(i + kBlurRadius)] *
                 rows[static_cast<std::size_t>(3 * (reflected(y + i, height) * width + x) + c)];
        soft.pixel(x, y)[c] = static_cast<std::uint8_t>(std::clamp(std::lround(sum / whole), 0L, 255L));
      }
  return soft;
}

int window_count(core::Size picture, int side_px) {
  return core::positions_along(picture.width_px, side_px, kStride_px) *
         core::positions_along(picture.height_px, side_px, kStride_px);
}

base::Result<core::Occluder> make_blurred(net::Network& network, const core::Image& picture, const BlurSpec& spec,
                                          const fs::path& file, const core::StopFlag& stop, const TellShare& tell) {
  if (const auto found = found_window(file, spec)) return *found;
  const core::Image soft = blurred(picture);
  const int cols = core::positions_along(picture.size.width_px, spec.side_px, kStride_px);
  const int count = window_count(picture.size, spec.side_px);
  core::Occluder best;
  float highest = 0.0F;
  for (int first = 0; first < count; first += kPassWindows) {
    std::vector<core::Occluder> windows;
    std::vector<core::Image> pass;
    for (int i = first; i < std::min(count, first + kPassWindows); ++i) {
      windows.push_back({i % cols * kStride_px, i / cols * kStride_px, spec.side_px});
      pass.push_back(with_window(soft, picture, windows.back()));
    }
    const auto values = network.activations(pass, spec.unit, &stop);
    if (!values) return values.error();
    for (std::size_t i = 0; i < windows.size(); ++i)
      if (best.side_px == 0 || (*values)[i] > highest) {
        best = windows[i];
        highest = (*values)[i];
      }
    tell(static_cast<double>(first) / count);
  }
  if (const auto folder = make_folder(file.parent_path()); !folder) return folder.error();
  if (const auto saved = core::save_png(file, with_window(soft, picture, best), to_json(spec, best)); !saved)
    return saved.error();
  return best;
}

base::Result<std::vector<fs::path>> own_references(const study::OwnReferences& own, const core::Unit& unit) {
  const fs::path folder(own.folder);
  std::error_code ignored;
  for (const char separator : {'-', ':', '_'}) {
    const fs::path of_unit = folder / (plain_name(unit.layer) + separator + std::to_string(unit.channel));
    if (!fs::is_directory(of_unit, ignored)) continue;
    const auto collection = data::open_collection(of_unit);
    if (!collection) return collection.error();
    std::vector<fs::path> files;
    for (const data::Picture& picture : collection->pictures)
      if (files.size() < kShown) files.push_back(picture.path);
    if (files.empty())
      return base::Error{"The references \"" + own.name + "\" have no picture for " + core::to_string(unit),
                         of_unit.string() + " holds none", "Put PNG files there"};
    return files;
  }
  return base::Error{"The references \"" + own.name + "\" have no picture for " + core::to_string(unit),
                     "there is no folder " + (folder / plain_name(unit)).string(), "Make it and put PNG files there"};
}

base::Result<std::string> hash_of(const study::OwnReferences& own) {
  std::vector<fs::path> folders;
  std::error_code problem;
  for (const fs::directory_entry& entry : fs::directory_iterator(own.folder, problem))
    if (std::error_code ignored; entry.is_directory(ignored)) folders.push_back(entry.path());
  std::ranges::sort(folders);
  base::Sha256 sha;
  for (const fs::path& of_unit : folders) {
    const auto collection = data::open_collection(of_unit);
    if (!collection) continue;  // of no picture
    for (const data::Picture& picture : collection->pictures) {
      const auto bytes = core::read_file(picture.path, kMaxPictureBytes, "The picture");
      if (!bytes) return bytes.error();
      sha.add(of_unit.filename().string() + '/' + picture.name + '\n' + base::sha256_hex(*bytes) + '\n');
    }
  }
  return sha.hex();
}

}  // namespace engine
