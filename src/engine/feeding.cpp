#include "engine/feeding.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "core/image_io.h"
#include "net/input_presets.h"
#include "net/sidecar.h"

namespace engine {
namespace {

constexpr int kMaxSide_px = 4096;  // of a sidecar
constexpr std::size_t kMaxLabelBytes = 16U << 20;

// What the file says of its input, all that reading an answer needs.
struct Input {
  int channels = 3;
  core::Size declared;  // 0: open
};

std::string in_quotes(std::string_view text) {
  return '"' + std::string(text.substr(0, 60)) + (text.size() > 60 ? "…\"" : "\"");
}

std::string in_text(float value) {
  char text[32];
  const auto [end, failed] = std::to_chars(text, text + sizeof text, value);
  return {text, failed == std::errc() ? end : text};
}

std::string in_text(const std::vector<float>& values) {
  std::string list;
  for (const float value : values) list += (list.empty() ? "" : ", ") + in_text(value);
  return list;
}

std::vector<std::string_view> words_of(std::string_view text, std::string_view between) {
  std::vector<std::string_view> words;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find_first_of(between, from), text.size());
    if (end > from) words.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return words;
}

std::optional<float> number(std::string_view word) {
  float value = 0.0F;
  if (word.starts_with("−")) {  // a true minus, as the window prints it
    const auto positive = number(word.substr(std::string_view("−").size()));
    return positive ? std::optional(-*positive) : std::nullopt;
  }
  const auto [end, failed] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (failed != std::errc() || end != word.data() + word.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

base::Result<float> one_number(const char* name, std::string_view text) {
  const auto words = words_of(text, " ");
  if (const auto value = words.size() == 1 ? number(words[0]) : std::nullopt) return *value;
  return base::Error{"The " + std::string(name) + " value " + in_quotes(text) + " cannot be used", "it is not a number",
                     "Write one such as 0, 1 or -117."};
}

// One number for all channels, or one for each.
base::Result<std::vector<float>> a_number_each(const char* name, std::string_view text, int channels) {
  const std::string what = "The " + std::string(name) + ' ' + in_quotes(text) + " cannot be used";
  const std::string form =
      channels == 1 ? "Write one number." : "Write one number, or " + std::to_string(channels) + " with commas.";
  std::vector<float> values;
  for (const std::string_view word : words_of(text, ", ")) {
    const auto value = number(word);
    if (!value) return base::Error{what, in_quotes(word) + " is not a number", form};
    values.push_back(*value);
    if (values.size() > 3) break;
  }
  const auto wanted = static_cast<std::size_t>(channels);
  if (values.size() == 1) return std::vector<float>(wanted, values[0]);
  if (values.size() != wanted)
    return base::Error{what, "the network has " + std::to_string(channels) + " channels", form};
  return values;
}

base::Result<int> pixels(const char* name, std::string_view text) {
  const auto words = words_of(text, " px");
  int value = 0;
  if (words.size() == 1) {
    const auto [end, failed] = std::from_chars(words[0].data(), words[0].data() + words[0].size(), value);
    if (failed != std::errc() || end != words[0].data() + words[0].size()) value = 0;
  }
  if (value >= 1 && value <= kMaxSide_px) return value;
  return base::Error{"The " + std::string(name) + ' ' + in_quotes(text) + " cannot be used",
                     "it is no whole number of pixels from 1 to " + std::to_string(kMaxSide_px),
                     "Write one such as 224."};
}

base::Result<core::Size> crop_of(std::string text, const Input& input) {
  if (const std::size_t cross = text.find("×"); cross != std::string::npos) text.replace(cross, 2, "x");
  const std::size_t cross = text.find('x');
  const auto width = pixels("input size", text.substr(0, cross));
  if (!width) return width.error();
  const auto height = cross == std::string::npos ? width : pixels("input size", text.substr(cross + 1));
  if (!height) return height.error();
  const core::Size crop{*width, *height};
  const core::Size& declared = input.declared;
  const bool fits = (declared.width_px == 0 || declared.width_px == crop.width_px) &&
                    (declared.height_px == 0 || declared.height_px == crop.height_px);
  if (fits) return crop;
  return base::Error{"The input size " + in_quotes(text) + " cannot be used",
                     "the network is made for pictures of " + std::to_string(declared.width_px) + "×" +
                         std::to_string(declared.height_px) + " pixels",
                     "Write that size."};
}

base::Result<net::InputRule> read_values(const Feeding& feeding, net::InputRule rule) {
  if (feeding.by_mean) {
    const auto mean = a_number_each("mean", feeding.mean, rule.channels);
    if (!mean) return mean.error();
    auto deviation = a_number_each("deviation", feeding.deviation, rule.channels);
    if (!deviation) return deviation.error();
    if (std::ranges::find(*deviation, 0.0F) != deviation->end())
      return base::Error{"The deviation " + in_quotes(feeding.deviation) + " cannot be used",
                         "values are divided by it", "Write numbers other than 0."};
    rule.scale = 1.0F;
    for (const float value : *mean) rule.shift.push_back(value == 0.0F ? 0.0F : -value);
    rule.divide = *std::move(deviation);
    return rule;
  }
  const auto lowest = one_number("lowest", feeding.lowest);
  if (!lowest) return lowest.error();
  const auto highest = one_number("highest", feeding.highest);
  if (!highest) return highest.error();
  if (!(*highest > *lowest))
    return base::Error{"The range from " + feeding.lowest + " to " + feeding.highest + " cannot be used",
                       "its end is not above its beginning",
                       "Write the value of black first and that of white second."};
  rule.scale = *highest - *lowest;
  rule.shift.assign(static_cast<std::size_t>(rule.channels), *lowest);
  return rule;
}

base::Result<net::InputRule> rule_of(const Feeding& feeding, const Input& input) {
  net::InputRule rule;
  rule.channels = input.channels;
  rule.rgb = feeding.channels != ChannelOrder::bgr;
  if ((feeding.channels == ChannelOrder::grey) != (input.channels == 1))
    return base::Error{"The channel order cannot be used",
                       input.channels == 1 ? "the network takes one channel" : "the network takes three channels",
                       input.channels == 1 ? "Choose grey." : "Choose RGB or BGR."};
  const auto crop = crop_of(feeding.crop_px, input);
  if (!crop) return crop.error();
  const auto resize = pixels("shorter side", feeding.resize_short_side_px);
  if (!resize) return resize.error();
  if (*resize < std::max(crop->width_px, crop->height_px))
    return base::Error{"The shorter side " + in_quotes(feeding.resize_short_side_px) + " cannot be used",
                       "the input size is larger and nothing could be cropped from it",
                       "Write " + std::to_string(std::max(crop->width_px, crop->height_px)) + " or more."};
  rule.framing = {*resize, *crop};
  return read_values(feeding, std::move(rule));
}

FedAs fed_as(const net::InputRule& rule) {
  FedAs fed{rule.framing, rule.channels == 1, INFINITY, -INFINITY};
  for (std::size_t c = 0; c < rule.shift.size(); ++c) {
    const float divide = rule.divide.empty() ? 1.0F : rule.divide[c];
    for (const float value : {rule.shift[c] / divide, (rule.scale + rule.shift[c]) / divide}) {
      fed.lowest = std::min(fed.lowest, value);
      fed.highest = std::max(fed.highest, value);
    }
  }
  return fed;
}

// The rule as it would be typed.
Feeding as_typed(const net::InputRule& rule) {
  Feeding feeding;
  feeding.channels = rule.channels == 1 ? ChannelOrder::grey : rule.rgb ? ChannelOrder::rgb : ChannelOrder::bgr;
  feeding.by_mean = !rule.divide.empty();
  if (feeding.by_mean) {
    std::vector<float> mean;
    for (const float shift : rule.shift) mean.push_back(shift == 0.0F ? 0.0F : -shift);
    feeding.mean = in_text(mean);
    feeding.deviation = in_text(rule.divide);
  } else {
    feeding.lowest = in_text(rule.shift.front());
    feeding.highest = in_text(rule.scale + rule.shift.front());
  }
  const core::Size crop = rule.framing.crop;
  feeding.resize_short_side_px = std::to_string(rule.framing.resize_short_side_px);
  feeding.crop_px = std::to_string(crop.width_px);
  if (crop.width_px != crop.height_px) feeding.crop_px += "×" + std::to_string(crop.height_px);
  return feeding;
}

Input input_of(const net::Model& model) {
  const net::Shape& declared = model.graph.declared_input;
  return {model.input.channels, {declared.cols, declared.rows}};
}

// A line a class; empty lines at the end are none.
base::Result<std::vector<std::string>> read_labels(const std::string& file) {
  std::vector<std::string> labels;
  if (file.empty()) return labels;
  const auto text = core::load_text(file, kMaxLabelBytes);
  if (!text) return text.error();
  for (std::size_t from = 0; from < text->size();) {
    const std::size_t end = std::min(text->find('\n', from), text->size());
    std::string line = text->substr(from, end - from);
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    labels.push_back(std::move(line));
    from = end + 1;
  }
  while (!labels.empty() && labels.back().empty()) labels.pop_back();
  if (labels.empty())
    return base::Error{"The labels file " + file + " cannot be used", "it is empty", "Write a line for each class."};
  return labels;
}

}  // namespace

std::shared_ptr<const FeedingQuestion> question_of(const net::Model& model, bool beside) {
  const Input input = input_of(model);
  if (input.channels != 3 && input.channels != 1) return nullptr;
  auto question = std::make_shared<FeedingQuestion>();
  question->path = model.path;
  question->name = model.name;
  question->channels = input.channels;
  question->size_is_open = input.declared.width_px == 0 || input.declared.height_px == 0;
  question->beside = beside;
  for (const net::InputPreset& preset : net::input_presets())
    if (const auto rule = net::input_preset(preset.name, input.channels, model.input.framing.crop))
      question->presets.push_back({preset.name, preset.meaning, as_typed(*rule)});
  question->read = [input](const Feeding& feeding) -> base::Result<FedAs> {
    const auto rule = rule_of(feeding, input);
    if (!rule) return rule.error();
    return fed_as(*rule);
  };
  return question;
}

base::Result<std::string> sidecar_of(const net::Model& model, const Feeding& feeding) {
  const auto rule = rule_of(feeding, input_of(model));
  if (!rule) return rule.error();
  auto labels = read_labels(feeding.labels_file);
  if (!labels) return labels.error();
  const auto name_of = [&](const std::optional<int>& node) {
    return node ? model.graph.nodes[static_cast<std::size_t>(*node)].name : std::string();
  };
  net::Sidecar sidecar;
  sidecar.input = *rule;
  sidecar.logits = name_of(model.logits);
  sidecar.probabilities = name_of(model.probabilities);
  sidecar.labels = *std::move(labels);
  return net::to_json(sidecar);
}

}  // namespace engine
