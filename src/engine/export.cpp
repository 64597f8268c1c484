#include "engine/export.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/colour_map.h"
#include "core/image_io.h"
#include "core/occluder.h"

namespace engine {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int kMapPictureSide_px = 448;
constexpr int kSheetGap_px = 4;

// Every cell is a whole number of pixels.
core::Size picture_size(const core::Map& map) {
  const int cell_px = std::max(1, kMapPictureSide_px / std::max(map.rows, map.cols));
  return {map.cols * cell_px, map.rows * cell_px};
}

// Signed values around white, others from dark to bright.
core::Image coloured(const core::Map& map) {
  const core::Range range = core::range_of(map);
  const bool is_signed = range.low < 0.0F && range.high > 0.0F;
  core::MapStyle style;
  style.colour_map = is_signed ? core::ColourMap::blue_white_red : core::ColourMap::magma;
  style.range = is_signed ? core::symmetric(range) : range;
  return core::colour(map, style, picture_size(map));
}

// The shortest text that reads back as the same float.
std::string number(float value) {
  if (std::isnan(value)) return "";
  char text[32];
  return {std::begin(text), std::to_chars(std::begin(text), std::end(text), value).ptr};
}

std::string to_csv(const core::OcclusionMap& map) {
  std::string csv = "row,col,x_px,y_px,activation\n";
  for (int row = 0; row < map.values.rows; ++row)
    for (int col = 0; col < map.values.cols; ++col) {
      const core::Occluder place = map.occluder_at(row, col);
      csv += std::to_string(row) + ',' + std::to_string(col) + ',' + std::to_string(place.x_px) + ',' +
             std::to_string(place.y_px) + ',' + number(map.values.at(row, col)) + '\n';
    }
  return csv;
}

core::Image sheet_of(const std::vector<core::Image>& pictures) {
  const int count = static_cast<int>(pictures.size());
  const int columns = static_cast<int>(std::ceil(std::sqrt(count)));
  const int rows = (count + columns - 1) / columns;
  const int step_px = pictures.front().size.width_px + kSheetGap_px;
  core::Image sheet = core::make_image({columns * step_px - kSheetGap_px, rows * step_px - kSheetGap_px});
  for (int i = 0; i < count; ++i) {
    const core::Image& picture = pictures[static_cast<std::size_t>(i)];
    for (int y = 0; y < picture.size.height_px; ++y)
      std::copy_n(picture.pixel(0, y), 3 * picture.size.width_px,
                  sheet.pixel(i % columns * step_px, i / columns * step_px + y));
  }
  return sheet;
}

// Writes one file after the other and stops at the first that fails.
class Writer {
 public:
  explicit Writer(const fs::path& folder) {
    std::error_code failed;
    if (!folder.empty()) fs::create_directories(folder, failed);
    if (failed)
      status_ = base::Error{"The folder " + folder.string() + " cannot be made", failed.message(),
                            "Choose another folder, or make this one writable."};
  }
  template <class Write>
  void add(const fs::path& file, const Write& write) {
    if (!status_.ok()) return;
    if (base::Status written = write(file); written.ok())
      files_.push_back(file);
    else
      status_ = written;
  }
  [[nodiscard]] base::Result<Files> result() && {
    if (!status_.ok()) return status_.error();
    return std::move(files_);
  }

 private:
  Files files_;
  base::Status status_;
};

}  // namespace

MadeBy made_by(net::Device device, int threads) {
  return {"unitscope " UNITSCOPE_VERSION, net::torch_version(), device == net::Device::cuda ? "cuda" : "cpu", "float32",
          threads};
}

std::string sentence(const MadeBy& made_by) {
  const std::string device = made_by.device == "cuda" ? "CUDA " : "CPU ";
  return "LibTorch " + made_by.libtorch + " · " + device + made_by.precision + " · " + std::to_string(made_by.threads) +
         (made_by.threads == 1 ? " thread" : " threads");
}

std::string to_json(const MadeBy& made_by) {
  return Json{{"software", made_by.software},
              {"libtorch", made_by.libtorch},
              {"device", made_by.device},
              {"precision", made_by.precision},
              {"threads", made_by.threads}}
      .dump(2);
}

std::string with_made_by(const std::string& spec_json, const MadeBy& made_by) {
  Json json = Json::parse(spec_json);
  json["made_by"] = Json::parse(to_json(made_by));
  return json.dump(2) + "\n";
}

