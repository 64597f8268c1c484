#include "net/model.h"

#include <algorithm>
#include <cstdlib>
#include <span>
#include <system_error>

#include "base/hash.h"
#include "core/file.h"
#include "net/graphdef_import.h"
#include "net/input_presets.h"
#include "net/onnx_import.h"
#include "net/refusal.h"
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
                       "its input has " + std::to_string(declared.channels) + " channels and its sidecar says " +
                           std::to_string(model.input.channels),
                       "The channels are \"RGB\", \"BGR\" or \"grey\"; a network of other channels has no sidecar and "
                       "is fed with --tensor.");
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
// and additions, each concat by its view before the ReLUs where it has one. A network that has none of these is studied
// at everything that it computes.
base::Status choose_unit_layers(Model& model) {
  const int target = model.logits.value_or(last_layer(model.graph));
  std::vector<int> path = main_path(model.graph, target);
  std::erase(path, model.graph.input);
  for (const int index : path) {
    const Node& node = model.graph.nodes[static_cast<std::size_t>(index)];
    const bool studied = node.op == Op::convolution || node.op == Op::linear || node.op == Op::concat ||
                         (node.op == Op::add && node.inputs.size() > 1);
    if (!studied && index != model.logits) continue;
    const std::optional<int> view = model.graph.find(node.name + "_pre_relu");
    const bool has_view = view && model.graph.nodes[static_cast<std::size_t>(*view)].only_a_view;
    model.unit_layers.push_back(has_view ? *view : index);
  }
  if (model.unit_layers.empty()) model.unit_layers = std::move(path);
  if (!model.unit_layers.empty()) return {};
  return cannot_open(model.path,
                     "nothing is computed between its input and " +
                         model.graph.nodes[static_cast<std::size_t>(target)].name + ", so that it has no units",
                     "Choose a model with layers.");
}

// Shapes, receptive fields and what follows from them; the input rule is there.
base::Status complete(Model& model) {
  if (const core::Size crop = model.input.framing.crop; std::max(crop.width_px, crop.height_px) > kMaxInputSide_px)
    return cannot_open(model.path,
                       "its input " + model.graph.nodes[static_cast<std::size_t>(model.graph.input)].name +
                           " is made for pictures of " + sides(crop.height_px, crop.width_px) +
                           " pixels, and at most " + std::to_string(kMaxInputSide_px) + " on a side are fed",
                       "Export the model for smaller pictures.");
  base::Result<std::vector<Shape>> shapes = infer_shapes(model.graph, model.input.channels, model.input.framing.crop);
  if (!shapes)
    return cannot_open(model.path, shapes.error().what + ": " + shapes.error().why, shapes.error().what_to_do);
  model.shapes = std::move(*shapes);
  model.fields = receptive_fields(model.graph, model.shapes);
  return {};
}

base::Status apply_sidecar(Model& model, const Sidecar& sidecar) {
  model.labels = sidecar.labels;
  if (base::Status fits = check_input(model, sidecar.input_name); !fits) return fits;
  base::Result<std::optional<int>> logits = named_output(model, "logits", sidecar.logits);
  if (!logits) return logits.error();
  model.logits = *logits;
  base::Result<std::optional<int>> probabilities = named_output(model, "probabilities", sidecar.probabilities);
  if (!probabilities) return probabilities.error();
  model.probabilities = *probabilities;
  return {};
}

// Where no sidecar says which they are: the file's only output, and what its softmax reads.
void find_logits(Model& model) {
  if (model.graph.outputs.size() != 1) return;
  const int output = model.graph.outputs.front();
  const Shape& shape = model.shapes[static_cast<std::size_t>(output)];
  const Node& node = model.graph.nodes[static_cast<std::size_t>(output)];
  if (shape.rows != 1 || shape.cols != 1) return;
  if (node.op == Op::softmax) model.probabilities = output;
  model.logits = node.op == Op::softmax ? node.inputs.front() : output;
}

// The channels and size that the file states; what it leaves open is what its first layer says, and `open_size`.
InputRule input_of_file(const Graph& graph, core::Size open_size) {
  InputRule rule;
  const Shape& declared = graph.declared_input;
  rule.channels = declared.channels;
  for (const Node& node : graph.nodes) {
    if (rule.channels != 0) break;
    const bool reads_input = !node.inputs.empty() && node.inputs.front() == graph.input;
    if (reads_input && node.op == Op::convolution)
      rule.channels = static_cast<int>(node.buffers[0].shape[1]) * std::get<Convolution>(node.attributes).groups;
  }
  if (rule.channels == 0) rule.channels = 3;
  rule.framing.crop = {declared.cols != 0 ? declared.cols : open_size.width_px,
                       declared.rows != 0 ? declared.rows : open_size.height_px};
  rule.framing.resize_short_side_px = std::max(rule.framing.crop.width_px, rule.framing.crop.height_px);
  return rule;
}

