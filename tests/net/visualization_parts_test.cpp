// What a visualization is made of, number by number. The only test that includes torch.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

#include "net/network_impl.h"
#include "net/objective.h"
#include "net/parameterization.h"
#include "net/transforms.h"
//
#include "hand_made.h"

namespace {

using torch::Tensor;

core::VisualizeSettings still() {
  return core::settings_at(core::preset("naive").value(), 0);
}

core::VisualizeSpec spec_of(core::Parameterization kind, bool decorrelated, int side) {
  core::VisualizeSpec spec;
  spec.parameterization = kind;
  spec.decorrelated = decorrelated;
  spec.size_px = side;
  return spec;
}

Tensor random(std::vector<std::int64_t> shape, std::uint64_t seed) {
  Tensor made = torch::empty(shape);
  const std::vector<float> values = hand_made::numbers(static_cast<std::size_t>(made.numel()), seed);
  std::copy(values.begin(), values.end(), made.data_ptr<float>());
  return made;
}

bool close(const Tensor& a, const Tensor& b, double tolerance = 1e-5) {
  return a.sizes() == b.sizes() && (a - b).abs().max().item<double>() <= tolerance;
}

// The slope along a random direction: by the gradient, and by stepping both ways.
template <class Function>
void require_gradient(const Function& f, const Tensor& at, double step, double tolerance) {
  const Tensor leaf = at.detach().requires_grad_(true);
  const Tensor gradient = torch::autograd::grad({f(leaf)}, {leaf})[0];
  torch::NoGradGuard no_gradients;
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    // Half along the gradient, so that the slope is not lost in rounding.
    Tensor direction = random(at.sizes().vec(), 100 + seed);
    direction = direction / direction.norm() + gradient / gradient.norm();
    direction = direction / direction.norm();
    const double slope = (gradient * direction).sum().template item<double>();
    const double difference =
        (f(at + step * direction).template item<double>() - f(at - step * direction).template item<double>()) /
        (2 * step);
    CAPTURE(seed, slope, difference);
    REQUIRE(std::abs(slope) > 0.0);
    REQUIRE(std::abs(slope - difference) <= tolerance * std::abs(slope));
  }
}

}  // namespace

TEST_CASE("a spectrum of its constant alone is a flat picture of a known value") {
  const net::PictureFromParameters picture(spec_of(core::Parameterization::fourier, false, 10), torch::kCPU);
  Tensor parameters = torch::zeros({1, 3, 10, 6, 2});
  parameters[0][1][0][0][0] = 2.0;
  const Tensor shown = picture.pictures(parameters);
  // Scale side² at frequency 0, the inverse transform's 1/side², Lucid's 1/4: 2/4 before the sigmoid.
  REQUIRE(close(shown[0][1], torch::full({10, 10}, 1.0 / (1.0 + std::exp(-0.5)))));
  REQUIRE(close(shown[0][0], torch::full({10, 10}, 0.5)));
}

TEST_CASE("one frequency is one wave, weighed by its length") {
  const int side = 12;
  const net::PictureFromParameters picture(spec_of(core::Parameterization::fourier, false, side), torch::kCPU);
  Tensor parameters = torch::zeros({1, 3, side, side / 2 + 1, 2});
  parameters[0][0][0][3][0] = 0.5;  // three waves across
  const Tensor x = torch::logit(picture.pictures(parameters))[0][0];
  const double scale = side / (3.0 / side);  // side / frequency
  const Tensor wave =
      torch::cos(torch::arange(side) * (2 * std::numbers::pi * 3 / side)) * (2 * 0.5 * scale / (side * side) / 4);
  REQUIRE(close(x, wave.expand({side, side}), 1e-4));
}

TEST_CASE("colours are mixed by Lucid's matrix, divided by its largest column norm") {
  const net::PictureFromParameters picture(spec_of(core::Parameterization::pixels, true, 4), torch::kCPU);
  Tensor parameters = torch::zeros({1, 3, 4, 4});
  parameters[0][1].fill_(1.0);
  const Tensor x = torch::logit(picture.pictures(parameters))[0];
  const double norm = std::sqrt(0.26 * 0.26 + 0.27 * 0.27 + 0.27 * 0.27);
  REQUIRE(x[0][0][0].item<double>() == Approx(0.09 / norm).epsilon(1e-4));
  REQUIRE(std::abs(x[1][0][0].item<double>()) < 1e-5);
  REQUIRE(x[2][0][0].item<double>() == Approx(-0.09 / norm).epsilon(1e-4));
}

