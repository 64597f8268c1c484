#include <algorithm>
#include <cctype>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/spec_fields.h"

namespace core {
namespace {

using Words = std::vector<std::string>;

// In single quotes unless every character is harmless to a POSIX shell.
std::string quoted(const std::string& word) {
  const auto harmless = [](unsigned char c) {
    return std::isalnum(c) != 0 || std::string_view("_@%+=:,./-").find(static_cast<char>(c)) != std::string_view::npos;
  };
  if (!word.empty() && std::ranges::all_of(word, harmless)) return word;
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? "'\\''" : std::string(1, c);
  return out + "'";
}

// A path that begins with a dash would be taken for a flag.
std::string path_word(const std::string& path) {
  return path.starts_with('-') ? "./" + path : path;
}

bool is_embedded(const FileName& model) {
  return model.path.empty() || model.path.ends_with("models/inception-mini.onnx");
}

Words begin(const char* command, const FileName& model) {
  Words words = {"unitscope-cli", command};
  if (!is_embedded(model)) words.insert(words.end(), {"--model", path_word(model.path)});
  return words;
}

std::string line(const Words& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + quoted(word);
  return out;
}

template <class Spec, std::size_t N>
void add_differences(Words& flags, const Spec& spec, const Spec& known, const Field<Spec> (&table)[N]) {
  for (const Field<Spec>& field : table)
    if (value_of(spec, field) != value_of(known, field))
      flags.insert(flags.end(), {field.flag, number_text(value_of(spec, field))});
}

// The flags that turn the preset into the spec; nothing if there are none. Only for a schedule of one entry.
std::optional<Words> differences(const VisualizeSpec& spec, const VisualizeSpec& known) {
  Words flags;
  if (spec.parameterization != known.parameterization) {
    if (spec.parameterization != Parameterization::pixels) return std::nullopt;
    flags.emplace_back("--pixels");
  }
  if (spec.decorrelated != known.decorrelated) {
    if (spec.decorrelated) return std::nullopt;
    flags.emplace_back("--correlated");
  }
  add_differences(flags, spec, known, kVisualizeFields);
  add_differences(flags, spec.schedule.front().settings, known.schedule.front().settings, kSettingsFields);
  return flags;
}

}  // namespace

std::string to_command(const RespondSpec& spec) {
  Words words = begin("respond", spec.model);
  words.insert(words.end(), {"--image", path_word(spec.picture.path), "--unit", to_string(spec.unit)});
  return line(words);
}

std::string to_command(const OcclusionSpec& spec) {
  Words words = begin("occlude", spec.model);
  words.insert(words.end(), {"--image", path_word(spec.picture.path), "--unit", to_string(spec.unit)});
  // The side is always said, because its default is a share of the picture there.
  words.insert(words.end(), {"--size", std::to_string(spec.side_px)});
  const OcclusionSpec known;
  if (spec.stride_px != known.stride_px) words.insert(words.end(), {"--stride", std::to_string(spec.stride_px)});
  if (spec.fill != known.fill) words.insert(words.end(), {"--fill", std::string(to_string(spec.fill))});
  if (spec.seed != known.seed) words.insert(words.end(), {"--seed", std::to_string(spec.seed)});
  return line(words);
}

std::string to_command(const VisualizeSpec& spec) {
  if (spec.schedule.size() != 1) {
    // Settings that changed on the way have no flags: the spec itself is handed over.
    const std::string json = nlohmann::ordered_json::parse(to_json(spec)).dump();
    return "printf %s " + quoted(json) + " | unitscope-cli visualize --spec /dev/stdin";
  }
  // Every spec can be reached at least from "lucid".
  std::string nearest;
  Words flags;
  for (const Preset& known : presets()) {
    auto needed = differences(spec, known.spec);
    if (!needed || (!nearest.empty() && needed->size() >= flags.size())) continue;
    nearest = known.name;
    flags = std::move(*needed);
  }
  Words words = begin("visualize", spec.model);
  words.insert(words.end(), {"--unit", to_string(spec.unit), "--preset", nearest});
  words.insert(words.end(), flags.begin(), flags.end());
  if (spec.seed != 0) words.insert(words.end(), {"--seed", std::to_string(spec.seed)});
  return line(words);
}

std::string units_command(const FileName& model, const std::string& layer) {
  Words words = begin("units", model);
  words.insert(words.end(), {"--layer", layer});
  return line(words);
}

std::string compare_command(const std::vector<FileName>& models, const std::vector<Unit>& units,
                            const std::string& pictures, double size) {
  Words words = {"unitscope-cli", "compare", "--models"};
  for (const FileName& model : models) words.push_back(path_word(model.path));
  words.emplace_back("--unit");
  const bool same = std::ranges::all_of(units, [&](const Unit& unit) { return unit == units.front(); });
  for (std::size_t i = 0; i < (same ? 1 : units.size()); ++i) words.push_back(to_string(units[i]));
  words.insert(words.end(), {"--images", path_word(pictures)});
  char share[32];
  std::snprintf(share, sizeof share, "%.3g", size);
  words.insert(words.end(), {"--size", share});
  return line(words);
}

}  // namespace core
