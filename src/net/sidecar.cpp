#include "net/sidecar.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/check.h"
#include "net/refusal.h"

namespace net {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxLabels = 1 << 20;

void require_known_keys(const json& object, const std::string& where, std::initializer_list<const char*> known) {
  for (const auto& [key, value] : object.items()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    std::string list;
    for (const char* name : known) list += (list.empty() ? "" : ", ") + std::string(name);
    throw Refusal{where + key + " is no key of a sidecar (known are " + list + ")"};
  }
}

const json& required(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) throw Refusal{std::string("input.") + key + " is missing"};
  return *found;
}

float finite(const json& value, const std::string& key) {
  const double number = value.is_number() ? value.get<double>() : NAN;
  if (!std::isfinite(static_cast<float>(number))) throw Refusal{key + " is not a number"};
  return static_cast<float>(number);
}

int pixels(const json& value, const std::string& key) {
  const std::int64_t number = value.is_number_integer() ? value.get<std::int64_t>() : 0;
  if (number < 1 || number > kMaxInputSide_px)
    throw Refusal{key + " is not a number of pixels from 1 to " + std::to_string(kMaxInputSide_px)};
  return static_cast<int>(number);
}

std::string text(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return {};
  if (!found->is_string()) throw Refusal{std::string(key) + " is not a text"};
  return found->get<std::string>();
}

// One number for all channels, or one for each.
std::vector<float> per_channel(const json& value, const std::string& key, int channels) {
  const auto count = static_cast<std::size_t>(channels);
  if (!value.is_array()) return std::vector<float>(count, finite(value, key));
  if (value.size() != count) throw Refusal{key + " does not have " + std::to_string(channels) + " numbers"};
  std::vector<float> numbers;
  for (const json& number : value) numbers.push_back(finite(number, key));
  return numbers;
}

// A side, or [height, width].
core::Size crop_size(const json& value) {
  if (!value.is_array()) return {pixels(value, "input.crop"), pixels(value, "input.crop")};
  if (value.size() != 2) throw Refusal{"input.crop is neither a side nor [height, width]"};
  return {pixels(value[1], "input.crop"), pixels(value[0], "input.crop")};
}

InputRule input_rule(const json& input) {
  require_known_keys(input, "input.",
                     {"name", "channels", "height", "width", "min_side", "scale", "shift", "divide",
                      "resize_short_side", "crop", "interpolation"});
  InputRule rule;
  const json& order = required(input, "channels");
  if (order != "RGB" && order != "BGR" && order != "grey")
    throw Refusal{"input.channels is neither \"RGB\", \"BGR\" nor \"grey\""};
  rule.rgb = order != "BGR";
  rule.channels = order == "grey" ? 1 : 3;
  rule.scale = finite(required(input, "scale"), "input.scale");
  if (rule.scale == 0.0F) throw Refusal{"input.scale is 0"};
  rule.shift = per_channel(required(input, "shift"), "input.shift", rule.channels);
  if (input.contains("divide")) rule.divide = per_channel(input["divide"], "input.divide", rule.channels);
  for (const float divisor : rule.divide)
    if (divisor == 0.0F) throw Refusal{"input.divide is 0"};
  rule.framing.resize_short_side_px = pixels(required(input, "resize_short_side"), "input.resize_short_side");
  rule.framing.crop = crop_size(required(input, "crop"));
  const core::Size crop = rule.framing.crop;
  if (std::max(crop.width_px, crop.height_px) > rule.framing.resize_short_side_px)
    throw Refusal{"input.crop is larger than input.resize_short_side"};
  if ((input.contains("height") && pixels(input["height"], "input.height") != crop.height_px) ||
      (input.contains("width") && pixels(input["width"], "input.width") != crop.width_px))
    throw Refusal{"input.height and input.width are not those of input.crop"};
  if (input.contains("min_side")) rule.min_side_px = pixels(input["min_side"], "input.min_side");
  if (input.contains("interpolation") && input["interpolation"] != "bilinear, antialiased")
    throw Refusal{"input.interpolation is not \"bilinear, antialiased\", the one that is supported"};
  return rule;
}

