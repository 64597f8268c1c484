#include "cli/flags.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <utility>

#include "base/edit_distance.h"
#include "net/input_presets.h"

namespace cli {
namespace {

CLI::ValidationError refused(const std::string& flag, const std::string& text, const std::string& wanted) {
  return CLI::ValidationError("The value of " + flag + " cannot be used: \"" + text + "\" is not " + wanted + ".");
}

// The whole text as a number, or nothing.
template <class T>
std::optional<T> number_in(std::string_view text) {
  T value{};
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

template <class T>
T number_of(const std::string& flag, const std::string& text, const std::string& kind) {
  const auto value = number_in<T>(text);
  if (!value) throw refused(flag, text, kind);
  return *value;
}

}  // namespace

void add_number(CLI::App& app, const std::string& flag, std::optional<int>& into, const std::string& help,
                Bounds bounds) {
  const bool bounded = bounds.high != std::numeric_limits<int>::max();
  const std::string wanted =
      "a whole number" +
      (bounded ? " from " + std::to_string(bounds.low) + " to " + std::to_string(bounds.high) : std::string());
  const auto read = [flag, &into, bounds, wanted](const std::string& text) {
    const int value = number_of<int>(flag, text, wanted);
    if (value < bounds.low || value > bounds.high) throw refused(flag, text, wanted);
    into = value;
  };
  app.add_option_function<std::string>(flag, read, help)->type_name("N");
}

void add_number(CLI::App& app, const std::string& flag, std::optional<double>& into, const std::string& help) {
  const auto read = [flag, &into](const std::string& text) { into = number_of<double>(flag, text, "a number"); };
  app.add_option_function<std::string>(flag, read, help)->type_name("X");
}

void add_seed(CLI::App& app, std::optional<std::uint64_t>& into, const std::string& help) {
  const auto read = [&into](const std::string& text) {
    into = number_of<std::uint64_t>("--seed", text, "a whole number from 0 to 18446744073709551615");
  };
  app.add_option_function<std::string>("--seed", read, help)->type_name("N");
}

void add_text(CLI::App& app, const std::string& flag, std::optional<std::string>& into, const std::string& type,
              const std::string& help) {
  app.add_option_function<std::string>(
         flag,
         [flag, &into](const std::string& text) {
           if (text.empty()) throw CLI::ValidationError("The value of " + flag + " cannot be used: it is empty.");
           into = text;
         },
         help)
      ->type_name(type);
}

void add_either(CLI::App& app, const std::string& yes, const std::string& no, std::optional<bool>& into,
                const std::string& yes_help, const std::string& no_help) {
  const auto set = [&into, yes, no](bool value) {
    if (into && *into != value)
      throw CLI::ValidationError("The flags " + yes + " and " + no + " cannot be used together: give one of them.");
    into = value;
  };
  app.add_flag_callback(
      yes, [set] { set(true); }, yes_help);
  app.add_flag_callback(
      no, [set] { set(false); }, no_help);
}

void add_talk(CLI::App& app, Talk& talk) {
  app.add_flag("--json", talk.json, "print one JSON document on stdout and nothing else");
  app.add_flag("--verbose", talk.verbose, "write what happens to stderr");
}

void add_machine(CLI::App& app, Machine& machine) {
  add_number(app, "--threads", machine.threads,
             "threads of the network; without it one for each core, but one on two cores", {1, 1024});
  const auto read = [&machine](const std::string& text) {
    if (text != "cpu" && text != "cuda") throw refused("--device", text, "cpu or cuda");
    machine.device = text == "cuda" ? net::Device::cuda : net::Device::cpu;
  };
  app.add_option_function<std::string>("--device", read, "cpu (float32, the reference; the default) or cuda")
      ->type_name("NAME");
}

void add_model(CLI::App& app, std::optional<std::string>& model) {
  add_text(app, "--model", model, "FILE", "an ONNX file or a frozen TensorFlow graph; without it the embedded network");
}

void add_feeding(CLI::App& app, Feeding& feeding) {
  std::string meanings;
  for (const net::InputPreset& preset : net::input_presets())
    meanings += (meanings.empty() ? "" : "; ") + preset.name + ": " + preset.meaning;
  add_text(app, "--input", feeding.preset, "NAME",
           "how pictures are fed to a model without a JSON file beside it (" + meanings + ")");
  add_number(app, "--side", feeding.side_px,
             "pixels on a side, where the model's file leaves its input size open (224)", {1, 4096});
}

void add_spec_file(CLI::App& app, std::optional<std::string>& spec_file) {
  add_text(app, "--spec", spec_file, "FILE",
           "start from the spec in this JSON file, or in a PNG that unitscope wrote; other flags override it");
}

void add_unit(CLI::App& app, std::optional<std::string>& unit) {
  add_text(app, "--unit", unit, "UNIT",
           "LAYER:CHANNEL, LAYER:CHANNEL@y,x for one neuron, or an alias (4a:7, logit:\"goldfish\")");
}

void add_image(CLI::App& app, std::optional<std::string>& image) {
  add_text(app, "--image", image, "FILE", "a PNG or JPEG; it is resized and cropped as the network's own file says");
}

void add_destination(CLI::App& app, Destination& out, const std::string& type, const std::string& help) {
  add_text(app, "--out", out.path, type, help + "; files that unitscope wrote are replaced, others are not");
  app.add_flag("--force", out.force, "replace files that unitscope did not write, too");
}

base::Result<double> share_of_side(const std::string& text) {
  double value = 0.0;
  const auto [stopped, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem == std::errc{} && stopped == text.data() + text.size() && value >= 0.05 && value <= 0.9) return value;
  return base::Error{"The value of --size cannot be used", "\"" + text + "\" is no share of a picture's side",
                     "Give a number from 0.05 to 0.9, such as the study's 0.4"};
}

std::vector<std::string> near_misses(std::string_view written, std::span<const std::string> names) {
  const std::size_t most_edits = std::max<std::size_t>(1, written.size() / 3);
  std::vector<std::pair<std::size_t, std::string>> near;
  for (const std::string& name : names)
    if (const std::size_t edits = base::edit_distance(written, name); edits <= most_edits)
      near.emplace_back(edits, name);
  std::sort(near.begin(), near.end());
  std::vector<std::string> result;
  for (auto& [edits, name] : near) result.push_back(std::move(name));
  return result;
}

std::string either_of(std::span<const std::string> names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
    text += names[i];
  }
  return text;
}

}  // namespace cli
