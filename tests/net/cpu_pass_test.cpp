// A changed picture, recomputed where it changed, against a plain pass of it: bit by bit. And the plain pass against
// LibTorch. On random small graphs of every operator, and on the embedded model.
#include "net/torch.h"

#include "net/cpu_pass.h"

#include <algorithm>
#include <cstring>

#include "core/occluder.h"
#include "net/network_impl.h"
#include "random_graph.h"

namespace {

using net::Op;
using random_graph::described;
using random_graph::index;
using random_graph::random_model;

// A node with some channels, or all of them.
net::Wanted random_wanted(const net::Model& model, int node, base::Rng& rng) {
  const int channels = model.shapes[index(node)].channels;
  if (rng.below(2) == 0) return {node, {}};
  if (rng.below(2) == 0) return {node, {rng.below(channels)}};
  return {node, {channels - 1, rng.below(channels)}};
}

std::unique_ptr<net::CpuPass> new_pass(const std::shared_ptr<const net::Model>& model,
                                       std::span<const net::Wanted> wanted, const net::Shape& input) {
  net::CpuWeights weights(model);
  auto made = net::CpuPass::create(model, net::make_cpu_program(weights, wanted), {input.cols, input.rows});
  REQUIRE((made ? "" : made.error().sentence()) == std::string());
  return std::move(*made);
}

std::vector<std::vector<float>> answers(const net::CpuPass& pass, std::size_t wanted, std::size_t picture) {
  std::vector<std::vector<float>> all;
  for (std::size_t i = 0; i < wanted; ++i) {
    const net::Shape shape = pass.answer_shape(i);
    all.emplace_back(index(shape.channels) * index(shape.rows) * index(shape.cols));
    pass.read_answer(i, picture, all.back().data());
  }
  return all;
}

// [rows, cols, channels]
std::vector<float> painted(std::vector<float> picture, const net::Shape& shape, const net::CpuPass::Change& change) {
  const auto channels = index(shape.channels);
  for (int row = 0; row < change.rect.rows; ++row)
    std::copy_n(
        change.values.begin() + static_cast<std::ptrdiff_t>(index(row) * index(change.rect.cols) * channels),
        index(change.rect.cols) * channels,
        picture.begin() + static_cast<std::ptrdiff_t>(
                              (index(change.rect.row + row) * index(shape.cols) + index(change.rect.col)) * channels));
  return picture;
}

net::CpuPass::Change random_change(const net::Shape& shape, base::Rng& rng) {
  net::CpuPass::Change change;
  const int row = rng.below(shape.rows), col = rng.below(shape.cols);
  change.rect = {row, col, rng.below(shape.rows - row + 1), rng.below(shape.cols - col + 1)};
  if (change.rect.empty()) change.rect = {row, col, 0, 0};
  const std::size_t cells = index(change.rect.rows) * index(change.rect.cols);
  change.values = hand_made::numbers(cells * index(shape.channels), rng.bits());
  change.flat = rng.below(2) == 0;
  for (std::size_t i = index(shape.channels); change.flat && i < change.values.size(); ++i)
    change.values[i] = change.values[i - index(shape.channels)];
  return change;
}

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0);
}

}  // namespace

TEST_CASE("what is recomputed of a changed picture equals a plain pass of it, bit by bit, in any graph") {
  base::Rng rng(12);
  for (int round = 0; round < 300; ++round) {
    const auto [model, input] = random_model(rng);
    const int nodes = static_cast<int>(model->graph.nodes.size());
    std::vector<net::Wanted> wanted = {random_wanted(*model, nodes - 1, rng)};
    if (rng.below(2) == 0) wanted.push_back(random_wanted(*model, rng.below(nodes), rng));
    const auto pass = new_pass(model, wanted, input), plain = new_pass(model, wanted, input);
    const std::vector<float> picture =
        hand_made::numbers(index(input.rows) * index(input.cols) * index(input.channels), rng.bits());
    REQUIRE(pass->compute(picture, nullptr).ok());
    REQUIRE(plain->compute(picture, nullptr).ok());
    const auto clean = answers(*plain, wanted.size(), 0);
    for (int repeat = 0; repeat < 3; ++repeat) {
      std::vector<net::CpuPass::Change> changes;
      for (int i = 0; i < 1 + rng.below(4); ++i) changes.push_back(random_change(input, rng));
      REQUIRE(pass->compute_changes(changes, nullptr).ok());
      for (std::size_t i = 0; i < changes.size(); ++i) {
        REQUIRE(plain->compute(painted(picture, input, changes[i]), nullptr).ok());
        const auto expected = answers(*plain, wanted.size(), 0), got = answers(*pass, wanted.size(), i);
        for (std::size_t k = 0; k < wanted.size(); ++k) {
          CAPTURE(described(*model), round, repeat, i, k, changes[i].rect.row, changes[i].rect.rows, changes[i].flat);
          REQUIRE(same_bits(got[k], expected[k]));
        }
        if (changes[i].rect.empty()) REQUIRE(got == clean);
      }
    }
  }
}

