// How alike a picture is to references in a network's own features, for the informed observer (study/observers.h). Each
// call on the thread of its network.
#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "core/image.h"
#include "core/job.h"
#include "core/unit.h"
#include "engine/messages.h"
#include "net/network.h"

namespace engine {

// Mean and standard deviation of every channel of a layer over a collection.
struct LayerScale {
  std::vector<float> mean, spread;
};
LayerScale scale_of(const ScanSnapshot& scan, const net::Model& model, const std::string& layer);

// What the unit's layer makes of a picture.
struct Features {
  float activation = 0.0F;  // the unit's own
  // The mean of each channel, less its mean over the collection and by its spread; 0 for the unit's own channel, which
  // is what an observer is asked about.
  std::vector<double> standardized;
};
base::Result<std::vector<Features>> features_of(net::Network& network, const std::vector<core::Image>& pictures,
                                                const core::Unit& unit, const LayerScale& scale,
                                                const core::StopFlag& stop);

// The picture's projection on the direction of that reference on which it is largest, in standard deviations. Not the
// cosine: a square takes something away, and a picture with half of what a reference shows points the same way.
double likeness(const Features& picture, const std::vector<Features>& references);

}  // namespace engine
