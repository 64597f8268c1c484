// What answers the hand: each step is at most one pass of one picture.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include "engine/jobs.h"
#include "net/cpu_operators.h"
#include "net/model.h"

namespace engine {
namespace {

using core::StepOutcome;

double since_ms(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

core::Image occluded(const core::Image& picture, const core::Occluder& occluder, core::Fill fill, std::uint64_t seed) {
  return core::occlude(picture, core::clamp_inside(occluder, picture.size), fill, seed);
}

// ---- drag --------------------------------------------------------------------------------------------------------

// One job a model, picture and unit: the baseline is computed once, then each place of the occluder is one pass.
class Drag final : public SlotJob<DragRequest, DragSnapshot> {
 public:
  Drag(std::shared_ptr<net::Network> network, const DragRequest& request)
      : network_(std::move(network)), request_(request) {}

  void change(const DragRequest& request) override { request_ = request; }

  StepOutcome step(const core::StopFlag& stop) override {
    const core::Image& picture = request_.picture->image;
    if (!baseline_) {
      auto response = network_->respond(picture, request_.unit, &stop);
      if (!response) return refused(response.error());
      baseline_ = *std::move(response);
      return StepOutcome::more;
    }
    auto answer = std::make_shared<DragSnapshot>();
    answer->request = request_;
    answer->occluded = occluded(picture, request_.occluder, request_.fill, request_.seed);
    const Clock::time_point begin = Clock::now();
    auto response = network_->respond(answer->occluded, request_.unit, &stop);
    if (!response) return refused(response.error());
    answer->compute_ms = since_ms(begin);
    if (request_.model->grey) answer->occluded = core::grey(answer->occluded);
    answer->map = std::move(response->map);
    answer->activation = response->activation;
    answer->baseline_map = baseline_->map;
    answer->baseline = baseline_->activation;
    answer_ = std::move(answer);
    return StepOutcome::done;
  }

  std::shared_ptr<const DragSnapshot> snapshot() const override { return answer_; }

 private:
  StepOutcome refused(const base::Error& error) {
    if (was_stopped(error)) return StepOutcome::stopped;
    answer_ = failed_with<DragRequest, DragSnapshot>(request_, error);
    return StepOutcome::done;
  }

  std::shared_ptr<net::Network> network_;
  DragRequest request_;
  std::optional<net::Network::UnitResponse> baseline_;
  std::shared_ptr<const DragSnapshot> answer_;
};

// ---- classes -----------------------------------------------------------------------------------------------------

constexpr int kLikeliest = 5;

// Channels, highest value first, ties by number; NaN last.
std::vector<int> by_value(const std::vector<float>& values) {
  std::vector<int> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  const auto key = [&](int channel) {
    const float value = values[static_cast<std::size_t>(channel)];
    return std::isnan(value) ? -INFINITY : value;
  };
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return key(a) > key(b); });
  return order;
}

// One job a model and picture; the probabilities without occluder are computed once.
class Classes final : public SlotJob<ClassesRequest, ClassesSnapshot> {
 public:
  Classes(std::shared_ptr<net::Network> network, const ClassesRequest& request)
      : network_(std::move(network)), request_(request) {}

  void change(const ClassesRequest& request) override { request_ = request; }

  StepOutcome step(const core::StopFlag& stop) override {
    const core::Image& picture = request_.picture->image;
    if (without_.empty()) {
      auto without = probabilities(picture, stop);
      if (!without) return refused(without.error());
      without_ = *std::move(without);
      return StepOutcome::more;
    }
    const auto with = probabilities(occluded(picture, request_.occluder, request_.fill, request_.seed), stop);
    if (!with) return refused(with.error());
    answer_ = likeliest(*with);
    return StepOutcome::done;
  }

  std::shared_ptr<const ClassesSnapshot> snapshot() const override { return answer_; }

 private:
  base::Result<std::vector<float>> probabilities(const core::Image& picture, const core::StopFlag& stop) {
    const net::Model& model = network_->model();
    if (!model.logits && !model.probabilities)
      return base::Error{"The model " + model.name + " names no classes",
                         "its sidecar says neither logits nor "
                         "probabilities",
                         "Add \"logits\" with the name of a tensor to its JSON."};
    const net::Wanted wanted{model.probabilities ? *model.probabilities : *model.logits, {}};
    auto response = network_->respond(std::span(&picture, 1), std::span(&wanted, 1), &stop);
    if (!response) return response.error();
    std::vector<float>& values = response->front().values;
    if (!model.probabilities) net::cpu::softmax(values, values.data());
    return std::move(values);
  }

  std::shared_ptr<const ClassesSnapshot> likeliest(const std::vector<float>& with) const {
    std::vector<int> chosen = by_value(without_);
    chosen.resize(std::min<std::size_t>(kLikeliest, chosen.size()));
    std::vector<int> then = by_value(with);
    then.resize(chosen.size());
    for (const int channel : then)
      if (std::find(chosen.begin(), chosen.end(), channel) == chosen.end()) chosen.push_back(channel);

    auto answer = std::make_shared<ClassesSnapshot>();
    answer->request = request_;
    const std::vector<std::string>& labels = network_->model().labels;
    for (const int channel : chosen) {
      const auto at = static_cast<std::size_t>(channel);
      answer->classes.push_back(
          {at < labels.size() ? labels[at] : "class " + std::to_string(channel), without_[at], with[at]});
    }
    return answer;
  }

