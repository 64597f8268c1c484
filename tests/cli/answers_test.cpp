// What the commands answer on stdout, on the embedded model.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "catch.h"
#include "core/image_io.h"
#include "program.h"

using nlohmann::json;
using testing::draw_picture;
using testing::Folder;
using testing::run_cli;

namespace {

const std::string kUnit = "mixed4a_pre_relu:7";

// The one JSON document on stdout of a command that succeeds.
json answer(const Folder& folder, std::vector<std::string> words) {
  words.push_back("--json");
  const auto finished = run_cli(folder, words);
  INFO(finished.err);
  REQUIRE(finished.exit_code == 0);
  REQUIRE(finished.err.empty());
  return json::parse(finished.out);
}

void draw(const Folder& folder, const std::string& name, std::uint64_t seed) {
  REQUIRE(core::save_png(folder / name, draw_picture(seed)).ok());
}

float lowest_of(const core::Map& map) {
  return core::extremes(map).value().lowest.value;
}
float highest_of(const core::Map& map) {
  return core::extremes(map).value().highest.value;
}

}  // namespace

TEST_CASE("info says what the embedded model is") {
  Folder folder;
  const json model = answer(folder, {"info"});
  REQUIRE(model["name"] == "inception-mini");
  REQUIRE(model["sha256"].get<std::string>().size() == 64);
  REQUIRE(model["labels"] == 301);
  REQUIRE(model["logits"] == "softmax2_pre_activation");
  REQUIRE(model["input"]["crop_px"] == json({224, 224}));
  REQUIRE(model["input"]["shift"] == json({-117.0, -117.0, -117.0}));
  REQUIRE(model["operators"]["convolution"] == 57);
  REQUIRE(model["weights"].get<long>() > 1'000'000);
  REQUIRE(answer(folder, {"info", std::string(UNITSCOPE_SOURCE_DIR) +
                                      "/assets/models/inception-mini.onnx"})["sha256"] == model["sha256"]);
}

TEST_CASE("units lists the layers with their places in the picture, deeper ones seeing more") {
  Folder folder;
  const json layers = answer(folder, {"units"});
  REQUIRE(layers.size() > 10);
  int seen_px = 0;
  for (const json& layer : layers) {
    for (const char* key : {"layer", "channels", "rows", "cols", "receptive_field_px", "stride_px", "op"})
      REQUIRE(layer.contains(key));
    const std::string name = layer["layer"];
    if (!name.starts_with("mixed") || !name.ends_with("_pre_relu")) continue;
    REQUIRE(layer["receptive_field_px"].get<int>() > seen_px);
    seen_px = layer["receptive_field_px"];
  }
  REQUIRE(seen_px > 0);
}

TEST_CASE("units of a layer are as many as its channels, each with a description") {
  Folder folder;
  const json layer = answer(folder, {"units", "--layer", "mixed4a_pre_relu"});
  REQUIRE(layer["channels"] == 256);
  REQUIRE(layer["units"].size() == 256);
  REQUIRE(layer["units"][7]["unit"] == kUnit);
  for (const json& unit : layer["units"]) REQUIRE_FALSE(unit["description"].get<std::string>().empty());
}

TEST_CASE("respond gives the mean of the map that it writes") {
  Folder folder;
  draw(folder, "photo.png", 1);
  const json response = answer(folder, {"respond", "--image", "photo.png", "--unit", kUnit, "--out", "made"});
  REQUIRE(response["unit"] == kUnit);
  const auto map = core::load_npy(folder / "made/map.npy");
  REQUIRE(map.ok());
  REQUIRE(response["map"]["rows"] == map->rows);
  REQUIRE(response["map"]["cols"] == map->cols);
  REQUIRE(response["map"]["min"].get<float>() == lowest_of(*map));
  REQUIRE(response["map"]["max"].get<float>() == highest_of(*map));
  double sum = 0.0;
  for (const float value : map->values) sum += value;
  REQUIRE(response["activation"].get<double>() ==
          Approx(sum / static_cast<double>(map->values.size())).epsilon(1e-4).margin(1e-4));
  REQUIRE(core::load_image(folder / "made/map.png").ok());
  const auto spec = core::load_text(folder / "made/spec.json");
  REQUIRE(spec.ok());
  REQUIRE(json::parse(*spec)["kind"] == "respond");
}

TEST_CASE("a neuron's activation is its cell of the unit's map") {
  Folder folder;
  draw(folder, "photo.png", 1);
  answer(folder, {"respond", "--image", "photo.png", "--unit", kUnit, "--out", "made"});
  const auto map = core::load_npy(folder / "made/map.npy");
  REQUIRE(map.ok());
  const json neuron = answer(folder, {"respond", "--image", "photo.png", "--unit", kUnit + "@3,5"});
  REQUIRE(neuron["activation"].get<double>() == Approx(map->at(3, 5)).epsilon(1e-4).margin(1e-3));
}

