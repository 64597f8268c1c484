#include "ui/search.h"

#include <algorithm>
#include <cctype>

#include "ui/actions.h"

namespace ui {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& letter : result) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return result;
}

bool has(std::string_view name, const std::string& part) {
  return lower(name).find(part) != std::string::npos;
}

Suggestion of_layer(const engine::LayerInfo& layer) {
  std::string note = std::to_string(layer.channels) + " units";
  if (!layer.whole_input) note += " · sees " + std::to_string(layer.receptive_field_px) + " px";
  return {layer.short_name, note, "select layer " + layer.name};
}

// An argument that changes what is done is asked for; where one is optional the action runs without.
bool needs_argument(const Action& action) {
  constexpr std::string_view kOptional[] = {"best picture",  "fill",         "colours",      "contour",
                                            "map shows",     "smooth",       "lock range",   "compare",
                                            "picture alone", "motion",       "export",       "export answers",
                                            "open model",    "graph search", "second model", "second unit"};
  return !action.argument.empty() &&
         std::find(std::begin(kOptional), std::end(kOptional), action.name) == std::end(kOptional);
}

Suggestion of_action(const Action& action) {
  std::string name(action.name);
  if (!action.argument.empty()) name += " " + std::string(action.argument);
  const std::string keys = keys_label(action);
  if (needs_argument(action)) return {std::string(action.name), std::string(action.argument), ""};
  return {name, keys.empty() ? std::string(action.group) : keys, std::string(action.name)};
}

}  // namespace

std::string understood_as(std::string_view text, const engine::Snapshots& in) {
  if (text.empty() || !in.model || in.model->error || !in.model->understand) return "";
  const base::Result<engine::UnderstoodName> understood = in.model->understand(text);
  if (understood) return "= " + understood->explanation;
  return understood.error().sentence();
}

std::vector<Suggestion> suggestions(std::string_view text, const engine::Snapshots& in, std::size_t most) {
  std::vector<Suggestion> found;
  const std::string wanted = lower(text);
  const bool model = in.model && !in.model->error;
  if (model && !text.empty() && in.model->understand) {
    const base::Result<engine::UnderstoodName> understood = in.model->understand(text);
    if (understood) {
      const std::string name = core::to_string(understood->unit);
      found.push_back({name, understood->explanation, "select unit " + name});
    }
  }
  // An action with its argument already written runs as it is.
  for (const Action& action : actions()) {
    const bool with_argument = !action.argument.empty() && wanted.size() > action.name.size() + 1 &&
                               wanted.starts_with(action.name) && wanted[action.name.size()] == ' ';
    if (with_argument) found.push_back({std::string(text), std::string(action.help), std::string(text)});
  }
  const std::size_t layers_at_most = text.empty() ? 4 : most;
  if (model) {
    std::size_t layers = 0;
    for (const engine::LayerInfo& layer : in.model->layers) {
      if (layers < layers_at_most && (text.empty() || has(layer.short_name, wanted))) {
        found.push_back(of_layer(layer));
        ++layers;
      }
    }
  }
  for (const bool in_name : {true, false}) {
    for (const Action& action : actions()) {
      if (has(action.name, wanted) != in_name || action.name == "find" || action.name == "close") continue;
      if (in_name || (wanted.size() > 2 && has(action.help, wanted))) found.push_back(of_action(action));
    }
  }
  if (in.collection && wanted.size() > 2) {
    for (const engine::PictureEntry& picture : in.collection->pictures) {
      if (has(picture.name, wanted) || has(picture.label, wanted)) {
        found.push_back(
            {picture.name, picture.label.empty() ? "picture" : picture.label, "show picture " + picture.name});
      }
      if (found.size() > 4 * most) break;
    }
  }
  if (found.size() > most) found.resize(most);
  return found;
}

}  // namespace ui
