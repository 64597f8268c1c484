// Files: the same command gives the same bytes, a saved file starts the same run again, Ctrl+C leaves nothing behind.
#include "catch.h"
#include "core/image_io.h"
#include "core/specs.h"
#include "program.h"

using testing::bytes_of;
using testing::Folder;
using testing::run_cli;

namespace {

void draw_photo(const Folder& folder) {
  REQUIRE(core::save_png(folder / "photo.png", testing::draw_picture(5)).ok());
}

void done(const Folder& folder, const std::vector<std::string>& words) {
  const auto finished = run_cli(folder, words);
  INFO(finished.err);
  REQUIRE(finished.exit_code == 0);
}

const std::vector<std::string> kVisualize = {
    "visualize", "--unit", "mixed4a_pre_relu:7", "--size",      "64", "--steps", "6", "--seed", "9",
    "--batch",   "2",      "--pixels",           "--diversity", "0.5"};

std::vector<std::string> with(std::vector<std::string> words, const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

}  // namespace

TEST_CASE("the same visualization twice gives the same bytes") {
  Folder folder;
  done(folder, with(kVisualize, {"--out", "a.png"}));
  done(folder, with(kVisualize, {"--out", "b.png"}));
  REQUIRE(bytes_of(folder / "a.png") == bytes_of(folder / "b.png"));
  REQUIRE(bytes_of(folder / "a-1.png") == bytes_of(folder / "b-1.png"));
  REQUIRE(bytes_of(folder / "a-1.png") != bytes_of(folder / "a-2.png"));
}

TEST_CASE("the same occlusion twice gives the same bytes") {
  Folder folder;
  draw_photo(folder);
  for (const std::string out : {"a", "b"})
    done(folder, {"occlude", "--image", "photo.png", "--unit", "mixed4a_pre_relu:7", "--stride", "16", "--fill",
                  "noise", "--seed", "4", "--out", out});
  for (const std::string file : {"map.npy", "map.csv", "map.png", "lowest.png", "highest.png", "spec.json"}) {
    REQUIRE_FALSE(bytes_of(folder / ("a/" + file)).empty());
    REQUIRE(bytes_of(folder / ("a/" + file)) == bytes_of(folder / ("b/" + file)));
  }
}

TEST_CASE("a picture carries the spec that makes it again") {
  Folder folder;
  done(folder, with(kVisualize, {"--out", "first.png"}));
  done(folder, {"visualize", "--spec", "first.png", "--out", "again.png"});
  REQUIRE(bytes_of(folder / "first.png") == bytes_of(folder / "again.png"));
}

TEST_CASE("a saved occlusion starts again from any folder, also from its picture") {
  Folder folder;
  draw_photo(folder);
  done(folder, {"occlude", "--image", "photo.png", "--unit", "mixed4a_pre_relu:7", "--stride", "16", "--size", "66",
                "--out", "deep/down/first"});
  done(folder, {"occlude", "--spec", "deep/down/first/spec.json", "--out", "second"});
  done(folder, {"occlude", "--spec", "deep/down/first/lowest.png", "--out", "third"});
  for (const std::string out : {"second", "third"})
    REQUIRE(bytes_of(folder / "deep/down/first/map.npy") == bytes_of(folder / (out + "/map.npy")));
}

TEST_CASE("flags override a spec") {
  Folder folder;
  done(folder, with(kVisualize, {"--out", "first.png"}));
  done(folder, {"visualize", "--spec", "first.png", "--steps", "2", "--batch", "1", "--out", "other.png"});
  const auto carried = core::read_png_spec(folder / "other.png");
  REQUIRE(carried.ok());
  const auto spec = core::visualize_spec_from_json(carried->value());
  REQUIRE(spec.ok());
  REQUIRE(spec->steps == 2);
  REQUIRE(spec->batch == 1);
  REQUIRE(spec->seed == 9);
  REQUIRE(spec->size_px == 64);
}

TEST_CASE("a schedule of settings survives as the command that hands the spec over") {
  Folder folder;
  core::VisualizeSpec spec;
  spec.unit = {"mixed4a_pre_relu", 7, std::nullopt};
  spec.size_px = 64;
  spec.steps = 4;
  core::VisualizeSettings later;
  later.learning_rate = 0.2;
  core::change_settings(spec, 2, later);
  const auto finished = testing::run_shell(folder, core::to_command(spec) + " --out made.png");
  INFO(finished.err);
  REQUIRE(finished.exit_code == 0);
  const auto carried = core::read_png_spec(folder / "made.png");
  REQUIRE(carried.ok());
  const auto made = core::visualize_spec_from_json(carried->value());
  REQUIRE(made.ok());
  REQUIRE(made->schedule == spec.schedule);
}

TEST_CASE("Ctrl+C leaves no folder behind either") {
  Folder folder;
  draw_photo(folder);
  const auto finished = testing::interrupt_cli(
      folder, {"occlude", "--image", "photo.png", "--unit", "mixed5b_pre_relu:7", "--out", "made", "--verbose"},
      "picture photo.png");
  REQUIRE(finished.exit_code == 130);
  REQUIRE_FALSE(std::filesystem::exists(folder / "made"));
}

TEST_CASE("Ctrl+C ends with 130 and leaves no picture, not even a part of one") {
  Folder folder;
  const auto finished = testing::interrupt_cli(
      folder, {"visualize", "--unit", "mixed4a_pre_relu:7", "--steps", "1000000", "--out", "unit.png", "--verbose"},
      "unit mixed4a_pre_relu:7");
  REQUIRE(finished.exit_code == 130);
  REQUIRE(finished.out.empty());
  for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
    REQUIRE(entry.path().filename().string().starts_with(".std"));
}
