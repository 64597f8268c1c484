// From one operator of an ONNX file to a node of ours: what each name of the file means so far (Import), one operator
// with its attributes and operands (Operator), and convert(), which knows the operators. A transposition, a split of
// the channels into groups or a dimension of 1 more or less makes no node: the Flow says how the file sees the map that
// we keep as [pictures, channels, rows, cols]. Only onnx_import.cpp calls it. Throws Refusal.
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "net/graph.h"
#include "net/onnx_file.h"

namespace net::onnx {

// A dimension of a tensor of the file. `group` and `member` together are the channels, split into groups; `list` is all
// of it in a row, which only a Gather that puts it back may read.
enum class Axis { pictures, channels, group, member, rows, cols, list };
using Axes = std::vector<Axis>;
inline const Axes kMap{Axis::pictures, Axis::channels, Axis::rows, Axis::cols};
inline const Axes kChannelsLast{Axis::pictures, Axis::rows, Axis::cols, Axis::channels};
inline const Axes kVector{Axis::pictures, Axis::channels};

// What a name of the file means. A tensor that follows from the picture: a node's map, seen with these axes; those that
// are not among them are 1.
struct Flow {
  int node = 0;
  Axes axes = kMap;
  int groups = 1;  // where the channels are split
};
// Weights, seen with these dimensions: in the file, or worked out from such.
struct Stored {
  const Tensor* tensor = nullptr;
  std::vector<std::int64_t> dims;
  std::shared_ptr<const std::vector<float>> values = {};  // instead of the tensor

  [[nodiscard]] std::int64_t count() const;
};
// One integer about a shape, as exporters compute the target of a Reshape. The sizes that a file leaves open are known
// only as what they are.
struct Extent {
  enum class Of { number, pictures, rows, cols, places, unknown };
  Of of = Of::number;
  std::int64_t value = 0;   // of a number; of places, one for each picture: value + stride · picture
  int node = 0;             // of rows and cols
  std::int64_t stride = 0;  // of places

  static Extent number(std::int64_t value) { return {Of::number, value}; }
  static Extent unknown() { return {Of::unknown}; }
  [[nodiscard]] bool is(std::int64_t number) const { return of == Of::number && value == number; }
  bool operator==(const Extent&) const = default;
};
using Extents = std::vector<Extent>;
std::string to_string(const Extents& extents);
using Meaning = std::variant<Flow, Stored, Extents>;

struct Import {
  explicit Import(WeightFiles& the_files) : files(the_files) {}

  Graph graph;
  WeightFiles& files;
  int opset = 0;
  std::int64_t declared_pictures = 0;  // batch size of the file's input; 0: open
  std::int64_t weights_read = 0;
  std::vector<Shape> known;  // of each node, 0 where it depends on what the file leaves open
  // Nodes by the module that their weights are named after: layer2.0.conv1 of layer2.0.conv1.weight. Nothing where
  // several share them.
  std::unordered_map<std::string, std::optional<int>> by_module;
  std::unordered_map<std::string, Meaning> meanings;
};

class Operator {
 public:
  Operator(const Node& node, Import& import) : node_(node), import_(import) {}

  [[noreturn]] void refuse(const std::string& why, const std::string& what_to_do = {}) const;
  [[nodiscard]] std::string title() const;  // "the node conv1 (Conv)"
  [[nodiscard]] Import& import() const { return import_; }
  [[nodiscard]] const Shape& known(const Flow& flow) const;
  [[nodiscard]] Extent extent(const Flow& flow, Axis axis) const;
  // The axis that the file calls by a number, from the end where it is negative.
  [[nodiscard]] std::size_t place(const Flow& flow, std::int64_t number) const;
  [[nodiscard]] Axis axis(const Flow& flow, std::int64_t number) const { return flow.axes[place(flow, number)]; }

