// Reads a frozen TensorFlow graph (GraphDef, .pb), as Lucid's InceptionV1 is stored, into a Graph with protozero.
// TensorFlow keeps maps as [pictures, rows, columns, channels]; weights are re-laid for ours, a flatten remembers the
// order, SAME padding stays asymmetric and the local response normalization is TensorFlow's, whose alpha is not divided
// by the window. A file is untrusted, as an ONNX file is. Torch-free; any thread.
#pragma once
#include <cstddef>
#include <span>
#include <string>

#include "base/result.h"
#include "net/graph.h"

namespace net {

// `name` stands in messages. Names are the nodes' own (and "name:0"); a bias is folded into the convolution before it,
// and for every concat of ReLU branches the view <concat>_pre_relu is added, as Lucid does.
base::Result<Graph> import_graphdef(std::span<const std::byte> file, const std::string& name);

}  // namespace net
