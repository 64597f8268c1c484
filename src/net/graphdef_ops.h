// From one node of a GraphDef to a node of ours: what each name means so far (Import), one node with its attributes and
// operands (Operator), and convert(), which knows the operators. Only graphdef_import.cpp calls it. Throws Refusal.
#pragma once
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "net/graph.h"
#include "net/graphdef_file.h"

namespace net::graphdef {

// What a node means: a tensor that follows from the picture, as [pictures, rows, columns, channels] (rank 4) or
// [pictures, values] (rank 2), or a constant of the file.
struct Flow {
  int node = 0;
  int rank = 4;
};
struct Constant {
  const Tensor* tensor = nullptr;
  std::string name;
};
using Meaning = std::variant<Flow, Constant>;

struct Import {
  Graph graph;
  std::int64_t weights_read = 0;
  std::unordered_map<std::string, Meaning> meanings;  // by node name
};

class Operator {
 public:
  Operator(const Node& node, Import& import) : node_(node), import_(import) {}

  [[noreturn]] void refuse(const std::string& why, const std::string& what_to_do = {}) const;
  [[nodiscard]] const Graph& graph() const { return import_.graph; }

  [[nodiscard]] const Attribute* attribute(const char* name) const;
  [[nodiscard]] std::string text(const char* name, const char* otherwise) const;
  [[nodiscard]] float number(const char* name, float otherwise) const;
  [[nodiscard]] bool flag(const char* name, bool otherwise) const;
  [[nodiscard]] std::vector<std::int64_t> integers(const char* name) const;  // empty where there are none

  // Operands; control dependencies are not among them.
  [[nodiscard]] std::size_t inputs() const;
  [[nodiscard]] const Meaning& input(std::size_t i) const;
  [[nodiscard]] bool is_flow(std::size_t i) const { return std::holds_alternative<Flow>(input(i)); }
  [[nodiscard]] Flow flow(std::size_t i) const;
  [[nodiscard]] Flow map(std::size_t i) const;
  [[nodiscard]] Flow vector(std::size_t i) const;
  [[nodiscard]] Buffer weights(std::size_t i) const;
  [[nodiscard]] std::vector<std::int64_t> numbers(std::size_t i) const;

  void emit(Op op, std::vector<int> inputs, int rank, Attributes attributes = {}, std::vector<Buffer> buffers = {});
  void means(Meaning meaning);
  void means_constant();  // this node's own value

 private:
  const Node& node_;
  Import& import_;
};

// The node that an input names: "conv" of "conv", "conv:0" and "^conv".
std::string node_named_by(const std::string& input);

void convert(const Node& node, Import& import);
std::string supported_operators();

// Operators with windows (graphdef_windows.cpp).
void read_convolution(Operator& op);
void read_depthwise_convolution(Operator& op);
void read_max_pool(Operator& op);
void read_average_pool(Operator& op);
void read_pad(Operator& op);

}  // namespace net::graphdef
