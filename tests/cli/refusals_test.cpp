// Bad input: exit code 2, nothing on stdout, one sentence on one line of stderr that names the thing and what to do.
#include <algorithm>
#include <fstream>

#include "catch.h"
#include "core/image_io.h"
#include "program.h"

using testing::Folder;
using testing::mentions;
using testing::run_cli;

namespace {

struct Photo : Folder {
  Photo() { REQUIRE(core::save_png(*this / "photo.png", testing::draw_picture(1)).ok()); }
};

void write(const Folder& folder, const std::string& name, const std::string& text) {
  std::ofstream(folder / name) << text;
}

std::string refusal(const Folder& folder, const std::vector<std::string>& words) {
  const auto finished = run_cli(folder, words);
  INFO(finished.err);
  REQUIRE(finished.exit_code == 2);
  REQUIRE(finished.out.empty());
  REQUIRE(finished.err.ends_with(".\n"));
  REQUIRE(std::count(finished.err.begin(), finished.err.end(), '\n') == 1);
  return finished.err;
}

std::string refusal_of_unit(const std::string& unit) {
  Photo folder;
  return refusal(folder, {"respond", "--image", "photo.png", "--unit", unit, "--json"});
}

}  // namespace

TEST_CASE("a picture that is missing, empty or text is named with the reason") {
  Photo folder;
  write(folder, "text.jpg", "this is no picture");
  write(folder, "empty.png", "");
  for (const std::string name : {"nowhere.jpg", "text.jpg", "empty.png"})
    REQUIRE(mentions(refusal(folder, {"respond", "--image", name, "--unit", "mixed4a_pre_relu:7"}), name));
}

TEST_CASE("a truncated picture is refused and not half used") {
  Photo folder;
  const std::string whole = testing::bytes_of(folder / "photo.png");
  write(folder, "half.png", whole.substr(0, whole.size() / 2));
  REQUIRE(mentions(refusal(folder, {"respond", "--image", "half.png", "--unit", "mixed4a_pre_relu:7"}), "half.png"));
}

TEST_CASE("a unit that is not there is answered with what is") {
  REQUIRE(mentions(refusal_of_unit("mixed4a_pre_relu:256"), "255"));
  REQUIRE(mentions(refusal_of_unit("mixed4z_pre_relu:7"), "mixed4a_pre_relu"));
  REQUIRE(mentions(refusal_of_unit("mixed4a_pre_relu"), "mixed4a_pre_relu:"));
  REQUIRE(mentions(refusal_of_unit("mixed4a_pre_relu:7@99,0"), "99"));
}

TEST_CASE("a layer that is not there is answered with near names") {
  Folder folder;
  REQUIRE(mentions(refusal(folder, {"units", "--layer", "mixed4a_pre_rel"}), "mixed4a_pre_relu"));
}

TEST_CASE("a square that does not fit is refused with the range") {
  Photo folder;
  for (const std::string size : {"225", "0", "1.5", "-3", "0.0", "wide", "90.5"})
    REQUIRE(mentions(
        refusal(folder, {"occlude", "--image", "photo.png", "--unit", "mixed4a_pre_relu:7", "--size", size}), "224"));
}

TEST_CASE("a stride and a fill are chosen from those that exist") {
  Photo folder;
  const std::vector<std::string> words = {"occlude", "--image", "photo.png", "--unit", "mixed4a_pre_relu:7"};
  auto with = [&](const std::string& flag, const std::string& value) {
    auto all = words;
    all.insert(all.end(), {flag, value});
    return refusal(folder, all);
  };
  REQUIRE(mentions(with("--stride", "5"), "2, 4, 8 or 16"));
  REQUIRE(mentions(with("--fill", "gray"), "grey"));
}

TEST_CASE("settings out of range name the flag's word and the range") {
  Folder folder;
  auto with = [&](const std::string& flag, const std::string& value) {
    return refusal(folder, {"visualize", "--unit", "mixed4a_pre_relu:7", flag, value});
  };
  REQUIRE(mentions(with("--batch", "10"), "batch is 10"));
  REQUIRE(mentions(with("--steps", "0"), "steps is 0"));
  REQUIRE(mentions(with("--size", "2000"), "size is 2000"));
  REQUIRE(mentions(with("--learning-rate", "nan"), "learning-rate is nan"));
  REQUIRE(mentions(with("--sign", "0"), "sign"));
  REQUIRE(mentions(with("--preset", "lucis"), "lucid"));
}

