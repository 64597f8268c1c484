#include "net/network.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>

#include "hand_made.h"
#include "net/plan.h"
#include "net/shapes.h"

namespace {

using hand_made::GraphBuilder;
using net::Op;

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

std::size_t count(const net::Shape& shape) {
  return at(shape.channels) * at(shape.rows) * at(shape.cols);
}

net::Window window(int kernel, int stride = 1, int dilation = 1) {
  net::Window made;
  for (int axis = 0; axis < 2; ++axis) {
    made.kernel[axis] = kernel;
    made.stride[axis] = stride;
    made.dilation[axis] = dilation;
  }
  return made;
}

// The values of the last node of a graph, or of some of its channels, for one input.
net::Activations run(const GraphBuilder& builder, net::Shape input, const std::vector<float>& values,
                     const std::vector<int>& channels = {}) {
  const auto network = hand_made::network(hand_made::model(builder.graph, input));
  const net::Wanted wanted{static_cast<int>(builder.graph.nodes.size()) - 1, channels};
  auto answers = network->respond_floats(values, 1, input, std::span(&wanted, 1));
  REQUIRE((answers ? "" : answers.error().sentence()) == std::string());
  return std::move(answers->front());
}

std::vector<float> one_to(int last, float sign = 1.0F) {
  std::vector<float> values(at(last));
  std::iota(values.begin(), values.end(), 1.0F);
  for (float& value : values) value *= sign;
  return values;
}

void require_close(const std::vector<float>& a, const std::vector<float>& b, float tolerance) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    CAPTURE(i, a[i], b[i]);
    REQUIRE(std::abs(a[i] - b[i]) <= tolerance);
  }
}

float largest(const std::vector<float>& values) {
  float most = 0.0F;
  for (const float value : values) most = std::max(most, std::abs(value));
  return most;
}

std::vector<float> convolved(const net::Shape& in, const std::vector<float>& x, const net::Node& node,
                             const net::Shape& out) {
  const auto& [w, groups] = std::get<net::Convolution>(node.attributes);
  const net::Buffer& weight = node.buffers[0];
  const int inputs_per_group = static_cast<int>(weight.shape[1]);
  std::vector<float> y(count(out));
  for (int c = 0; c < out.channels; ++c)
    for (int row = 0; row < out.rows; ++row)
      for (int col = 0; col < out.cols; ++col) {
        double sum = node.buffers[1].values[at(c)];
        for (int k = 0; k < inputs_per_group; ++k)
          for (int i = 0; i < w.kernel[0]; ++i)
            for (int j = 0; j < w.kernel[1]; ++j) {
              const int y_in = row * w.stride[0] - w.pad_begin[0] + i * w.dilation[0];
              const int x_in = col * w.stride[1] - w.pad_begin[1] + j * w.dilation[1];
              if (y_in < 0 || y_in >= in.rows || x_in < 0 || x_in >= in.cols) continue;
              const int from = c / (out.channels / groups) * inputs_per_group + k;
              sum += static_cast<double>(x[at((from * in.rows + y_in) * in.cols + x_in)]) *
                     weight.values[at(((c * inputs_per_group + k) * w.kernel[0] + i) * w.kernel[1] + j)];
            }
        y[at((c * out.rows + row) * out.cols + col)] = static_cast<float>(sum);
      }
  return y;
}

std::vector<float> formula_picture(int side) {
  std::vector<float> values(at(3 * side * side));
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < side; ++y)
      for (int x = 0; x < side; ++x)
        values[at((c * side + y) * side + x)] = static_cast<float>(0.5 + 0.5 * std::sin(0.1 * x + 0.2 * (c + 1) * y));
  return values;
}

}  // namespace

TEST_CASE("a convolution pads each side by its own amount") {
  GraphBuilder builder;
  net::Window w = window(2);
  w.pad_begin[0] = 1;  // above
  w.pad_end[1] = 1;    // to the right
  builder.add("sum", Op::convolution, {0}, net::Convolution{w, 1}, {{{1, 1, 2, 2}, {1, 1, 1, 1}}});
  REQUIRE(run(builder, {1, 3, 3}, one_to(9)).values == std::vector<float>{3, 5, 3, 12, 16, 9, 24, 28, 15});
}

