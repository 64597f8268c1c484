#include "net/visualization.h"

#include <algorithm>
#include <cmath>

#include "net/network_impl.h"
#include "net/objective.h"
#include "net/parameterization.h"
#include "net/transforms.h"

namespace net {
namespace {

using torch::Tensor;

constexpr std::size_t kHistoryPoints = 2048;
constexpr int kLargestBatch = 9;
constexpr int kLargestSide_px = 2048;  // margins included

// Adam (Kingma and Ba 2015) with TensorFlow's place of epsilon, as Lucid ran it.
class Adam {
 public:
  explicit Adam(const Tensor& parameters)
      : mean_(torch::zeros_like(parameters)), square_(torch::zeros_like(parameters)) {}

  void descend(Tensor& parameters, const Tensor& gradient, double learning_rate) {
    constexpr double kBeta1 = 0.9, kBeta2 = 0.999, kEpsilon = 1e-8;
    ++updates_;
    mean_.mul_(kBeta1).add_(gradient, 1.0 - kBeta1);
    square_.mul_(kBeta2).addcmul_(gradient, gradient, 1.0 - kBeta2);
    const double rate =
        learning_rate * std::sqrt(1.0 - std::pow(kBeta2, updates_)) / (1.0 - std::pow(kBeta1, updates_));
    parameters.addcdiv_(mean_, square_.sqrt().add_(kEpsilon), -rate);
  }

 private:
  Tensor mean_, square_;
  int updates_ = 0;
};

// Every update at first; when there are too many, every second of them, and so on.
class History {
 public:
  void add(const ObjectivePoint& point) {
    if (point.step % every_ != 0) return;
    points_.push_back(point);
    if (points_.size() <= kHistoryPoints) return;
    every_ *= 2;
    std::erase_if(points_, [this](const ObjectivePoint& old) { return old.step % every_ != 0; });
  }
  [[nodiscard]] const std::vector<ObjectivePoint>& points() const { return points_; }

 private:
  int every_ = 1;
  std::vector<ObjectivePoint> points_;
};

// [3, rows, cols] in 0…1 to bytes, the nearest.
core::Image to_image(const Tensor& picture) {
  const Tensor bytes = (picture * 255.0).round().clamp(0.0, 255.0).to(torch::kCPU, torch::kByte);
  const Tensor interleaved = bytes.permute({1, 2, 0}).contiguous();
  core::Image image = core::make_image({static_cast<int>(picture.size(2)), static_cast<int>(picture.size(1))});
  std::copy_n(interleaved.data_ptr<std::uint8_t>(), image.rgb.size(), image.rgb.begin());
  return image;
}

base::Status check_spec(const core::VisualizeSpec& spec, const Model& model) {
  const std::string what = "The visualization cannot be made";
  const int side = spec.size_px + 2 * spec.margin_px;
  if (const auto possible = takes_pictures(model); !possible) return possible;
  if (spec.batch < 1 || spec.batch > kLargestBatch)
    return base::Error{what, "a batch of " + std::to_string(spec.batch) + " pictures is not possible",
                       "Choose 1 to " + std::to_string(kLargestBatch) + "."};
  if (spec.size_px < model.input.min_side_px || spec.margin_px < 0 || side > kLargestSide_px)
    return base::Error{what,
                       "a picture of " + std::to_string(spec.size_px) + " px with a margin of " +
                           std::to_string(spec.margin_px) + " px is not possible",
                       "Choose a size from " + std::to_string(std::max(1, model.input.min_side_px)) + " px, at most " +
                           std::to_string(kLargestSide_px) + " px with its margins."};
  return {};
}

}  // namespace

struct Visualization::State {
  State(Network& the_network, core::VisualizeSpec the_spec, Wanted the_unit)
      : impl(the_network.impl()),
        spec(std::move(the_spec)),
        unit(std::move(the_unit)),
        picture(spec, impl.torch_device),
        parameters(picture.initial_parameters()),
        adam(parameters),
        draws(spec.seed) {}

