// The operators of newer networks against their formulas, and the laws that hold for them all: an answer does not
// depend on what was asked before, and a gradient is what small steps say it is.
#include <cmath>

#include "hand_made.h"

namespace {

using hand_made::GraphBuilder;
using net::Op;

std::vector<float> run(const GraphBuilder& builder, net::Shape input, const std::vector<float>& values,
                       const std::vector<int>& channels = {}) {
  const auto network = hand_made::network(hand_made::model(builder.graph, input));
  const net::Wanted wanted{static_cast<int>(builder.graph.nodes.size()) - 1, channels};
  auto answers = network->respond_floats(values, 1, input, std::span(&wanted, 1));
  REQUIRE((answers ? "" : answers.error().sentence()) == std::string());
  return std::move(answers->front().values);
}

void require_close(const std::vector<float>& a, const std::vector<float>& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    CAPTURE(i, a[i], b[i]);
    REQUIRE(std::abs(a[i] - b[i]) <= 1e-6F);
  }
}

// Convolutions with a squeeze and excitation between them, a channel shuffle, a norm and a GELU.
GraphBuilder modern() {
  GraphBuilder builder;
  net::Convolution three;
  three.window.kernel[0] = three.window.kernel[1] = 3;
  for (int axis = 0; axis < 2; ++axis) three.window.pad_begin[axis] = three.window.pad_end[axis] = 1;
  const auto weight = [](std::int64_t out, std::int64_t in, std::int64_t side, std::uint64_t seed) {
    return net::Buffer{{out, in, side, side},
                       hand_made::numbers(static_cast<std::size_t>(out * in * side * side), seed, -0.4, 0.4)};
  };
  const int a = builder.add("a", Op::convolution, {0}, three, {weight(8, 3, 3, 1)});
  const int swish = builder.add("swish", Op::hard_swish, {a}, net::HardSigmoid{1.0F / 6.0F, 0.5F});
  const int pool = builder.add("pool", Op::global_average_pool, {swish});
  const int gate = builder.add("gate", Op::convolution, {pool}, net::Convolution{}, {weight(8, 8, 1, 2)});
  const int sigmoid = builder.add("sigmoid", Op::hard_sigmoid, {gate}, net::HardSigmoid{0.2F, 0.5F});
  const int excited = builder.add("excited", Op::multiply, {sigmoid, swish});
  const int norm = builder.add("norm", Op::layer_norm, {excited}, net::LayerNorm{1e-5F},
                               {{{8}, hand_made::numbers(8, 3)}, {{8}, hand_made::numbers(8, 4)}});
  const int shuffled = builder.add("shuffled", Op::channel_shuffle, {norm}, net::ChannelShuffle{2});
  const int half = builder.add("half", Op::channel_slice, {shuffled}, net::ChannelSlice{4, 4});
  const int gelu = builder.add("gelu", Op::gelu, {half}, net::Gelu{});
  const int mean = builder.add("mean", Op::mean_over_channels, {gelu});
  const int centred = builder.add("centred", Op::subtract, {gelu, mean});
  builder.add("b", Op::convolution, {centred}, three, {weight(4, 4, 3, 5)});
  return builder;
}

}  // namespace

TEST_CASE("smooth activations and powers are their formulas") {
  const net::Shape shape{1, 1, 5};
  const std::vector<float> x{-4.0F, -0.7F, 0.0F, 0.9F, 5.0F};
  const auto of = [&](Op op, net::Attributes attributes, auto formula) {
    GraphBuilder builder;
    builder.add("y", op, {0}, attributes);
    std::vector<float> expected;
    for (const float value : x) expected.push_back(static_cast<float>(formula(static_cast<double>(value))));
    require_close(run(builder, shape, x), expected);
  };
  const auto gate = [](double v) { return std::min(1.0, std::max(0.0, v / 6 + 0.5)); };
  of(Op::hard_sigmoid, net::HardSigmoid{1.0F / 6.0F, 0.5F}, gate);
  of(Op::hard_swish, net::HardSigmoid{1.0F / 6.0F, 0.5F}, [&](double v) { return v * gate(v); });
  of(Op::gelu, net::Gelu{}, [](double v) { return 0.5 * v * (1 + std::erf(v / std::sqrt(2.0))); });
  of(Op::gelu, net::Gelu{true},
     [](double v) { return 0.5 * v * (1 + std::tanh(std::sqrt(2 / 3.14159265358979) * (v + 0.044715 * v * v * v))); });
  of(Op::erf, {}, [](double v) { return std::erf(v); });
  of(Op::power, net::Power{2.0F}, [](double v) { return v * v; });
}

TEST_CASE("what works on channels sees them in their order") {
  const net::Shape shape{4, 1, 2};
  const std::vector<float> x{1, 2, 3, 4, 5, 6, 7, 8};
  GraphBuilder shuffle, slice, mean, largest, last;
  shuffle.add("y", Op::channel_shuffle, {0}, net::ChannelShuffle{2});
  REQUIRE(run(shuffle, shape, x) == std::vector<float>{1, 2, 5, 6, 3, 4, 7, 8});
  REQUIRE(run(shuffle, shape, x, {1}) == std::vector<float>{5, 6});
  slice.add("y", Op::channel_slice, {0}, net::ChannelSlice{1, 2});
  REQUIRE(run(slice, shape, x) == std::vector<float>{3, 4, 5, 6});
  mean.add("y", Op::mean_over_channels, {0});
  REQUIRE(run(mean, shape, x) == std::vector<float>{4, 5});
  largest.add("y", Op::global_max_pool, {0});
  REQUIRE(run(largest, shape, x) == std::vector<float>{2, 4, 6, 8});
  last.add("y", Op::flatten, {0}, net::Flatten{8, true});
  REQUIRE(run(last, shape, x) == std::vector<float>{1, 3, 5, 7, 2, 4, 6, 8});
  GraphBuilder norm;
  norm.add("y", Op::layer_norm, {0}, net::LayerNorm{0.0F}, {{{4}, {1, 1, 1, 2}}, {{4}, {0, 0, 1, 0}}});
  const float side = 3 / std::sqrt(5.0F), inner = 1 / std::sqrt(5.0F);  // (x − 4) / √5 of 1, 3, 5, 7
  require_close(run(norm, shape, x), {-side, -side, -inner, -inner, 1 + inner, 1 + inner, 2 * side, 2 * side});
}

