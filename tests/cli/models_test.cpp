// Models of the user's own: without a sidecar, fed tensors, compared with each other.
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "../net/graphdef_builder.h"
#include "../net/onnx_builder.h"
#include "catch.h"
#include "core/image_io.h"
#include "program.h"

using nlohmann::json;
using testing::draw_picture;
using testing::Folder;
using testing::mentions;
using testing::run_cli;

namespace {

json answer(const Folder& folder, std::vector<std::string> words) {
  words.push_back("--json");
  const auto finished = run_cli(folder, words);
  INFO(finished.err);
  REQUIRE(finished.exit_code == 0);
  return json::parse(finished.out);
}

std::string refusal(const Folder& folder, const std::vector<std::string>& words) {
  const auto finished = run_cli(folder, words);
  REQUIRE(finished.exit_code != 0);
  REQUIRE(finished.out.empty());
  return finished.err;
}

// conv (identity of channel 0 and twice channel 1) → relu → mean over everything.
void write_model(const Folder& folder, const std::string& name, int side, float second = 2.0F) {
  OnnxBuilder builder(3, side, side);
  builder.weights("w", {2, 3, 1, 1}, {1, 0, 0, 0, second, 0}).node("Conv", {"input", "w"}, "c");
  builder.node("Relu", {"c"}, "r").node("GlobalAveragePool", {"r"}, "p").node("Flatten", {"p"}, "logits");
  REQUIRE(core::save_text(folder / name, builder.bytes()).ok());
}

void write_sidecar(const Folder& folder) {
  const char* sidecar =
      R"({"input": {"channels": "RGB", "scale": 1, "shift": 0, "resize_short_side": 16, "crop": 16}})";
  REQUIRE(core::save_text(folder / "m.json", sidecar).ok());
}

void write_tensor(const Folder& folder, const std::string& name, const std::vector<std::int64_t>& shape) {
  std::size_t count = 1;
  for (const std::int64_t side : shape) count *= static_cast<std::size_t>(side);
  core::Array array{shape, std::vector<float>(count)};
  for (std::size_t i = 0; i < count; ++i) array.values[i] = static_cast<float>(i) / 4.0F - 1.0F;
  REQUIRE(core::save_npy(folder / name, array).ok());
}

}  // namespace

TEST_CASE("units lists the layers of a file without a sidecar, each with its name in the file") {
  const Folder folder;
  write_model(folder, "m.onnx", 32);
  const json rows = answer(folder, {"units", "--model", "m.onnx"});
  REQUIRE(rows.size() == 2);
  REQUIRE(rows[0]["layer"] == "c");
  REQUIRE(rows[0]["tensor"] == "c");
  REQUIRE(rows[0]["op"] == "convolution");
  REQUIRE(rows[0]["channels"] == 2);
  REQUIRE((rows[0]["rows"] == 32 && rows[0]["cols"] == 32 && rows[0]["receptive_field_px"] == 1));
  REQUIRE(answer(folder, {"units", "--model", "m.onnx", "--all"}).size() == 5);
}

TEST_CASE("a tensor is fed as it is, and its maps and gradient are written") {
  const Folder folder;
  write_model(folder, "m.onnx", 4);
  write_tensor(folder, "x.npy", {1, 3, 4, 4});
  const json document = answer(
      folder, {"respond", "--model", "m.onnx", "--tensor", "x.npy", "--unit", "c:1", "--out", "made", "--gradient"});
  const auto map = core::load_npy(folder / "made/map.npy");
  REQUIRE(map.ok());
  for (std::size_t i = 0; i < 16; ++i) REQUIRE(map->values[i] == 2 * (static_cast<float>(16 + i) / 4.0F - 1.0F));
  const auto gradient = core::load_npy_array(folder / "made/gradient.npy");
  REQUIRE(gradient->shape == std::vector<std::int64_t>{3, 4, 4});
  for (std::size_t i = 0; i < 48; ++i) REQUIRE(gradient->values[i] == (i / 16 == 1 ? 0.125F : 0.0F));
  REQUIRE(document["map"]["rows"] == 4);
  REQUIRE(std::abs(document["activation"].get<double>() - 9.75) < 1e-6);

  const json all = answer(folder, {"respond", "--model", "m.onnx", "--tensor", "x.npy", "--all", "--out", "all"});
  REQUIRE(all["layers"].size() == 5);
  REQUIRE(all["layers"][4]["layer"] == "logits");
  REQUIRE(core::load_npy_array(folder / ("all/" + all["layers"][4]["file"].get<std::string>()))->values.size() == 2);
}

TEST_CASE("a tensor that does not fit is refused with what would") {
  const Folder folder;
  write_model(folder, "m.onnx", 4);
  write_tensor(folder, "grey.npy", {1, 1, 4, 4});
  write_tensor(folder, "three.npy", {3, 4, 4});
  write_tensor(folder, "large.npy", {1, 3, 8, 8});
  const auto said = [&](const char* tensor, const char* part) {
    return testing::mentions(refusal(folder, {"respond", "--model", "m.onnx", "--tensor", tensor, "--unit", "c:1"}),
                             part);
  };
  REQUIRE(said("grey.npy", "it has 1 channels and the network takes 3"));
  REQUIRE(said("three.npy", "not [1, channels, rows, columns]"));
  REQUIRE(said("absent.npy", "absent.npy"));
  REQUIRE(testing::mentions(
      refusal(folder, {"respond", "--model", "m.onnx", "--tensor", "large.npy", "--image", "p.png", "--unit", "c:1"}),
      "takes the place of a picture"));
}

