// Writes the seeds of tests/fuzz/corpus: make_seeds tests/fuzz/corpus
#include <filesystem>
#include <fstream>

#include "../net/graphdef_builder.h"
#include "../net/onnx_builder.h"

namespace {

void write(const std::filesystem::path& file, const std::string& bytes) {
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
  builder.node("ReduceMean", {"gelu"}, "mean", {{"axes", {-1}}}).node("Sub", {"gelu", "mean"}, "centred");
  builder.node("Pow", {"centred", "two"}, "squares").node("Sqrt", {"squares"}, "root");
  return builder.node("Transpose", {"root"}, "first", {{"perm", {0, 3, 1, 2}}}).bytes();
}

std::string inception() {
  using Integers = GraphDefBuilder::Integers;
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
  using Integers = GraphDefBuilder::Integers;
  GraphDefBuilder builder(2, 8, 8);
  builder.integers("pads", {0, 0, 1, 1, 1, 1, 0, 0}).node("Pad", {"input", "pads"}, "padded");
  builder.constant("d", {3, 3, 2, 2}, {0.1F});
  builder.node("DepthwiseConv2dNative", {"padded", "d"}, "depth",
               {{"strides", Integers{1, 2, 2, 1}}, {"padding", "VALID"}, {"dilations", Integers{1, 1, 1, 1}}});
  for (const char* name : {"gamma", "beta", "mean", "variance"}) builder.constant(name, {4}, {1.0F});
  builder.node("FusedBatchNormV3", {"depth", "gamma", "beta", "mean", "variance"}, "norm",
               {{"is_training", false}, {"epsilon", 1e-3F}});
  builder.node("Relu6", {"norm"}, "relu").integers("axes", {1, 2});
  return builder.node("Mean", {"relu", "axes"}, "mean", {{"keep_dims", false}}).bytes();
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 1;
  const std::filesystem::path corpus = arguments[1];
  write(corpus / "onnx" / "classic.onnx", classic());
  write(corpus / "onnx" / "squeeze_and_excitation.onnx", squeeze_and_excitation());
  write(corpus / "onnx" / "shuffle.onnx", shuffle());
  write(corpus / "onnx" / "channels_last.onnx", channels_last());
  write(corpus / "graphdef" / "inception.pb", inception());
  write(corpus / "graphdef" / "mobile.pb", mobile());
  return 0;
}
