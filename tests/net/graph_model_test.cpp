#include <unistd.h>

#include <filesystem>

#include "catch.h"
#include "core/image_io.h"
#include "net/model.h"
#include "net/names.h"
#include "net/sidecar.h"
#include "onnx_builder.h"

namespace {

namespace fs = std::filesystem;

// A model file of a convolution to 2 channels at 8 pixels, in a folder of its own.
class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("unitscope_model_" + std::to_string(::getpid()))) {
    fs::create_directories(path_);
    OnnxBuilder builder(3);
    builder.convolution("input", "c", 3, 2, 3).node("Relu", {"c"}, "r").node("GlobalAveragePool", {"r"}, "logits");
    REQUIRE(core::save_text(model(), builder.bytes()).ok());
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] fs::path model() const { return path_ / "m.onnx"; }
  void replace_model(const OnnxBuilder& builder) const { REQUIRE(core::save_text(model(), builder.bytes()).ok()); }
  void sidecar(const std::string& text) const { REQUIRE(core::save_text(path_ / "m.json", text).ok()); }
  [[nodiscard]] std::string refusal() const {
    const auto opened = net::open_model(model());
    REQUIRE_FALSE(opened.ok());
    return opened.error().sentence();
  }

 private:
  fs::path path_;
};

const std::string kInput =
    R"("input": {"channels": "BGR", "scale": 1, "shift": 0, "resize_short_side": 8, "crop": 8, "min_side": 4})";

}  // namespace

TEST_CASE("a model needs its sidecar, and is told what belongs into it") {
  const Folder folder;
  const std::string sentence = folder.refusal();
  REQUIRE(sentence.find("there is no m.json beside it") != std::string::npos);
  REQUIRE(sentence.find(net::sidecar_example()) != std::string::npos);
  folder.sidecar('{' + kInput + R"(, "logits": "logits", "labels": ["left", "right"]})");
  const auto model = net::open_model(folder.model());
  REQUIRE(model.ok());
  REQUIRE((*model)->name == "m");
  REQUIRE_FALSE((*model)->input.rgb);
  REQUIRE((*model)->shapes[static_cast<std::size_t>(*(*model)->logits)] == net::Shape{2, 1, 1});
  REQUIRE((*model)->unit_layers == std::vector<int>{*(*model)->graph.find("c"), *(*model)->logits});
}

TEST_CASE("the example of a sidecar is one") {
  REQUIRE(net::parse_sidecar(net::sidecar_example(), "x").ok());
}

TEST_CASE("a model's hash covers file and sidecar") {
  const Folder folder;
  folder.sidecar('{' + kInput + '}');
  const std::string before = (*net::open_model(folder.model()))->sha256;
  REQUIRE((*net::open_model(folder.model()))->sha256 == before);
  folder.sidecar('{' + kInput + R"(, "name": "other"})");
  REQUIRE((*net::open_model(folder.model()))->sha256 != before);
}

TEST_CASE("a sidecar that does not fit its model is refused with the reason") {
  const Folder folder;
  const auto refused = [&](const std::string& sidecar, const char* reason) {
    folder.sidecar(sidecar);
    const std::string sentence = folder.refusal();
    INFO(sentence);
    REQUIRE(sentence.find(reason) != std::string::npos);
  };
  refused("{}", "input is missing");
  refused("{", "no JSON");
  refused('{' + kInput + R"(, "lables": []})", "lables is no key");
  refused('{' + kInput + R"(, "logits": "nowhere"})", "names nowhere as its logits");
  refused('{' + kInput + R"(, "labels": ["a", "b"]})", "which node the logits are");
  refused('{' + kInput + R"(, "logits": "logits", "labels": ["a"]})", "1 labels for 2 logits");
  refused(R"({"input": {"channels": "RGB", "scale": 1, "shift": 0, "resize_short_side": 8}})", "input.crop is missing");
  refused(R"({"input": {"channels": "RGB", "scale": 1, "shift": [0, 0], "resize_short_side": 8, "crop": 8}})",
          "does not have 3 numbers");
  refused(R"({"input": {"channels": "RGB", "scale": 1, "shift": 0, "resize_short_side": 8, "crop": 2}})",
          "nothing would remain");
  REQUIRE(net::open_model("nowhere/at/all.onnx").error().sentence().find("nowhere/at/all.onnx") != std::string::npos);
}

TEST_CASE("a network without convolutions, concats and sums is studied at everything that it computes") {
  const Folder folder;
  folder.sidecar('{' + kInput + '}');
  folder.replace_model(OnnxBuilder(3).node("Relu", {"input"}, "r").node("Sigmoid", {"r"}, "s"));
  const auto model = net::open_model(folder.model());
  REQUIRE(model.ok());
  REQUIRE((*model)->unit_layers == std::vector<int>{*(*model)->graph.find("r"), *(*model)->graph.find("s")});
  REQUIRE(net::understand_unit(**model, "s:2").ok());
  for (const char* nothing : {"", "  "}) {
    const auto refused = net::understand_unit(**model, nothing);
    REQUIRE_FALSE(refused.ok());
    REQUIRE(refused.error().sentence().find("the name is empty. Write a layer and a channel, such as r:0") !=
            std::string::npos);
  }
}

TEST_CASE("a file that computes nothing is refused, for it has no units") {
  const Folder folder;
  folder.sidecar('{' + kInput + '}');
  folder.replace_model(OnnxBuilder(3).node("Identity", {"input"}, "same"));
  REQUIRE(folder.refusal().find("it has no layers") != std::string::npos);
  // What lies behind the logits is not studied.
  folder.replace_model(OnnxBuilder(3).node("Relu", {"input"}, "r"));
  folder.sidecar('{' + kInput + R"(, "logits": "input"})");
  REQUIRE(folder.refusal().find("has no units") != std::string::npos);
}

TEST_CASE("a file that asks for more pixels or channels than can be fed is refused by its input") {
  const Folder folder;
  const auto refusal = [&](const OnnxBuilder& builder) {
    folder.replace_model(builder);
    net::OpenOptions options;
    options.without_input = true;
    const auto opened = net::open_model(folder.model(), options);
    REQUIRE_FALSE(opened.ok());
    return opened.error().sentence();
  };
  REQUIRE(refusal(OnnxBuilder(3, 60000, 60000).node("Relu", {"input"}, "r"))
              .find("its input input is made for pictures of 60000×60000 pixels, and at most 4096") !=
          std::string::npos);
  REQUIRE(refusal(OnnxBuilder(1 << 20, 4096, 4096).node("GlobalAveragePool", {"input"}, "p"))
              .find("The layer input (input) cannot be computed: its map of 1048576×4096×4096 would be too large") !=
          std::string::npos);
}
