// The messages of a frozen TensorFlow graph (GraphDef) that we read, as plain structs, and nothing made of them yet.
// Tensors point into the file's bytes, which outlive them, and their numbers are read when asked for, with their count
// checked against their shape first. Functions are never entered, so nothing recurses. Throws Refusal and protozero's
// exceptions; import_graphdef is where they are caught.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace net::graphdef {

struct Tensor {
  int data_type = 0;
  std::vector<std::int64_t> dims;
  std::int64_t count = 1;    // product of dims
  std::string_view message;  // the TensorProto
};
// The numbers of a tensor (float, half, double), all finite, and those of one of integers (int32, int64), at most a
// few; `who` names it in a refusal.
std::vector<float> floats_of(const Tensor& tensor, const std::string& who);
std::vector<std::int64_t> integers_of(const Tensor& tensor, const std::string& who);

struct Attribute {
  std::string name;
  std::optional<std::string> text;
  std::optional<std::int64_t> integer;
  std::optional<float> number;
  std::optional<bool> flag;
  std::vector<std::int64_t> integers;
  std::optional<std::vector<std::int64_t>> shape;  // −1 where a side is open
  std::optional<Tensor> tensor;
};

struct Node {
  std::string name;
  std::string op;
  std::vector<std::string> inputs;  // "conv", "conv:0", "^control"
  std::vector<Attribute> attributes;
};

std::vector<Node> read_nodes(std::string_view bytes);

}  // namespace net::graphdef
