#include "cli/session.h"

#include <unistd.h>

#include <cmath>
#include <system_error>
#include <thread>

#include "base/log.h"
#include "core/image_io.h"
#include "engine/open.h"
#include "net/names.h"

namespace cli {
namespace {

namespace fs = std::filesystem;

// On two cores a second thread gains a tenth, and costs far more than that when the other core is busy.
int threads_of(const Machine& machine) {
  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  return machine.threads.value_or(cores <= 2 ? 1 : cores);
}

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

bool same_file(const fs::path& a, const fs::path& b) {
  std::error_code ignored;
  return fs::equivalent(a, b, ignored);
}

bool written_by_us(const fs::path& file) {
  if (file.extension() == ".json") {
    const auto text = core::load_text(file);
    if (!text) return false;
    const Json document = Json::parse(*text, nullptr, false);
    return document.is_object() && document.contains("kind") && document.contains("version");
  }
  const auto spec = core::read_png_spec(file);
  return spec && spec->has_value();
}

base::Error would_replace(const fs::path& file) {
  return {"The file " + file.string() + " is not replaced", "it is there and unitscope did not write it",
          "Choose another --out, or add --force"};
}

// A folder that is there, or can be made where the first part of its path ends that is there.
base::Status can_hold_files(const fs::path& folder) {
  fs::path there = folder.empty() ? fs::path(".") : folder;
  while (!is_there(there)) there = there.has_parent_path() ? there.parent_path() : fs::path(".");
  std::error_code ignored;
  const bool is_folder = fs::is_directory(there, ignored);
  if (is_folder && access(there.c_str(), W_OK | X_OK) == 0) return {};
  return base::Error{"Nothing can be written to " + folder.string(),
                     there.string() + (is_folder ? " is not writable" : " is not a folder"), "Choose another --out"};
}

}  // namespace

net::OpenOptions options_of(const Feeding& feeding) {
  net::OpenOptions options;
  options.input_preset = feeding.preset.value_or("");
  if (feeding.side_px) options.open_size = {*feeding.side_px, *feeding.side_px};
  return options;
}

base::Result<std::shared_ptr<const net::Model>> open_model(const core::FileName& name,
                                                           const net::OpenOptions& options) {
  const bool use_embedded = name.path.empty() || (!name.sha256.empty() && !is_there(name.path));
  auto model = net::open_model(use_embedded ? net::embedded_model_path() : fs::path(name.path), options);
  if (!model) return model.error();
  if (!name.sha256.empty() && (*model)->sha256 != name.sha256) {
    const std::string named = name.path.empty() ? "embedded" : name.path;
    if (use_embedded && !name.path.empty())
      return base::Error{"The model " + named + " cannot be opened", "there is no such file",
                         "Give the model that the spec names with --model FILE"};
    return base::Error{"The model " + named + " is not the one that the spec was made with",
                       "its SHA-256 is " + (*model)->sha256 + " and not " + name.sha256,
                       "Give the right one with --model FILE, which also lifts this check"};
  }
  base::log_info("model " + (*model)->path.string());
  return model;
}

base::Result<std::shared_ptr<const net::Model>> model_asked(const std::optional<std::string>& flag,
                                                            core::FileName& name, const Feeding& feeding) {
  if (flag) name = {*flag, ""};
  auto model = open_model(name, options_of(feeding));
  if (model && feeding.side_px)
    if (const core::Size fed = (*model)->input.framing.crop; fed != core::Size{*feeding.side_px, *feeding.side_px})
      return base::Error{"The value of --side cannot be used with " + (*model)->name,
                         "its file or the JSON beside it fixes the input at " + std::to_string(fed.width_px) + " × " +
                             std::to_string(fed.height_px) + " px",
                         "Leave --side away"};
  if (model) name = {same_file((*model)->path, name.path) ? name.path : "", (*model)->sha256};
  return model;
}

base::Result<engine::PicturePointer> open_picture(const core::FileName& name, const net::Model& model) {
  auto picture = engine::open_picture(name.path, model.input.framing);
  if (picture->error) return *picture->error;
  if (!name.sha256.empty() && picture->file.sha256 != name.sha256)
    return base::Error{"The picture " + name.path + " is not the one that the spec was made with",
                       "its SHA-256 is " + picture->file.sha256 + " and not " + name.sha256,
                       "Give the right one with --image FILE, which also lifts this check"};
  base::log_info("picture " + name.path + ", " + std::to_string(picture->original.width_px) + " × " +
                 std::to_string(picture->original.height_px) + " px");
  return picture;
}

base::Result<std::unique_ptr<net::Network>> start_network(const Machine& machine,
                                                          std::shared_ptr<const net::Model> model) {
  net::set_threads_here(threads_of(machine));
  return net::Network::create(std::move(model), machine.device);
}

engine::MadeBy made_by(const Machine& machine) {
  return engine::made_by(machine.device, threads_of(machine));
}

Json names(const engine::Files& files) {
  Json list = Json::array();
  for (const fs::path& file : files) list.push_back(file.string());
  return list;
}

base::Result<std::string> read_spec_text(const fs::path& file) {
  auto text = core::load_text(file);
  if (!text || !text->starts_with("\x89PNG")) return text;
  const auto carried = core::read_png_spec(file);
  if (!carried) return carried.error();
  if (!carried->has_value())
    return base::Error{"The picture " + file.string() + " gives no spec", "it carries no chunk named unitscope",
                       "Give a PNG that unitscope wrote, or a spec in JSON"};
  return **carried;
}

core::FileName found_from(const fs::path& spec_file, core::FileName name) {
  if (name.path.empty() || fs::path(name.path).is_absolute()) return name;
  const fs::path beside = (spec_file.parent_path() / name.path).lexically_normal();
  if (is_there(beside)) name.path = beside.string();
  return name;
}

base::Result<core::Unit> unit_asked(const std::optional<std::string>& flag, const core::Unit& of_spec,
                                    const net::Model& model, const std::string& command) {
  if (!flag && of_spec.layer.empty())
    return base::Error{command + " needs a unit", "neither --unit nor --spec names one",
                       "Give one, for example --unit mixed4a_pre_relu:7; unitscope-cli units lists the layers"};
  const auto understood = net::understand_unit(model, flag ? *flag : core::to_string(of_spec));
  if (!understood) return understood.error();
  const std::string words = "unit " + core::to_string(understood->unit) + ": " + understood->explanation;
  if (understood->of_others)
    base::log_warning(words);
  else
    base::log_info(words);
  return understood->unit;
}

base::Result<core::FileName> picture_asked(const std::optional<std::string>& flag, const core::FileName& of_spec,
                                           const std::string& command) {
  if (flag) return core::FileName{*flag, ""};
  if (!of_spec.path.empty()) return of_spec;
  return base::Error{command + " needs a picture", "neither --image nor --spec names one",
                     "Give one, for example --image photo.jpg"};
}

base::Status save_npy(const fs::path& file, const net::Activations& activations) {
  const net::Shape& shape = activations.shape;
  return core::save_npy(file, core::Array{{shape.channels, shape.rows, shape.cols}, activations.values});
}

base::Status save_or_remove(const fs::path& file, const std::optional<net::Activations>& activations) {
  if (activations) return save_npy(file, *activations);
  std::error_code failed;
  fs::remove(file, failed);
  if (!failed) return {};
  return base::Error{"The file " + file.string() + " of an earlier answer cannot be removed", failed.message(),
                     "Remove it by hand, or choose another --out"};
}

base::Result<core::Extremes> extremes_of(const core::Map& map, float activation, const core::Unit& unit) {
  const std::optional<core::Extremes> found = core::extremes(map);
  if (!found || !std::isfinite(activation)) return net::no_activation(unit);
  return *found;
}

base::Status may_write_picture(const Destination& out, int batch) {
  const fs::path file = *out.path;
  if (fs::path extension = file.extension(); extension != ".png" && extension != ".PNG")
    return base::Error{"The picture cannot be written to " + file.string(), "only PNG is written",
                       "Choose a name that ends in .png"};
  if (const auto writable = can_hold_files(file.parent_path()); !writable) return writable;
  for (const fs::path& one : engine::visualization_files(file, batch))
    if (!out.force && is_there(one) && !written_by_us(one)) return would_replace(one);
  return {};
}

base::Status may_write_into(const Destination& out, const std::vector<std::string>& file_names, const fs::path& input) {
  const fs::path folder = *out.path;
  if (const auto writable = can_hold_files(folder); !writable) return writable;
  const bool ours = written_by_us(folder / "spec.json");
  for (const std::string& name : file_names) {
    if (same_file(folder / name, input))
      return base::Error{"The file " + input.string() + " is not replaced", "it is the picture that is read",
                         "Choose another --out"};
    std::error_code ignored;
    if (fs::is_directory(folder / name, ignored))
      return base::Error{"The file " + (folder / name).string() + " cannot be written", "a folder has that name",
                         "Choose another --out"};
    if (!out.force && !ours && is_there(folder / name)) return would_replace(folder / name);
  }
  return {};
}

}  // namespace cli
