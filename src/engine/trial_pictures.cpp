#include "engine/trial_pictures.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "base/hash.h"
#include "core/file.h"
#include "engine/open.h"

namespace engine {
namespace {

constexpr std::string_view kPng = ".png";

std::string png_name(const std::string& picture) {
  std::string name = plain_name(picture);
  if (!name.ends_with(kPng)) name += kPng;
  return name;
}

// A number is never added so that a name becomes that of another picture.
std::vector<std::string> distinct_files(const std::vector<PictureEntry>& pictures) {
  std::set<std::string> plain, taken;
  for (const PictureEntry& picture : pictures) plain.insert(png_name(picture.name));
  std::vector<std::string> files;
  for (const PictureEntry& picture : pictures) {
    const std::string name = png_name(picture.name);
    const std::string stem = name.substr(0, name.size() - kPng.size());
    std::string file = name;
    for (int number = 2; taken.contains(file) || (file != name && plain.contains(file)); ++number)
      file = stem + '-' + std::to_string(number) + std::string(kPng);
    taken.insert(file);
    files.push_back(std::move(file));
  }
  return files;
}

}  // namespace

TrialPictures::TrialPictures(std::shared_ptr<const CollectionSnapshot> collection, core::Framing framing)
    : collection_(std::move(collection)), framing_(framing), files_(distinct_files(collection_->pictures)) {}

std::optional<std::size_t> TrialPictures::find(const std::string& name) const {
  const auto found = std::ranges::find(collection_->pictures, name, &PictureEntry::name);
  if (found == collection_->pictures.end()) return std::nullopt;
  return static_cast<std::size_t>(found - collection_->pictures.begin());
}

base::Result<TrialPicture> TrialPictures::load(std::size_t row) const {
  const auto bytes = core::read_file(entry(row).path, kMaxPictureBytes, "The picture");
  if (!bytes) return bytes.error();
  const auto image = core::decode_image(*bytes, entry(row).path.string());
  if (!image) return image.error();
  return TrialPicture{base::sha256_hex(*bytes), core::frame(*image, framing_)};
}

std::optional<core::Image> TrialPictures::mask(std::size_t row) const {
  if (entry(row).mask.empty()) return std::nullopt;
  const auto image = core::load_image(entry(row).mask);
  if (!image) return std::nullopt;
  return core::frame(*image, framing_);
}

study::Origin TrialPictures::origin(std::size_t row) {
  const auto known = origins_.find(row);
  if (known != origins_.end()) return known->second;
  study::Origin origin{entry(row).object_source, entry(row).background_source, std::nullopt};
  if (origin.object_source.empty() && origin.background_source.empty())
    if (const auto picture = load(row)) origin.look = study::look_of(picture->image);
  return origins_.emplace(row, std::move(origin)).first->second;
}

base::Result<std::string> TrialPictures::hash() const {
  base::Sha256 sha;
  for (const PictureEntry& picture : collection_->pictures) {
    const auto bytes = core::read_file(picture.path, kMaxPictureBytes, "The picture");
    if (!bytes) return bytes.error();
    sha.add(picture.name + '\n' + base::sha256_hex(*bytes) + '\n');
  }
  return sha.hex();
}

std::string plain_name(const std::string& text) {
  std::string name = text;
  std::ranges::replace_if(
      name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '.' && c != '_' && c != '-'; },
      '_');
  return name.starts_with('.') ? '_' + name : name;
}

std::string plain_name(const core::Unit& unit) {
  return plain_name(unit.layer) + '-' + std::to_string(unit.channel);
}

}  // namespace engine