TEST_CASE("occlude answers with the extremes of the map that it writes, at their places") {
  Folder folder;
  draw(folder, "photo.png", 2);
  const json occlusion = answer(
      folder, {"occlude", "--image", "photo.png", "--unit", kUnit, "--size", "0.4", "--stride", "16", "--out", "made"});
  const auto map = core::load_npy(folder / "made/map.npy");
  REQUIRE(map.ok());
  REQUIRE(map->rows == 9);
  REQUIRE(map->cols == 9);
  REQUIRE(occlusion["rows"] == 9);
  REQUIRE(occlusion["cols"] == 9);
  const core::Extremes extremes = core::extremes(*map).value();
  REQUIRE(occlusion["min"]["value"].get<float>() == extremes.lowest.value);
  REQUIRE(occlusion["min"]["x_px"] == 16 * extremes.lowest.col);
  REQUIRE(occlusion["min"]["y_px"] == 16 * extremes.lowest.row);
  REQUIRE(occlusion["max"]["value"].get<float>() == extremes.highest.value);
  REQUIRE(occlusion["max"]["x_px"] == 16 * extremes.highest.col);
  const json response = answer(folder, {"respond", "--image", "photo.png", "--unit", kUnit});
  REQUIRE(occlusion["baseline"].get<double>() ==
          Approx(response["activation"].get<double>()).epsilon(1e-4).margin(1e-3));
}

TEST_CASE("the picture of the lowest place answers with the lowest value") {
  Folder folder;
  draw(folder, "photo.png", 3);
  const json occlusion = answer(
      folder, {"occlude", "--image", "photo.png", "--unit", kUnit, "--size", "66", "--stride", "16", "--out", "made"});
  // 224 px already, so that framing would enlarge it: the middle of a wider canvas keeps every pixel.
  const auto lowest = core::load_image(folder / "made/lowest.png");
  REQUIRE(lowest.ok());
  REQUIRE(lowest->size == core::Size{224, 224});
  core::Image canvas = core::make_image({256, 256});
  for (int y = 0; y < 224; ++y) std::copy_n(lowest->pixel(0, y), 3 * 224, canvas.pixel(16, y + 16));
  REQUIRE(core::save_png(folder / "canvas.png", canvas).ok());
  const json response = answer(folder, {"respond", "--image", "canvas.png", "--unit", kUnit});
  REQUIRE(response["activation"].get<double>() ==
          Approx(occlusion["min"]["value"].get<double>()).epsilon(1e-4).margin(1e-3));
}

TEST_CASE("the table of a map says the same as the map") {
  Folder folder;
  draw(folder, "photo.png", 4);
  answer(folder, {"occlude", "--image", "photo.png", "--unit", kUnit, "--size", "112", "--stride", "16", "--fill",
                  "grey", "--out", "made"});
  const auto map = core::load_npy(folder / "made/map.npy");
  REQUIRE(map.ok());
  std::istringstream csv(testing::bytes_of(folder / "made/map.csv"));
  std::string line;
  std::getline(csv, line);
  REQUIRE(line == "row,col,x_px,y_px,activation");
  std::size_t cells = 0;
  for (; std::getline(csv, line); ++cells) {
    const auto value = line.substr(line.rfind(',') + 1);
    REQUIRE(std::stof(value) == map->values.at(cells));
  }
  REQUIRE(cells == map->values.size());
}

TEST_CASE("visualize makes exactly the steps that were asked and excites the unit") {
  Folder folder;
  const std::vector<std::string> words = {"visualize", "--unit", kUnit,   "--size",  "64",
                                          "--seed",    "3",      "--out", "unit.png"};
  auto with_steps = [&](const std::string& steps) {
    auto all = words;
    all.insert(all.end(), {"--steps", steps});
    return answer(folder, all);
  };
  const json one = with_steps("1"), many = with_steps("24");
  for (const char* key : {"unit", "objective", "activation", "steps", "steps_per_s", "seed"})
    REQUIRE(many.contains(key));
  REQUIRE(one["steps"] == 1);
  REQUIRE(many["steps"] == 24);
  REQUIRE(many["seed"] == 3);
  REQUIRE(many["activation"].get<double>() > one["activation"].get<double>());
  const auto picture = core::load_image(folder / "unit.png");
  REQUIRE(picture.ok());
  REQUIRE(picture->size == core::Size{64, 64});
}