TEST_CASE("a command without a picture or a unit says which is missing") {
  Photo folder;
  REQUIRE(mentions(refusal(folder, {"respond", "--unit", "mixed4a_pre_relu:7"}), "--image"));
  REQUIRE(mentions(refusal(folder, {"respond", "--image", "photo.png"}), "--unit"));
  REQUIRE(mentions(refusal(folder, {"visualize"}), "--unit"));
  REQUIRE(mentions(refusal(folder, {"best", "--unit", "mixed4a_pre_relu:7"}), "--images"));
}

TEST_CASE("a model that is missing or no model is named") {
  Photo folder;
  write(folder, "model.onnx", "this is no model");
  REQUIRE(mentions(refusal(folder, {"info", "nowhere.onnx"}), "nowhere.onnx"));
  REQUIRE(mentions(refusal(folder, {"info", "model.onnx"}), "model.onnx"));
}

TEST_CASE("a spec with an unknown key, a newer version or another kind is refused") {
  Photo folder;
  REQUIRE(
      run_cli(folder, {"respond", "--image", "photo.png", "--unit", "mixed4a_pre_relu:7", "--out", "."}).exit_code ==
      0);
  const std::string spec = testing::bytes_of(folder / "spec.json");
  auto changed = [&](const std::string& from, const std::string& to) {
    std::string text = spec;
    text.replace(text.find(from), from.size(), to);
    write(folder, "changed.json", text);
    return refusal(folder, {"respond", "--spec", "changed.json"});
  };
  REQUIRE(mentions(changed("\"kind\"", "\"colour\": 1, \"kind\""), "colour"));
  REQUIRE(mentions(changed("\"version\": 1", "\"version\": 99"), "99"));
  REQUIRE(mentions(changed("\"respond\"", "\"occlude\""), "occlude"));
  REQUIRE(mentions(changed("{", "[{"), "JSON"));
  REQUIRE(mentions(refusal(folder, {"respond", "--spec", "photo.png"}), "photo.png"));
  REQUIRE(mentions(refusal(folder, {"respond", "--spec", "nowhere.json"}), "nowhere.json"));
}

TEST_CASE("a picture that changed since its spec was made is refused, unless it is given again") {
  Photo folder;
  REQUIRE(
      run_cli(folder, {"respond", "--image", "photo.png", "--unit", "mixed4a_pre_relu:7", "--out", "."}).exit_code ==
      0);
  REQUIRE(core::save_png(folder / "photo.png", testing::draw_picture(2)).ok());
  REQUIRE(mentions(refusal(folder, {"respond", "--spec", "spec.json"}), "photo.png"));
  REQUIRE(run_cli(folder, {"respond", "--spec", "spec.json", "--image", "photo.png"}).exit_code == 0);
}

TEST_CASE("files that unitscope did not write are kept, unless --force") {
  Photo folder;
  std::vector<std::string> words = {"visualize", "--unit", "mixed4a_pre_relu:7", "--size", "64", "--steps",
                                    "1",         "--out",  "photo.png"};
  const std::string before = testing::bytes_of(folder / "photo.png");
  REQUIRE(mentions(refusal(folder, words), "--force"));
  REQUIRE(testing::bytes_of(folder / "photo.png") == before);
  words.push_back("--force");
  REQUIRE(run_cli(folder, words).exit_code == 0);
  words.pop_back();
  REQUIRE(run_cli(folder, words).exit_code == 0);  // now it is ours

  write(folder, "map.csv", "my own table");
  REQUIRE(mentions(refusal(folder, {"occlude", "--image", "photo.png", "--unit", "mixed4a_pre_relu:7", "--stride", "16",
                                    "--out", "."}),
                   "map.csv"));
}

TEST_CASE("a place where nothing can be written is refused before any work") {
  Photo folder;
  write(folder, "file", "");
  REQUIRE(mentions(refusal(folder, {"visualize", "--unit", "mixed4a_pre_relu:7", "--out", "file/deep/unit.png"}),
                   "file is not a folder"));
  REQUIRE(mentions(refusal(folder, {"visualize", "--unit", "mixed4a_pre_relu:7", "--out", "unit.jpg"}), ".png"));
  REQUIRE(mentions(
      refusal(folder, {"respond", "--image", "photo.png", "--unit", "mixed4a_pre_relu:7", "--out", "file"}), "file"));
}

TEST_CASE("a folder without pictures is named") {
  Folder folder;
  std::filesystem::create_directory(folder / "empty");
  for (const std::string name : {"empty", "nowhere"})
    REQUIRE(mentions(refusal(folder, {"best", "--unit", "mixed4a_pre_relu:7", "--images", name}), name));
}
