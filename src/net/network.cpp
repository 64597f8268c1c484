#include "net/network.h"

#include <torch/version.h>

#include <algorithm>
#include <numeric>

#include "net/input_presets.h"
#include "net/network_impl.h"
#include "net/shapes.h"

namespace net {
namespace {

using torch::Tensor;

// Pictures in one pass of a GPU. It never changes: a convolution's result differs in the last bits between batch sizes.
constexpr int kChunk = 32;

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

std::string text(core::Size size) {
  return std::to_string(size.width_px) + "×" + std::to_string(size.height_px);
}

Tensor wrapped(const Buffer& buffer, torch::Device device) {
  // from_blob takes a non-const pointer; nothing here ever writes to a weight.
  auto* values = const_cast<float*>(buffer.values.data());
  return torch::from_blob(values, buffer.shape, torch::kFloat).to(device);
}

Tensor per_channel(const std::vector<float>& values, int channels, float without, torch::Device device) {
  std::vector<float> filled = values;
  filled.resize(at(channels), values.empty() ? without : values.back());
  return torch::tensor(filled).view({1, channels, 1, 1}).to(device);
}

// Bytes to 0…1, channels-last in memory as the bytes are. [n, 3, rows, cols]
Tensor as_tensor(std::span<const core::Image> pictures) {
  const core::Size size = pictures.front().size;
  Tensor bytes =
      torch::empty({static_cast<std::int64_t>(pictures.size()), size.height_px, size.width_px, 3}, torch::kByte);
  std::uint8_t* place = bytes.data_ptr<std::uint8_t>();
  for (const core::Image& picture : pictures) place = std::ranges::copy(picture.rgb, place).out;
  return bytes.to(torch::kFloat).div_(255.0).permute({0, 3, 1, 2});
}

Activations to_activations(const std::vector<Tensor>& chunks, int pictures) {
  const Tensor all = at::cat(chunks, 0).narrow(0, 0, pictures).to(torch::kCPU, torch::kFloat).contiguous();
  const Shape shape{static_cast<int>(all.size(1)), static_cast<int>(all.size(2)), static_cast<int>(all.size(3))};
  const float* values = all.data_ptr<float>();
  return {pictures, shape, {values, values + all.numel()}};
}

// Runs [n, …] in chunks, the last one filled up with its last picture.
base::Result<std::vector<Activations>> in_chunks(Network::Impl& impl, const Tensor& pictures,
                                                 std::span<const Wanted> wanted, const core::StopFlag* stop) {
  torch::NoGradGuard no_gradients;
  const std::shared_ptr<Program> program = impl.program(wanted);
  const auto count = static_cast<int>(pictures.size(0));
  std::vector<std::vector<Tensor>> answers(wanted.size());
  for (int first = 0; first < count; first += kChunk) {
    Tensor chunk = pictures.narrow(0, first, std::min(kChunk, count - first));
    if (const std::int64_t missing = kChunk - chunk.size(0); missing > 0)
      chunk = at::cat({chunk, chunk.narrow(0, chunk.size(0) - 1, 1).expand({missing, -1, -1, -1})}, 0);
    auto results = impl.forward(chunk, *program, stop);
    if (!results) return results.error();
    for (std::size_t i = 0; i < answers.size(); ++i) answers[i].push_back((*results)[i]);
  }
  std::vector<Activations> activations;
  for (const auto& chunks : answers) activations.push_back(to_activations(chunks, count));
  return activations;
}

// Of the unit's activation with respect to one picture, [1, channels, rows, cols].
base::Result<Activations> gradient(Network::Impl& impl, const Tensor& picture, const core::Unit& unit,
                                   const core::StopFlag* stop) {
  const core::Size size{static_cast<int>(picture.size(3)), static_cast<int>(picture.size(2))};
  const auto wanted = impl.wanted(unit, size);
  if (!wanted) return wanted.error();
  const Tensor leaf = picture.to(impl.torch_device).detach().clone().requires_grad_(true);
  const auto answers = impl.forward(leaf, *impl.program(std::span(&*wanted, 1)), stop);
  if (!answers) return answers.error();
  const Tensor& map = answers->front();
  const Tensor activation = unit.neuron ? map.select(3, unit.neuron->x).select(2, unit.neuron->y).sum() : map.mean();
  return to_activations({torch::autograd::grad({activation}, {leaf})[0]}, 1);
}

base::Status check_size(const Model& model, core::Size size) {
  const int least = std::max(1, model.input.min_side_px);
  if (std::min(size.width_px, size.height_px) >= least) return {};
  return base::Error{"A picture of " + text(size) + " pixels cannot be fed to " + model.name,
                     "its sides must be at least " + std::to_string(least) + " pixels", "Use a larger picture."};
}

// Sets Impl::as_it_is for one answer.
class AsItIs {
 public:
  explicit AsItIs(Network::Impl& impl) : impl_(impl) { impl_.as_it_is = true; }
  ~AsItIs() { impl_.as_it_is = false; }
  AsItIs(const AsItIs&) = delete;
  AsItIs& operator=(const AsItIs&) = delete;

