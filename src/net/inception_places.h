// Places in InceptionV1 (GoogLeNet) as two families of tools name them: Lucid's mixed4a_3x3_pre_relu (with Lucent,
// Microscope and the papers), torchvision's inception4a.branch2.1.conv. The places are the same, the weights are not.
// Pure functions of names; any thread.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace net {

struct InceptionPlace {
  std::string block;  // "4a"
  std::string part;   // "", "1x1", "3x3_bottleneck", "3x3", "5x5_bottleneck", "5x5", "pool_reduce"; "": all branches
  bool pre_relu = false;        // before the ReLU at its end
  bool in_torchvision = false;  // by whose name it was written
};

// From a layer's name in lower case with underscores between its parts: "mixed4a_3x3_pre_relu", "4a",
// "inception4a_branch2_1_conv".
std::optional<InceptionPlace> inception_place(std::string_view key);
std::string lucid_name(const InceptionPlace& place);
// Also with underscores: "inception4a_branch2_1_conv", "inception4a_pre_relu".
std::string torchvision_key(const InceptionPlace& place);

}  // namespace net
