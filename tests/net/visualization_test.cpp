#include "net/visualization.h"

#include <algorithm>
#include <cmath>

#include "hand_made.h"

namespace {

using net::Op;

net::Network& network() {
  static const auto made = hand_made::network(hand_made::embedded_model());
  return *made;
}

core::VisualizeSpec spec_for(const core::Unit& unit, int steps, std::uint64_t seed = 0) {
  core::VisualizeSpec spec;
  spec.unit = unit;
  spec.size_px = 64;
  spec.steps = steps;
  spec.seed = seed;
  return spec;
}

std::unique_ptr<net::Visualization> started(net::Network& on, const core::VisualizeSpec& spec) {
  auto made = net::Visualization::create(on, spec);
  REQUIRE((made ? "" : made.error().sentence()) == std::string());
  return std::move(*made);
}

std::shared_ptr<const net::VisualizationSnapshot> finished(net::Visualization& visualization) {
  const core::StopFlag go_on;
  while (visualization.step(go_on) == core::StepOutcome::more) {
  }
  REQUIRE((visualization.error() == nullptr ? "" : visualization.error()->sentence()) == std::string());
  return visualization.snapshot();
}

std::shared_ptr<const net::VisualizationSnapshot> run(const core::VisualizeSpec& spec) {
  return finished(*started(network(), spec));
}

float mean_activation(const net::VisualizationSnapshot& snapshot, std::size_t first, std::size_t count) {
  float sum = 0.0F;
  for (std::size_t i = first; i < first + count; ++i) sum += snapshot.history[i].activation;
  return sum / static_cast<float>(count);
}

// One convolution with one channel, 1×1, and its ReLU.
std::shared_ptr<const net::Model> one_unit(float weight, float bias, int side) {
  hand_made::GraphBuilder builder;
  const int linear = builder.add("before", Op::convolution, {0}, net::Convolution{},
                                 {{{1, 3, 1, 1}, {weight, weight, weight}}, {{1}, {bias}}});
  builder.add("after", Op::relu, {linear});
  return hand_made::model(builder.graph, {3, side, side});
}

core::VisualizeSpec tiny_spec(const core::Unit& unit, int side, int steps) {
  core::VisualizeSpec spec = core::preset("naive").value();
  spec.unit = unit;
  spec.size_px = side;
  spec.steps = steps;
  return spec;
}

}  // namespace

TEST_CASE("the activation rises, and falls with the other sign") {
  for (const core::Unit& unit : {core::Unit{"mixed3b_pre_relu", 5, {}}, core::Unit{"mixed4a_pre_relu", 104, {}}}) {
    core::VisualizeSpec spec = spec_for(unit, 64);
    const auto up = run(spec);
    REQUIRE(up->done);
    REQUIRE(up->step == 64);
    REQUIRE(up->history.size() == 64);
    const float start = mean_activation(*up, 0, 4);
    REQUIRE(mean_activation(*up, 60, 4) > start + 1.0F);
    spec.schedule.front().settings.sign = -1.0;
    REQUIRE(mean_activation(*run(spec), 60, 4) < start - 1.0F);
  }
}

TEST_CASE("a neuron's activation rises too") {
  const auto answer = run(spec_for({"mixed3b_pre_relu", 5, core::Cell{14, 14}}, 32));
  REQUIRE(mean_activation(*answer, 28, 4) > mean_activation(*answer, 0, 4) + 1.0F);
}

TEST_CASE("the same spec gives the same bytes, and another seed others") {
  const core::VisualizeSpec spec = spec_for({"mixed4a_pre_relu", 30, {}}, 6, 17);
  const auto first = run(spec), second = run(spec);
  REQUIRE(first->pictures == second->pictures);
  core::VisualizeSpec other = spec;
  other.seed = 18;
  REQUIRE(run(other)->pictures != first->pictures);
}

