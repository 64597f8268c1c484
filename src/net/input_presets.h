// The usual ways in which pictures are fed to networks, for a model without a sidecar: somebody has to choose one, by a
// flag or in the window; none is a default. Pure functions; any thread.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/model.h"

namespace net {

struct InputPreset {
  std::string name;     // of the flag
  std::string meaning;  // one line for people
};
// "torchvision", "lucid", "minus-one-one", "zero-one".
const std::vector<InputPreset>& input_presets();
std::string input_preset_names();  // "torchvision, lucid, minus-one-one or zero-one"

// The rule of that name for a network of 3 channels (RGB) or 1 (grey: the luminance of a picture) and this input size.
// Pictures are resized so that the crop is 224/256 of their shorter side, as torchvision and the studies do.
base::Result<InputRule> input_preset(std::string_view name, int channels, core::Size crop);

}  // namespace net