TEST_CASE("convolutions of any stride, padding, dilation and groups agree with the sum written out") {
  base::Rng rng(1);
  for (int round = 0; round < 60; ++round) {
    const int groups = 1 + rng.below(3), inputs = groups * (1 + rng.below(3)), outputs = groups * (1 + rng.below(4));
    net::Window w = window(1);
    for (int axis = 0; axis < 2; ++axis) {
      w.kernel[axis] = 1 + rng.below(4);
      w.stride[axis] = 1 + rng.below(3);
      w.dilation[axis] = 1 + rng.below(2);
      w.pad_begin[axis] = rng.below(4);
      w.pad_end[axis] = rng.below(4);
    }
    const int weights = outputs * (inputs / groups) * w.kernel[0] * w.kernel[1];
    GraphBuilder builder;
    builder.add("conv", Op::convolution, {0}, net::Convolution{w, groups},
                {{{outputs, inputs / groups, w.kernel[0], w.kernel[1]}, hand_made::numbers(at(weights), rng.bits())},
                 {{outputs}, hand_made::numbers(at(outputs), rng.bits())}});
    const net::Shape in{inputs, 8 + rng.below(6), 8 + rng.below(6)};
    const std::vector<float> x = hand_made::numbers(count(in), rng.bits());
    const net::Activations all = run(builder, in, x);
    CAPTURE(round, groups, inputs, outputs);
    require_close(all.values, convolved(in, x, builder.graph.nodes[1], all.shape), 1e-5F);

    const int channel = rng.below(outputs);
    const net::Activations one = run(builder, in, x, {channel});
    const std::size_t map = at(one.shape.rows) * at(one.shape.cols);
    const auto first = all.values.begin() + static_cast<std::ptrdiff_t>(map * at(channel));
    require_close(one.values, {first, first + static_cast<std::ptrdiff_t>(map)}, 1e-5F);
  }
}

TEST_CASE("a padded maximum pool never answers with the padding") {
  GraphBuilder builder;
  net::Pool pool{window(2, 2)};
  pool.window.pad_end[0] = pool.window.pad_end[1] = 1;
  builder.add("pool", Op::max_pool, {0}, pool);
  REQUIRE(run(builder, {1, 3, 3}, one_to(9, -1.0F)).values == std::vector<float>{-1, -3, -7, -9});

  GraphBuilder leading;
  pool.window.pad_end[0] = pool.window.pad_end[1] = 0;
  pool.window.pad_begin[0] = pool.window.pad_begin[1] = 1;
  leading.add("pool", Op::max_pool, {0}, pool);
  REQUIRE(run(leading, {1, 3, 3}, one_to(9, -1.0F)).values == std::vector<float>{-1, -2, -4, -5});
}

TEST_CASE("a pool in ceil mode keeps the overhanging window") {
  GraphBuilder highest;
  highest.add("pool", Op::max_pool, {0}, net::Pool{window(2, 2), true});
  REQUIRE(run(highest, {1, 3, 3}, one_to(9)).values == std::vector<float>{5, 6, 8, 9});
  GraphBuilder mean;
  mean.add("pool", Op::average_pool, {0}, net::Pool{window(2, 2), true, true});
  REQUIRE(run(mean, {1, 3, 3}, one_to(9)).values == std::vector<float>{3, 4.5F, 7.5F, 9});
}

TEST_CASE("an average counts the padding only where it is told to") {
  net::Pool pool{window(2, 2)};
  pool.window.pad_end[0] = pool.window.pad_end[1] = 1;
  GraphBuilder without;
  without.add("pool", Op::average_pool, {0}, pool);
  REQUIRE(run(without, {1, 3, 3}, one_to(9)).values == std::vector<float>{3, 4.5F, 7.5F, 9});
  pool.count_include_pad = true;
  GraphBuilder with;
  with.add("pool", Op::average_pool, {0}, pool);
  REQUIRE(run(with, {1, 3, 3}, one_to(9)).values == std::vector<float>{3, 2.25F, 3.75F, 2.25F});
  GraphBuilder symmetric;
  net::Pool centred{window(3, 2)};
  for (int axis = 0; axis < 2; ++axis) centred.window.pad_begin[axis] = centred.window.pad_end[axis] = 1;
  symmetric.add("pool", Op::average_pool, {0}, centred);
  REQUIRE(run(symmetric, {1, 3, 3}, one_to(9)).values == std::vector<float>{3, 4, 6, 7});
}

