// Files that were cut off or altered: whatever the bytes, the answer is a graph whose shapes can be asked for or one
// sentence. Run it under ASan and UBSan to see that nothing else happened.
#include "base/rng.h"
#include "catch.h"
#include "net/onnx_import.h"
#include "net/shapes.h"
#include "net/sidecar.h"
#include "onnx_builder.h"

namespace {

std::string small_file() {  // with every kind of message that the reader enters
  OnnxBuilder builder(2, 8, 8);
  builder.convolution("input", "a", 2, 2, 3, {{"pads", {1, 1, 1, 1}}}).node("Relu", {"a"}, "a_relu");
  for (const char* name : {"gamma", "beta", "mean", "variance"}) builder.weights(name, {2}, {1});
  builder.node("BatchNormalization", {"a_relu", "gamma", "beta", "mean", "variance"}, "n", {{"epsilon", 1e-3F}});
  builder.node("MaxPool", {"n"}, "p", {{"kernel_shape", {3, 3}}, {"auto_pad", "SAME_UPPER"}, {"ceil_mode", 1}});
  builder.node("Concat", {"a_relu", "p"}, "c", {{"axis", 1}}).integers("to", {0, -1});
  builder.node("Reshape", {"c", "to"}, "f").weights("w", {256, 3}, {0.5F}).node("Gemm", {"f", "w"}, "l");
  return builder.node("Softmax", {"l"}, "s").bytes();
}

// True where the bytes are a graph.
bool survives(const std::string& bytes) {
  const auto graph = net::import_onnx(std::as_bytes(std::span(bytes)), "damaged.onnx");
  if (!graph) {
    REQUIRE(graph.error().sentence().find("The model damaged.onnx cannot be opened: ") == 0);
    return false;
  }
  if (const auto shapes = net::infer_shapes(*graph, 2, {8, 8})) {
    REQUIRE(net::receptive_fields(*graph, *shapes).size() == graph->nodes.size());
    REQUIRE(shapes->size() == graph->nodes.size());
  }
  return true;
}

}  // namespace

TEST_CASE("a file cut off anywhere is refused or read, never worse") {
  const std::string whole = small_file();
  REQUIRE(survives(whole));
  for (std::size_t size = 0; size < whole.size(); ++size) REQUIRE_FALSE(survives(whole.substr(0, size)));
}

TEST_CASE("a file with altered bytes is refused or read, never worse") {
  const std::string whole = small_file();
  base::Rng rng(11);
  int refused = 0;
  for (int trial = 0; trial < 20000; ++trial) {
    std::string bytes = whole;
    for (int flips = 1 + rng.below(3); flips > 0; --flips) {
      // Half of them in the first bytes of the messages, where the structure is: weights are most of the file.
      const int at =
          rng.below(static_cast<int>(rng.below(2) == 0 ? bytes.size() : std::min<std::size_t>(600, bytes.size())));
      bytes[static_cast<std::size_t>(at)] = static_cast<char>(rng.below(256));
    }
    refused += survives(bytes) ? 0 : 1;
  }
  REQUIRE(refused > 1000);
  REQUIRE(refused < 20000);
}

TEST_CASE("a sidecar with altered bytes is refused or read, never worse") {
  const std::string whole =
      R"({"name": "x", "input": {"channels": "RGB", "scale": 255, "shift": [-1, -2, -3], "divide": 2, "resize_short_side": 64,
          "crop": [48, 32], "min_side": 16}, "logits": "l", "labels": ["a", "b"]})";
  REQUIRE(net::parse_sidecar(whole, "x.json").ok());
  base::Rng rng(12);
  for (int trial = 0; trial < 5000; ++trial) {
    std::string text = whole.substr(0, static_cast<std::size_t>(rng.below(static_cast<int>(whole.size()) + 1)));
    if (rng.below(3) != 0) text = whole;
    if (!text.empty())
      text[static_cast<std::size_t>(rng.below(static_cast<int>(text.size())))] = static_cast<char>(rng.below(256));
    const auto sidecar = net::parse_sidecar(text, "x.json");
    if (!sidecar) REQUIRE(sidecar.error().sentence().find("The sidecar x.json cannot be used: ") == 0);
  }
}