Sidecar read(const json& root) {
  if (!root.is_object()) throw Refusal{"it is no JSON object"};
  require_known_keys(
      root, "",
      {"name", "architecture", "input", "logits", "probabilities", "labels", "training", "source", "license", "notes"});
  const auto input = root.find("input");
  if (input == root.end() || !input->is_object()) throw Refusal{"input is missing"};
  Sidecar sidecar;
  sidecar.name = text(root, "name");
  sidecar.input = input_rule(*input);
  sidecar.input_name = text(*input, "name");
  sidecar.logits = text(root, "logits");
  sidecar.probabilities = text(root, "probabilities");
  if (const auto labels = root.find("labels"); labels != root.end()) {
    if (!labels->is_array() || labels->size() > kMaxLabels) throw Refusal{"labels is not a list of texts"};
    for (const json& label : *labels) {
      if (!label.is_string()) throw Refusal{"labels is not a list of texts"};
      sidecar.labels.push_back(label.get<std::string>());
    }
  }
  return sidecar;
}

// The float as it would be typed: 0.485 instead of the double next to it.
json shortest(float value) {
  char text[32];
  const auto [end, failed] = std::to_chars(text, text + sizeof text, value);
  CHECK(failed == std::errc(), "a float's text fits in 32 characters");
  return json::parse(text, end);
}

// One number where it is the same for all channels.
json shortest(const std::vector<float>& values) {
  const bool same = std::ranges::all_of(values, [&](float value) { return value == values.front(); });
  if (same && !values.empty()) return shortest(values.front());
  json list = json::array();
  for (const float value : values) list.push_back(shortest(value));
  return list;
}

}  // namespace

std::string to_json(const Sidecar& sidecar) {
  const InputRule& rule = sidecar.input;
  nlohmann::ordered_json input;
  if (!sidecar.input_name.empty()) input["name"] = sidecar.input_name;
  input["channels"] = rule.channels == 1 ? "grey" : rule.rgb ? "RGB" : "BGR";
  input["scale"] = shortest(rule.scale);
  input["shift"] = shortest(rule.shift);
  if (!rule.divide.empty()) input["divide"] = shortest(rule.divide);
  input["resize_short_side"] = rule.framing.resize_short_side_px;
  input["crop"] = {rule.framing.crop.height_px, rule.framing.crop.width_px};
  if (rule.min_side_px != 1) input["min_side"] = rule.min_side_px;
  nlohmann::ordered_json root;
  if (!sidecar.name.empty()) root["name"] = sidecar.name;
  root["input"] = std::move(input);
  if (!sidecar.logits.empty()) root["logits"] = sidecar.logits;
  if (!sidecar.probabilities.empty()) root["probabilities"] = sidecar.probabilities;
  if (!sidecar.labels.empty()) root["labels"] = sidecar.labels;
  return root.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
}

std::string sidecar_example() {
  return R"({"input": {"channels": "RGB", "scale": 255, "shift": -117, "resize_short_side": 256, "crop": 224}, )"
         R"("logits": "NODE", "labels": ["…"]})";
}

base::Result<Sidecar> parse_sidecar(std::string_view content, const std::string& file) {
  const std::string what = "The sidecar " + file + " cannot be used";
  try {
    return read(json::parse(content));
  } catch (const Refusal& refusal) {
    return base::Error{what, refusal.why, "Its form is " + sidecar_example() + '.'};
  } catch (const json::parse_error& error) {
    return base::Error{what, "it is no JSON at byte " + std::to_string(error.byte),
                       "Its form is " + sidecar_example() + '.'};
  } catch (const json::exception&) {
    return base::Error{what, "it is no JSON that can be held", "Its form is " + sidecar_example() + '.'};
  }
}

}  // namespace net
