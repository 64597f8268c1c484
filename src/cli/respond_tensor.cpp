// unitscope-cli respond --tensor: numbers fed as they are, for comparing with other frameworks.
#include <algorithm>
#include <system_error>

#include "base/hash.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/session.h"
#include "core/file.h"
#include "core/image_io.h"
#include "net/names.h"
#include "net/shapes.h"

namespace cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCommand = "unitscope-cli respond";
constexpr std::size_t kMaxTensorBytes = 1U << 30;

struct Tensor {
  std::vector<float> values;
  net::Shape shape;
  std::string sha256;
};

base::Result<Tensor> open_tensor(const std::string& path) {
  auto array = core::load_npy_array(path);
  if (!array) return array.error();
  const std::vector<std::int64_t>& shape = array->shape;
  constexpr std::int64_t kMostSide = 1 << 16;
  const bool fits = shape.size() == 4 && shape[0] == 1 &&
                    std::ranges::all_of(shape, [](std::int64_t side) { return side >= 1 && side <= kMostSide; });
  if (!fits)
    return base::Error{"The tensor " + path + " cannot be fed", "it is not [1, channels, rows, columns]",
                       "Save one of that shape with numpy, as float32"};
  const auto bytes = core::read_file(path, kMaxTensorBytes, "The tensor");
  if (!bytes) return bytes.error();
  base::Sha256 sha;
  sha.add(*bytes);
  const auto side = [&](std::size_t axis) { return static_cast<int>(shape[axis]); };
  return Tensor{std::move(array->values), {side(1), side(2), side(3)}, sha.hex()};
}

base::Status check(const RespondRequest& request) {
  if (request.image || request.spec_file)
    return base::Error{std::string(kCommand) + " was given --tensor and another input",
                       "a tensor takes the place of a picture", "Leave --image and --spec away"};
  if (request.feeding.preset)
    return base::Error{std::string(kCommand) + " was given --tensor and --input", "a tensor is fed as it is",
                       "Leave --input away"};
  if (request.all == request.unit.has_value())
    return base::Error{std::string(kCommand) + " --tensor needs a unit",
                       request.all ? "--all asks for every layer" : "--unit was not given",
                       "Give either --unit LAYER:CHANNEL or --all"};
  if ((request.all || request.gradient) && !request.out.path)
    return base::Error{std::string(kCommand) + " has nowhere to write to", "there is no --out",
                       "Give a folder with --out DIR"};
  return {};
}

Json description_of(const RespondRequest& request, const net::Model& model, const Tensor& tensor) {
  return {{"kind", "tensor-response"},
          {"version", 1},
          {"model", {{"path", model.path.string()}, {"sha256", model.sha256}}},
          {"tensor", {{"path", *request.tensor}, {"sha256", tensor.sha256}}},
          {"made_by", Json::parse(engine::to_json(made_by(request.machine)))}};
}

std::string numbered(const char* kind, std::size_t number) {
  std::string digits = std::to_string(number);
  digits.insert(0, digits.size() < 4 ? 4 - digits.size() : 0, '0');
  return std::string(kind) + digits + ".npy";
}

// The tensor's size decides where a layer with a fixed number of inputs does not.
std::vector<net::Wanted> every_layer(const net::Model& model, const Tensor& tensor) {
  std::vector<net::Wanted> wanted;
  const core::Size size{tensor.shape.cols, tensor.shape.rows};
  for (int node = 0; node < static_cast<int>(model.graph.nodes.size()); ++node)
    if (net::infer_shapes(model.graph, tensor.shape.channels, size, {node})) wanted.push_back({node, {}});
  return wanted;
}

std::vector<std::string> file_names(const RespondRequest& request, const std::vector<net::Wanted>& layers) {
  std::vector<std::string> names = {"spec.json"};
  if (!request.all) names.insert(names.end(), {"map.npy", "gradient.npy"});
  for (std::size_t i = 0; i < layers.size(); ++i) {
    names.push_back(numbered("map", i));
    if (request.gradient) names.push_back(numbered("gradient", i));
  }
  return names;
}