TEST_CASE("local response normalization divides alpha by its size and looks ahead where its size is even") {
  GraphBuilder odd;
  odd.add("lrn", Op::lrn, {0}, net::Lrn{3, 3.0F, 1.0F, 1.0F});
  require_close(run(odd, {3, 1, 1}, {1, 2, 3}).values, {1.0F / 6, 2.0F / 15, 3.0F / 14}, 1e-6F);
  GraphBuilder even;
  even.add("lrn", Op::lrn, {0}, net::Lrn{2, 2.0F, 1.0F, 1.0F});
  require_close(run(even, {3, 1, 1}, {1, 2, 3}).values, {1.0F / 6, 2.0F / 14, 3.0F / 10}, 1e-6F);
}

TEST_CASE("pointwise operators, sums, products, borders and vectors are what their names say") {
  GraphBuilder builder;
  const int scaled = builder.add("norm", Op::batch_norm, {0}, {}, {{{2}, {2, -1}}, {{2}, {0, 1}}});  // 2a, 1 - b
  const int relu = builder.add("relu", Op::relu, {scaled});
  const int clipped = builder.add("clip", Op::clip, {scaled}, net::Clip{-1.0F, 3.0F});
  const int leaky = builder.add("leaky", Op::leaky_relu, {scaled}, net::LeakyRelu{0.5F});
  const int sum = builder.add("sum", Op::add, {relu, clipped});
  const int shifted = builder.add("shifted", Op::add, {leaky}, {}, {{{1}, {10}}});
  const int product = builder.add("product", Op::multiply, {sum, shifted});
  const int pad = builder.add("pad", Op::pad, {product}, net::Pad{{1, 0}, {0, 1}, 7.0F});
  builder.add("concat", Op::concat, {pad, pad});
  // One cell: a = 1, b = 3; norm (2, -2); relu (2, 0); clip (2, -1); leaky (2, -1); sum (4, -1); shifted (12, 9).
  const std::vector<float> map = {7, 7, 48, 7, 7, 7, -9, 7};
  std::vector<float> twice = map;
  twice.insert(twice.end(), map.begin(), map.end());
  REQUIRE(run(builder, {2, 1, 1}, {1, 3}).values == twice);
  REQUIRE(run(builder, {2, 1, 1}, {1, 3}, {3, 0}).values == std::vector<float>{7, 7, -9, 7, 7, 7, 48, 7});

  GraphBuilder vector;
  const int flat = vector.add("flat", Op::flatten, {0}, net::Flatten{4});
  const int linear = vector.add("linear", Op::linear, {flat}, {}, {{{2, 4}, {1, 2, 3, 4, 0, 0, 0, 1}}, {{2}, {1, -1}}});
  vector.add("softmax", Op::softmax, {linear});
  const net::Shape in{2, 1, 2};
  // linear: 1 + 1·1 + 2·0 + 3·1 + 4·0 = 5; 0 - 1 = -1
  require_close(run(vector, in, {1, 0, 1, 0}).values, {1 / (1 + std::exp(-6.0F)), 1 / (1 + std::exp(6.0F))}, 1e-6F);
  require_close(run(vector, in, {1, 0, 1, 0}, {1}).values, {1 / (1 + std::exp(6.0F))}, 1e-6F);
  GraphBuilder mean;
  mean.add("mean", Op::global_average_pool, {0});
  REQUIRE(run(mean, {2, 2, 2}, {1, 2, 3, 4, 5, 5, 5, 9}).values == std::vector<float>{2.5F, 6});
}

TEST_CASE("only the ancestors of what is asked are run") {
  GraphBuilder builder;
  const int relu = builder.add("relu", Op::relu, {0});
  const int flat = builder.add("flat", Op::flatten, {relu});
  const int linear = builder.add("linear", Op::linear, {flat}, {}, {{{1, 4}, {1, 1, 1, 1}}});
  const auto network = hand_made::network(hand_made::model(builder.graph, {1, 2, 2}));
  const net::Shape larger{1, 3, 3};  // the linear layer does not exist at this size
  const net::Wanted before{relu, {}}, behind{linear, {}};
  REQUIRE(network->respond_floats(one_to(9), 1, larger, std::span(&before, 1)).ok());
  const auto refused = network->respond_floats(one_to(9), 1, larger, std::span(&behind, 1));
  REQUIRE_FALSE(refused.ok());
  REQUIRE(refused.error().sentence().find("linear") != std::string::npos);
}