 private:
  Network::Impl& impl_;
};

base::Status check_pictures(const Model& model, std::span<const core::Image> pictures) {
  CHECK(!pictures.empty(), "no pictures");
  for (const core::Image& picture : pictures)
    CHECK(picture.size == pictures.front().size && !picture.empty(), "pictures of one size are fed together");
  if (const auto possible = takes_pictures(model); !possible) return possible;
  return check_size(model, pictures.front().size);
}

base::Status check_wanted(const Model& model, std::span<const Wanted> wanted) {
  CHECK(!wanted.empty(), "nothing is asked");
  for (const Wanted& one : wanted) {
    CHECK(one.node >= 0 && at(one.node) < model.graph.nodes.size(), "a node that the graph does not have");
    const int channels = model.shapes[at(one.node)].channels;
    for (const int channel : one.channels)
      if (channel < 0 || channel >= channels)
        return base::Error{
            "The layer " + model.graph.nodes[at(one.node)].name + " has no channel " + std::to_string(channel),
            "it has " + std::to_string(channels), "Choose a channel from 0 to " + std::to_string(channels - 1) + "."};
  }
  return {};
}

Network::UnitResponse unit_response(Activations answer, const core::Unit& unit) {
  const float activation = activation_of(answer.values, unit.neuron, answer.shape.cols);
  return {{answer.shape.rows, answer.shape.cols, std::move(answer.values)}, activation};
}

}  // namespace

float activation_of(std::span<const float> map, const std::optional<core::Cell>& neuron, int cols) {
  if (neuron) return map[at(neuron->y) * at(cols) + at(neuron->x)];
  return static_cast<float>(std::accumulate(map.begin(), map.end(), 0.0) / static_cast<double>(map.size()));
}

bool cuda_available() {
  return torch::cuda::is_available();
}

std::string torch_version() {
  return TORCH_VERSION;
}

void set_threads_here(int threads) {
  torch::set_num_threads(threads);
}

base::Error error_from(const std::exception& thrown, const std::string& what) {
  if (dynamic_cast<const Stopped*>(&thrown) != nullptr) return stopped();
  std::string why = thrown.what();
  const bool no_memory = dynamic_cast<const std::bad_alloc*>(&thrown) != nullptr ||
                         why.find("out of memory") != std::string::npos ||
                         why.find("allocate memory") != std::string::npos;
  if (no_memory)
    return {what, "there is not enough memory", "Use a smaller picture or batch, or close other programs."};
  why = why.substr(0, why.find('\n'));
  return {what, why, "This is a fault in unitscope or in LibTorch " + torch_version() + "; please report it."};
}

Network::Impl::Impl(std::shared_ptr<const Model> the_model, Device the_device)
    : model(std::move(the_model)),
      device(the_device),
      torch_device(the_device == Device::cuda ? torch::kCUDA : torch::kCPU) {
  CHECK(model->shapes.size() == model->graph.nodes.size(), "a model without shapes");
  for (const Node& node : model->graph.nodes) {
    auto& tensors = buffers.emplace_back();
    for (const Buffer& buffer : node.buffers) tensors.push_back(wrapped(buffer, torch_device));
  }
  // fed = (scale · x + shift) / divide
  const InputRule& rule = model->input;
  const Tensor divide = per_channel(rule.divide, rule.channels, 1.0F, torch_device);
  scale_of_input = rule.scale / divide;
  shift_of_input = per_channel(rule.shift, rule.channels, 0.0F, torch_device) / divide;
  if (device == Device::cpu) cpu = std::make_unique<CpuNetwork>(model);
}

torch::Tensor Network::Impl::fed(const Tensor& pictures) const {
  Tensor x = pictures.to(torch_device);
  if (as_it_is) return x.contiguous(at::MemoryFormat::ChannelsLast);
  if (model->input.channels == 1 && x.size(1) == 3)  // ITU-R 601 luma, as Pillow's "L"
    x = x.narrow(1, 0, 1) * 0.299 + x.narrow(1, 1, 1) * 0.587 + x.narrow(1, 2, 1) * 0.114;
  if (!model->input.rgb) x = x.flip(1);
  return (x * scale_of_input + shift_of_input).contiguous(at::MemoryFormat::ChannelsLast);
}

base::Result<Wanted> Network::Impl::wanted(const core::Unit& unit, core::Size picture) const {
  const std::optional<int> node = model->graph.find(unit.layer);
  if (!node)
    return base::Error{"The model " + model->name + " has no layer " + unit.layer, "no tensor of it has this name",
                       "List the layers with `unitscope-cli info`."};
  const Wanted asked{*node, {unit.channel}};
  if (const auto valid = check_wanted(*model, std::span(&asked, 1)); !valid) return valid.error();
  const auto shapes = infer_shapes(model->graph, model->input.channels, picture, {*node});
  if (!shapes) return shapes.error();
  const Shape shape = (*shapes)[at(*node)];
  if (unit.neuron &&
      (unit.neuron->y < 0 || unit.neuron->y >= shape.rows || unit.neuron->x < 0 || unit.neuron->x >= shape.cols))
    return base::Error{
        "There is no neuron " + core::to_string(unit),
        "the map of this layer is " + std::to_string(shape.rows) + " rows by " + std::to_string(shape.cols) +
            " columns for a picture of " + text(picture) + " pixels",
        "Choose @y,x from @0,0 to @" + std::to_string(shape.rows - 1) + "," + std::to_string(shape.cols - 1) + "."};
  return asked;
}

base::Error no_activation(const core::Unit& unit) {
  return {"The unit " + core::to_string(unit) + " has no activation here",
          "the network computed no number (NaN or infinity)", "Its weights may be damaged; try another unit."};
}

base::Status takes_pictures(const Model& model) {
  const std::string what = "A picture cannot be fed to " + model.name;
  if (model.input.channels != 3 && model.input.channels != 1)
    return base::Error{
        what,
        "the model takes " + std::to_string(model.input.channels) + " channels and a picture has 3 (or 1 as grey)",
        "Feed it numbers with --tensor x.npy, or use a model of pictures."};
  if (!model.knows_input)
    return base::Error{what, "it has no sidecar that says how pictures are fed to it",
                       "Say it with --input " + input_preset_names() + "."};
  return {};
}

base::Result<std::unique_ptr<Network>> Network::create(std::shared_ptr<const Model> model, Device device) {
  if (device == Device::cuda && !cuda_available())
    return base::Error{"The network cannot run on CUDA",
                       "LibTorch " + torch_version() + " finds no CUDA device, or was built without CUDA",
                       "Use the CPU, or build with a LibTorch for CUDA (UNITSCOPE_TORCH)."};
  // Truth is float32: no TF32, and no choice of algorithm by a race between them.
  at::globalContext().setAllowTF32CuBLAS(false);
  at::globalContext().setAllowTF32CuDNN(false);
  at::globalContext().setBenchmarkCuDNN(false);
  const std::string what = "The network cannot be set up for " + model->name;
  return guarded(what, [&]() -> base::Result<std::unique_ptr<Network>> {
    return std::unique_ptr<Network>(new Network(std::make_unique<Impl>(std::move(model), device)));
  });
}

Network::Network(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Network::~Network() = default;

const Model& Network::model() const {
  return *impl_->model;
}

Device Network::device() const {
  return impl_->device;
}

base::Result<std::vector<Activations>> Network::respond(std::span<const core::Image> pictures,
                                                        std::span<const Wanted> wanted, const core::StopFlag* stop) {
  if (const auto valid = check_pictures(model(), pictures); !valid) return valid.error();
  if (const auto valid = check_wanted(model(), wanted); !valid) return valid.error();
  return guarded("The activations cannot be computed", [&]() -> base::Result<std::vector<Activations>> {
    if (!impl_->cpu) return in_chunks(*impl_, as_tensor(pictures), wanted, stop);
    const core::Size size = pictures.front().size;
    const auto fed = [&](int i) { return impl_->cpu->fed(pictures[at(i)], {0, 0, size.height_px, size.width_px}); };
    return impl_->cpu->respond(static_cast<int>(pictures.size()), size, wanted, fed, stop);
  });
}

base::Result<std::vector<Activations>> Network::respond_floats(std::span<const float> values, int pictures, Shape shape,
                                                               std::span<const Wanted> wanted,
                                                               const core::StopFlag* stop) {
  CHECK(values.size() == at(pictures) * at(shape.channels) * at(shape.rows) * at(shape.cols), "as many values as said");
  CHECK(pictures > 0 && shape.channels == model().input.channels, "pictures with the channels of the model");
  if (const auto valid = check_size(model(), {shape.cols, shape.rows}); !valid) return valid.error();
  if (const auto valid = check_wanted(model(), wanted); !valid) return valid.error();
  return guarded("The activations cannot be computed", [&]() -> base::Result<std::vector<Activations>> {
    if (impl_->cpu) {
      const std::size_t each = values.size() / at(pictures);
      const auto fed = [&](int i) {
        const float* picture = values.data() + at(i) * each;
        return impl_->as_it_is ? interleaved(picture, shape) : impl_->cpu->fed(picture, shape);
      };
      return impl_->cpu->respond(pictures, {shape.cols, shape.rows}, wanted, fed, stop);
    }
    auto* data = const_cast<float*>(values.data());
    const Tensor floats = torch::from_blob(data, {pictures, shape.channels, shape.rows, shape.cols}, torch::kFloat);
    return in_chunks(*impl_, floats, wanted, stop);
  });
}

base::Result<std::vector<Activations>> Network::respond_tensor(std::span<const float> values, Shape shape,
                                                               std::span<const Wanted> wanted,
                                                               const core::StopFlag* stop) {
  const AsItIs as_it_is(*impl_);
  return respond_floats(values, 1, shape, wanted, stop);
}

base::Result<Activations> Network::input_gradient(const core::Image& picture, const core::Unit& unit,
                                                  const core::StopFlag* stop) {
  if (const auto valid = check_pictures(model(), std::span(&picture, 1)); !valid) return valid.error();
  return guarded("The gradient cannot be computed", [&] {
    return gradient(*impl_, as_tensor({&picture, 1}), unit, stop);
  });
}

base::Result<Activations> Network::input_gradient_of_tensor(std::span<const float> values, Shape shape,
                                                            const core::Unit& unit, const core::StopFlag* stop) {
  CHECK(values.size() == at(shape.channels) * at(shape.rows) * at(shape.cols), "as many values as said");
  const AsItIs as_it_is(*impl_);
  return guarded("The gradient cannot be computed", [&] {
    auto* data = const_cast<float*>(values.data());
    const Tensor x = torch::from_blob(data, {1, shape.channels, shape.rows, shape.cols}, torch::kFloat);
    return gradient(*impl_, x, unit, stop);
  });
}

base::Result<Network::UnitResponse> Network::respond(const core::Image& picture, const core::Unit& unit,
                                                     const core::StopFlag* stop) {
  const auto wanted = impl_->wanted(unit, picture.size);
  if (!wanted) return wanted.error();
  auto answers = respond(std::span(&picture, 1), std::span(&*wanted, 1), stop);
  if (!answers) return answers.error();
  return unit_response(std::move(answers->front()), unit);
}

base::Result<Network::UnitResponse> Network::respond_tensor(std::span<const float> values, Shape shape,
                                                            const core::Unit& unit, const core::StopFlag* stop) {
  const auto wanted = impl_->wanted(unit, {shape.cols, shape.rows});
  if (!wanted) return wanted.error();
  auto answers = respond_tensor(values, shape, std::span(&*wanted, 1), stop);
  if (!answers) return answers.error();
  return unit_response(std::move(answers->front()), unit);
}

base::Result<std::vector<float>> Network::activations(std::span<const core::Image> pictures, const core::Unit& unit,
                                                      const core::StopFlag* stop) {
  if (pictures.empty()) return std::vector<float>{};
  const auto wanted = impl_->wanted(unit, pictures.front().size);
  if (!wanted) return wanted.error();
  const auto answers = respond(pictures, std::span(&*wanted, 1), stop);
  if (!answers) return answers.error();
  const Activations& maps = answers->front();
  const std::size_t map_size = at(maps.shape.rows) * at(maps.shape.cols);
  std::vector<float> activations;
  for (std::size_t i = 0; i < pictures.size(); ++i)
    activations.push_back(
        activation_of(std::span(maps.values).subspan(i * map_size, map_size), unit.neuron, maps.shape.cols));
  return activations;
}

}  // namespace net
