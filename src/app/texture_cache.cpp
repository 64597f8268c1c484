#include "app/texture_cache.h"

#include <imgui_impl_vulkan.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <span>
#include <vector>

#include "base/log.h"
#include "core/image_io.h"

namespace app {
namespace {

constexpr std::size_t kBudgetBytes = 192U << 20;
constexpr std::size_t kMostEntries = 1024;  // the renderer's descriptor pool holds four times as many
constexpr std::uint64_t kKeptFrames = 600;  // a map's values after they were coloured last

std::uint64_t mixed(std::uint64_t hash, std::uint64_t word) {
  constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15ULL;
  const std::uint64_t product = (hash ^ word) * kOdd;
  return product ^ (product >> 29);
}

// Every picture on screen is hashed in every frame, so byte by byte would cost more than drawing it: four independent
// lanes of words run at memory speed. For this run only; never stored.
std::uint64_t content_key(std::span<const std::byte> bytes, std::uint64_t seed) {
  std::uint64_t lanes[4] = {seed, seed + 1, seed + 2, seed + 3};
  std::uint64_t words[4] = {};
  std::size_t at = 0;
  for (; at + sizeof(words) <= bytes.size(); at += sizeof(words)) {
    std::memcpy(words, bytes.data() + at, sizeof(words));
    for (std::size_t i = 0; i < 4; ++i) lanes[i] = mixed(lanes[i], words[i]);
  }
  std::fill(std::begin(words), std::end(words), 0);
  if (at < bytes.size()) std::memcpy(words, bytes.data() + at, bytes.size() - at);
  std::uint64_t hash = bytes.size();
  for (std::size_t i = 0; i < 4; ++i) hash = mixed(hash, mixed(lanes[i], words[i]));
  return hash;
}

std::size_t bytes_of(core::Size size) {
  return 4 * static_cast<std::size_t>(size.width_px) * static_cast<std::size_t>(size.height_px);
}

std::uint64_t shape_seed(std::int64_t width, std::int64_t height) {
  return mixed(static_cast<std::uint64_t>(width), static_cast<std::uint64_t>(height));
}

}  // namespace

TextureCache::Shown::Shown(Shown&& other) noexcept
    : texture(std::move(other.texture)),
      framebuffer(std::move(other.framebuffer)),
      descriptor(std::exchange(other.descriptor, VK_NULL_HANDLE)) {}

TextureCache::Shown::~Shown() {
  if (descriptor != VK_NULL_HANDLE) ImGui_ImplVulkan_RemoveTexture(descriptor);
}

std::size_t TextureCache::KeyHash::operator()(const Key& key) const {
  std::uint64_t hash = mixed(key.content, shape_seed(key.size.width_px, key.size.height_px));
  hash = mixed(hash, std::bit_cast<std::uint32_t>(key.style.range.low));
  hash = mixed(hash, std::bit_cast<std::uint32_t>(key.style.range.high));
  return mixed(hash, std::bit_cast<std::uint32_t>(key.style.opacity));
}

base::Result<std::unique_ptr<TextureCache>> TextureCache::create(gpu::Device& device, gpu::Frames& frames) {
  std::unique_ptr<TextureCache> cache(new TextureCache(device, frames));
  auto pass = gpu::MapPass::create(device);
  if (!pass) return pass.error();
  cache->pass_ = std::move(*pass);
  return cache;
}

TextureCache::~TextureCache() {
  for (auto& [key, entry] : entries_) frames_.retire(std::move(entry.shown));
  for (auto& [content, kept] : values_) frames_.retire(std::move(kept.values));
  frames_.retire(std::move(pass_));
}

void TextureCache::begin_frame() {
  ++frame_;
  for (auto kept = values_.begin(); kept != values_.end();) {
    const bool stays = kept->second.last_frame + kKeptFrames >= frame_;
    if (!stays) frames_.retire(std::move(kept->second.values));
    kept = stays ? std::next(kept) : values_.erase(kept);
  }
  if (counts_.bytes <= kBudgetBytes && entries_.size() <= kMostEntries) return;

  std::vector<std::pair<std::uint64_t, Key>> oldest;
  for (const auto& [key, entry] : entries_)
    if (entry.last_frame + 1 < frame_) oldest.emplace_back(entry.last_frame, key);  // what is on screen stays
  std::ranges::sort(oldest, {}, &std::pair<std::uint64_t, Key>::first);
  for (const auto& [last_frame, key] : oldest) {
    if (counts_.bytes <= kBudgetBytes / 2 && entries_.size() <= kMostEntries / 2) break;
    const auto found = entries_.find(key);
    counts_.bytes -= found->second.bytes;
    serials_.erase(reinterpret_cast<ImTextureID>(found->second.shown.descriptor));
    frames_.retire(std::move(found->second.shown));
    entries_.erase(found);
  }
  counts_.entries = entries_.size();
}

ImTextureRef TextureCache::squares(const core::Image& image, int times) {
  const Key key{content_key(std::as_bytes(std::span(image.rgb)), shape_seed(image.size.width_px, image.size.height_px)),
                {},
                {image.size.width_px * times, image.size.height_px * times},
                false};
  if (const auto found = entries_.find(key); found != entries_.end()) {
    found->second.last_frame = frame_;
    return ImTextureRef(reinterpret_cast<ImTextureID>(found->second.shown.descriptor));
  }
  if (image.empty()) return instead({"A picture cannot be shown", "it is empty", ""});
  auto texture = gpu::upload(device_, frames_, times == 1 ? image : core::repeated(image, times));
  if (!texture) return instead(texture.error());
  Shown shown;
  shown.texture = std::move(*texture);
  return keep(key, std::move(shown));
}

ImTextureRef TextureCache::map(const core::Map& map, const core::MapStyle& style, core::Size size_px) {
  const core::Size size{std::max(size_px.width_px, 1), std::max(size_px.height_px, 1)};
  const Key key{content_key(std::as_bytes(std::span(map.values)), shape_seed(map.cols, map.rows)), style, size, true};
  if (const auto found = entries_.find(key); found != entries_.end()) {
    found->second.last_frame = frame_;
    if (const auto values = values_.find(key.content); values != values_.end()) values->second.last_frame = frame_;
    return ImTextureRef(reinterpret_cast<ImTextureID>(found->second.shown.descriptor));
  }
  if (map.empty()) return instead({"A map cannot be shown", "it is empty", ""});
  const auto values = values_of(key.content, map);
  if (!values) return instead(values.error());
  auto coloured = pass_->colour(frames_, **values, style, size);
  if (!coloured) return instead(coloured.error());
  Shown shown;
  shown.texture = std::move(coloured->texture);
  shown.framebuffer = std::move(coloured->framebuffer);
  return keep(key, std::move(shown));
}

base::Result<gpu::MapValues*> TextureCache::values_of(std::uint64_t content, const core::Map& map) {
  auto found = values_.find(content);
  if (found == values_.end()) {
    auto values = pass_->upload(frames_, map);
    if (!values) return values.error();
    found = values_.emplace(content, Values{std::move(*values), frame_}).first;
  }
  found->second.last_frame = frame_;
  return &found->second.values;
}

ImTextureRef TextureCache::keep(const Key& key, Shown shown) {
  shown.descriptor = ImGui_ImplVulkan_AddTexture(shown.texture.view(), VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL);
  const auto id = reinterpret_cast<ImTextureID>(shown.descriptor);
  const std::size_t bytes = bytes_of(shown.texture.size());
  entries_.emplace(key, Entry{std::move(shown), bytes, frame_});
  counts_.bytes += bytes;
  counts_.entries = entries_.size();
  ++counts_.made;
  serials_[id] = counts_.made;
  return ImTextureRef(id);
}

std::uint64_t TextureCache::identity(ImTextureID id) const {
  const auto found = serials_.find(id);
  // Odd for ours, even for the glyphs', which have an ID of their own for as long as they stay as they are.
  return found == serials_.end() ? 2 * static_cast<std::uint64_t>(id) : 2 * found->second + 1;
}

ImTextureRef TextureCache::instead(const base::Error& error) {
  if (error.sentence() != last_error_) base::log_warning(error.sentence());
  last_error_ = error.sentence();
  const core::Image grey = core::make_image({1, 1}, core::kMissing[0], core::kMissing[1], core::kMissing[2]);
  const Key key{content_key(std::as_bytes(std::span(grey.rgb)), shape_seed(1, 1)), {}, grey.size, false};
  if (const auto found = entries_.find(key); found != entries_.end()) {
    found->second.last_frame = frame_;
    return ImTextureRef(reinterpret_cast<ImTextureID>(found->second.shown.descriptor));
  }
  auto texture = gpu::upload(device_, frames_, grey);
  if (!texture) return ImGui::GetIO().Fonts->TexRef;  // nothing at all can be made: the glyphs' own texture is there
  Shown shown;
  shown.texture = std::move(*texture);
  return keep(key, std::move(shown));
}

}  // namespace app