  StepOutcome refused(const base::Error& error) {
    if (was_stopped(error)) return StepOutcome::stopped;
    answer_ = failed_with<ClassesRequest, ClassesSnapshot>(request_, error);
    return StepOutcome::done;
  }

  std::shared_ptr<net::Network> network_;
  ClassesRequest request_;
  std::vector<float> without_;
  std::shared_ptr<const ClassesSnapshot> answer_;
};

// ---- contact sheet -----------------------------------------------------------------------------------------------

class ContactSheet final : public SlotJob<ContactSheetRequest, ContactSheetSnapshot> {
 public:
  ContactSheet(std::shared_ptr<net::Network> network, const ContactSheetRequest& request, int node)
      : network_(std::move(network)), request_(request), node_(node) {}

  void change(const ContactSheetRequest& request) override { request_ = request; }

  StepOutcome step(const core::StopFlag& stop) override {
    if (answer_) return StepOutcome::done;
    const net::Wanted wanted{node_, {}};
    auto response = network_->respond(std::span(&request_.picture->image, 1), std::span(&wanted, 1), &stop);
    if (!response && was_stopped(response.error())) return StepOutcome::stopped;
    answer_ = response ? sheet(response->front())
                       : failed_with<ContactSheetRequest, ContactSheetSnapshot>(request_, response.error());
    return StepOutcome::done;
  }

  std::shared_ptr<const ContactSheetSnapshot> snapshot() const override { return answer_; }

 private:
  std::shared_ptr<const ContactSheetSnapshot> sheet(const net::Activations& all) const {
    auto answer = std::make_shared<ContactSheetSnapshot>();
    answer->request = request_;
    const auto cells = static_cast<std::ptrdiff_t>(all.shape.rows) * all.shape.cols;
    auto next = all.values.begin();
    for (int channel = 0; channel < all.shape.channels; ++channel, next += cells) {
      answer->maps.push_back({all.shape.rows, all.shape.cols, {next, next + cells}});
      const double sum = std::accumulate(next, next + cells, 0.0);
      answer->activations.push_back(static_cast<float>(sum / static_cast<double>(cells)));
    }
    answer->order = by_value(answer->activations);
    return answer;
  }

  std::shared_ptr<net::Network> network_;
  ContactSheetRequest request_;
  int node_;
  std::shared_ptr<const ContactSheetSnapshot> answer_;
};

// ---- rules -------------------------------------------------------------------------------------------------------

template <class Request>
bool is_empty(const Request& request) {
  return !request.model;
}

template <class Request>
std::optional<base::Error> unusable_picture(const Request& request) {
  if (!request.picture) return base::Error{"There is nothing to look at", "no picture was chosen", "Choose one."};
  return request.picture->error;
}

}  // namespace

SlotRules<DragRequest, DragSnapshot> drag_rules(Networks& networks) {
  SlotRules<DragRequest, DragSnapshot> rules;
  rules.same_job = [](const DragRequest& a, const DragRequest& b) {
    return a.model == b.model && a.picture == b.picture && a.unit == b.unit;
  };
  rules.empties = is_empty<DragRequest>;
  rules.make =
      [&networks](const DragRequest& request) -> base::Result<std::unique_ptr<SlotJob<DragRequest, DragSnapshot>>> {
    if (auto error = unusable_picture(request)) return *std::move(error);
    auto network = networks.of(request.model);
    if (!network) return network.error();
    return {std::make_unique<Drag>(*std::move(network), request)};
  };
  rules.failed = failed_with<DragRequest, DragSnapshot>;
  rules.yields_to_hand = false;
  return rules;
}

SlotRules<ClassesRequest, ClassesSnapshot> classes_rules(Networks& networks) {
  SlotRules<ClassesRequest, ClassesSnapshot> rules;
  rules.same_job = [](const ClassesRequest& a, const ClassesRequest& b) {
    return a.model == b.model && a.picture == b.picture;
  };
  rules.empties = is_empty<ClassesRequest>;
  rules.make =
      [&networks](
          const ClassesRequest& request) -> base::Result<std::unique_ptr<SlotJob<ClassesRequest, ClassesSnapshot>>> {
    if (auto error = unusable_picture(request)) return *std::move(error);
    auto network = networks.of(request.model);
    if (!network) return network.error();
    return {std::make_unique<Classes>(*std::move(network), request)};
  };
  rules.failed = failed_with<ClassesRequest, ClassesSnapshot>;
  return rules;
}

SlotRules<ContactSheetRequest, ContactSheetSnapshot> contact_sheet_rules(Networks& networks) {
  SlotRules<ContactSheetRequest, ContactSheetSnapshot> rules;
  rules.same_job = [](const ContactSheetRequest& a, const ContactSheetRequest& b) {
    return a.model == b.model && a.picture == b.picture && a.layer == b.layer;
  };
  rules.empties = is_empty<ContactSheetRequest>;
  rules.make = [&networks](const ContactSheetRequest& request)
      -> base::Result<std::unique_ptr<SlotJob<ContactSheetRequest, ContactSheetSnapshot>>> {
    if (auto error = unusable_picture(request)) return *std::move(error);
    auto network = networks.of(request.model);
    if (!network) return network.error();
    const auto node = (*network)->model().graph.find(request.layer);
    if (!node)
      return base::Error{"There is no layer " + request.layer,
                         "the model " + request.model->name +
                             " has none of that "
                             "name",
                         "Choose one of the list of layers."};
    return {std::make_unique<ContactSheet>(*std::move(network), request, *node)};
  };
  rules.failed = failed_with<ContactSheetRequest, ContactSheetSnapshot>;
  return rules;
}

}  // namespace engine
