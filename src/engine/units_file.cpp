#include "engine/units_file.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "base/rng.h"
#include "core/csv.h"
#include "net/names.h"

namespace engine {
namespace {

constexpr std::size_t kMaxUnits = 10000;
constexpr std::string_view kPreRelu = "_pre_relu";

constexpr std::array<std::string_view, 11> kKnownColumns = {
    "unit",    "layer_name", "layer",       "pre_post_relu", "kernel_size", "branch", "feature_map_number",
    "channel", "role",       "hand_picked", "picture"};

using Row = std::vector<std::string>;

// Where the columns are; the published files have a title above their header.
struct Columns {
  std::size_t header = 0;
  std::optional<std::size_t> unit, layer, relu, branch, channel, role, hand_picked, picture;
};

std::optional<std::size_t> column(const Row& header, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names)
    if (const auto found = std::ranges::find(header, name); found != header.end())
      return static_cast<std::size_t>(found - header.begin());
  return std::nullopt;
}

std::optional<Columns> find_columns(const std::vector<core::CsvRow>& rows) {
  for (std::size_t at = 0; at < std::min<std::size_t>(2, rows.size()); ++at) {
    const Row& row = rows[at].cells;
    Columns found{at,
                  column(row, {"unit"}),
                  column(row, {"layer_name", "layer"}),
                  column(row, {"pre_post_relu"}),
                  column(row, {"kernel_size", "branch"}),
                  column(row, {"feature_map_number", "channel"}),
                  column(row, {"role"}),
                  column(row, {"hand_picked"}),
                  column(row, {"picture"})};
    if (found.unit || (found.layer && found.channel)) return found;
  }
  return std::nullopt;
}

std::string cell(const Row& row, std::optional<std::size_t> at) {
  return at && *at < row.size() ? row[*at] : std::string();
}

std::string name_of(const Row& row, const Columns& columns) {
  if (const std::string name = cell(row, columns.unit); !name.empty()) return name;
  const std::string layer = cell(row, columns.layer);
  const bool before = cell(row, columns.relu) == "pre_relu" && !layer.ends_with(kPreRelu);
  return layer + (before ? std::string(kPreRelu) : "") + ':' + cell(row, columns.channel);
}

// Names of the view after the ReLU are common (Lucid, Microscope); the study asks about the one before, whose channels
// have the same numbers.
base::Result<net::UnderstoodUnit> understand(const net::Model& model, const std::string& name,
                                             std::vector<std::string>* said) {
  const auto is_layer_of_units = [&](int node) {
    return std::ranges::find(model.unit_layers, node) != model.unit_layers.end();
  };
  auto understood = net::understand_unit(model, name);
  if (!understood || is_layer_of_units(understood->node)) return understood;
  core::Unit before = understood->unit;
  before.layer += kPreRelu;
  auto translated = net::understand_unit(model, core::to_string(before));
  if (!translated || !is_layer_of_units(translated->node)) return understood;
  if (said != nullptr)
    said->push_back("The unit " + name + " is taken as " + core::to_string(translated->unit) + ", before the ReLU.");
  return translated;
}

base::Result<UnitChoice> read_row(const Row& row, const Columns& columns, const net::Model& model,
                                  std::vector<std::string>* said) {
  const auto understood = understand(model, name_of(row, columns), said);
  if (!understood) return understood.error();
  UnitChoice choice;
  choice.unit = understood->unit;
  if (choice.unit.neuron)
    return base::Error{core::to_string(choice.unit) + " cannot be asked about",
                       "trials are about the mean over a unit's map", "Leave @y,x away"};
  if (std::ranges::find(model.unit_layers, understood->node) == model.unit_layers.end())
    return base::Error{core::to_string(choice.unit) + " cannot be asked about", "its layer is not a layer of units",
                       "unitscope-cli units lists the layers"};
  if (const std::string word = cell(row, columns.role); !word.empty()) {
    const auto role = study::parse_role(word);
    if (!role) return role.error();
    choice.role = *role;
  }
  const std::string by_hand = cell(row, columns.hand_picked);
  if (!by_hand.empty() && by_hand != "true" && by_hand != "false")
    return base::Error{"hand_picked is \"" + by_hand.substr(0, 40) + '"', "it says who chose the unit",
                       "Write true or false"};
  choice.hand_picked = by_hand == "true";
  choice.picture = cell(row, columns.picture);
  return choice;
}

// Channels of a layer by the branch that they fall in.
std::vector<int> channels_of(const net::Model& model, const std::string& layer, int channels, std::string_view branch) {
  std::vector<int> found;
  for (int channel = 0; channel < channels; ++channel)
    if (branch.empty() || net::branch_of(model, {layer, channel, std::nullopt}) == branch) found.push_back(channel);
  return found;
}

}  // namespace

