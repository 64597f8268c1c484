// ui::Textures with a memory: a picture goes to the device once and is found again by its content, a map is coloured
// again only when its values, style or size change. What was not drawn for a while makes room and retires. UI thread,
// between Frames::begin and submit.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <unordered_map>

#include "base/result.h"
#include "gpu/device.h"
#include "gpu/frames.h"
#include "gpu/map_pass.h"
#include "gpu/texture.h"
#include "ui/textures.h"

namespace app {

class TextureCache final : public ui::Textures {
 public:
  // The renderer backend of Dear ImGui must outlive the cache and what it retired.
  static base::Result<std::unique_ptr<TextureCache>> create(gpu::Device& device, gpu::Frames& frames);
  ~TextureCache() override;

  // After Frames::begin: makes room by retiring what was drawn longest ago.
  void begin_frame();

  ImTextureRef texture(const core::Image& image) override { return squares(image, 1); }
  ImTextureRef squares(const core::Image& image, int times) override;
  ImTextureRef map(const core::Map& map, const core::MapStyle& style, core::Size size_px) override;

  // Tells what is shown apart for as long as the cache lives, while an ImTextureID is used again after its texture.
  [[nodiscard]] std::uint64_t identity(ImTextureID id) const;

  struct Counts {
    std::size_t entries = 0;
    std::size_t bytes = 0;
    std::size_t made = 0;  // uploads and colourings since the start
  };
  [[nodiscard]] Counts counts() const { return counts_; }

 private:
  // A descriptor of Dear ImGui's over a texture: they die together.
  struct Shown {
    gpu::Texture texture;
    gpu::Framebuffer framebuffer;  // of a coloured map
    VkDescriptorSet descriptor = VK_NULL_HANDLE;
    Shown() = default;
    Shown(Shown&& other) noexcept;
    Shown& operator=(Shown&&) = delete;
    ~Shown();
  };
  // Content, then what was made of it; a plain picture has no style.
  struct Key {
    std::uint64_t content = 0;
    core::MapStyle style;
    core::Size size;  // of the texture
    bool is_map = false;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };
  struct Entry {
    Shown shown;
    std::size_t bytes = 0;
    std::uint64_t last_frame = 0;
  };
  struct Values {
    gpu::MapValues values;
    std::uint64_t last_frame = 0;
  };

  TextureCache(gpu::Device& device, gpu::Frames& frames) : device_(device), frames_(frames) {}
  ImTextureRef keep(const Key& key, Shown shown);
  ImTextureRef instead(const base::Error& error);  // when a texture cannot be made: an empty one
  base::Result<gpu::MapValues*> values_of(std::uint64_t content, const core::Map& map);

  gpu::Device& device_;
  gpu::Frames& frames_;
  std::unique_ptr<gpu::MapPass> pass_;
  std::unordered_map<Key, Entry, KeyHash> entries_;
  std::unordered_map<std::uint64_t, Values> values_;
  std::unordered_map<ImTextureID, std::uint64_t> serials_;  // the newest texture of each
  std::uint64_t frame_ = 0;
  Counts counts_;
  std::string last_error_;  // each is logged once in a row
};

}  // namespace app
