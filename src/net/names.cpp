#include "net/names.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "base/edit_distance.h"
#include "net/inception_places.h"

namespace net {
namespace {

constexpr std::string_view kPreRelu = "_pre_relu";
constexpr std::size_t kMaxWritten = 2048;  // no name of a file is longer
constexpr std::size_t kMaxListed = 14;     // layers in a sentence

const Node& node_at(const Model& model, int index) {
  return model.graph.nodes[static_cast<std::size_t>(index)];
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
  return text;
}

// What names have in common however they are punctuated: layer2.0.conv1, /layer2/0/conv1 and layer2_0_conv1 are one.
std::string key_of(std::string_view name) {
  std::string key;
  for (const char c : lower(name)) {
    const bool separates = c == '.' || c == '/' || c == '-' || c == ' ' || c == '_';
    if (!separates)
      key += c;
    else if (!key.empty() && key.back() != '_')
      key += '_';
  }
  while (!key.empty() && key.back() == '_') key.pop_back();
  return key;
}

// PyTorch's exporter names a tensor by nested modules, /layer2/layer2.0/conv1/Conv_output_0; people say layer2.0.conv1.
std::string module_of(std::string_view name) {
  if (!name.starts_with('/')) return {};
  std::vector<std::string_view> parts;
  for (std::size_t from = 1; from < name.size();) {
    const std::size_t slash = std::min(name.find('/', from), name.size());
    const std::string_view part = name.substr(from, slash - from);
    if (slash == name.size()) break;  // the operator
    if (!parts.empty() && part.starts_with(std::string(parts.back()) + '.')) parts.pop_back();
    parts.push_back(part);
    from = slash + 1;
  }
  std::string path;
  for (const std::string_view part : parts) path += (path.empty() ? "" : ".") + std::string(part);
  return path;
}

// The module that a node belongs to; a view is its concat's, before the ReLUs. Empty: it has none.
std::string module_of(const Node& node) {
  std::string_view name = node.name;
  if (!node.only_a_view) return module_of(name);
  name.remove_suffix(std::min(name.size(), kPreRelu.size()));
  const std::string module = module_of(name);
  return module.empty() ? module : module + std::string(kPreRelu);
}

// Modules without names are counted: a number alone says nothing, so "0" of /0/Conv_output_0 is "conv 0". Empty for
// modules with names.
std::string counted_module_of(const Node& node) {
  const std::string module = module_of(node);
  if (module.empty() || module.find_first_not_of("0123456789.") != std::string::npos) return {};
  const std::string_view name = node.name;
  const std::string op = lower(name.substr(name.rfind('/') + 1));
  return op.substr(0, op.find('_')) + ' ' + module;
}

// The keys by which a node goes are its name's and its module's, counted ones with and without what they do.
bool goes_by(const Node& node, const std::string& key) {
  return key_of(node.name) == key || key_of(module_of(node)) == key || key_of(counted_module_of(node)) == key;
}

bool is_word_for_outputs(const std::string& key) {
  return key == "logit" || key == "logits" || key == "probability" || key == "probabilities";
}

// The node that goes by this key; a key with two nodes names neither.
std::optional<int> find_by_key(const Model& model, const std::string& key) {
  std::set<int> found;
  for (std::size_t i = 0; i < model.graph.nodes.size(); ++i) {
    if (goes_by(model.graph.nodes[i], key)) found.insert(static_cast<int>(i));
  }
  for (const auto& [alias, node] : model.graph.aliases)
    if (key_of(alias) == key) found.insert(node);
  return found.size() == 1 ? std::optional(*found.begin()) : std::nullopt;
}

std::optional<int> find_layer(const Model& model, std::string_view text) {
  if (const std::optional<int> node = model.graph.find(text)) return node;
  if (const auto alias = model.graph.aliases.find(std::string(text)); alias != model.graph.aliases.end())
    return alias->second;
  if (text.size() > kMaxWritten) return std::nullopt;
  const std::string key = key_of(text);
  if (key.empty()) return std::nullopt;
  if (is_word_for_outputs(key)) return key.starts_with("logit") ? model.logits : model.probabilities;
  if (const std::optional<int> node = find_by_key(model, key)) return node;
  if (const std::optional<InceptionPlace> place = inception_place(key)) {  // 4a, or the name of the other family
    if (const std::optional<int> node = model.graph.find(lucid_name(*place))) return node;
    if (const std::optional<int> node = find_by_key(model, torchvision_key(*place))) return node;
  }
  if (key.ends_with(kPreRelu)) {
    const std::optional<int> relu = find_layer(model, key.substr(0, key.size() - kPreRelu.size()));
    if (relu && node_at(model, *relu).op == Op::relu) return node_at(model, *relu).inputs.front();
  }
  return std::nullopt;
}

// The three whose names are nearest to what was written, as a list in words, called as in `shown`.
std::string nearest(std::string_view text, const std::vector<std::string>& names,
                    const std::vector<std::string>& shown) {
  std::multimap<std::size_t, std::string_view> by_distance;
  const std::string written = lower(text.substr(0, 200));
  // A name counts by the module that it belongs to as well: people write layer2.0.conv1.
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string module = lower(module_of(names[i]));
    const std::size_t whole = base::edit_distance(written, lower(names[i]));
    by_distance.emplace(module.empty() ? whole : std::min(whole, base::edit_distance(written, module)), shown[i]);
  }
  std::string list;
  int count = 0;
  for (auto near = by_distance.begin(); near != by_distance.end() && count < 3; ++near, ++count)
    list += (list.empty() ? "" : ", ") + std::string(near->second);
  return list;
}

std::string quoted(std::string_view text) {
  return '"' + std::string(text.substr(0, 200)) + (text.size() > 200 ? "…\"" : "\"");
}

base::Error no_such_layer(const Model& model, std::string_view text) {
  const std::string what = quoted(text) + " is no layer of " + model.name;
  if (const auto refused = model.graph.refused_names.find(std::string(text));
      refused != model.graph.refused_names.end())
    return {what, refused->second, "Write that name instead."};
  constexpr std::string_view kTorchvision = "inception";
  if (const std::string key = key_of(text); key.starts_with(kTorchvision)) {
    const std::string block = "mixed" + key.substr(kTorchvision.size(), 2);
    if (model.graph.find(block))
      return {what, "it is torchvision's name, of a network with other weights and sizes",
              "The same block here is " + block + ", before its ReLUs " + block + "_pre_relu."};
  }
  std::vector<std::string> names;
  for (const Node& node : model.graph.nodes) names.push_back(node.name);
  const std::vector<std::string> shown = short_names(model);
  std::string studied;
  const std::size_t listed = std::min(model.unit_layers.size(), kMaxListed);
  for (std::size_t i = 0; i < listed; ++i)
    studied += (i == 0 ? "" : ", ") + shown[static_cast<std::size_t>(model.unit_layers[i])];
  if (const std::size_t more = model.unit_layers.size() - listed; more > 0)
    studied += " and " + std::to_string(more) + " more";
  return {what, "it has no node of that name",
          "The nearest names are " + nearest(text, names, shown) + "; the layers to study are " + studied + '.'};
}

bool is_inception_v1(const Model& model) {
  return lower(model.name) == "inceptionv1";
}

// A name as only the papers and their tools write it: the branch or the block first, or a line of the study's CSV.
std::optional<InceptionPlace> paper_place(std::string_view written) {
  return inception_place(key_of(written.substr(0, written.find_first_of(":,"))));
}

// Out of range. An index into the concatenation that was written with the name of a branch is offered as such.
base::Error no_such_channel(const Model& model, int node, const core::Unit& unit) {
  const int channels = model.shapes[static_cast<std::size_t>(node)].channels;
  const std::string what = core::to_string(unit) + " is no unit of " + model.name;
  const std::string range = std::to_string(channels) + " channels, 0 to " + std::to_string(channels - 1);
  if (const std::optional<int> concat = joined_by(model.graph, node)) {
    const core::Unit meant{node_at(model, *concat).name, unit.channel, unit.neuron};
    if (unit.channel < model.shapes[static_cast<std::size_t>(*concat)].channels)
      return {what, "that branch has " + range,
              "Counted in the concatenation it is " + core::to_string(meant) + ", " + describe(model, meant) +
                  "; write that if it is meant."};
  }
  if (paper_place(unit.layer) && !is_inception_v1(model))
    return {what, unit.layer + " has " + range,
            "The papers number InceptionV1, which has more; the same place here has other units."};
  return {what, unit.layer + " has " + range, {}};
}

bool has_label(const std::string& label, const std::string& wanted) {  // the whole label or one of its synonyms
  if (lower(label) == wanted) return true;
  for (std::size_t from = 0; from <= label.size();) {
    const std::size_t comma = std::min(label.find(',', from), label.size());
    if (lower(trimmed(std::string_view(label).substr(from, comma - from))) == wanted) return true;
    from = comma + 1;
  }
  return false;
}

base::Result<int> channel_of_label(const Model& model, int node, std::string_view text) {
  const std::string what = quoted(text) + " is no channel of " + node_at(model, node).name;
  if (node != model.logits && node != model.probabilities)
    return base::Error{what, "its channels have numbers and no labels", "Write " + node_at(model, node).name + ":0."};
  if (model.labels.empty()) return base::Error{what, "the model's sidecar has no labels", "Write the number."};
  const std::string wanted = lower(text);
  std::vector<int> found;
  for (std::size_t i = 0; i < model.labels.size(); ++i)
    if (has_label(model.labels[i], wanted)) found.push_back(static_cast<int>(i));
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    std::vector<std::string> shortened;
    for (const std::string& label : model.labels) shortened.push_back(label.substr(0, label.find(',')));
    return base::Error{what, "the model knows no such label",
                       "The nearest are " + nearest(text, shortened, shortened) + '.'};
  }
  std::string numbers;
  for (const int channel : found) numbers += (numbers.empty() ? "" : ", ") + std::to_string(channel);
  return base::Error{what, "several labels match", "Write one of the numbers " + numbers + '.'};
}