std::string short_layer_name(const std::string& layer) {
  return layer.ends_with(kPreRelu) ? layer.substr(0, layer.size() - kPreRelu.size()) : layer;
}

base::Result<std::vector<UnitChoice>> read_units(std::string_view csv, const net::Model& model,
                                                 std::vector<std::string>* said) {
  constexpr const char* kWhat = "The units cannot be read";
  const auto refuse = [](const std::string& why, const std::string& what_to_do) {
    return base::Error{kWhat, why, what_to_do};
  };
  const auto read = core::read_csv(csv, kWhat);
  if (!read) return read.error();
  const std::vector<core::CsvRow>& rows = *read;
  const auto columns = find_columns(rows);
  if (!columns)
    return refuse("there is neither a column \"unit\" nor the columns \"layer_name\" and \"feature_map_number\"",
                  "Make a file with unitscope-cli units sample --out units.csv");
  const core::CsvRow& header = rows[columns->header];
  for (const std::string_view name : kKnownColumns)
    if (std::ranges::count(header.cells, name) > 1) return core::csv_column(header, std::string(name), kWhat).error();
  std::vector<UnitChoice> units;
  std::set<core::Unit> main;
  for (std::size_t at = columns->header + 1; at < rows.size(); ++at) {
    auto choice = read_row(rows[at].cells, *columns, model, said);
    const std::string row = "row " + std::to_string(rows[at].line) + ": ";
    if (!choice) return refuse(row + choice.error().what + ": " + choice.error().why, choice.error().what_to_do);
    if (choice->role == study::Role::main && !main.insert(choice->unit).second)
      return refuse(row + core::to_string(choice->unit) + " is there twice", "Name every main unit once");
    units.push_back(*std::move(choice));
    if (units.size() > kMaxUnits) return refuse("there are more than 10000 units", "Name fewer");
  }
  if (main.empty()) return refuse("no unit has the role main", "Name at least one");
  return units;
}

std::string units_csv(const std::vector<UnitChoice>& units, const net::Model& model) {
  std::string csv =
      core::csv_row({"unit", "layer_name", "kernel_size", "feature_map_number", "role", "hand_picked", "picture"});
  for (const UnitChoice& choice : units)
    csv += core::csv_row({core::to_string(choice.unit), short_layer_name(choice.unit.layer),
                          net::branch_of(model, choice.unit), std::to_string(choice.unit.channel),
                          std::string(study::to_string(choice.role)), choice.hand_picked ? "true" : "false",
                          choice.picture});
  return csv;
}

std::vector<int> sampled_layers(const net::Model& model) {
  std::vector<int> joined, all;
  for (const int node : model.unit_layers) {
    if (node == model.logits || node == model.probabilities) continue;
    all.push_back(node);
    if (model.graph.nodes[static_cast<std::size_t>(node)].op == net::Op::concat) joined.push_back(node);
  }
  if (!joined.empty()) return joined;
  return all.empty() ? model.unit_layers : all;
}

base::Result<std::vector<UnitChoice>> sample_units(const net::Model& model, int per_layer, std::uint64_t seed) {
  constexpr std::array<std::string_view, 2> kBranches = {"3x3", "pool"};
  std::vector<UnitChoice> units;
  for (const int node : sampled_layers(model)) {
    const auto index = static_cast<std::size_t>(node);
    const std::string& layer = model.graph.nodes[index].name;
    const int channels = model.shapes[index].channels;
    std::vector<std::vector<int>> pools;
    for (const std::string_view branch : kBranches)
      if (auto pool = channels_of(model, layer, channels, branch); !pool.empty()) pools.push_back(std::move(pool));
    if (pools.empty()) pools.push_back(channels_of(model, layer, channels, {}));
    base::Rng rng(seed, "units of " + layer);
    for (int drawn = 0; drawn < per_layer; ++drawn) {
      std::vector<int>& pool = pools[static_cast<std::size_t>(drawn) % pools.size()];
      if (pool.empty())
        return base::Error{"So many units cannot be drawn from " + layer,
                           std::to_string(per_layer) + " are more than its branches hold",
                           "Ask for fewer with --per-layer"};
      const auto at = pool.begin() + rng.below(static_cast<int>(pool.size()));
      units.push_back({{layer, *at, std::nullopt}, study::Role::main, false, {}});
      pool.erase(at);
    }
  }
  return units;
}

}  // namespace engine
