// What the window is told of a model: its layers, its whole graph to be drawn, how names are read, and the question
// that a model without a sidecar asks. Plain values and pure look-ups; included by engine/messages.h. Any thread.
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/image.h"
#include "core/image_io.h"
#include "core/specs.h"
#include "core/unit.h"

namespace net {
struct Model;
}

namespace engine {

struct LayerInfo {
  std::string name;        // canonical, e.g. "mixed4a_pre_relu"
  std::string short_name;  // as people write it, without "_pre_relu", for the layer list
  int channels = 0;
  int rows = 0;
  int cols = 0;
  int receptive_field_px = 0;
  bool whole_input = false;
};

// Those of a graph node's operators that join several values, as net::to_string has them.
inline constexpr std::string_view kConcatenation = "concatenation";
inline constexpr std::string_view kAddition = "addition";
inline constexpr std::string_view kMultiplication = "multiplication";
inline constexpr std::string_view kDepthwise = "depthwise";  // at the end of a convolution's detail

// A node of the network's graph, in topological order.
struct GraphNode {
  std::string name;        // canonical: that of its tensor
  std::string short_name;  // as people write it
  std::string op;          // "convolution", kConcatenation, …
  std::string detail;      // "3×3 · stride 2"; may be empty
  std::vector<int> inputs;
  int channels = 0;
  int rows = 0;
  int cols = 0;
  int receptive_field_px = 0;
  bool whole_input = false;
  bool pointwise = false;  // a ReLU and its like: its input's value at each place, with nothing mixed in
  bool only_a_view = false;
};

struct UnderstoodName {
  core::Unit unit;
  std::string explanation;  // "channel 8 of the 3×3 branch, before the ReLU"
};

// ---- how pictures are fed
// --------------------------------------------------------------------------------------------

enum class ChannelOrder { rgb, bgr, grey };

// How pictures are fed to a network, as people type it; what a sidecar says. Untrusted until it is read.
struct Feeding {
  ChannelOrder channels = ChannelOrder::rgb;
  bool by_mean = false;  // a byte's share of 255 minus mean, divided by deviation; else spread over lowest … highest
  std::string lowest = "0", highest = "1";
  std::string mean = "0.5", deviation = "0.5";  // one number for all channels, or one for each
  std::string resize_short_side_px = "256";
  std::string crop_px = "224";  // a side, or width × height
  std::string labels_file;      // a line a class; empty: classes have numbers
  bool operator==(const Feeding&) const = default;
};

// What pictures become when they are fed so.
struct FedAs {
  core::Framing framing;
  bool grey = false;
  float lowest = 0.0F;  // of what the network is fed
  float highest = 0.0F;
};

struct FeedingPreset {
  std::string name;     // as the command line calls it: "torchvision"
  std::string meaning;  // one line
  Feeding feeding;
};

// A model without a sidecar asks once. Published again each time such a model is opened.
struct FeedingQuestion {
  std::filesystem::path path;
  std::string name;
  int channels = 3;           // of its input
  bool size_is_open = false;  // else the crop is given
  bool beside = false;        // it is to be the second of two models
  std::vector<FeedingPreset> presets;
  // Whether the values can be used, with a sentence where they cannot. Reads no file; any thread.
  std::function<base::Result<FedAs>(const Feeding&)> read;
};

struct FeedModelRequest {  // the answer
  std::filesystem::path path;
  Feeding feeding;
  bool beside = false;
};

struct FeedingPreviewRequest {  // what the picture becomes
  std::filesystem::path picture;
  core::Framing framing;
  bool grey = false;
  bool operator==(const FeedingPreviewRequest&) const = default;
};

// ---- an open model
// -----------------------------------------------------------------------------------------------------

struct ModelSnapshot {
  std::filesystem::path path;
  core::FileName file;
  std::string name;
  std::vector<LayerInfo> layers;  // the unit layers, in order
  std::vector<GraphNode> graph;
  core::Framing framing;
  bool grey = false;  // it is fed the luminance of pictures
  std::size_t labels = 0;
  std::string made_by;  // "LibTorch 1.13.1 · CPU float32 · 1 thread"
  // Pure look-ups in the immutable model; any thread.
  std::function<base::Result<UnderstoodName>(std::string_view)> understand;
  std::function<std::string(const core::Unit&)> describe;
  std::function<std::string(const core::Unit&)> spoken;  // its name as people write it, which is understood as well
  std::shared_ptr<const net::Model> model;               // for the engine
  std::optional<base::Error> not_stored;  // how pictures are fed was answered, and could not be kept beside the model
  std::shared_ptr<const FeedingQuestion> question;  // what it asks before it can be opened; then there is an error, too
  std::optional<base::Error> error;                 // then nothing else is set but the path
};
using ModelPointer = std::shared_ptr<const ModelSnapshot>;

}  // namespace engine
