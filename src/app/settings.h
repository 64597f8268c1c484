// What unitscope remembers between starts, as JSON in the user's configuration folder. A file that cannot be read is
// set aside with a logged sentence, never an obstacle. Any thread.
#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "base/result.h"
#include "core/image.h"
#include "ui/preferences.h"

namespace app {

struct Settings {
  core::Size window{1280, 800};
  std::filesystem::path model;    // empty: the embedded one
  std::filesystem::path images;   // empty: the starter pictures
  std::filesystem::path answers;  // that were analysed last; empty: none
  std::string unit;               // canonical; empty: chosen by measuring
  ui::Preferences preferences;
  bool operator==(const Settings&) const = default;
};

std::string to_json(const Settings& settings);
// An unknown key, another kind or a newer version is an error.
base::Result<Settings> settings_from_json(std::string_view text);

// $XDG_CONFIG_HOME/unitscope/settings.json, else below ~/.config; empty where neither is known.
std::filesystem::path settings_file();

// The defaults where there is no file, or none that can be understood.
Settings load_settings(const std::filesystem::path& file);
base::Status save_settings(const std::filesystem::path& file, const Settings& settings);

}  // namespace app
