#include "net/input_presets.h"

#include <algorithm>
#include <cmath>

namespace net {

const std::vector<InputPreset>& input_presets() {
  static const std::vector<InputPreset> kPresets{
      {"torchvision", "0…1, minus ImageNet's mean, divided by its standard deviation"},
      {"lucid", "0…255 minus 117"},
      {"minus-one-one", "−1…1"},
      {"zero-one", "0…1"},
  };
  return kPresets;
}

std::string input_preset_names() {
  std::string names;
  for (std::size_t i = 0; i < input_presets().size(); ++i)
    names += (i == 0 ? "" : i + 1 == input_presets().size() ? " or " : ", ") + input_presets()[i].name;
  return names;
}

base::Result<InputRule> input_preset(std::string_view name, int channels, core::Size crop) {
  const std::string what = "The input rule " + std::string(name) + " cannot be used";
  if (std::ranges::find(input_presets(), name, &InputPreset::name) == input_presets().end())
    return base::Error{what, "there is no such rule", "Choose " + input_preset_names() + '.'};
  if (channels != 1 && channels != 3)
    return base::Error{what,
                       "the network takes " + std::to_string(channels) + " channels and a picture has 3 (or 1 as grey)",
                       "Feed it numbers with --tensor x.npy."};
  if (name == "torchvision" && channels == 1)
    return base::Error{what, "its means are those of three colours and the network takes grey pictures",
                       "Choose zero-one or minus-one-one, or write a sidecar."};
  InputRule rule;
  rule.channels = channels;
  rule.framing.crop = crop;
  rule.framing.resize_short_side_px =
      static_cast<int>(std::lround(std::max(crop.width_px, crop.height_px) * 256.0 / 224.0));
  const auto all = static_cast<std::size_t>(channels);
  rule.scale = name == "lucid" ? 255.0F : name == "minus-one-one" ? 2.0F : 1.0F;
  rule.shift = std::vector<float>(all, name == "lucid" ? -117.0F : name == "minus-one-one" ? -1.0F : 0.0F);
  if (name == "torchvision") {
    rule.shift = {-0.485F, -0.456F, -0.406F};
    rule.divide = {0.229F, 0.224F, 0.225F};
  }
  return rule;
}

}  // namespace net