// The CSV of the published study: mixed4a,pre_relu,3x3,257. The number counts in the concatenation; the branch only
// says where it falls.
std::string rewritten_csv(std::string_view text) {
  std::vector<std::string_view> parts;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t comma = std::min(text.find(',', from), text.size());
    parts.push_back(trimmed(text.substr(from, comma - from)));
    from = comma + 1;
  }
  if (parts.size() != 4 || text.find(':') != std::string_view::npos) return std::string(text);
  const std::string side = parts[1] == "pre_relu" ? std::string(kPreRelu) : "";
  return std::string(parts[0]) + side + ':' + std::string(parts[3]);
}

struct Split {
  std::string_view layer;
  std::string_view channel;
  bool is_label = false;  // in quotes
};

std::optional<Split> split(std::string_view text) {
  if (const std::size_t quote = text.find(":\"");
      quote != std::string_view::npos && text.ends_with('"') && text.size() > quote + 2)
    return Split{text.substr(0, quote), text.substr(quote + 2, text.size() - quote - 3), true};
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon + 1 == text.size()) return std::nullopt;
  return Split{text.substr(0, colon), text.substr(colon + 1), false};
}

// The sentence that says so where a name is of another network's unit; empty where it is not.
std::string of_other_weights(const Model& model, std::string_view written) {
  const std::optional<InceptionPlace> place = paper_place(written);
  if (!place || is_inception_v1(model)) return {};
  const bool is_lucids = model.graph.find(lucid_name(*place)).has_value();
  const bool as_in_papers =
      std::isdigit(static_cast<unsigned char>(written.front())) != 0 || written.find(',') != std::string_view::npos;
  if (place->in_torchvision && is_lucids)
    return "that is torchvision's name, so this is the same place in another network, and another unit";
  if (!place->in_torchvision && (as_in_papers || !is_lucids))
    return "the papers number InceptionV1, so this is the same place in another network, and another unit";
  return {};
}