TEST_CASE("a pass whose maps do not fit into memory together drops them on the way and answers the same") {
  base::Rng rng(15);
  int dropped = 0;
  for (int round = 0; round < 100; ++round) {
    const auto [model, input] = random_model(rng);
    const int nodes = static_cast<int>(model->graph.nodes.size());
    const net::Wanted wanted[] = {random_wanted(*model, nodes - 1, rng), random_wanted(*model, rng.below(nodes), rng)};
    net::CpuWeights weights(model);
    const auto program = net::make_cpu_program(weights, wanted);
    const core::Size size{input.cols, input.rows};
    const auto keeping = net::CpuPass::create(model, program, size);
    REQUIRE((*keeping)->keeps_clean());
    const auto dropping = net::CpuPass::create(model, program, size, (*keeping)->bytes() - 1);
    if (!dropping) continue;  // every map is needed to the end
    REQUIRE_FALSE((*dropping)->keeps_clean());
    REQUIRE((*dropping)->bytes() < (*keeping)->bytes());
    const auto refused = net::CpuPass::create(model, program, size, (*dropping)->bytes() - 1);
    REQUIRE_FALSE(refused.ok());
    REQUIRE(refused.error().sentence().find("at one time") != std::string::npos);
    for (int repeat = 0; repeat < 2; ++repeat) {
      const std::vector<float> picture =
          hand_made::numbers(index(input.rows) * index(input.cols) * index(input.channels), rng.bits());
      REQUIRE((*keeping)->compute(picture, nullptr).ok());
      REQUIRE((*dropping)->compute(picture, nullptr).ok());
      REQUIRE_FALSE((*dropping)->has_clean());
      const auto expected = answers(**keeping, 2, 0), got = answers(**dropping, 2, 0);
      CAPTURE(described(*model), round);
      for (std::size_t k = 0; k < 2; ++k) REQUIRE(same_bits(got[k], expected[k]));
    }
    ++dropped;
  }
  REQUIRE(dropped > 30);
}

TEST_CASE("a model whose maps need too much memory at one time is refused before any is there") {
  hand_made::GraphBuilder builder;
  std::vector<net::Wanted> all;
  for (int i = 0; i < 40; ++i) all.push_back({builder.add("s" + std::to_string(i), Op::sigmoid, {i}), {}});
  const auto network = hand_made::network(hand_made::model(std::move(builder.graph), {1, 4096, 4096}));
  const core::Image picture = core::make_image({4096, 4096});
  const auto answers = network->respond(std::span(&picture, 1), all);
  REQUIRE_FALSE(answers.ok());
  REQUIRE(answers.error().sentence().find("2.0 GiB are used") != std::string::npos);
}

TEST_CASE("a plain pass on the CPU agrees with LibTorch in any graph") {
  base::Rng rng(13);
  torch::NoGradGuard no_gradients;
  for (int round = 0; round < 150; ++round) {
    const auto [model, input] = random_model(rng);
    const net::Wanted wanted = random_wanted(*model, static_cast<int>(model->graph.nodes.size()) - 1, rng);
    const auto network = hand_made::network(model);
    const torch::Tensor picture = torch::rand({1, input.channels, input.rows, input.cols});
    const auto program = network->impl().program(std::span(&wanted, 1));
    const auto by_torch = network->impl().forward(picture, *program, nullptr);
    REQUIRE(by_torch.ok());
    const torch::Tensor expected = by_torch->front().contiguous();
    const torch::Tensor values = picture.contiguous();
    const auto ours = network->respond_floats({values.data_ptr<float>(), static_cast<std::size_t>(values.numel())}, 1,
                                              input, std::span(&wanted, 1));
    REQUIRE(ours.ok());
    REQUIRE(ours->front().values.size() == static_cast<std::size_t>(expected.numel()));
    const float scale = std::max(1.0F, expected.abs().max().item<float>());
    for (std::size_t i = 0; i < ours->front().values.size(); ++i) {
      CAPTURE(described(*model), round, i);
      REQUIRE(std::abs(ours->front().values[i] - expected.data_ptr<float>()[i]) <= 1e-5F * scale);
    }
  }
}

