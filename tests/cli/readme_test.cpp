// Every unitscope-cli line in a code block of the README runs as written, with photo.jpg a picture and FOLDER a folder
// of pictures. bench, which takes minutes, has its test in answers_test.cpp.
#include <fstream>

#include "catch.h"
#include "core/image_io.h"
#include "program.h"

namespace {

std::vector<std::string> lines_of_readme() {
  std::ifstream readme(std::string(UNITSCOPE_SOURCE_DIR) + "/README.md");
  std::vector<std::string> lines;
  bool in_code = false;
  for (std::string line; std::getline(readme, line);) {
    if (line.starts_with("```")) in_code = !in_code;
    if (!in_code || !line.starts_with("unitscope-cli ")) continue;
    if (!line.starts_with("unitscope-cli bench")) lines.push_back(line);
  }
  return lines;
}

}  // namespace

TEST_CASE("every unitscope-cli line of the README runs") {
  testing::Folder folder;
  REQUIRE(core::save_png(folder / "photo.jpg", testing::draw_picture(6)).ok());
  std::filesystem::create_directory(folder / "FOLDER");
  for (std::uint64_t i = 0; i < 4; ++i)
    REQUIRE(core::save_png(folder / ("FOLDER/" + std::to_string(i) + ".png"), testing::draw_picture(i)).ok());
  std::filesystem::create_directory_symlink(std::string(UNITSCOPE_SOURCE_DIR) + "/assets", folder / "assets");
  const auto lines = lines_of_readme();
  REQUIRE(lines.size() >= 5);
  for (const std::string& line : lines) {
    const auto finished = testing::run_shell(folder, line);
    INFO(line << "\n" << finished.err);
    REQUIRE(finished.exit_code == 0);
    REQUIRE_FALSE(finished.out.empty());
  }
}
