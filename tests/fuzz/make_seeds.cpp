// Writes the seeds of tests/fuzz/corpus: make_seeds tests/fuzz/corpus
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <span>
#include <utility>

#include "../net/graphdef_builder.h"
#include "../net/onnx_builder.h"
#include "net/graphdef_import.h"
#include "net/onnx_import.h"

namespace {

using Integers = std::vector<std::int64_t>;  // of one number, which braces alone would not make a list

std::span<const std::byte> bytes_of(const std::string& bytes) {
  return std::as_bytes(std::span(bytes));
}

// A seed is a whole model: one that stops half-way lets a fuzzer see nothing of what comes after.
void write(const std::filesystem::path& file, const std::string& bytes, const base::Result<net::Graph>& graph) {
  if (!graph) {
    std::fprintf(stderr, "%s\n", graph.error().sentence().c_str());
    std::exit(1);
  }
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << bytes;
}

std::string classic() {
  OnnxBuilder builder(2, 8, 8);
  builder.convolution("input", "a", 2, 2, 3, {{"pads", {1, 1, 1, 1}}}).node("Relu", {"a"}, "a_relu");
  for (const char* name : {"gamma", "beta", "mean", "variance"}) builder.weights(name, {2}, {1});
  builder.node("BatchNormalization", {"a_relu", "gamma", "beta", "mean", "variance"}, "n", {{"epsilon", 1e-3F}});
  builder.node("MaxPool", {"n"}, "p", {{"kernel_shape", {3, 3}}, {"auto_pad", "SAME_UPPER"}, {"ceil_mode", 1}});
  builder.node("Concat", {"a_relu", "p"}, "c", {{"axis", 1}}).integers("to", {0, -1});
  builder.node("Reshape", {"c", "to"}, "f").weights("w", {256, 3}, {0.5F}).node("Gemm", {"f", "w"}, "l");
  return builder.node("Softmax", {"l"}, "s").bytes();
}

std::string squeeze_and_excitation() {
  OnnxBuilder builder(3, 0, 0, 14);
  builder.convolution("input", "a", 3, 4, 3).node("HardSwish", {"a"}, "h").integers("axes", {2, 3});
  builder.node("ReduceMean", {"h"}, "mean", {{"axes", {2, 3}}, {"keepdims", 1}});
  builder.convolution("mean", "g", 4, 4, 1).node("HardSigmoid", {"g"}, "gate", {{"alpha", 0.2F}});
  builder.node("Mul", {"gate", "h"}, "excited").weights("low", {}, {0}).weights("high", {}, {6});
  builder.node("Clip", {"excited", "low", "high"}, "clipped").node("GlobalMaxPool", {"clipped"}, "p");
  return builder.node("Squeeze", {"p", "axes"}, "v").node("Sigmoid", {"v"}, "out").bytes();
}

std::string shuffle() {
  OnnxBuilder builder(4, 6, 6);
  builder.integers("five", {0, 2, 2, 6, 6}).integers("four", {0, -1, 6, 6});
  builder.node("Reshape", {"input", "five"}, "split").node("Transpose", {"split"}, "t", {{"perm", {0, 2, 1, 3, 4}}});
  builder.node("Reshape", {"t", "four"}, "shuffled").integers("from", {0}).integers("to", {2}).integers("axis", {1});
  builder.node("Slice", {"shuffled", "from", "to", "axis"}, "half").integers("zero", {0}).integers("rest", {-1});
  builder.node("Shape", {"half"}, "shape").node("Gather", {"shape", "zero"}, "pictures");
  builder.node("Concat", {"pictures", "rest"}, "target", {{"axis", 0}});
  return builder.node("Reshape", {"half", "target"}, "flat").bytes();
}

std::string channels_last() {
  OnnxBuilder builder(4, 5, 7, 17);
  builder.weights("g", {4}, {1}).weights("s", {4}, {0}).weights("m", {4, 3}, {0.5F}).weights("two", {}, {2});
  builder.node("Transpose", {"input"}, "last", {{"perm", {0, 2, 3, 1}}});
  builder.node("LayerNormalization", {"last", "g", "s"}, "norm").node("MatMul", {"norm", "m"}, "linear");
  builder.node("Div", {"linear", "two"}, "d").node("Erf", {"d"}, "e").node("Mul", {"e", "linear"}, "gelu");
  builder.node("ReduceMean", {"gelu"}, "mean", {{"axes", Integers{-1}}}).node("Sub", {"gelu", "mean"}, "centred");
  builder.node("Pow", {"centred", "two"}, "squares").node("Sqrt", {"squares"}, "root");
  return builder.node("Transpose", {"root"}, "first", {{"perm", {0, 3, 1, 2}}}).bytes();
}

// Shapes that the file works out, in all the ways that exporters do.
std::string computed_shapes() {
  OnnxBuilder builder(6, 0, 0);
  builder.integers("0", {0}).integers("1", {1}).integers("2", {2}).integers("3", {3}).integers("none", {-1});
  builder.node("Shape", {"input"}, "shape")
      .node("Gather", {"shape", "0"}, "pictures")
      .node("Gather", {"shape", "1"}, "c");
  builder.node("Slice", {"shape", "2", "none"}, "rows").node("Shape", {"input"}, "cols", {{"start", 3}, {"end", 4}});
  builder.node("Div", {"c", "3"}, "group").node("Cast", {"group"}, "two", {{"to", 7}}).node("Floor", {"two"}, "groups");
  builder.node("Concat", {"pictures", "groups", "3", "rows", "cols"}, "split", {{"axis", 0}});
  builder.node("Reshape", {"input", "split"}, "five").node("Transpose", {"five"}, "t", {{"perm", {0, 2, 1, 3, 4}}});
  builder.node("Mul", {"groups", "3"}, "six")
      .node("Concat", {"pictures", "six", "rows", "cols"}, "four", {{"axis", 0}});
  builder.node("Reshape", {"t", "four"}, "shuffled").node("GlobalAveragePool", {"shuffled"}, "pool");
  builder.node("Sub", {"2", "3"}, "rest")
      .node("Reshape", {"pool", "rest"}, "list")
      .node("Constant", {}, "i0", {{"value_int", 0}});
  builder.node("Constant", {}, "i1", {{"value_int", 1}}).node("Constant", {}, "i6", {{"value_ints", Integers{6}}});
  builder.node("Range", {"i0", "pictures", "i1"}, "every").node("Mul", {"every", "i6"}, "starts");
  builder.node("Range", {"i0", "i6", "i1"}, "within").node("Add", {"starts", "within"}, "places");
  builder.node("Gather", {"list", "places"}, "map").node("Constant", {}, "half", {{"value_float", 0.5F}});
  return builder.node("Mul", {"map", "half"}, "halves").node("Flatten", {"halves"}, "out").bytes();
}

std::string linear() {
  OnnxBuilder builder(3, 4, 4);
  builder.convolution("input", "a", 3, 4, 3).node("ReduceMean", {"a"}, "pool", {{"axes", {2, 3}}, {"keepdims", 0}});
  builder.weights("w", {4, 5}, {0.5F}).weights("b", {5}, {1}).weights("v", {3, 5}, {0.25F}).weights("c", {1, 3}, {2});
  builder.node("MatMul", {"pool", "w"}, "product")
      .node("Add", {"product", "b"}, "hidden")
      .node("Tanh", {"hidden"}, "act");
  builder.node("Gemm", {"act", "v", "c"}, "gemm", {{"transB", 1}, {"alpha", 2.0F}, {"beta", 0.5F}});
  builder.weights("m", {3, 3}, {0.1F}).node("Transpose", {"m"}, "mt", {{"perm", {1, 0}}});
  return builder.node("MatMul", {"gemm", "mt"}, "logits").node("Softmax", {"logits"}, "s", {{"axis", 1}}).bytes();
}

std::string parts() {
  OnnxBuilder builder(6, 5, 5);
  builder.integers("four", {4}).integers("end", {1LL << 40}).integers("axis", {1});
  builder.node("Slice", {"input", "four", "end", "axis"}, "last")
      .node("Slice", {"input"}, "first", {{"starts", Integers{0}}, {"ends", Integers{2}}, {"axes", Integers{1}}});
  builder.tensor("index", {}, 7, 9, std::string(8, '\0')).node("Gather", {"input", "index"}, "one", {{"axis", 1}});
  builder.node("Unsqueeze", {"one", "axis"}, "again").node("Concat", {"first", "again", "last"}, "c", {{"axis", 1}});
  builder.node("Split", {"c"}, "part", {{"axis", 1}, {"split", Integers{5}}})
      .integers("pads", {0, 0, 1, 1, 0, 0, 1, 1});
  builder.node("Pad", {"part", "pads"}, "padded")
      .node("AveragePool", {"padded"}, "p", {{"kernel_shape", {2, 2}}, {"strides", {2, 2}}});
  builder.node("LRN", {"p"}, "n", {{"size", 5}, {"alpha", 1e-4F}, {"beta", 0.5F}, {"bias", 2.0F}})
      .node("Neg", {"n"}, "m");
  builder.node("LeakyRelu", {"m"}, "r", {{"alpha", 0.1F}})
      .node("Gelu", {"r"}, "g", {{"approximate", "tanh"}})
      .node("Dropout", {"g"}, "d");
  return builder.node("Sum", {"d", "p"}, "s").node("ReduceMax", {"s"}, "max", {{"axes", {2, 3}}}).bytes();
}

std::string inception() {
  GraphDefBuilder builder(3, 8, 8);
  builder.convolution("input", "m_1x1_pre_relu", 3, 2, 1).node("Relu", {"m_1x1_pre_relu"}, "m_1x1");
  builder.node("MaxPool", {"input"}, "m_pool",
               {{"ksize", Integers{1, 3, 3, 1}}, {"strides", Integers{1, 1, 1, 1}}, {"padding", "SAME"}});
  builder.integers("m/dim", {3}, true).node("Concat", {"m/dim", "m_1x1", "m_pool"}, "m");
  builder.node("LRN", {"m"}, "norm", {{"depth_radius", 5}, {"bias", 2.0F}, {"alpha", 1e-4F}, {"beta", 0.5F}});
  builder.node("AvgPool", {"norm"}, "pool",
               {{"ksize", Integers{1, 8, 8, 1}}, {"strides", Integers{1, 1, 1, 1}}, {"padding", "VALID"}});
  builder.integers("shape", {-1, 5}).node("Reshape", {"pool", "shape"}, "flat").constant("w", {5, 2}, {0.5F});
  builder.node("MatMul", {"flat", "w"}, "logits", {{"transpose_a", false}}).node("Softmax", {"logits"}, "softmax");
  return builder.node("Identity", {"softmax:0"}, "output").bytes();
}

std::string mobile() {
  GraphDefBuilder builder(2, 8, 8);
  builder.integers("pads", {0, 0, 1, 1, 1, 1, 0, 0}).node("Pad", {"input", "pads"}, "padded");
  builder.constant("d", {3, 3, 2, 2}, {0.1F});
  builder.node("DepthwiseConv2dNative", {"padded", "d"}, "depth",
               {{"strides", Integers{1, 2, 2, 1}}, {"padding", "VALID"}, {"dilations", Integers{1, 1, 1, 1}}});
  for (const char* name : {"gamma", "beta", "mean", "variance"}) builder.constant(name, {4}, {1.0F});
  builder.node("FusedBatchNormV3", {"depth", "gamma", "beta", "mean", "variance"}, "norm",
               {{"is_training", false}, {"epsilon", 1e-3F}});
  builder.node("Relu6", {"norm"}, "relu").integers("axes", {1, 2});
  return builder.node("Mean", {"relu", "axes"}, "average", {{"keep_dims", false}}).bytes();
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 1;
  const std::filesystem::path corpus = arguments[1];
  for (const auto& [name, bytes] : {std::pair{"classic", classic()},
                                    {"squeeze_and_excitation", squeeze_and_excitation()},
                                    {"shuffle", shuffle()},
                                    {"channels_last", channels_last()},
                                    {"computed_shapes", computed_shapes()},
                                    {"linear", linear()},
                                    {"parts", parts()}})
    write(corpus / "onnx" / (std::string(name) + ".onnx"), bytes, net::import_onnx(bytes_of(bytes), name));
  for (const auto& [name, bytes] : {std::pair{"inception", inception()}, {"mobile", mobile()}})
    write(corpus / "graphdef" / (std::string(name) + ".pb"), bytes, net::import_graphdef(bytes_of(bytes), name));
  return 0;
}