TEST_CASE("the embedded model's units answer a square at the border, in a corner and inside as a plain pass does") {
  const auto model = hand_made::embedded_model();
  net::CpuNetwork cpu(model);
  base::Rng rng(14);
  constexpr int kSize_px = 224;
  const core::Size size{kSize_px, kSize_px};
  int fill = 0;
  for (const char* layer : {"conv2d2", "mixed3a_pre_relu", "mixed3b", "mixed4a_pre_relu", "mixed4c", "mixed4e_pre_relu",
                            "mixed5a", "mixed5b_pre_relu", "softmax2_pre_activation"}) {
    const int node = model->graph.find(layer).value();
    const net::Wanted wanted{node, {rng.below(model->shapes[index(node)].channels)}};
    const auto pass = cpu.new_pass(std::span(&wanted, 1), size), plain = cpu.new_pass(std::span(&wanted, 1), size);
    REQUIRE((pass.ok() && plain.ok()));
    const core::Image picture = hand_made::picture(size, rng.bits());
    const net::Rect all{0, 0, kSize_px, kSize_px};
    REQUIRE((*pass)->compute(cpu.fed(picture, all), nullptr).ok());
    for (const int side_px : {66, 90, 112, 37}) {
      const int last = kSize_px - side_px, inside = 1 + rng.below(last - 1);
      std::vector<net::CpuPass::Change> changes;
      std::vector<core::Image> occluded;
      const core::Fill filled = core::kFills[index(fill++) % std::size(core::kFills)];
      for (const auto& [y, x] : {std::pair(0, inside), std::pair(last, inside), std::pair(inside, 0),
                                 std::pair(inside, last), std::pair(last, last), std::pair(inside, last / 2)}) {
        occluded.push_back(core::occlude(picture, {x, y, side_px}, filled, 3));
        const net::Rect square{y, x, side_px, side_px};
        std::vector<float> values = cpu.fed(occluded.back(), square);
        const bool flat = net::is_flat(values, 3);
        changes.push_back({square, flat, std::move(values)});
      }
      REQUIRE((*pass)->compute_changes(changes, nullptr).ok());
      for (std::size_t i = 0; i < changes.size(); ++i) {
        REQUIRE((*plain)->compute(cpu.fed(occluded[i], all), nullptr).ok());
        CAPTURE(layer, side_px, core::to_string(filled), changes[i].rect.row, changes[i].rect.col);
        REQUIRE(same_bits(answers(**pass, 1, i)[0], answers(**plain, 1, 0)[0]));
      }
    }
  }
}

TEST_CASE("what was answered before leaves no trace in an answer") {
  const auto network = hand_made::network(hand_made::embedded_model());
  const core::Unit unit{"mixed4b_pre_relu", 33, {}};
  const core::Image picture = hand_made::picture({96, 80}, 1), other = hand_made::picture({96, 80}, 2);
  const core::Image occluded = core::occlude(picture, {30, 20, 25}, core::Fill::noise, 4);
  std::vector<float> first, again;
  for (const core::Image& shown : {picture, occluded, other, occluded, picture})
    first.push_back(network->respond(shown, unit)->activation);
  for (const core::Image& shown : {picture, occluded, other, occluded, picture})
    again.push_back(hand_made::network(hand_made::embedded_model())->respond(shown, unit)->activation);
  REQUIRE(first == again);
  REQUIRE(first[0] != first[1]);
}

TEST_CASE("a stopped pass forgets its picture and can be run again") {
  const auto model = hand_made::embedded_model();
  net::CpuNetwork cpu(model);
  const net::Wanted wanted{model->graph.find("mixed3a").value(), {5}};
  const core::Size size{64, 64};
  const auto pass = cpu.new_pass(std::span(&wanted, 1), size);
  const std::vector<float> fed = cpu.fed(hand_made::picture(size, 1), {0, 0, 64, 64});
  core::StopFlag stop;
  stop.request_stop();
  REQUIRE((*pass)->compute(fed, &stop).error().what == net::kStopped);
  REQUIRE_FALSE((*pass)->has_clean());
  stop.clear();
  REQUIRE((*pass)->compute(fed, &stop).ok());
  const auto clean = answers(**pass, 1, 0);
  const net::CpuPass::Change change{{3, 3, 9, 9}, false, std::vector<float>(9 * 9 * 3, 1.0F)};
  stop.request_stop();
  REQUIRE_FALSE((*pass)->compute_changes(std::span(&change, 1), &stop).ok());
  REQUIRE((*pass)->has_clean());
  stop.clear();
  const net::CpuPass::Change nothing;
  REQUIRE((*pass)->compute_changes(std::span(&nothing, 1), &stop).ok());
  REQUIRE(answers(**pass, 1, 0) == clean);
}