TEST_CASE("of a layer of branches asked for one channel only its branch is planned, and of its end that channel") {
  const auto model = hand_made::embedded_model();
  std::vector<int> counts;
  for (const net::Shape& shape : model->shapes) counts.push_back(shape.channels);
  // mixed4a is 96 | 104 | 24 | 32 channels: 104 is the eighth of the 3×3 branch.
  const net::Wanted wanted{model->graph.find("mixed4a_pre_relu").value(), {104}};
  const int end_of_branch = model->graph.find("mixed4a_3x3_pre_relu").value();
  const int first = net::branches(model->graph, model->shapes, wanted.node)[1].first_channel;
  const net::Plan plan = net::make_plan(model->graph, counts, std::span(&wanted, 1));
  bool end_is_planned = false;
  for (const net::PlanStep& step : plan.steps) {
    const std::string& name = model->graph.nodes[at(step.node)].name;
    CAPTURE(name);
    for (const char* other : {"mixed4a_1x1", "mixed4a_5x5", "mixed4a_pool"})
      REQUIRE(name.find(other) == std::string::npos);
    if (step.node != end_of_branch) continue;
    end_is_planned = true;
    REQUIRE(step.channels == std::vector<int>{104 - first});
  }
  REQUIRE(end_is_planned);
}

TEST_CASE("the embedded model agrees with activations computed in float64 by an independent reader") {
  std::ifstream file(std::string(UNITSCOPE_SOURCE_DIR) + "/tests/net/data/inception-mini-check.json");
  const auto check = nlohmann::json::parse(file);
  const auto network = hand_made::network(hand_made::embedded_model());
  const std::vector<float> picture = formula_picture(128);
  for (const auto& [name, expected] : check["nodes"].items()) {
    CAPTURE(name);
    const net::Wanted wanted{network->model().graph.find(name).value(), {}};
    const auto answers = network->respond_floats(picture, 1, {3, 128, 128}, std::span(&wanted, 1));
    REQUIRE(answers.ok());
    const net::Activations& got = answers->front();
    const float tolerance = 1e-4F * largest(got.values);
    if (expected.contains("first_8")) {
      const auto first = expected["first_8"].get<std::vector<float>>();
      require_close({got.values.begin(), got.values.begin() + 8}, first, tolerance);
      const auto top = std::max_element(got.values.begin(), got.values.end()) - got.values.begin();
      REQUIRE(top == expected["argmax"].get<int>());
      continue;
    }
    REQUIRE(std::vector<int>{got.shape.channels, got.shape.rows, got.shape.cols} ==
            expected["shape"].get<std::vector<int>>());
    const std::size_t map = at(got.shape.rows) * at(got.shape.cols);
    std::vector<float> means;
    for (std::size_t c = 0; c < 8; ++c) {
      const auto first = got.values.begin() + static_cast<std::ptrdiff_t>(c * map);
      means.push_back(static_cast<float>(std::accumulate(first, first + static_cast<std::ptrdiff_t>(map), 0.0) /
                                         static_cast<double>(map)));
    }
    require_close(means, expected["mean_of_first_8_channels"].get<std::vector<float>>(), tolerance);
    const std::size_t centre = map + at(got.shape.rows / 2) * at(got.shape.cols) + at(got.shape.cols / 2);
    REQUIRE(std::abs(got.values[centre] - expected["value_at_channel_1_centre"].get<float>()) <= tolerance);
  }
}

