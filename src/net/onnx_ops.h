// From one operator of an ONNX file to a node of ours: what each name of the file means so far (Import), one operator
// with its attributes and operands (Operator), and convert(), which knows the operators. Only onnx_import.cpp calls it.
// Throws Refusal.
#pragma once
#include <span>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "net/graph.h"
#include "net/onnx_file.h"

namespace net::onnx {

// What a name of the file means: a tensor that follows from the picture, weights, or small numbers known at import.
struct Flow {
  int node = 0;
  int rank = 4;  // 4: [pictures, channels, rows, cols]; 2: [pictures, values]
};
struct Stored {  // numbers in the file, seen with these dimensions
  const Tensor* tensor = nullptr;
  std::vector<std::int64_t> dims;
};
// Integers about shapes. Exporters compute the target of a Reshape from the shape of its input; all that matters is
// where the number of pictures goes.
struct ShapeNumbers {
  static constexpr std::int64_t kPictures = -1001;
  static constexpr std::int64_t kUnknown = -1002;
  std::vector<std::int64_t> values;
};
using Meaning = std::variant<Flow, Stored, ShapeNumbers, float>;

struct Import {
  Graph graph;
  int opset = 0;
  std::int64_t declared_pictures = 0;  // batch size of the file's input; 0: open
  std::int64_t weights_read = 0;
  std::unordered_map<std::string, Meaning> meanings;
};

class Operator {
 public:
  Operator(const Node& node, Import& import) : node_(node), import_(import) {}

  [[noreturn]] void refuse(const std::string& why, const std::string& what_to_do = {}) const;
  [[nodiscard]] std::string title() const;  // "the node conv1 (Conv)"
  [[nodiscard]] Import& import() const { return import_; }

  // Attributes, checked to lie within bounds.
  [[nodiscard]] const Attribute* attribute(const char* name) const;
  [[nodiscard]] int integer(const char* name, int otherwise, int low, int high) const;
  [[nodiscard]] float number(const char* name, float otherwise) const;
  [[nodiscard]] std::string text(const char* name, const char* otherwise) const;
  [[nodiscard]] std::vector<std::int64_t> integers(const char* name) const;  // empty where there are none

  // Operands.
  [[nodiscard]] std::size_t inputs() const { return node_.inputs.size(); }
  [[nodiscard]] bool has_input(std::size_t i) const { return i < inputs() && !node_.inputs[i].empty(); }
  [[nodiscard]] const Meaning& input(std::size_t i) const;
  [[nodiscard]] bool is_flow(std::size_t i) const { return std::holds_alternative<Flow>(input(i)); }
  [[nodiscard]] bool is_stored(std::size_t i) const { return std::holds_alternative<Stored>(input(i)); }
  [[nodiscard]] Flow flow(std::size_t i) const;
  [[nodiscard]] Flow map(std::size_t i) const;     // a flow of rank 4
  [[nodiscard]] Flow vector(std::size_t i) const;  // a flow of rank 2
  [[nodiscard]] Buffer weights(std::size_t i) const;
  [[nodiscard]] float scalar(std::size_t i) const;
  [[nodiscard]] std::vector<std::int64_t> numbers(std::size_t i) const;
  // An attribute in old operator sets, an operand in new ones.
  [[nodiscard]] std::vector<std::int64_t> numbers(const char* name, std::size_t i) const;
  [[nodiscard]] float scalar(const char* name, std::size_t i, float otherwise) const;

  // What the output is.
  void emit(Op op, std::vector<int> inputs, int rank, Attributes attributes = {}, std::vector<Buffer> buffers = {});
  void means(Meaning meaning);

 private:
  [[nodiscard]] std::string input_title(std::size_t i) const;
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

}  // namespace net::onnx