TEST_CASE("a batch becomes a sheet and numbered pictures") {
  Folder folder;
  const json made = answer(folder, {"visualize", "--unit", kUnit, "--size", "64", "--steps", "2", "--batch", "3",
                                    "--diversity", "1", "--out", "unit.png"});
  REQUIRE(made["files"] == json({"unit.png", "unit-1.png", "unit-2.png", "unit-3.png"}));
  for (const std::string name : made["files"]) REQUIRE(core::load_image(folder / name).ok());
}

TEST_CASE("best ranks the pictures of a folder by the activation that respond gives") {
  Folder folder;
  std::filesystem::create_directory(folder / "pictures");
  for (std::uint64_t i = 0; i < 5; ++i) draw(folder, "pictures/img" + std::to_string(i) + ".png", 10 + i);
  const json best = answer(folder, {"best", "--unit", kUnit, "--images", "pictures", "--top", "3"});
  REQUIRE(best.size() == 3);
  for (std::size_t i = 0; i < best.size(); ++i) {
    REQUIRE(best[i]["rank"] == i + 1);
    if (i > 0) REQUIRE(best[i]["activation"].get<double>() <= best[i - 1]["activation"].get<double>());
    const json response = answer(folder, {"respond", "--image", best[i]["image"], "--unit", kUnit});
    REQUIRE(best[i]["activation"].get<double>() ==
            Approx(response["activation"].get<double>()).epsilon(1e-4).margin(1e-3));
  }
}

TEST_CASE("a unit after its ReLU is ranked too, and a scan of the folder chooses what to begin with") {
  Folder folder;
  std::filesystem::create_directory(folder / "pictures");
  for (std::uint64_t i = 0; i < 4; ++i) draw(folder, "pictures/" + std::to_string(i) + ".png", i);
  const json best = answer(folder, {"best", "--unit", "mixed4a:104", "--images", "pictures", "--top", "2"});
  const json response = answer(folder, {"respond", "--image", best[0]["image"], "--unit", "mixed4a:104"});
  REQUIRE(best[0]["activation"].get<double>() ==
          Approx(response["activation"].get<double>()).epsilon(1e-4).margin(1e-3));
  const json scan = answer(folder, {"collection", "scan", "pictures"});
  REQUIRE(scan["pictures"] == 4);
  REQUIRE(scan["skipped"] == 0);
  const json first = scan["first_choice"];
  const json its_best = answer(folder, {"best", "--unit", first["unit"], "--images", "pictures", "--top", "1"});
  REQUIRE(its_best[0]["image"] == first["image"]);
}

TEST_CASE("bench measures the five layers, and drags and frames where there is a window's program") {
  Folder folder;
  const json bench = answer(folder, {"bench", "--quick"});
  for (const char* key : {"hardware", "threads", "precision"}) REQUIRE(bench.contains(key));
  std::vector<std::string> layers;
  for (const json& layer : bench["layers"]) {
    layers.push_back(layer["layer"]);
    for (const char* key : {"forward_ms", "visualization_steps_per_s", "first_map_ms"})
      REQUIRE(layer[key].get<double>() > 0.0);
    REQUIRE(layer["answer_ms"]["p50"].get<double>() <= layer["answer_ms"]["p99"].get<double>());
    // Both are of the window, which may be missing.
    REQUIRE(layer["drag_ms"].is_null() == bench["ui_frame_ms"].is_null());
    if (layer["drag_ms"].is_object())
      REQUIRE(layer["drag_ms"]["p50"].get<double>() <= layer["drag_ms"]["p99"].get<double>());
    REQUIRE(layer["full_map_s"].is_null());
  }
  REQUIRE(layers == std::vector<std::string>{"conv2d2_pre_relu", "mixed3b_pre_relu", "mixed4a_pre_relu",
                                             "mixed4c_pre_relu", "mixed5b_pre_relu"});
  REQUIRE(bench["cancel_ms"]["p50"].get<double>() <= bench["cancel_ms"]["p99"].get<double>());
  REQUIRE((bench["ui_frame_ms"].is_null() || bench["ui_frame_ms"].contains("max")));
}

TEST_CASE("without --json the commands speak to people") {
  Folder folder;
  draw(folder, "photo.png", 1);
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"info"}, {"units"}, {"respond", "--image", "photo.png", "--unit", kUnit}}) {
    const auto finished = run_cli(folder, words);
    REQUIRE(finished.exit_code == 0);
    REQUIRE(finished.err.empty());
    REQUIRE_FALSE(finished.out.empty());
    REQUIRE_FALSE(json::accept(finished.out));
  }
}