base::Result<Json> write_layers(const RespondRequest& request, net::Network& network, const Tensor& tensor,
                                const std::vector<net::Wanted>& wanted) {
  const net::Model& model = network.model();
  const fs::path folder = *request.out.path;
  const auto answers = network.respond_tensor(tensor.values, tensor.shape, wanted, &interrupt_flag());
  if (!answers) return answers.error();
  Json layers = Json::array();
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const net::Node& node = model.graph.nodes[static_cast<std::size_t>(wanted[i].node)];
    const net::Shape& shape = (*answers)[i].shape;
    Json layer = {{"layer", node.name},
                  {"op", net::to_string(node.op)},
                  {"shape", {shape.channels, shape.rows, shape.cols}},
                  {"file", numbered("map", i)}};
    if (const auto saved = save_npy(folder / numbered("map", i), (*answers)[i]); !saved) return saved.error();
    if (request.gradient && std::ranges::count(model.unit_layers, wanted[i].node) > 0) {
      const core::Unit unit{node.name, shape.channels / 2, std::nullopt};
      const auto gradient = network.input_gradient_of_tensor(tensor.values, tensor.shape, unit, &interrupt_flag());
      if (!gradient) return gradient.error();
      if (const auto saved = save_npy(folder / numbered("gradient", i), *gradient); !saved) return saved.error();
      layer["gradient"] = {{"unit", core::to_string(unit)}, {"file", numbered("gradient", i)}};
    }
    layers.push_back(std::move(layer));
  }
  return layers;
}

base::Result<Json> answer_unit(const RespondRequest& request, net::Network& network, const Tensor& tensor) {
  const auto unit = unit_asked(request.unit, {}, network.model(), kCommand);
  if (!unit) return unit.error();
  const auto answer = network.respond_tensor(tensor.values, tensor.shape, *unit, &interrupt_flag());
  if (!answer) return answer.error();
  const core::Map& map = answer->map;
  const auto range = extremes_of(map, answer->activation, *unit);
  if (!range) return range.error();
  Json files = Json::array();
  if (request.out.path) {
    const fs::path folder = *request.out.path;
    std::optional<net::Activations> gradient;
    if (request.gradient) {
      auto computed = network.input_gradient_of_tensor(tensor.values, tensor.shape, *unit, &interrupt_flag());
      if (!computed) return computed.error();
      gradient = std::move(*computed);
    }
    if (const auto saved = core::save_npy(folder / "map.npy", map); !saved) return saved.error();
    files.push_back((folder / "map.npy").string());
    if (const auto saved = save_or_remove(folder / "gradient.npy", gradient); !saved) return saved.error();
    if (gradient) files.push_back((folder / "gradient.npy").string());
  }
  return Json{{"unit", core::to_string(*unit)},
              {"description", net::describe(network.model(), *unit)},
              {"activation", decimal(answer->activation)},
              {"map",
               {{"rows", map.rows},
                {"cols", map.cols},
                {"min", decimal(range->lowest.value)},
                {"max", decimal(range->highest.value)}}},
              {"files", std::move(files)}};
}

std::string to_text(const Json& document) {
  if (document.contains("layers")) return std::to_string(document["layers"].size()) + " layers written\n";
  return document["unit"].get<std::string>() + " (" + document["description"].get<std::string>() + ")\nactivation " +
         rounded(document["activation"].get<double>()) + "\n";
}

}  // namespace

base::Result<Outcome> respond_to_tensor(const RespondRequest& request) {
  if (const auto valid = check(request); !valid) return valid.error();
  const auto tensor = open_tensor(*request.tensor);
  if (!tensor) return tensor.error();
  net::OpenOptions options;
  options.without_input = true;
  options.open_size = {tensor->shape.cols, tensor->shape.rows};
  const auto model = open_model({request.model.value_or(""), ""}, options);
  if (!model) return model.error();
  if ((*model)->input.channels != tensor->shape.channels)
    return base::Error{"The tensor " + *request.tensor + " cannot be fed to " + (*model)->name,
                       "it has " + std::to_string(tensor->shape.channels) + " channels and the network takes " +
                           std::to_string((*model)->input.channels),
                       "Give a tensor of [1, " + std::to_string((*model)->input.channels) + ", rows, columns]"};
  const std::vector<net::Wanted> layers = request.all ? every_layer(**model, *tensor) : std::vector<net::Wanted>();
  if (request.out.path) {
    if (const auto ready = may_write_into(request.out, file_names(request, layers), *request.tensor); !ready)
      return ready.error();
    std::error_code failed;
    fs::create_directories(*request.out.path, failed);
  }
  auto network = start_network(request.machine, *model);
  if (!network) return network.error();
  auto answer =
      request.all ? write_layers(request, **network, *tensor, layers) : answer_unit(request, **network, *tensor);
  if (!answer && answer.error().what == net::kStopped) return Outcome::interrupted;
  if (!answer) return answer.error();
  Json document = description_of(request, **model, *tensor);
  if (request.all)
    document["layers"] = std::move(*answer);
  else
    document.update(*answer);
  if (request.out.path) {
    const fs::path file = fs::path(*request.out.path) / "spec.json";
    if (const auto saved = core::save_text(file, document.dump(2) + "\n"); !saved) return saved.error();
  }
  if (request.talk.json)
    print_json(document);
  else
    print_text(to_text(document));
  return Outcome::done;
}

}  // namespace cli