TEST_CASE("first parameters are normal with deviation 0.01 and follow the seed alone") {
  core::VisualizeSpec spec = spec_of(core::Parameterization::fourier, true, 64);
  const Tensor first = net::PictureFromParameters(spec, torch::kCPU).initial_parameters();
  REQUIRE(first.std().item<double>() == Approx(0.01).epsilon(0.03));
  REQUIRE(std::abs(first.mean().item<double>()) < 5e-4);
  spec.schedule.front().settings.jitter_px = 1;
  REQUIRE(torch::equal(first, net::PictureFromParameters(spec, torch::kCPU).initial_parameters()));
}

TEST_CASE("with nothing on, the picture is left as it is") {
  net::TransformDraws draws(1);
  const Tensor picture = random({1, 3, 9, 9}, 1);
  REQUIRE(torch::equal(net::transformed(picture, draws.next(still(), 9, 1)), picture));
}

TEST_CASE("padding and jitter alone cut a window out of the padded picture") {
  core::VisualizeSettings settings = still();
  settings.pad_px = 2;
  settings.jitter_px = 3;
  settings.jitter_after_px = 2;
  net::TransformDraws draws(5);
  const Tensor picture = random({2, 3, 8, 8}, 2).abs();
  const Tensor padded = at::constant_pad_nd(picture, {2, 2, 2, 2}, 0.5);
  std::vector<std::pair<int, int>> corners;
  for (int round = 0; round < 40; ++round) {
    const Tensor got = net::transformed(picture, draws.next(settings, 8, 1));
    REQUIRE(got.size(2) == 8 + 4 - 3 - 2);
    for (int y = 0; y <= 5; ++y)
      for (int x = 0; x <= 5; ++x)
        if (close(got, padded.narrow(2, y, 7).narrow(3, x, 7), 1e-5)) corners.emplace_back(y, x);
    REQUIRE(static_cast<int>(corners.size()) == round + 1);  // exactly one place fits
  }
  const auto [low, high] = std::minmax_element(corners.begin(), corners.end());
  REQUIRE(low->first == 0);
  REQUIRE(high->first == 5);
}

TEST_CASE("a right angle turns the picture about its centre") {
  core::VisualizeSettings settings = still();
  settings.rotate_deg = 90;
  const Tensor picture = random({1, 3, 6, 6}, 3);
  net::TransformDraws draws(1);
  int turned = 0;
  for (int round = 0; round < 2000; ++round) {
    const net::Transform transform = draws.next(settings, 6, 1);
    if (std::abs(std::abs(transform.map[1]) - 1.0) > 1e-9) continue;
    ++turned;
    const Tensor got = net::transformed(picture, transform);
    REQUIRE((close(got, picture.rot90(1, {2, 3}), 1e-4) || close(got, picture.rot90(-1, {2, 3}), 1e-4)));
  }
  REQUIRE(turned > 0);
}

TEST_CASE("the chosen scales are evenly spaced, and mid-grey stays mid-grey under everything") {
  core::VisualizeSettings settings;
  const Tensor grey = torch::full({1, 3, 50, 50}, 0.5);
  net::TransformDraws draws(2);
  std::set<int> sides;
  for (int round = 0; round < 300; ++round) {
    const net::Transform transform = draws.next(settings, 50, 1);
    sides.insert(transform.side_px);
    if (round < 20)
      REQUIRE(close(net::transformed(grey, transform), torch::full({1, 3, transform.side_px, transform.side_px}, 0.5)));
  }
  std::set<int> expected;  // 50 + 2·12 − 8 = 66, scaled by 0.9, 0.92 … 1.1, less 4
  for (int i = 0; i < 11; ++i) expected.insert(static_cast<int>(std::lround(66 * (0.9 + 0.02 * i))) - 4);
  REQUIRE(sides == expected);
}

TEST_CASE("changing the jitter does not move the angles") {
  core::VisualizeSettings some = still(), more = still();
  some.rotate_deg = more.rotate_deg = 10;
  more.jitter_px = 7;
  more.pad_px = 3;
  net::TransformDraws a(3), b(3);
  for (int round = 0; round < 50; ++round) {
    const net::Transform one = a.next(some, 40, 1), other = b.next(more, 40, 1);
    REQUIRE(std::atan2(one.map[3], one.map[0]) == Approx(std::atan2(other.map[3], other.map[0])).margin(1e-12));
  }
}

