// Reads an ONNX file (protozero) into a Graph: initializers, opset 7 to 24, the operators of CNNs, weights in other
// files of the same folder. A file is untrusted: counts, sizes, offsets, shapes and finiteness are checked before
// anything is allocated from them. Torch-free; any thread.
#pragma once
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

#include "base/result.h"
#include "net/graph.h"

namespace net {

// `name` stands in messages; `folder` is where the file lies, empty if it lies nowhere; `mapped`: the bytes are a
// core::MappedFile's, whose memory is given back part by part. Batch norms are folded into the convolution before them,
// dropout and identity are dropped, and for every concat of ReLU branches the view <concat>_pre_relu is added.
base::Result<Graph> import_onnx(std::span<const std::byte> file, const std::string& name,
                                const std::filesystem::path& folder = {}, bool mapped = false);

}  // namespace net