  // Attributes, checked to lie within bounds.
  [[nodiscard]] const Attribute* attribute(const char* name) const;
  [[nodiscard]] int integer(const char* name, int otherwise, int low, int high) const;
  [[nodiscard]] float number(const char* name, float otherwise) const;
  [[nodiscard]] std::string text(const char* name, const char* otherwise) const;
  [[nodiscard]] std::vector<std::int64_t> integers(const char* name) const;  // empty where there are none

  // Operands.
  [[nodiscard]] std::size_t inputs() const { return node_.inputs.size(); }
  [[nodiscard]] std::size_t outputs() const { return node_.outputs.size(); }
  [[nodiscard]] bool has_input(std::size_t i) const { return i < inputs() && !node_.inputs[i].empty(); }
  [[nodiscard]] const Meaning& input(std::size_t i) const;
  [[nodiscard]] bool is_flow(std::size_t i) const { return std::holds_alternative<Flow>(input(i)); }
  [[nodiscard]] bool is_stored(std::size_t i) const { return std::holds_alternative<Stored>(input(i)); }
  // Whether it can be asked for as extents: integers, in the file or computed.
  [[nodiscard]] bool is_integers(std::size_t i) const;
  [[nodiscard]] Flow flow(std::size_t i) const;
  [[nodiscard]] Flow map(std::size_t i) const;             // a flow seen as [pictures, channels, rows, cols]
  [[nodiscard]] Flow vector(std::size_t i) const;          // as [pictures, channels]
  [[nodiscard]] Flow whole_channels(std::size_t i) const;  // any but one whose channels are split
  [[nodiscard]] Buffer weights(std::size_t i) const;
  [[nodiscard]] float scalar(std::size_t i) const;
  [[nodiscard]] Extents extents(std::size_t i) const;
  [[nodiscard]] std::vector<std::int64_t> numbers(std::size_t i) const;  // extents that are all known
  // An attribute in old operator sets, an operand in new ones.
  [[nodiscard]] std::vector<std::int64_t> numbers(const char* name, std::size_t i) const;
  [[nodiscard]] float scalar(const char* name, std::size_t i, float otherwise) const;

  // What an output is: a new node, or another view of what is there.
  void emit(Op op, std::vector<int> inputs, const Axes& axes, Attributes attributes = {},
            std::vector<Buffer> buffers = {}, std::size_t output = 0);
  void means(Meaning meaning, std::size_t output = 0);

 private:
  [[nodiscard]] std::string input_title(std::size_t i) const;
  [[nodiscard]] Shape known_shape(const net::Node& node) const;
  const Node& node_;
  Import& import_;
};

void convert(const Node& node, Import& import);
std::string supported_operators();  // "Add, AveragePool, …"

// Operators with windows (onnx_windows.cpp).
void read_convolution(Operator& op);
void read_max_pool(Operator& op);
void read_average_pool(Operator& op);
void read_pad(Operator& op);
// Sums, products, activations with constants, norms and products with matrices (onnx_arithmetic.cpp, onnx_linear.cpp).
void read_add(Operator& op);
void read_subtract(Operator& op);
void read_multiply(Operator& op);
void read_divide(Operator& op);
void read_power(Operator& op);
void read_square_root(Operator& op);
void read_reciprocal(Operator& op);
void read_negative(Operator& op);
void read_batch_normalization(Operator& op);
void read_layer_normalization(Operator& op);
void read_gemm(Operator& op);
void read_mat_mul(Operator& op);
// What only changes how a tensor is seen, and integers about shapes (onnx_views.cpp, onnx_extents.cpp).
void read_cast(Operator& op);
void read_concat(Operator& op);
void read_constant(Operator& op);
void read_constant_of_shape(Operator& op);
void read_flatten(Operator& op);
void read_gather(Operator& op);
void read_range(Operator& op);
void read_reshape(Operator& op);
void read_shape(Operator& op);
void read_slice(Operator& op);
void read_split(Operator& op);
void read_squeeze(Operator& op);
void read_transpose(Operator& op);
void read_unsqueeze(Operator& op);
// Arithmetic where no operand follows from the picture; false where one does.
bool read_constant_arithmetic(Operator& op, char operation);

}  // namespace net::onnx