TEST_CASE("channels asked for alone are those of the whole layer") {
  const auto network = hand_made::network(hand_made::embedded_model());
  const core::Image picture = hand_made::picture({96, 80}, 3);
  base::Rng rng(4);
  for (const char* layer : {"conv2d0_pre_relu", "conv2d2", "mixed3a_pre_relu", "mixed4a", "mixed4c_pre_relu",
                            "mixed5b_pre_relu", "maxpool4", "softmax2_pre_activation", "softmax2"}) {
    const int node = network->model().graph.find(layer).value();
    const int channels = network->model().shapes[at(node)].channels;
    std::vector<net::Wanted> wanted = {{node, {}}};
    for (int round = 0; round < 4; ++round) wanted.push_back({node, {rng.below(channels)}});
    wanted.push_back({node, {channels - 1, 0, channels / 2}});
    const auto whole = network->respond(std::span(&picture, 1), std::span(wanted).first(1));
    REQUIRE(whole.ok());
    const net::Activations& all = whole->front();
    const std::size_t map = at(all.shape.rows) * at(all.shape.cols);
    for (std::size_t i = 1; i < wanted.size(); ++i) {
      const auto alone = network->respond(std::span(&picture, 1), std::span(wanted).subspan(i, 1));
      REQUIRE(alone.ok());
      std::vector<float> expected;
      for (const int channel : wanted[i].channels)
        expected.insert(expected.end(), all.values.begin() + static_cast<std::ptrdiff_t>(map * at(channel)),
                        all.values.begin() + static_cast<std::ptrdiff_t>(map * at(channel + 1)));
      CAPTURE(layer, i);
      require_close(alone->front().values, expected, 1e-5F * largest(all.values));
    }
  }
}

TEST_CASE("a picture is answered alike alone and among others") {
  const auto network = hand_made::network(hand_made::embedded_model());
  const core::Unit unit{"mixed4a_pre_relu", 104, {}};
  std::vector<core::Image> pictures;
  for (std::uint64_t seed = 0; seed < 5; ++seed) pictures.push_back(hand_made::picture({72, 72}, seed));
  const auto together = network->activations(pictures, unit);
  REQUIRE(together.ok());
  for (std::size_t i = 0; i < pictures.size(); ++i)
    REQUIRE(network->respond(pictures[i], unit)->activation == (*together)[i]);
}

TEST_CASE("a unit's activation is the mean of its map, and a neuron's is its cell") {
  const auto network = hand_made::network(hand_made::embedded_model());
  const core::Image picture = hand_made::picture({96, 96}, 8);
  const auto channel = network->respond(picture, {"mixed3b_pre_relu", 30, {}});
  REQUIRE(channel.ok());
  REQUIRE(channel->map.rows == 12);
  REQUIRE(channel->map.cols == 12);
  const double sum = std::accumulate(channel->map.values.begin(), channel->map.values.end(), 0.0);
  REQUIRE(channel->activation == Approx(sum / 144.0));
  const auto neuron = network->respond(picture, {"mixed3b_pre_relu", 30, core::Cell{3, 7}});
  REQUIRE(neuron.ok());
  REQUIRE(neuron->activation == channel->map.at(3, 7));
}

TEST_CASE("a pass that is no longer wanted ends as stopped") {
  const auto network = hand_made::network(hand_made::embedded_model());
  core::StopFlag stop;
  stop.request_stop();
  const core::Image picture = hand_made::picture({64, 64}, 1);
  const auto answer = network->respond(picture, {"mixed4a_pre_relu", 3, {}}, &stop);
  REQUIRE_FALSE(answer.ok());
  REQUIRE(answer.error().what == net::kStopped);
  stop.clear();
  REQUIRE(network->respond(picture, {"mixed4a_pre_relu", 3, {}}, &stop).ok());
}

TEST_CASE("layers, channels, neurons and pictures that do not exist are refused in words") {
  const auto network = hand_made::network(hand_made::embedded_model());
  const core::Image picture = hand_made::picture({96, 96}, 1);
  const auto why = [&](const core::Image& shown, const core::Unit& unit) {
    const auto answer = network->respond(shown, unit);
    REQUIRE_FALSE(answer.ok());
    return answer.error().sentence();
  };
  REQUIRE(why(picture, {"mixed9z", 1, {}}).find("mixed9z") != std::string::npos);
  REQUIRE(why(picture, {"mixed4a", 256, {}}).find("0 to 255") != std::string::npos);
  REQUIRE(why(picture, {"mixed4a", 3, core::Cell{6, 0}}).find("@5,5") != std::string::npos);
  REQUIRE(why(hand_made::picture({63, 96}, 1), {"mixed4a", 3, {}}).find("64") != std::string::npos);
}