std::string explain(const Model& model, int node, const core::Unit& unit, std::string_view written,
                    std::span<const std::string> names) {
  const auto called = [&](int which, int channel) {
    const std::string& own = node_at(model, which).name;
    return core::to_string({names.empty() ? own : names[static_cast<std::size_t>(which)], channel, unit.neuron});
  };
  std::string text = describe(model, unit, names);
  if (const std::optional<int> concat = joined_by(model.graph, node))
    for (const Branch& branch : branches(model.graph, model.shapes, *concat))
      if (branch.node == node)
        text += " (in the concatenation " + called(*concat, branch.first_channel + unit.channel) + ')';
  const std::string spoken = called(node, unit.channel);
  if (core::to_string(unit) == written || spoken == written) return text;
  text = spoken + ": " + text;
  if (const std::string other = of_other_weights(model, written); !other.empty()) text += "; " + other;
  return text;
}

}  // namespace

std::vector<std::string> short_names(const Model& model) {
  const std::vector<Node>& nodes = model.graph.nodes;
  std::map<std::string, std::set<int>> by_key;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    by_key[key_of(nodes[i].name)].insert(static_cast<int>(i));
    by_key[key_of(module_of(nodes[i]))].insert(static_cast<int>(i));
    by_key[key_of(counted_module_of(nodes[i]))].insert(static_cast<int>(i));
  }
  for (const auto& [alias, node] : model.graph.aliases) by_key[key_of(alias)].insert(node);
  std::vector<std::string> names;
  for (const Node& node : nodes) {
    const std::string counted = counted_module_of(node);
    const std::string module = counted.empty() ? module_of(node) : counted;
    const std::string key = key_of(module);
    const bool is_its_own = !key.empty() && by_key[key].size() == 1 && !is_word_for_outputs(key);
    names.push_back(is_its_own ? module : node.name);
  }
  return names;
}

