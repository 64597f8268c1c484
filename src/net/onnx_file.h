// The messages of an ONNX file that we read, as plain structs, and nothing made of them yet. Strings and weights stay
// where they are: a Tensor points into the file's bytes, which outlive it, and its numbers are read when asked for,
// with their count checked against its shape first. Subgraphs and functions are never entered, so nothing recurses.
// Throws Refusal (and protozero's exceptions) at what it will not read; import_onnx is where they are caught.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/refusal.h"
#include "net/weight_files.h"

namespace net::onnx {

struct Tensor {
  std::string name;
  int data_type = 0;
  std::vector<std::int64_t> dims;
  std::int64_t count = 1;                // product of dims
  std::string_view message;              // the TensorProto
  std::optional<WeightRange> elsewhere;  // its numbers are in another file
};
// The numbers of a tensor (float, float16, double; a few integers), all finite; `who` names it in a refusal.
std::vector<float> floats_of(const Tensor& tensor, const std::string& who, WeightFiles& files);
// The numbers of an integer tensor (int64, int32, bool), at most a few.
std::vector<std::int64_t> integers_of(const Tensor& tensor, const std::string& who, WeightFiles& files);
bool holds_integers(const Tensor& tensor);

struct Attribute {
  std::string name;
  std::optional<float> number;
  std::optional<std::int64_t> integer;
  std::optional<std::string> text;
  std::vector<float> numbers;
  std::vector<std::int64_t> integers;
  std::optional<Tensor> tensor;
};

struct Node {
  std::string name;
  std::string op_type;
  std::string domain;
  std::vector<std::string> inputs;  // "" where an optional one is left out
  std::vector<std::string> outputs;
  std::vector<Attribute> attributes;
};

struct Value {  // an input or output of the graph
  std::string name;
  std::vector<std::int64_t> dims;  // 0 where the file leaves one open
};

struct File {
  int opset = 0;  // of the default domain
  std::vector<Node> nodes;
  std::vector<Tensor> initializers;
  std::vector<Value> inputs;
  std::vector<Value> outputs;
};

File read_file(std::string_view bytes);

}  // namespace net::onnx
