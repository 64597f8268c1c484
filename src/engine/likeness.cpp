#include "engine/likeness.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>

namespace engine {
namespace {

int node_of(const net::Model& model, const std::string& layer) {
  const auto node = model.graph.find(layer);
  CHECK(node.has_value(), "the unit's layer is one of the model");
  return *node;
}

double product(const std::vector<double>& a, const std::vector<double>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

}  // namespace

LayerScale scale_of(const ScanSnapshot& scan, const net::Model& model, const std::string& layer) {
  LayerScale scale;
  const int channels = model.shapes[static_cast<std::size_t>(node_of(model, layer))].channels;
  for (int channel = 0; channel < channels; ++channel) {
    const auto [mean, spread] = scan.spread({layer, channel, std::nullopt});
    scale.mean.push_back(mean);
    scale.spread.push_back(spread);
  }
  return scale;
}

base::Result<std::vector<Features>> features_of(net::Network& network, const std::vector<core::Image>& pictures,
                                                const core::Unit& unit, const LayerScale& scale,
                                                const core::StopFlag& stop) {
  if (pictures.empty()) return std::vector<Features>();
  const net::Wanted wanted{node_of(network.model(), unit.layer), {}};
  const auto answers = network.respond(pictures, std::span(&wanted, 1), &stop);
  if (!answers) return answers.error();
  const net::Activations& layer = answers->front();
  const auto channels = static_cast<std::size_t>(layer.shape.channels);
  const auto cells = static_cast<std::size_t>(layer.shape.rows) * static_cast<std::size_t>(layer.shape.cols);
  CHECK(scale.mean.size() == channels && scale.spread.size() == channels, "a layer's scale has all its channels");
  std::vector<Features> features;
  const float* map = layer.values.data();
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    Features& of = features.emplace_back();
    for (std::size_t channel = 0; channel < channels; ++channel, map += cells) {
      const double mean = std::accumulate(map, map + cells, 0.0) / static_cast<double>(cells);
      const bool own = channel == static_cast<std::size_t>(unit.channel);
      if (own) of.activation = static_cast<float>(mean);
      const double spread = own ? 0.0 : static_cast<double>(scale.spread[channel]);
      of.standardized.push_back(spread > 0.0 ? (mean - static_cast<double>(scale.mean[channel])) / spread : 0.0);
    }
  }
  return features;
}

double likeness(const Features& picture, const std::vector<Features>& references) {
  CHECK(!references.empty(), "likeness is to references");
  double largest = -std::numeric_limits<double>::infinity();
  for (const Features& reference : references) {
    const double length = std::sqrt(product(reference.standardized, reference.standardized));
    const double along = length > 0.0 ? product(picture.standardized, reference.standardized) / length : 0.0;
    largest = std::max(largest, along);
  }
  return largest;
}

}  // namespace engine
