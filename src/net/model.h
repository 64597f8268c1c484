// A model: the graph and what its weights cannot say (input range, size, labels), read from a file and its JSON
// sidecar. Immutable and shared between threads. Torch-free.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/image_io.h"
#include "core/unit.h"
#include "net/graph.h"
#include "net/shapes.h"

namespace net {

struct InputRule {
  int channels = 3;           // 3; 1: the luminance of the picture; others are fed tensors only
  bool rgb = true;            // else BGR
  float scale = 255.0F;       // fed = scale · (byte / 255) + shift
  std::vector<float> shift;   // one per channel
  std::vector<float> divide;  // one per channel, after shift; empty: 1
  core::Framing framing;      // resize and crop
  int min_side_px = 1;
};

struct Model {
  std::string name;
  std::filesystem::path path;
  std::string sha256;  // of the file and its sidecar
  Graph graph;
  InputRule input;
  bool knows_input = true;          // else input holds channels and size only, and no picture can be fed
  std::vector<std::string> labels;  // of the logits; may be empty
  std::optional<int> logits;        // node
  std::optional<int> probabilities;
  std::vector<Shape> shapes;  // at the model's own input size
  std::vector<ReceptiveField> fields;
  // Nodes whose channels people study, in order, at least one: convolutions and concats, pre-ReLU views.
  std::vector<int> unit_layers;
};

struct OpenOptions {
  std::string input_preset;        // how pictures are fed, by a name of input_presets.h; instead of what a sidecar says
  core::Size open_size{224, 224};  // of an input whose size neither the file nor a sidecar says
  std::string sidecar;             // the text of one, instead of the file beside the model
  bool without_input = false;      // a missing sidecar is no error: layers are listed, or tensors are fed
};
// Opens an ONNX file or a frozen TensorFlow graph, told apart by content, with FILE.json beside it. Every refusal is
// one sentence. Without a sidecar the logits are the file's only output, if that is a vector.
base::Result<std::shared_ptr<const Model>> open_model(const std::filesystem::path& path,
                                                      const OpenOptions& options = {});

// FILE.json of FILE.onnx: where a model's sidecar is looked for.
std::filesystem::path sidecar_path(const std::filesystem::path& model);

// The embedded model: assets/models/inception-mini.onnx, found beside the binary, in the source tree or installed.
std::filesystem::path embedded_model_path();

}  // namespace net