TEST_CASE("a picture is fed to a model without a sidecar once somebody says how") {
  const Folder folder;
  write_model(folder, "m.onnx", 32);
  REQUIRE(core::save_png(folder / "p.png", draw_picture(1)).ok());
  const std::vector<std::string> words{"respond", "--model", "m.onnx", "--image", "p.png", "--unit", "c:0"};
  REQUIRE(testing::mentions(refusal(folder, words), "--input torchvision, lucid, minus-one-one or zero-one"));
  const auto activation = [&](const char* preset) {
    std::vector<std::string> with = words;
    with.insert(with.end(), {"--input", preset});
    return answer(folder, with)["activation"].get<double>();
  };
  const double plain = activation("zero-one");
  REQUIRE((plain > 0.0 && plain < 1.0));
  REQUIRE(std::abs(activation("minus-one-one") - (2 * plain - 1)) < 1e-4);
  REQUIRE(std::abs(activation("lucid") - (255 * plain - 117)) < 1e-2);
  REQUIRE(std::abs(activation("torchvision") - (plain - 0.485) / 0.229) < 1e-4);
}

TEST_CASE("a frozen TensorFlow graph opens by its content") {
  const Folder folder;
  GraphDefBuilder builder(3, 8, 8);
  builder.convolution("input", "conv_pre_relu", 3, 4, 3).node("Relu", {"conv_pre_relu"}, "conv");
  REQUIRE(core::save_text(folder / "m.pb", builder.bytes()).ok());
  const json rows = answer(folder, {"units", "--model", "m.pb", "--all"});
  REQUIRE(rows.size() == 3);
  REQUIRE(rows[1]["layer"] == "conv_pre_relu");
  REQUIRE((rows[1]["channels"] == 4 && rows[1]["rows"] == 8));
}

TEST_CASE("compare says where a finding of one network holds in another") {
  const Folder folder;
  write_model(folder, "a.onnx", 32);
  write_model(folder, "same.onnx", 32);
  write_model(folder, "other.onnx", 32, -2.0F);
  std::filesystem::create_directories(folder / "pictures");
  for (int i = 0; i < 3; ++i)
    REQUIRE(
        core::save_png(folder / ("pictures/" + std::to_string(i) + ".png"), draw_picture(static_cast<std::uint64_t>(i)))
            .ok());
  const json result = answer(folder, {"compare", "--models", "a.onnx", "same.onnx", "other.onnx", "--unit", "c:1",
                                      "--images", "pictures", "--input", "zero-one"});
  REQUIRE(result["pictures_compared"] == 3);
  REQUIRE(result["models"][1]["holds_in"] == 3);
  REQUIRE(result["models"][2]["holds_in"] == 0);
  REQUIRE(result["pictures"][0]["models"][1]["correlation"].get<double>() > 0.999);
  const json ranked = answer(folder, {"compare", "--models", "a.onnx", "other.onnx", "--unit", "c:1", "--images",
                                      "pictures", "--input", "zero-one", "--finding", "best"});
  REQUIRE(ranked["models"][1]["correlation"].get<double>() < -0.999);
  REQUIRE(ranked["models"][1]["holds"] == false);
  REQUIRE(testing::mentions(refusal(folder, {"compare", "--models", "a.onnx", "--unit", "c:1", "--images", "pictures"}),
                            "two models or more"));
}

TEST_CASE("a network of ReLUs alone has units, and every command that lists or ranks them answers") {
  const Folder folder;
  const OnnxBuilder builder = OnnxBuilder(3, 16, 16).node("Relu", {"input"}, "r");
  REQUIRE(core::save_text(folder / "m.onnx", builder.bytes()).ok());
  write_sidecar(folder);
  REQUIRE(std::filesystem::create_directory(folder / "photos"));
  REQUIRE(core::save_png(folder / "photos/a.png", draw_picture(1)).ok());
  REQUIRE(mentions(refusal(folder, {"respond", "--model", "m.onnx", "--image", "photos/a.png", "--unit", ""}),
                   "--unit cannot be used: it is empty"));
  REQUIRE(answer(folder, {"best", "--model", "m.onnx", "--images", "photos", "--unit", "r:1"}).size() == 1);
  REQUIRE(answer(folder, {"collection", "scan", "photos", "--model", "m.onnx"})["pictures"] == 1);
  answer(folder, {"units", "sample", "--model", "m.onnx", "--per-layer", "2", "--out", "units.csv"});
  REQUIRE(mentions(testing::bytes_of(folder / "units.csv"), "r:"));
}

TEST_CASE("where the network computes no number every command says so and writes nothing") {
  const Folder folder;
  write_sidecar(folder);
  REQUIRE(core::save_png(folder / "photo.png", draw_picture(1)).ok());
  for (const float weight : {-1.0F, 3e38F}) {
    OnnxBuilder builder(3, 16, 16);
    builder.weights("w", {2, 3, 1, 1}, {weight}).weights("b", {2}, {weight}).node("Conv", {"input", "w", "b"}, "c");
    REQUIRE(core::save_text(folder / "m.onnx", builder.node(weight < 0 ? "Sqrt" : "Relu", {"c"}, "r").bytes()).ok());
    const auto refused = [&](std::vector<std::string> words) {
      words.insert(words.end(), {"--model", "m.onnx", "--unit", "r:1"});
      REQUIRE(mentions(refusal(folder, words), "The unit r:1 has no activation here"));
      REQUIRE_FALSE(std::filesystem::exists(folder / "made"));
      REQUIRE_FALSE(std::filesystem::exists(folder / "made.png"));
    };
    refused({"respond", "--image", "photo.png", "--out", "made"});
    refused({"occlude", "--image", "photo.png", "--size", "8", "--out", "made"});
    refused({"visualize", "--steps", "2", "--size", "16", "--margin", "0", "--out", "made.png"});
  }
}
