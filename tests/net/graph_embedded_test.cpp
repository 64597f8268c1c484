#include <map>

#include "catch.h"
#include "net/model.h"

namespace {

std::shared_ptr<const net::Model> embedded() {
  static const auto model = net::open_model(net::embedded_model_path());
  REQUIRE((model ? "" : model.error().sentence()) == std::string());
  return *model;
}

int node(const char* name) {
  return embedded()->graph.find(name).value();
}

net::Shape shape(const char* name) {
  return embedded()->shapes[static_cast<std::size_t>(node(name))];
}

}  // namespace

TEST_CASE("the embedded model opens with its labels, logits and input rule") {
  const auto model = embedded();
  REQUIRE(model->name == "inception-mini");
  REQUIRE(model->sha256.size() == 64);
  REQUIRE(model->labels.size() == 301);
  REQUIRE(model->labels[0] == "goldfish, Carassius auratus");
  REQUIRE(model->logits == node("softmax2_pre_activation"));
  REQUIRE(model->probabilities == node("softmax2"));
  REQUIRE(model->input.rgb);
  REQUIRE(model->input.scale == 255.0F);
  REQUIRE(model->input.shift == std::vector<float>{-117, -117, -117});
  REQUIRE(model->input.framing == core::Framing{256, {224, 224}});
  REQUIRE(model->input.min_side_px == 64);
}

TEST_CASE("the embedded model's shapes are those of a half-width InceptionV1 at 224 pixels") {
  REQUIRE(shape("input") == net::Shape{3, 224, 224});
  REQUIRE(shape("conv2d0_pre_relu") == net::Shape{32, 112, 112});
  REQUIRE(shape("maxpool1") == net::Shape{96, 28, 28});
  REQUIRE(shape("mixed3a") == net::Shape{128, 28, 28});
  REQUIRE(shape("mixed4a_pre_relu") == net::Shape{256, 14, 14});
  REQUIRE(shape("mixed5b") == net::Shape{512, 7, 7});
  REQUIRE(shape("avgpool0_flat") == net::Shape{512, 1, 1});
  REQUIRE(shape("softmax2") == net::Shape{301, 1, 1});
}

TEST_CASE("the receptive fields of InceptionV1 are those computed elsewhere") {
  struct Expected {
    int size_px, stride_px;
  };
  const std::map<const char*, Expected> table{{"conv2d0", {7, 2}},     {"conv2d1", {11, 4}},   {"conv2d2", {19, 4}},
                                              {"maxpool1", {27, 8}},   {"mixed3a", {59, 8}},   {"mixed3b", {91, 8}},
                                              {"maxpool4", {107, 16}}, {"mixed4a", {171, 16}}, {"mixed4b", {235, 16}},
                                              {"mixed4c", {299, 16}},  {"mixed4d", {363, 16}}, {"mixed4e", {427, 16}},
                                              {"mixed5a", {587, 32}},  {"mixed5b", {715, 32}}};
  for (const auto& [name, expected] : table) {
    INFO(name);
    const net::ReceptiveField& field = embedded()->fields[static_cast<std::size_t>(node(name))];
    REQUIRE(field.size_px == expected.size_px);
    REQUIRE(field.stride_px == expected.stride_px);
    REQUIRE_FALSE(field.whole_input);
  }
  REQUIRE(embedded()->fields[static_cast<std::size_t>(node("softmax2"))].whole_input);
}

TEST_CASE("the layers to study are the main path's, before the ReLU, and the logits") {
  std::vector<std::string> names;
  for (const int layer : embedded()->unit_layers)
    names.push_back(embedded()->graph.nodes[static_cast<std::size_t>(layer)].name);
  REQUIRE(names == std::vector<std::string>{"conv2d0_pre_relu", "conv2d1_pre_relu", "conv2d2_pre_relu",
                                            "mixed3a_pre_relu", "mixed3b_pre_relu", "mixed4a_pre_relu",
                                            "mixed4b_pre_relu", "mixed4c_pre_relu", "mixed4d_pre_relu",
                                            "mixed4e_pre_relu", "mixed5a_pre_relu", "mixed5b_pre_relu",
                                            "softmax2_pre_activation"});
}

TEST_CASE("a view before the ReLUs joins the ReLUs' inputs") {
  const net::Graph& graph = embedded()->graph;
  const net::Node& view = graph.nodes[static_cast<std::size_t>(node("mixed4a_pre_relu"))];
  REQUIRE(view.only_a_view);
  REQUIRE(view.inputs == std::vector<int>{node("mixed4a_1x1_pre_relu"), node("mixed4a_3x3_pre_relu"),
                                          node("mixed4a_5x5_pre_relu"), node("mixed4a_pool_reduce_pre_relu")});
}