TEST_CASE("a picture is never transformed below the model's smallest") {
  core::VisualizeSettings settings;
  settings.pad_px = 0;
  settings.jitter_px = 500;
  net::TransformDraws draws(1);
  const net::Transform transform = draws.next(settings, 64, 64);
  REQUIRE(transform.side_px == 64);
  REQUIRE(net::transformed(torch::rand({1, 3, 64, 64}), transform).size(3) == 64);
}

TEST_CASE("similarity is that of normalized Gram matrices over ordered pairs, divided by the batch") {
  // Gram of (1, 0): [[1, 0], [0, 0]]; of (1, 1): all ones, norm 2; their product 1/2, twice, over 2.
  const Tensor two = torch::tensor({1.0F, 0.0F, 1.0F, 1.0F}).view({2, 2, 1, 1});
  REQUIRE(net::similarity(two).item<double>() == Approx(0.5));
  const Tensor three = torch::tensor({1.0F, 0.0F, 1.0F, 1.0F, 3.0F, 3.0F}).view({3, 2, 1, 1});
  REQUIRE(net::similarity(three).item<double>() == Approx((2 * 0.5 + 2 * 0.5 + 2 * 1.0) / 3));
  REQUIRE(net::similarity(random({1, 4, 3, 3}, 1)).item<double>() == Approx(0.0).margin(1e-5));
}

TEST_CASE("the priors are what they say, by hand") {
  const Tensor picture = torch::tensor({0.5F, 0.7F, 0.1F, 0.5F}).view({1, 1, 2, 2}).expand({1, 3, 2, 2});
  core::VisualizeSettings settings = still();
  REQUIRE(net::priors(picture, settings).item<double>() == 0.0);
  settings.l2 = 2.0;
  REQUIRE(net::priors(picture, settings).item<double>() == Approx(2.0 * (0.04 + 0.16) / 4));
  settings.l2 = 0.0;
  settings.total_variation = 3.0;
  REQUIRE(net::priors(picture, settings).item<double>() == Approx(3.0 * ((0.2 + 0.4) / 2 + (0.4 + 0.2) / 2)));
  settings.total_variation = 0.0;
  settings.blur = 1.0;
  // Borders repeated: each blurred cell weighs itself 4, its neighbours 2 and 2, its opposite 1, in 9.
  const double blurred[] = {(4 * 0.5 + 2 * 0.7 + 2 * 0.1 + 0.5) / 9, (4 * 0.7 + 2 * 0.5 + 2 * 0.5 + 0.1) / 9,
                            (4 * 0.1 + 2 * 0.5 + 2 * 0.5 + 0.7) / 9, (4 * 0.5 + 2 * 0.1 + 2 * 0.7 + 0.5) / 9};
  const double cells[] = {0.5, 0.7, 0.1, 0.5};
  double sum = 0.0;
  for (int i = 0; i < 4; ++i) sum += (cells[i] - blurred[i]) * (cells[i] - blurred[i]);
  REQUIRE(net::priors(picture, settings).item<double>() == Approx(0.5 * sum / 4).epsilon(1e-4));
}

TEST_CASE("a neuron is looked up at the same place of the picture at every size") {
  Tensor maps = torch::zeros({1, 1, 7, 7});
  maps[0][0][3][6] = 5.0;
  const net::Shape own{1, 14, 14};
  REQUIRE(net::mean_activation(maps, {"any", 0, core::Cell{7, 13}}, own).item<double>() == 5.0);
  REQUIRE(net::mean_activation(maps, {"any", 0, core::Cell{8, 13}}, own).item<double>() == 0.0);
  REQUIRE(net::mean_activation(maps, {"any", 0, {}}, own).item<double>() == Approx(5.0 / 49));
}

TEST_CASE("the redirected gradient helps only pictures that nothing passes, and never pushes the dead down") {
  const Tensor x = torch::tensor({-1.0F, -1.0F, -1.0F, 2.0F}).view({2, 2, 1, 1}).requires_grad_(true);
  const Tensor loss_gradient = torch::tensor({1.0F, -1.0F, -1.0F, 0.5F}).view({2, 2, 1, 1});
  const auto through = [&](net::ReluGradient kind) {
    return torch::autograd::grad({net::relu(x, kind)}, {x}, {loss_gradient})[0].flatten();
  };
  REQUIRE(torch::equal(through(net::ReluGradient::plain), torch::tensor({0.0F, 0.0F, 0.0F, 0.5F})));
  REQUIRE(torch::equal(through(net::ReluGradient::redirected), torch::tensor({0.0F, -1.0F, 0.0F, 0.5F})));
}

