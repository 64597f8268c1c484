#include "net/inception_places.h"

#include <algorithm>
#include <array>

namespace net {
namespace {

struct Part {
  std::string_view lucid, torchvision;
};
constexpr std::array<Part, 7> kParts{{{"", ""},
                                      {"1x1", "branch1"},
                                      {"3x3_bottleneck", "branch2_0"},
                                      {"3x3", "branch2_1"},
                                      {"5x5_bottleneck", "branch3_0"},
                                      {"5x5", "branch3_1"},
                                      {"pool_reduce", "branch4_1"}}};
constexpr std::array<std::string_view, 9> kBlocks{"3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b"};

bool drop_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool drop_suffix(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  return true;
}

}  // namespace

std::optional<InceptionPlace> inception_place(std::string_view key) {
  InceptionPlace place;
  place.in_torchvision = drop_prefix(key, "inception");
  if (!place.in_torchvision) drop_prefix(key, "mixed");
  if (place.in_torchvision)
    place.pre_relu = drop_suffix(key, "_conv") || drop_suffix(key, "_bn") || drop_suffix(key, "_pre_relu");
  else
    place.pre_relu = drop_suffix(key, "_pre_relu");
  place.block = key.substr(0, 2);
  if (std::ranges::find(kBlocks, place.block) == kBlocks.end()) return std::nullopt;
  key.remove_prefix(2);
  if (!key.empty() && !drop_prefix(key, "_")) return std::nullopt;
  const auto part = std::ranges::find(kParts, key, place.in_torchvision ? &Part::torchvision : &Part::lucid);
  if (part == kParts.end()) return std::nullopt;
  place.part = part->lucid;
  return place;
}

std::string lucid_name(const InceptionPlace& place) {
  return "mixed" + place.block + (place.part.empty() ? "" : "_" + place.part) + (place.pre_relu ? "_pre_relu" : "");
}

std::string torchvision_key(const InceptionPlace& place) {
  const auto part = std::ranges::find(kParts, place.part, &Part::lucid);
  const std::string block = "inception" + place.block;
  if (place.part.empty()) return block + (place.pre_relu ? "_pre_relu" : "");
  return block + '_' + std::string(part->torchvision) + (place.pre_relu ? "_conv" : "");
}

}  // namespace net
