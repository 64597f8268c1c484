#include "data/user_folders.h"

#include <cstdlib>

namespace data {

std::filesystem::path user_folder(const char* variable, const char* fallback) {
  const auto value = [](const char* name) {
    const char* text = std::getenv(name);
    return std::filesystem::path(text == nullptr ? "" : text);
  };
  // Relative paths are to be ignored (XDG base directory specification).
  if (const auto chosen = value(variable); chosen.is_absolute()) return chosen / "unitscope";
  if (const auto home = value("HOME"); home.is_absolute()) return home / fallback / "unitscope";
  return std::filesystem::temp_directory_path() / "unitscope";
}

std::filesystem::path models_folder() {
  if (const char* chosen = std::getenv("UNITSCOPE_MODELS"); chosen != nullptr && *chosen != '\0') return chosen;
  return user_folder("XDG_DATA_HOME", ".local/share") / "models";
}

}  // namespace data
