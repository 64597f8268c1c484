// What a fuzz target does with an importer's answer: everything that opening a model does with a graph before it runs.
#pragma once
#include <cstdint>
#include <cstdlib>
#include <span>

#include "base/result.h"
#include "net/shapes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace fuzz {

inline void use(const base::Result<net::Graph>& graph) {
  if (!graph) {
    if (graph.error().sentence().find("cannot be opened: ") == std::string::npos) std::abort();
    return;
  }
  const int channels = graph->declared_input.channels != 0 ? graph->declared_input.channels : 3;
  const auto shapes = net::infer_shapes(*graph, channels, {32, 24});
  if (!shapes) return;
  if (net::receptive_fields(*graph, *shapes).size() != graph->nodes.size()) std::abort();
  for (std::size_t i = 0; i < graph->nodes.size(); ++i) {
    if (graph->find(graph->nodes[i].name) != static_cast<int>(i)) std::abort();  // a name means exactly that tensor
    for (const int input : graph->nodes[i].inputs)
      if (input >= static_cast<int>(i)) std::abort();  // topological order
  }
  if (net::main_path(*graph, static_cast<int>(graph->nodes.size()) - 1).empty()) std::abort();
}

}  // namespace fuzz