TEST_CASE("settings appended while it runs give what a schedule from the start gives") {
  core::VisualizeSettings noisier;
  noisier.jitter_px = 3;
  noisier.total_variation = 4.0;
  noisier.learning_rate = 0.2;
  core::VisualizeSpec known = spec_for({"mixed3b_pre_relu", 9, {}}, 8);
  const core::VisualizeSpec begun = known;
  core::change_settings(known, 4, noisier);

  const auto live = started(network(), begun);
  const core::StopFlag go_on;
  for (int i = 0; i < 4; ++i) REQUIRE(live->step(go_on) == core::StepOutcome::more);
  live->change(known);
  const auto changed = finished(*live);
  REQUIRE(changed->pictures == run(known)->pictures);
  REQUIRE(changed->pictures != run(begun)->pictures);
}

TEST_CASE("more steps can be asked for at the end, and then they are the same as from the start") {
  const core::VisualizeSpec longer = spec_for({"mixed3b_pre_relu", 9, {}}, 7);
  core::VisualizeSpec shorter = longer;
  shorter.steps = 4;
  const auto live = started(network(), shorter);
  REQUIRE(finished(*live)->step == 4);
  live->change(longer);
  REQUIRE_FALSE(live->snapshot()->done);
  REQUIRE(finished(*live)->pictures == run(longer)->pictures);
}

TEST_CASE("a stopped update leaves no trace, wherever it was stopped") {
  const core::VisualizeSpec spec = spec_for({"mixed4a_pre_relu", 30, {}}, 5);
  const auto expected = run(spec);
  const auto live = started(network(), spec);
  core::StopFlag stop;
  for (int round = 0; round < 5; ++round) {
    stop.request_stop();
    REQUIRE(live->step(stop) == core::StepOutcome::stopped);
    REQUIRE(live->snapshot()->step == round);
    stop.clear();
    live->step(stop);
  }
  REQUIRE(live->snapshot()->pictures == expected->pictures);
}

TEST_CASE("a larger batch begins with the picture of a smaller one, and diversity makes its pictures less alike") {
  core::VisualizeSpec spec = spec_for({"mixed3b_pre_relu", 20, {}}, 0);
  const auto alone = run(spec);
  spec.batch = 3;
  const auto together = started(network(), spec)->snapshot();
  REQUIRE(together->pictures.size() == 3);
  REQUIRE(together->pictures[0] == alone->pictures[0]);
  REQUIRE(together->pictures[1] != together->pictures[0]);

  spec.steps = 24;
  const core::VisualizeSettings without = spec.schedule.front().settings;
  core::VisualizeSettings with = without;
  with.diversity = 1e-6;  // too little to change anything: it measures
  spec.schedule.front().settings = with;
  const float alike = -run(spec)->history.back().diversity / 1e-6F;
  with.diversity = 100.0;
  spec.schedule.front().settings = with;
  REQUIRE(-run(spec)->history.back().diversity / 100.0F < 0.9F * alike);
}

TEST_CASE("a dead unit begins to rise only where gradients are redirected") {
  const auto dead = hand_made::network(one_unit(1.0F, -1.6F, 4));  // off at mid-grey, where the sum is 1.5
  core::VisualizeSpec spec = tiny_spec({"after", 0, {}}, 4, 16);
  const auto before = started(*dead, spec)->snapshot()->pictures;
  REQUIRE(finished(*started(*dead, spec))->pictures == before);
  spec.schedule.front().settings.redirect_steps = 16;
  const auto risen = finished(*started(*dead, spec));
  REQUIRE(risen->pictures != before);
  REQUIRE(risen->history.front().activation == 0.0F);
  REQUIRE(risen->history.back().activation > 0.0F);
}

TEST_CASE("what a grey network looks for is grey") {
  hand_made::GraphBuilder builder;
  builder.add("same", Op::power, {0}, net::Power{1.0F});
  const auto grey = hand_made::network(hand_made::model(builder.graph, {1, 8, 8}));
  core::VisualizeSpec spec = tiny_spec({"same", 0, {}}, 8, 4);
  spec.schedule.front().settings.learning_rate = 0.002;
  const core::Image picture = finished(*started(*grey, spec))->pictures.front();
  REQUIRE(picture == core::grey(picture));
  const auto [low, high] = std::minmax_element(picture.rgb.begin(), picture.rgb.end());
  REQUIRE(*low < *high);  // it began from noise
}