TEST_CASE("a map of one place or one channel counts for all places or channels") {
  GraphBuilder builder;
  const int pool = builder.add("pool", Op::global_average_pool, {0});
  const int mean = builder.add("mean", Op::mean_over_channels, {0});
  const int product = builder.add("product", Op::multiply, {pool, mean});
  builder.add("quotient", Op::divide, {0, product});
  // pool: 2 and 6; mean: 3 and 5
  require_close(run(builder, {2, 1, 2}, {1, 3, 5, 7}), {1.0F / 6, 3.0F / 10, 5.0F / 18, 7.0F / 30});
}

TEST_CASE("a picture's answer does not depend on the picture before it, also where a layer sees everything") {
  const net::Shape shape{3, 16, 16};
  const auto model = hand_made::model(modern().graph, shape);
  const auto used = hand_made::network(model);
  const net::Wanted wanted{static_cast<int>(model->graph.nodes.size()) - 1, {}};
  std::vector<float> picture = hand_made::numbers(3 * 16 * 16, 7, 0, 1);
  for (int change = 0; change < 6; ++change) {
    for (std::size_t i = 0; i < 12; ++i) picture[(static_cast<std::size_t>(change) * 131 + i) % picture.size()] = 0.25F;
    const auto fresh = hand_made::network(model);
    const auto after = used->respond_floats(picture, 1, shape, std::span(&wanted, 1));
    const auto alone = fresh->respond_floats(picture, 1, shape, std::span(&wanted, 1));
    REQUIRE(after.ok());
    REQUIRE(after->front().values == alone->front().values);
  }
}

TEST_CASE("the gradient of a tensor is what small steps of it say") {
  const net::Shape shape{3, 6, 6};
  const auto model = hand_made::model(modern().graph, shape);
  const auto network = hand_made::network(model);
  std::vector<float> x = hand_made::numbers(3 * 6 * 6, 9);
  for (const auto& neuron : {std::optional<core::Cell>(), std::optional(core::Cell{2, 3})}) {
    const core::Unit unit{"b", 1, neuron};
    const auto gradient = network->input_gradient_of_tensor(x, shape, unit);
    REQUIRE((gradient ? "" : gradient.error().sentence()) == std::string());
    REQUIRE(gradient->shape == shape);
    for (const std::size_t i : {0U, 17U, 50U, 107U}) {
      const float kept = x[i], step = 2e-2F;
      x[i] = kept + step;
      const double above = network->respond_tensor(x, shape, unit)->activation;
      x[i] = kept - step;
      const double below = network->respond_tensor(x, shape, unit)->activation;
      x[i] = kept;
      CAPTURE(i, gradient->values[i]);
      REQUIRE(std::abs((above - below) / (2 * step) - gradient->values[i]) < 2e-3);
    }
  }
}

TEST_CASE("a grey network is fed the luminance of a picture, and a picture's gradient follows it") {
  GraphBuilder builder;
  builder.add("y", Op::power, {0}, net::Power{1.0F});
  const auto network = hand_made::network(hand_made::model(builder.graph, {1, 2, 2}));
  core::Image picture = core::make_image({2, 2}, 255, 0, 0);
  *picture.pixel(1, 0) = 0;
  const auto response = network->respond(picture, {"y", 0, std::nullopt});
  REQUIRE(response.ok());
  require_close(response->map.values, {0.299F, 0.0F, 0.299F, 0.299F});
  const auto gradient = network->input_gradient(picture, {"y", 0, core::Cell{0, 0}});
  REQUIRE(gradient.ok());
  REQUIRE(gradient->shape == net::Shape{3, 2, 2});
  require_close(gradient->values, {0.299F, 0, 0, 0, 0.587F, 0, 0, 0, 0.114F, 0, 0, 0});
}

TEST_CASE("a network of other channels takes tensors and says so of a picture") {
  GraphBuilder builder;
  builder.add("y", Op::relu, {0});
  const auto network = hand_made::network(hand_made::model(builder.graph, {5, 2, 2}));
  const auto refused = network->respond(core::make_image({2, 2}), core::Unit{"y", 0, std::nullopt});
  REQUIRE(refused.error().sentence().find("--tensor") != std::string::npos);
  const std::vector<float> x = hand_made::numbers(20, 3);
  REQUIRE(network->respond_tensor(x, {5, 2, 2}, core::Unit{"y", 4, std::nullopt}).ok());
}

TEST_CASE("a tensor is fed as it is, past the input rule") {
  GraphBuilder builder;
  builder.add("y", Op::relu, {0});
  auto model = std::make_shared<net::Model>(*hand_made::model(builder.graph, {3, 1, 1}));
  model->input.scale = 100.0F;
  model->input.rgb = false;
  const auto network = hand_made::network(model);
  const std::vector<float> x{1, 2, 3};
  const net::Wanted wanted{1, {}};
  REQUIRE(network->respond_tensor(x, {3, 1, 1}, std::span(&wanted, 1))->front().values == x);
  REQUIRE(network->respond_floats(x, 1, {3, 1, 1}, std::span(&wanted, 1))->front().values ==
          std::vector<float>{300, 200, 100});
}
