// units.csv: the units of an experiment and who chose them. Drawn by a seeded rule, or written by hand: the column
// "unit" takes any name of a unit, or the study's own columns stand there (layer_name, pre_post_relu, kernel_size,
// feature_map_number). The optional column "role" (main, catch, obvious, less-obvious) and "picture" (the query's file
// name) replace what the program would choose. Pure; any thread.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/unit.h"
#include "net/model.h"
#include "study/trial.h"

namespace engine {

struct UnitChoice {
  core::Unit unit;
  study::Role role = study::Role::main;
  bool hand_picked = false;
  std::string picture;  // the query; empty: chosen by rank
  bool operator==(const UnitChoice&) const = default;
};

// Refuses, naming the row: units that the model lacks, single neurons, a unit that is twice among the main ones. What
// was taken for another name than is written is appended to `said`, a sentence each.
base::Result<std::vector<UnitChoice>> read_units(std::string_view csv, const net::Model& model,
                                                 std::vector<std::string>* said = nullptr);
std::string units_csv(const std::vector<UnitChoice>& units, const net::Model& model);

// The layers that units are drawn from: those that join branches, or all layers of units but the logits.
std::vector<int> sampled_layers(const net::Model& model);
// So many of each of these layers, without repeats: in turn from the 3x3 and the pool branch where the layer has them
// (as the study drew its eighteen), else from the whole layer.
base::Result<std::vector<UnitChoice>> sample_units(const net::Model& model, int per_layer, std::uint64_t seed);

// "mixed4a" of "mixed4a_pre_relu".
std::string short_layer_name(const std::string& layer);

}  // namespace engine
