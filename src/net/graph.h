// The network as data: a topologically ordered list of nodes with their weights. No TorchScript, no pickle, no code
// from a file. Importers fill it (onnx_import.h), Network runs it (network.h), names.h finds units in it. Immutable
// once made and shared between threads. Torch-free.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

namespace net {

enum class Op {
  input,
  convolution,
  linear,
  relu,
  clip,
  sigmoid,
  tanh,
  leaky_relu,
  hard_sigmoid,
  hard_swish,
  gelu,
  erf,
  power,
  max_pool,
  average_pool,
  global_average_pool,
  global_max_pool,
  mean_over_channels,
  lrn,
  batch_norm,
  layer_norm,
  concat,
  channel_slice,
  channel_shuffle,
  add,
  subtract,
  multiply,
  divide,
  pad,
  flatten,
  softmax,
  identity
};
std::string_view to_string(Op op);

// Padding that depends on the input size (ONNX auto_pad, TensorFlow "SAME"): as many cells as ceil(input / stride); the
// odd pixel at the end (upper) or the beginning (lower).
enum class Same { no, upper, lower };

struct Window {  // of convolutions and pools; [0] rows (y), [1] columns (x)
  int kernel[2] = {1, 1};
  int stride[2] = {1, 1};
  int dilation[2] = {1, 1};
  int pad_begin[2] = {0, 0};  // top, left
  int pad_end[2] = {0, 0};    // bottom, right; may differ from pad_begin
  Same same = Same::no;       // else the pads are unknown until padded_for() (shapes.h) is asked for an input size

  // Cells that one output covers along an axis, the gaps of dilation included.
  [[nodiscard]] std::int64_t reach(int axis) const { return (kernel[axis] - std::int64_t{1}) * dilation[axis] + 1; }
};
struct Convolution {
  Window window;
  int groups = 1;
};
struct Pool {
  Window window;
  bool ceil_mode = false;
  bool count_include_pad = false;  // average only
};
struct Lrn {  // x / (bias + alpha/size · sum over `size` channels of x²)^beta: ONNX and PyTorch divide alpha by the
              // size
  int size = 5;
  float alpha = 1e-4F, beta = 0.75F, bias = 1.0F;
};
struct Clip {
  float low, high;
};
struct LeakyRelu {
  float slope = 0.01F;
};
struct HardSigmoid {  // slope · x + offset, kept within 0 and 1; hard swish is x times that
  float slope = 0.2F, offset = 0.5F;
};
struct Gelu {
  bool by_tanh = false;  // the approximation
};
struct Power {  // x^exponent: square, square root, reciprocal
  float exponent = 1.0F;
};
struct LayerNorm {  // over the channels of each place
  float epsilon = 1e-5F;
};
struct ChannelSlice {
  int first = 0;
  int count = 1;
};
struct ChannelShuffle {  // channel i of group g moves to i · groups + g
  int groups = 1;
};
struct Pad {  // zero or constant, in rows and columns
  int begin[2] = {0, 0};
  int end[2] = {0, 0};
  float value = 0.0F;
};
struct Flatten {
  int channels = 0;            // what the file says comes out; 0: it does not say
  bool channels_last = false;  // the order of the values: a map's channels side by side, as TensorFlow keeps them
};
using Attributes = std::variant<std::monostate, Convolution, Pool, Lrn, Clip, LeakyRelu, HardSigmoid, Gelu, Power,
                                LayerNorm, ChannelSlice, ChannelShuffle, Pad, Flatten>;

struct Buffer {
  std::vector<std::int64_t> shape;
  std::vector<float> values;
};

// Shape of a node's output for one picture. Vectors are 1×1 maps.
struct Shape {
  int channels = 0;
  int rows = 0;
  int cols = 0;
  bool operator==(const Shape&) const = default;
};

// Position of the receptive field: cell i of an axis sees input pixels [first + i·stride, first + i·stride + size − 1],
// in rows and columns alike (where a kernel is not square: the longer of the two). It may reach outside the picture.
struct ReceptiveField {
  int size_px = 1;
  int stride_px = 1;
  int first_px = 0;
  bool whole_input = false;  // behind a global pool or flatten, or where no one stride describes it
};

struct Node {
  std::string name;  // canonical: the name of its output tensor
  Op op = Op::identity;
  Attributes attributes;
  std::vector<int> inputs;  // indices of earlier nodes
  // convolution: weight [out, in/groups, rows, cols], bias [out] (may be absent); linear: weight [out, in], bias [out]
  // (may be absent); batch_norm: scale [channels], shift [channels]; layer_norm: the same, or none; add, multiply with
  // one input: the constant other operand, [channels] or [1].
  std::vector<Buffer> buffers;
  bool only_a_view = false;  // made by us (mixed4a_pre_relu), not in the file
};
// Of a convolution or a pool; else null.
const Window* window_of(const Node& node);

struct Graph {
  std::vector<Node> nodes;  // topological order; nodes[input] is the input
  int input = 0;
  std::vector<int> outputs;                       // what the file itself calls its outputs
  Shape declared_input;                           // as the file states it; 0 where it leaves it open
  std::unordered_map<std::string, int> index_of;  // canonical names
  // Other names of the file for the same tensor: node names, outputs of dropout and identity.
  std::unordered_map<std::string, int> aliases;
  std::vector<std::string> weight_files;  // beside the model file, by name: where it keeps weights outside itself
  // A name of the file that is no tensor of ours, with the reason ("folded into conv1").
  std::unordered_map<std::string, std::string> refused_names;

  [[nodiscard]] std::optional<int> find(std::string_view canonical_name) const;
};

}  // namespace net
