#include "app/settings.h"

#include <unistd.h>

#include <filesystem>

#include "catch.h"
#include "core/image_io.h"

namespace {

class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / ("unitscope-settings-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  [[nodiscard]] std::filesystem::path file() const { return path_ / "below" / "settings.json"; }

 private:
  std::filesystem::path path_;
};

app::Settings unusual() {
  app::Settings settings;
  settings.window = {1600, 1000};
  settings.model = "/models/a \"quoted\" name.onnx";
  settings.images = "/pictures/ünï";
  settings.unit = "mixed4a_pre_relu:104@3,4";
  settings.preferences.scale = 1.25F;
  settings.preferences.layout_ini = "[Window][x]\nPos=1,2\n";
  return settings;
}

}  // namespace

TEST_CASE("settings come back as they were saved, in a folder that did not exist") {
  const Folder folder;
  REQUIRE(app::save_settings(folder.file(), unusual()));
  REQUIRE(app::load_settings(folder.file()) == unusual());
  REQUIRE(app::save_settings(folder.file(), app::Settings{}));
  REQUIRE(app::load_settings(folder.file()) == app::Settings{});
}

TEST_CASE("settings that cannot be understood are set aside and the defaults are used") {
  const Folder folder;
  const std::string good = app::to_json(unusual());
  std::string newer = good;
  newer.replace(newer.find("\"version\": 1"), 12, "\"version\": 9");
  std::string unknown = good;
  unknown.insert(unknown.find("\"kind\""), "\"colour\": 1, ");
  for (const std::string& text :
       {std::string("{"), std::string("[]"), std::string(), good.substr(0, good.size() / 2), newer, unknown}) {
    REQUIRE(app::save_settings(folder.file(), app::Settings{}));
    REQUIRE(core::save_text(folder.file(), text));
    REQUIRE(app::load_settings(folder.file()) == app::Settings{});
    REQUIRE(!std::filesystem::exists(folder.file()));
    REQUIRE(std::filesystem::exists(folder.file().string() + ".broken"));
  }
}

TEST_CASE("a window size from a broken file stays within what a screen can be") {
  app::Settings settings;
  settings.window = {-5, 1000000};
  const auto read = app::settings_from_json(app::to_json(settings));
  REQUIRE(read);
  REQUIRE(read->window.width_px > 0);
  REQUIRE(read->window.height_px <= 16384);
}
