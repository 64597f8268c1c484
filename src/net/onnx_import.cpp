#include "net/onnx_import.h"

#include <protozero/exception.hpp>
#include <unordered_set>

#include "net/graph_passes.h"
#include "net/onnx_ops.h"

namespace net {
namespace {

constexpr int kOldestOpset = 7;
constexpr int kNewestOpset = 24;

void require_known_opset(int opset) {
  if (opset < kOldestOpset || opset > kNewestOpset)
    throw Refusal{"its operator set " + std::to_string(opset) + " is not among those that are known, " +
                      std::to_string(kOldestOpset) + " to " + std::to_string(kNewestOpset),
                  "Export it again with one of these."};
}

// The one input that is the picture: files of the oldest kind list their initializers among the inputs.
const onnx::Value& picture_input(const onnx::File& file) {
  std::unordered_set<std::string> initializers;
  for (const onnx::Tensor& tensor : file.initializers) initializers.insert(tensor.name);
  const onnx::Value* picture = nullptr;
  for (const onnx::Value& input : file.inputs) {
    if (initializers.contains(input.name)) continue;
    if (picture != nullptr)
      throw Refusal{"it has two inputs, " + picture->name + " and " + input.name + ", and only one is a picture"};
    picture = &input;
  }
  if (picture == nullptr || picture->name.empty()) throw Refusal{"it has no input"};
  if (!picture->dims.empty() && picture->dims.size() != 4)
    throw Refusal{"its input " + picture->name + " has " + std::to_string(picture->dims.size()) +
                  " dimensions, not 4 (pictures, channels, rows, columns)"};
  return *picture;
}

void add_input(const onnx::Value& picture, onnx::Import& import) {
  if (!picture.dims.empty()) {
    import.declared_pictures = picture.dims[0];
    import.graph.declared_input = {static_cast<int>(picture.dims[1]), static_cast<int>(picture.dims[2]),
                                   static_cast<int>(picture.dims[3])};
  }
  import.graph.nodes.push_back({picture.name, Op::input, {}, {}, {}, false});
  import.graph.index_of[picture.name] = 0;
  import.meanings.emplace(picture.name, onnx::Flow{});
  import.known.push_back(import.graph.declared_input);
}

// What the file calls its outputs; one that is no tensor of the network is left out.
std::vector<int> outputs_of(const onnx::File& file, const onnx::Import& import) {
  std::vector<int> outputs;
  for (const onnx::Value& output : file.outputs)
    if (const auto found = import.meanings.find(output.name); found != import.meanings.end())
      if (const auto* flow = std::get_if<onnx::Flow>(&found->second)) outputs.push_back(flow->node);
  return outputs;
}

Graph build(const onnx::File& file, WeightFiles& files) {
  require_known_opset(file.opset);
  onnx::Import import(files);
  import.opset = file.opset;
  for (const onnx::Tensor& tensor : file.initializers)
    if (!import.meanings.emplace(tensor.name, onnx::Stored{&tensor, tensor.dims}).second)
      throw Refusal{"two tensors in it are named " + tensor.name};
  add_input(picture_input(file), import);
  for (const onnx::Node& node : file.nodes) onnx::convert(node, import);
  if (import.graph.nodes.size() < 2) throw Refusal{"it has no layers"};
  import.graph.outputs = outputs_of(file, import);
  for (const auto& [module, node] : import.by_module)
    if (node && !import.graph.index_of.contains(module)) import.graph.aliases.emplace(module, *node);
  import.graph.weight_files = files.used();
  return std::move(import.graph);
}

}  // namespace

base::Result<Graph> import_onnx(std::span<const std::byte> bytes, const std::string& name,
                                const std::filesystem::path& folder, bool mapped) {
  const std::string what = "The model " + name + " cannot be opened";
  try {
    const onnx::File file = onnx::read_file({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    WeightFiles files(folder, mapped);
    Graph graph = build(file, files);
    fold_scales(graph);
    add_pre_relu_views(graph);
    return graph;
  } catch (const Refusal& refusal) {
    return base::Error{what, refusal.why, refusal.what_to_do};
  } catch (const protozero::exception& exception) {
    return base::Error{what, std::string("it is damaged or no ONNX file (") + exception.what() + ")",
                       "Copy or export it again."};
  }
}

}  // namespace net