base::Result<int> understand_layer(const Model& model, std::string_view text) {
  const std::string_view layer = trimmed(text);
  if (const std::optional<int> node = find_layer(model, layer)) return *node;
  return no_such_layer(model, layer);
}

base::Result<UnderstoodUnit> understand_unit(const Model& model, std::string_view text,
                                             std::span<const std::string> names) {
  const std::string_view written = trimmed(text);
  if (written.empty()) {
    const Node& example =
        model.unit_layers.empty() ? model.graph.nodes.back() : node_at(model, model.unit_layers.front());
    return base::Error{"No unit is named", "the name is empty",
                       "Write a layer and a channel, such as " + example.name + ":0."};
  }
  const std::string name = rewritten_csv(written);
  const std::optional<Split> parts = split(name);
  if (!parts) {
    const std::optional<int> layer = find_layer(model, name);
    if (!layer) return no_such_layer(model, name);
    const int channels = model.shapes[static_cast<std::size_t>(*layer)].channels;
    return base::Error{
        quoted(written) + " does not name a unit", "the channel is missing",
        "Write " + node_at(model, *layer).name + ":0, with a channel from 0 to " + std::to_string(channels - 1) + '.'};
  }
  const base::Result<int> node = understand_layer(model, parts->layer);
  if (!node) return node.error();
  core::Unit unit{node_at(model, *node).name, 0, std::nullopt};
  if (parts->is_label || !std::isdigit(static_cast<unsigned char>(parts->channel.front()))) {
    const base::Result<int> channel = channel_of_label(model, *node, parts->channel);
    if (!channel) return channel.error();
    unit.channel = *channel;
  } else {
    base::Result<core::Unit> parsed = core::parse_unit(unit.layer + ':' + std::string(parts->channel));
    if (!parsed) return parsed.error();
    unit = *parsed;
  }
  if (unit.channel >= model.shapes[static_cast<std::size_t>(*node)].channels)
    return no_such_channel(model, *node, unit);
  const bool translated = core::to_string(unit) != written;
  return UnderstoodUnit{unit, *node, explain(model, *node, unit, written, names),
                        translated && !of_other_weights(model, written).empty()};
}

}  // namespace net