  // One update: the picture, transformed, through the network to the unit, and back. Nothing is kept of a stopped one.
  base::Status update(const core::StopFlag& stop) {
    const core::VisualizeSettings& settings = core::settings_at(spec, updates);
    TransformDraws next_draws = draws;
    const Transform transform = next_draws.next(settings, picture.side_px(), impl.model->input.min_side_px);

    const Tensor leaf = parameters.detach().requires_grad_(true);
    const Tensor pictures = picture.pictures(leaf);
    const bool diverse = settings.diversity != 0.0 && spec.batch > 1;
    std::vector<Wanted> wanted = {unit};
    if (diverse) wanted.push_back({unit.node, {}});
    const auto gradient = updates < settings.redirect_steps ? ReluGradient::redirected : ReluGradient::plain;
    const auto program = impl.program(wanted);
    const auto answers = impl.forward(transformed(pictures, transform), *program, &stop, gradient);
    if (!answers) return answers.error();

    const Shape own_shape = impl.model->shapes[static_cast<std::size_t>(unit.node)];
    const Tensor activation = mean_activation((*answers)[0], spec.unit, own_shape);
    const Tensor penalty = priors(pictures, settings);
    Tensor total = settings.sign * activation - penalty;
    ObjectivePoint point{updates, 0.0F, activation.item<float>(), 0.0F, penalty.item<float>()};
    if (diverse) {
      const Tensor diversity = -settings.diversity * similarity((*answers)[1]);
      total = total + diversity;
      point.diversity = diversity.item<float>();
    }
    point.total = total.item<float>();
    if (!std::isfinite(point.activation) || !std::isfinite(point.total)) return no_activation(spec.unit);
    const Tensor descent = torch::autograd::grad({-total}, {leaf})[0];

    adam.descend(parameters, descent, settings.learning_rate);
    draws = next_draws;
    history.add(point);
    ++updates;
    published.reset();
    return {};
  }

  // As the network sees them: one that is fed luminance has no say in their colours, which would be noise.
  [[nodiscard]] std::vector<core::Image> images() const {
    torch::NoGradGuard no_gradients;
    const Tensor pictures = picture.pictures(parameters);
    std::vector<core::Image> images;
    for (std::int64_t i = 0; i < pictures.size(0); ++i) {
      const Tensor kept = pictures[i].narrow(1, spec.margin_px, spec.size_px).narrow(2, spec.margin_px, spec.size_px);
      core::Image image = to_image(kept);
      images.push_back(impl.model->input.channels == 1 ? core::grey(image) : std::move(image));
    }
    return images;
  }

  Network::Impl& impl;
  core::VisualizeSpec spec;
  Wanted unit;
  PictureFromParameters picture;
  Tensor parameters;
  Adam adam;
  TransformDraws draws;
  History history;
  int updates = 0;
  std::optional<base::Error> error;
  mutable std::shared_ptr<const VisualizationSnapshot> published;  // of the present state; null when it moved on

  [[nodiscard]] bool done() const { return error.has_value() || updates >= spec.steps; }
};

base::Result<std::unique_ptr<Visualization>> Visualization::create(Network& network, core::VisualizeSpec spec) {
  const Model& model = network.model();
  if (const auto possible = check_spec(spec, model); !possible) return possible.error();
  const Shape own = model.shapes[static_cast<std::size_t>(model.graph.input)];
  auto unit = network.impl().wanted(spec.unit, {own.cols, own.rows});
  if (!unit) return unit.error();
  using Made = base::Result<std::unique_ptr<Visualization>>;
  return guarded("The visualization cannot be set up", [&]() -> Made {
    auto state = std::make_unique<State>(network, std::move(spec), std::move(*unit));
    return std::unique_ptr<Visualization>(new Visualization(std::move(state)));
  });
}

Visualization::Visualization(std::unique_ptr<State> state) : state_(std::move(state)) {}

Visualization::~Visualization() = default;

core::StepOutcome Visualization::step(const core::StopFlag& stop) {
  if (state_->done()) return core::StepOutcome::done;
  const base::Status updated = guarded("The visualization cannot go on", [&] { return state_->update(stop); });
  if (!updated) {
    if (updated.error().what == kStopped) return core::StepOutcome::stopped;
    state_->error = updated.error();
    state_->published.reset();
  }
  return state_->done() ? core::StepOutcome::done : core::StepOutcome::more;
}

std::shared_ptr<const VisualizationSnapshot> Visualization::snapshot() const {
  if (!state_->published)
    state_->published = std::make_shared<VisualizationSnapshot>(VisualizationSnapshot{
        state_->spec, state_->updates, state_->images(), state_->history.points(), 0.0, state_->done()});
  return state_->published;
}

void Visualization::change(const core::VisualizeSpec& spec) {
  CHECK(core::same_identity(spec, state_->spec), "another identity is another visualization");
  state_->spec = spec;
  state_->published.reset();
}

const base::Error* Visualization::error() const {
  return state_->error ? &*state_->error : nullptr;
}

}  // namespace net