TEST_CASE("the priors pull towards what they are named after") {
  const auto flat = hand_made::network(one_unit(1.0F, 0.0F, 8));
  const auto spread = [](const core::Image& image) {
    const auto [low, high] = std::minmax_element(image.rgb.begin(), image.rgb.end());
    return *high - *low;
  };
  const core::VisualizeSpec plain = tiny_spec({"before", 0, {}}, 8, 60);
  const core::Image bright = finished(*started(*flat, plain))->pictures.front();
  REQUIRE(*std::ranges::min_element(bright.rgb) > 200);

  core::VisualizeSpec grey = plain;
  grey.schedule.front().settings.l2 = 1e4;
  const core::Image held = finished(*started(*flat, grey))->pictures.front();
  for (const std::uint8_t byte : held.rgb) REQUIRE(std::abs(byte - 128) <= 2);

  core::VisualizeSpec rough = tiny_spec({"before", 0, {}}, 8, 60);
  rough.schedule.front().settings.sign = 0.0;
  const int first_spread = spread(started(*flat, rough)->snapshot()->pictures.front());
  rough.schedule.front().settings.learning_rate = 0.002;
  rough.schedule.front().settings.total_variation = 10.0;
  REQUIRE(spread(finished(*started(*flat, rough))->pictures.front()) < first_spread);
  rough.schedule.front().settings.total_variation = 0.0;
  rough.schedule.front().settings.blur = 10.0;
  REQUIRE(spread(finished(*started(*flat, rough))->pictures.front()) < first_spread);
}

TEST_CASE("the margin is optimized and cut off") {
  core::VisualizeSpec spec = spec_for({"mixed3b_pre_relu", 20, {}}, 1);
  spec.margin_px = 5;
  const auto answer = run(spec);
  REQUIRE(answer->pictures.front().size == core::Size{64, 64});
  core::VisualizeSpec wide = spec;
  wide.size_px = 74;
  wide.margin_px = 0;
  const core::Image whole = run(wide)->pictures.front();
  for (int y = 0; y < 64; ++y)
    REQUIRE(std::equal(answer->pictures.front().pixel(0, y), answer->pictures.front().pixel(0, y) + 3 * 64,
                       whole.pixel(5, y + 5)));
}

TEST_CASE("the history is thinned to 2048 points that span the whole run") {
  const auto tiny = hand_made::network(one_unit(1.0F, 0.0F, 2));
  const auto answer = finished(*started(*tiny, tiny_spec({"before", 0, {}}, 2, 5000)));
  REQUIRE(answer->step == 5000);
  REQUIRE(answer->history.size() <= 2048);
  REQUIRE(answer->history.size() >= 1024);
  REQUIRE(answer->history.front().step == 0);
  REQUIRE(answer->history.back().step > 4990);
  for (const net::ObjectivePoint& point : answer->history)
    REQUIRE(point.total == Approx(point.activation + point.diversity - point.priors));
}

TEST_CASE("units, batches and sizes that are not possible are refused in words") {
  const auto why = [&](const core::VisualizeSpec& spec) {
    const auto made = net::Visualization::create(network(), spec);
    REQUIRE_FALSE(made.ok());
    return made.error().sentence();
  };
  REQUIRE(why(spec_for({"mixed4a", 256, {}}, 1)).find("0 to 255") != std::string::npos);
  REQUIRE(why(spec_for({"mixed4a", 2, core::Cell{14, 0}}, 1)).find("@13,13") != std::string::npos);
  core::VisualizeSpec spec = spec_for({"mixed4a", 2, {}}, 1);
  spec.batch = 10;
  REQUIRE(why(spec).find("1 to 9") != std::string::npos);
  spec.batch = 1;
  spec.size_px = 60;
  REQUIRE(why(spec).find("64") != std::string::npos);
}

TEST_CASE("a visualization of a unit whose activation is no number ends with the sentence") {
  for (const bool infinite : {false, true}) {
    const auto broken = hand_made::network(hand_made::without_numbers(infinite, 16));
    const auto visualization = started(*broken, tiny_spec({"root", 0, {}}, 16, 3));
    const core::StopFlag go_on;
    REQUIRE(visualization->step(go_on) == core::StepOutcome::done);
    REQUIRE(visualization->error() != nullptr);
    REQUIRE(visualization->error()->sentence() == net::no_activation({"root", 0, {}}).sentence());
    REQUIRE(visualization->snapshot()->history.empty());
  }
}