base::Result<Files> write_response(const fs::path& folder, const core::RespondSpec& spec, const core::Map& map,
                                   const MadeBy& made_by) {
  core::RespondSpec saved = spec;
  saved.model = seen_from(folder, spec.model);
  saved.picture = seen_from(folder, spec.picture);
  const std::string json = core::to_json(saved);
  Writer writer(folder);
  writer.add(folder / "map.npy", [&](const fs::path& file) { return core::save_npy(file, map); });
  writer.add(folder / "map.png", [&](const fs::path& file) { return core::save_png(file, coloured(map), json); });
  writer.add(folder / "spec.json",
             [&](const fs::path& file) { return core::save_text(file, with_made_by(json, made_by)); });
  return std::move(writer).result();
}

base::Result<Files> write_occlusion(const fs::path& folder, const core::SweepSnapshot& sweep,
                                    const core::Image& picture, const MadeBy& made_by) {
  const core::OcclusionMap& map = sweep.map;
  if (map.exact_cells == 0)
    return base::Error{"The occlusion map cannot be saved", "no cell of it is computed yet",
                       "Wait for its first grid."};
  const std::optional<core::Extremes> extremes = core::extremes(map.values);
  if (!extremes) return net::no_activation(sweep.spec.unit);
  core::OcclusionSpec saved = sweep.spec;
  saved.model = seen_from(folder, saved.model);
  saved.picture = seen_from(folder, saved.picture);
  const std::string json = core::to_json(saved);
  const auto occluded_at = [&](const core::Extreme& place) {
    return core::occlude(picture, map.occluder_at(place.row, place.col), saved.fill, saved.seed);
  };
  Writer writer(folder);
  writer.add(folder / "map.npy", [&](const fs::path& file) { return core::save_npy(file, map.values); });
  writer.add(folder / "map.csv", [&](const fs::path& file) { return core::save_text(file, to_csv(map)); });
  writer.add(folder / "map.png",
             [&](const fs::path& file) { return core::save_png(file, coloured(map.values), json); });
  writer.add(folder / "lowest.png",
             [&](const fs::path& file) { return core::save_png(file, occluded_at(extremes->lowest), json); });
  writer.add(folder / "highest.png",
             [&](const fs::path& file) { return core::save_png(file, occluded_at(extremes->highest), json); });
  writer.add(folder / "spec.json",
             [&](const fs::path& file) { return core::save_text(file, with_made_by(json, made_by)); });
  return std::move(writer).result();
}

base::Result<Files> write_visualization(const fs::path& file, const core::VisualizationSnapshot& visualization) {
  const std::vector<core::Image>& pictures = visualization.pictures;
  if (pictures.empty())
    return base::Error{"The visualization cannot be saved", "it has no picture yet", "Wait for its first step."};
  core::VisualizeSpec saved = visualization.spec;
  saved.model = seen_from(file.parent_path(), saved.model);
  const std::string json = core::to_json(saved);
  const Files files = visualization_files(file, static_cast<int>(pictures.size()));
  Writer writer(file.parent_path());
  writer.add(file, [&](const fs::path& path) {
    return core::save_png(path, pictures.size() > 1 ? sheet_of(pictures) : pictures.front(), json);
  });
  for (std::size_t i = 1; i < files.size(); ++i)
    writer.add(files[i], [&](const fs::path& path) { return core::save_png(path, pictures[i - 1], json); });
  return std::move(writer).result();
}

Files visualization_files(const fs::path& file, int batch) {
  Files files = {file};
  for (int i = 1; batch > 1 && i <= batch; ++i) {
    files.push_back(file);
    files.back().replace_filename(file.stem().string() + "-" + std::to_string(i) + ".png");
  }
  return files;
}

fs::path fresh_path(const fs::path& wanted) {
  std::error_code ignored;
  fs::path path = wanted;
  for (int number = 2; fs::exists(path, ignored); ++number) {
    path = wanted;
    path.replace_filename(wanted.stem().string() + "-" + std::to_string(number) + wanted.extension().string());
  }
  return path;
}

core::FileName seen_from(const fs::path& folder, core::FileName name) {
  if (name.path.empty()) return name;
  // Absolute first: of a folder that is not made yet, proximate() would otherwise say something else than later.
  std::error_code failed;
  const fs::path from = fs::absolute(folder.empty() ? fs::path(".") : folder, failed);
  if (failed) return name;
  const fs::path file = fs::absolute(name.path, failed);
  if (failed) return name;
  if (const fs::path relative = fs::proximate(file, from, failed); !failed) name.path = relative.string();
  return name;
}

}  // namespace engine
