#include "app/settings.h"

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <system_error>

#include "base/log.h"
#include "core/image_io.h"

namespace app {
namespace {

using nlohmann::json;

constexpr const char* kKind = "unitscope settings";
constexpr int kVersion = 1;
constexpr std::size_t kMaxBytes = 1U << 20;

base::Error broken(const std::string& why) {
  return {"The settings cannot be understood", why, "They are left out; the defaults are used."};
}

}  // namespace

std::string to_json(const Settings& settings) {
  json out;
  out["kind"] = kKind;
  out["version"] = kVersion;
  out["window"] = {settings.window.width_px, settings.window.height_px};
  out["model"] = settings.model.string();
  out["images"] = settings.images.string();
  out["answers"] = settings.answers.string();
  out["unit"] = settings.unit;
  out["preferences"] = json::parse(ui::to_json(settings.preferences));
  return out.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

base::Result<Settings> settings_from_json(std::string_view text) {
  Settings settings;
  try {
    const json in = json::parse(text);
    if (in.at("kind") != kKind) return broken("its kind is not \"" + std::string(kKind) + "\"");
    if (in.at("version").get<int>() > kVersion) return broken("a newer version of unitscope wrote them");
    for (const auto& [key, value] : in.items()) {
      constexpr std::string_view kKnown[] = {"kind",   "version", "window", "model",
                                             "images", "answers", "unit",   "preferences"};
      if (std::ranges::find(kKnown, key) == std::end(kKnown)) return broken("the key \"" + key + "\" is not known");
    }
    const auto window = in.at("window").get<std::array<int, 2>>();
    settings.window = {std::clamp(window[0], 320, 16384), std::clamp(window[1], 240, 16384)};
    settings.model = in.at("model").get<std::string>();
    settings.images = in.at("images").get<std::string>();
    settings.answers = in.value("answers", "");  // older versions kept none
    settings.unit = in.at("unit").get<std::string>();
    const auto preferences = ui::preferences_from_json(in.at("preferences").dump());
    if (!preferences) return broken(preferences.error().sentence());
    settings.preferences = *preferences;
  } catch (const json::exception& error) {
    return broken(error.what());
  }
  return settings;
}

std::filesystem::path settings_file() {
  const char* config = std::getenv("XDG_CONFIG_HOME");
  if (config != nullptr && *config == '/') return std::filesystem::path(config) / "unitscope" / "settings.json";
  const char* home = std::getenv("HOME");
  if (home != nullptr && *home == '/') return std::filesystem::path(home) / ".config" / "unitscope" / "settings.json";
  return {};
}

Settings load_settings(const std::filesystem::path& file) {
  std::error_code ignored;
  if (file.empty() || !std::filesystem::exists(file, ignored)) return {};
  const auto text = core::load_text(file, kMaxBytes);
  const auto settings = text ? settings_from_json(*text) : base::Result<Settings>(text.error());
  if (settings) return *settings;
  const std::filesystem::path aside = file.string() + ".broken";
  std::filesystem::rename(file, aside, ignored);
  base::log_warning(settings.error().sentence() + " The file is now " + aside.string() + ".");
  return {};
}

base::Status save_settings(const std::filesystem::path& file, const Settings& settings) {
  if (file.empty())
    return base::Error{"The settings cannot be kept", "the home folder is not known", "Set HOME or XDG_CONFIG_HOME."};
  std::error_code failed;
  std::filesystem::create_directories(file.parent_path(), failed);
  if (failed)
    return base::Error{"The settings cannot be kept", file.parent_path().string() + ": " + failed.message(),
                       "Check that the folder can be written."};
  return core::save_text(file, to_json(settings));
}

}  // namespace app
