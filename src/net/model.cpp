#include "net/model.h"

#include <algorithm>
#include <cstdlib>
#include <system_error>

#include "base/hash.h"
#include "core/file.h"
#include "net/onnx_import.h"
#include "net/sidecar.h"

namespace net {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxModelBytes = 2ULL << 30;
constexpr std::size_t kMaxSidecarBytes = 64ULL << 20;

base::Error cannot_open(const fs::path& path, const std::string& why, const std::string& what_to_do = {}) {
  return {"The model " + path.string() + " cannot be opened", why, what_to_do};
}

std::optional<int> find(const Graph& graph, const std::string& name) {
  if (const std::optional<int> node = graph.find(name)) return node;
  const auto alias = graph.aliases.find(name);
  return alias == graph.aliases.end() ? std::nullopt : std::optional(alias->second);
}

std::string sides(int rows, int cols) {
  return std::to_string(cols) + "×" + std::to_string(rows);
}

// What the file says of its input and what the sidecar says must be one thing.
base::Status check_input(const Model& model, const std::string& input_name) {
  const Shape& declared = model.graph.declared_input;
  const core::Size crop = model.input.framing.crop;
  if (!input_name.empty() && input_name != model.graph.nodes[static_cast<std::size_t>(model.graph.input)].name)
    return cannot_open(model.path, "its sidecar speaks of an input " + input_name + " and the file has none");
  if (declared.channels != 0 && declared.channels != model.input.channels)
    return cannot_open(model.path,
                       "its input has " + std::to_string(declared.channels) + " channels and pictures have three",
                       "The input must be [pictures, 3, rows, columns].");
  if ((declared.rows != 0 && declared.rows != crop.height_px) || (declared.cols != 0 && declared.cols != crop.width_px))
    return cannot_open(model.path, "it is made for pictures of " + sides(declared.rows, declared.cols) +
                                       " and its sidecar crops them to " + sides(crop.height_px, crop.width_px));
  return {};
}

base::Result<std::optional<int>> named_output(const Model& model, const char* key, const std::string& name) {
  if (name.empty()) return std::optional<int>();
  if (const std::optional<int> node = find(model.graph, name)) return node;
  const auto refused = model.graph.refused_names.find(name);
  return cannot_open(model.path,
                     std::string("its sidecar names ") + name + " as its " + key + ", which it does not have" +
                         (refused == model.graph.refused_names.end() ? "" : " (" + refused->second + ')'),
                     "Its last layer is " + model.graph.nodes.back().name + '.');
}

base::Status check_labels(const Model& model) {
  if (model.labels.empty()) return {};
  if (!model.logits)
    return cannot_open(model.path, "its sidecar has labels but does not say which node the logits are");
  const int logits = model.shapes[static_cast<std::size_t>(*model.logits)].channels;
  if (logits != static_cast<int>(model.labels.size()))
    return cannot_open(model.path, "its sidecar has " + std::to_string(model.labels.size()) + " labels for " +
                                       std::to_string(logits) + " logits");
  return {};
}

int last_layer(const Graph& graph) {
  int last = static_cast<int>(graph.nodes.size()) - 1;
  while (graph.nodes[static_cast<std::size_t>(last)].only_a_view) --last;
  return last;
}

// The rule: of what every path from the input to the logits passes through, the convolutions, linear layers, concats
// and additions, each concat by its view before the ReLUs where it has one.
std::vector<int> choose_unit_layers(const Model& model) {
  const int target = model.logits.value_or(last_layer(model.graph));
  std::vector<int> layers;
  for (const int index : main_path(model.graph, target)) {
    const Node& node = model.graph.nodes[static_cast<std::size_t>(index)];
    const bool studied = node.op == Op::convolution || node.op == Op::linear || node.op == Op::concat ||
                         (node.op == Op::add && node.inputs.size() > 1);
    if (!studied && index != model.logits) continue;
    const std::optional<int> view = model.graph.find(node.name + "_pre_relu");
    const bool has_view = view && model.graph.nodes[static_cast<std::size_t>(*view)].only_a_view;
    layers.push_back(has_view ? *view : index);
  }
  return layers;
}

base::Status complete(Model& model, const Sidecar& sidecar) {
  model.input = sidecar.input;
  model.labels = sidecar.labels;
  if (base::Status fits = check_input(model, sidecar.input_name); !fits) return fits;
  base::Result<std::optional<int>> logits = named_output(model, "logits", sidecar.logits);
  if (!logits) return logits.error();
  model.logits = *logits;
  base::Result<std::optional<int>> probabilities = named_output(model, "probabilities", sidecar.probabilities);
  if (!probabilities) return probabilities.error();
  model.probabilities = *probabilities;

  base::Result<std::vector<Shape>> shapes = infer_shapes(model.graph, model.input.channels, model.input.framing.crop);
  if (!shapes)
    return cannot_open(model.path, shapes.error().what + ": " + shapes.error().why, shapes.error().what_to_do);
  model.shapes = std::move(*shapes);
  model.fields = receptive_fields(model.graph, model.shapes);
  if (base::Status fit = check_labels(model); !fit) return fit;
  model.unit_layers = choose_unit_layers(model);
  return {};
}

}  // namespace

base::Result<std::shared_ptr<const Model>> open_model(const fs::path& path) {
  const base::Result<std::vector<std::byte>> file = core::read_file(path, kMaxModelBytes, "The model");
  if (!file) return file.error();
  fs::path sidecar_path = path;
  sidecar_path.replace_extension(".json");
  std::error_code ignored;
  if (!fs::exists(sidecar_path, ignored))
    return cannot_open(
        path, "there is no " + sidecar_path.filename().string() + " beside it that says how pictures are fed to it",
        "Write one of the form " + sidecar_example() + '.');
  const base::Result<std::vector<std::byte>> json = core::read_file(sidecar_path, kMaxSidecarBytes, "The sidecar");
  if (!json) return json.error();
  const base::Result<Sidecar> sidecar =
      parse_sidecar({reinterpret_cast<const char*>(json->data()), json->size()}, sidecar_path.string());
  if (!sidecar) return sidecar.error();
  base::Result<Graph> graph = import_onnx(*file, path.string());
  if (!graph) return graph.error();

  auto model = std::make_shared<Model>();
  model->name = sidecar->name.empty() ? path.stem().string() : sidecar->name;
  model->path = path;
  base::Sha256 sha;
  sha.add(*file);
  sha.add(*json);
  model->sha256 = sha.hex();
  model->graph = std::move(*graph);
  if (base::Status done = complete(*model, *sidecar); !done) return done.error();
  return std::shared_ptr<const Model>(std::move(model));
}

fs::path embedded_model_path() {
  const fs::path file = fs::path("models") / "inception-mini.onnx";
  std::vector<fs::path> folders;
  if (const char* assets = std::getenv("UNITSCOPE_ASSETS")) folders.emplace_back(assets);
  std::error_code failed;
  const fs::path binary = fs::read_symlink("/proc/self/exe", failed);
  if (!failed) {
    const fs::path beside = binary.parent_path();
    for (const char* folder : {"../assets", "../../assets", "../../../assets", "../share/unitscope"})
      folders.push_back((beside / folder).lexically_normal());
  }
  folders.emplace_back("assets");  // run from the source tree, built elsewhere
  for (const fs::path& folder : folders)
    if (fs::exists(folder / file, failed)) return folder / file;
  return folders.front() / file;
}

}  // namespace net
