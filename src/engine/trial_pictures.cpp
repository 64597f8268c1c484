#include "engine/trial_pictures.h"

#include <algorithm>
#include <cctype>

#include "base/hash.h"
#include "core/file.h"
#include "engine/open.h"

namespace engine {

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

std::string TrialPictures::file_of(std::size_t row) const {
  std::string name = plain_name(entry(row).name);
  if (!name.ends_with(".png")) name += ".png";
  return "stimuli/pictures/" + name;
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