base::Result<Graph> import_graph(std::span<const std::byte> file, const fs::path& path) {
  // A GraphDef begins with its first node (field 1, a message), an ONNX file with its version (field 1, a number).
  const bool is_graphdef = !file.empty() && file.front() == std::byte{0x0A};
  if (is_graphdef) return import_graphdef(file, path.string());
  const fs::path folder = path.parent_path();
  return import_onnx(file, path.string(), folder.empty() ? fs::path(".") : folder, /*mapped=*/true);
}

void add_large(base::Sha256& sha, std::span<const std::byte> bytes) {
  constexpr std::size_t kPiece = 16U << 20;
  for (std::size_t from = 0; from < bytes.size(); from += kPiece) {
    const auto piece = bytes.subspan(from, std::min(kPiece, bytes.size() - from));
    sha.add(piece);
    core::MappedFile::release(piece);
  }
}

// What a hash of a model covers: the file, the sidecar or the chosen rule, and the files that hold weights.
base::Result<std::string> hash_of(const core::MappedFile& file, const std::vector<std::byte>& said, const Graph& graph,
                                  const fs::path& path) {
  base::Sha256 sha;
  add_large(sha, file.bytes());
  sha.add(said);
  for (const std::string& weights : graph.weight_files) {
    const auto other = core::MappedFile::open(path.parent_path() / weights, kMaxModelBytes, "The weights");
    if (!other) return other.error();
    add_large(sha, other->bytes());
  }
  return sha.hex();
}

base::Error no_sidecar(const fs::path& path, const fs::path& sidecar) {
  return cannot_open(
      path, "there is no " + sidecar.filename().string() + " beside it that says how pictures are fed to it",
      "Say it with --input " + input_preset_names() + ", or write a sidecar of the form " + sidecar_example() + '.');
}

// The sidecar that was given, or the one beside a model, as it is and as what it says; neither where there is none.
struct Said {
  std::vector<std::byte> bytes;
  std::optional<Sidecar> sidecar;
};
base::Result<Said> read_sidecar(const fs::path& path, const std::string& given) {
  if (!given.empty()) {
    base::Result<Sidecar> sidecar = parse_sidecar(given, path.string());
    if (!sidecar) return sidecar.error();
    const auto bytes = std::as_bytes(std::span(given));
    return Said{{bytes.begin(), bytes.end()}, std::move(*sidecar)};
  }
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return Said{};
  base::Result<std::vector<std::byte>> json = core::read_file(path, kMaxSidecarBytes, "The sidecar");
  if (!json) return json.error();
  base::Result<Sidecar> sidecar =
      parse_sidecar({reinterpret_cast<const char*>(json->data()), json->size()}, path.string());
  if (!sidecar) return sidecar.error();
  return Said{std::move(*json), std::move(*sidecar)};
}

// The graph and the hash: all for which the file is needed.
base::Status read_model_file(Model& model, const std::vector<std::byte>& said) {
  const base::Result<core::MappedFile> file = core::MappedFile::open(model.path, kMaxModelBytes, "The model");
  if (!file) return file.error();
  base::Result<Graph> graph = import_graph(file->bytes(), model.path);
  if (!graph) return graph.error();
  model.graph = std::move(*graph);
  base::Result<std::string> hash = hash_of(*file, said, model.graph, model.path);
  if (!hash) return hash.error();
  model.sha256 = std::move(*hash);
  return {};
}

}  // namespace

base::Result<std::shared_ptr<const Model>> open_model(const fs::path& path, const OpenOptions& options) {
  std::error_code ignored;
  base::Result<Said> said = read_sidecar(sidecar_path(path), options.sidecar);
  if (!said) return said.error();
  const std::optional<Sidecar>& sidecar = said->sidecar;
  if (!sidecar && options.input_preset.empty() && !options.without_input && fs::exists(path, ignored))
    return no_sidecar(path, sidecar_path(path));
  auto model = std::make_shared<Model>();
  model->path = path;
  model->name = sidecar && !sidecar->name.empty() ? sidecar->name : path.stem().string();
  for (const char letter : options.input_preset) said->bytes.push_back(static_cast<std::byte>(letter));
  if (base::Status read = read_model_file(*model, said->bytes); !read) return read.error();

  model->input = sidecar ? sidecar->input : input_of_file(model->graph, options.open_size);
  if (!options.input_preset.empty()) {
    base::Result<InputRule> rule = input_preset(options.input_preset, model->input.channels, model->input.framing.crop);
    if (!rule) return rule.error();
    model->input = std::move(*rule);
  }
  model->knows_input = sidecar || !options.input_preset.empty();
  if (sidecar)
    if (base::Status applied = apply_sidecar(*model, *sidecar); !applied) return applied.error();
  if (base::Status done = complete(*model); !done) return done.error();
  if (!sidecar) find_logits(*model);
  if (base::Status fit = check_labels(*model); !fit) return fit.error();
  if (base::Status chosen = choose_unit_layers(*model); !chosen) return chosen.error();
  return std::shared_ptr<const Model>(std::move(model));
}

fs::path sidecar_path(const fs::path& model) {
  fs::path sidecar = model;
  return sidecar.replace_extension(".json");
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