TEST_CASE("gradients to the parameters agree with finite differences, through all that lies between") {
  const auto network = hand_made::network(hand_made::embedded_model());
  const auto kinds = {core::Parameterization::fourier, core::Parameterization::pixels};
  for (const core::Parameterization kind : kinds) {
    for (const core::Unit& unit : {core::Unit{"conv2d0_pre_relu", 5, {}}, core::Unit{"mixed3a_pre_relu", 70, {}}}) {
      const net::PictureFromParameters picture(spec_of(kind, true, 64), torch::kCPU);
      const core::VisualizeSettings settings;
      net::TransformDraws draws(4);
      const net::Transform transform = draws.next(settings, 64, 64);
      const net::Wanted wanted = network->impl().wanted(unit, {64, 64}).value();
      const auto objective = [&](const Tensor& parameters) {
        const Tensor pictures = picture.pictures(parameters);
        const auto program = network->impl().program(std::span(&wanted, 1));
        const auto answers = network->impl().forward(net::transformed(pictures, transform), *program, nullptr).value();
        core::VisualizeSettings priors = still();
        priors.l2 = 1.0;
        priors.total_variation = 1.0;
        return net::mean_activation(answers[0], unit, {}) - net::priors(pictures, priors);
      };
      CAPTURE(core::to_string(unit), static_cast<int>(kind));
      require_gradient(objective, picture.initial_parameters(), kind == core::Parameterization::fourier ? 3e-4 : 2e-2,
                       0.04);
    }
  }
}

TEST_CASE("gradients of convolutions agree with finite differences for every kind of window") {
  base::Rng rng(6);
  for (int round = 0; round < 30; ++round) {
    const int groups = 1 + rng.below(2), inputs = 2 * groups, outputs = 3 * groups;
    net::Window w;
    for (int axis = 0; axis < 2; ++axis) {
      w.kernel[axis] = 1 + rng.below(4);
      w.stride[axis] = 1 + rng.below(2);
      w.dilation[axis] = 1 + rng.below(2);
      w.pad_begin[axis] = rng.below(4);
      w.pad_end[axis] = rng.below(4);
    }
    hand_made::GraphBuilder builder;
    const std::size_t weights = static_cast<std::size_t>(outputs * (inputs / groups) * w.kernel[0] * w.kernel[1]);
    builder.add("conv", net::Op::convolution, {0}, net::Convolution{w, groups},
                {{{outputs, inputs / groups, w.kernel[0], w.kernel[1]}, hand_made::numbers(weights, rng.bits())}});
    const auto network = hand_made::network(hand_made::model(builder.graph, {inputs, 9, 8}));
    const net::Wanted wanted{1, {rng.below(outputs)}};
    const auto objective = [&](const Tensor& x) {
      const auto program = network->impl().program(std::span(&wanted, 1));
      return network->impl().forward(x, *program, nullptr).value()[0].square().sum();
    };
    CAPTURE(round);
    require_gradient(objective, random({2, inputs, 9, 8}, rng.bits()), 1e-2, 0.01);
  }
}

TEST_CASE("a backward pass that is no longer wanted ends as stopped") {
  const auto network = hand_made::network(hand_made::embedded_model());
  const net::Wanted wanted = network->impl().wanted({"mixed3a_pre_relu", 70, {}}, {64, 64}).value();
  const Tensor picture = torch::full({1, 3, 64, 64}, 0.3).requires_grad_(true);
  core::StopFlag stop;
  const auto back = [&]() -> base::Status {
    const auto program = network->impl().program(std::span(&wanted, 1));
    const auto answers = network->impl().forward(picture, *program, &stop);
    if (!answers) return answers.error();
    stop.request_stop();
    (void)torch::autograd::grad({(*answers)[0].mean()}, {picture});
    return {};
  };
  const base::Status ended = net::guarded("The gradient cannot be computed", back);
  REQUIRE_FALSE(ended.ok());
  REQUIRE(ended.error().what == net::kStopped);
}
