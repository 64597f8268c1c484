#include "app/damage.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>

namespace app {
namespace {

constexpr int kTile_px = 32;
constexpr std::size_t kMostRects = 6;  // each is another walk over the frame's commands

std::uint64_t mixed(std::uint64_t hash, std::uint64_t word) {
  constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15ULL;
  const std::uint64_t product = (hash ^ word) * kOdd;
  return product ^ (product >> 29);
}

std::uint64_t hash_of(const ImDrawVert& vertex, std::uint64_t seed) {
  std::uint64_t words[3] = {};
  static_assert(sizeof(vertex) <= sizeof(words));
  std::memcpy(words, &vertex, sizeof(vertex));
  return mixed(mixed(mixed(seed, words[0]), words[1]), words[2]);
}

int tiles_along(int side_px) {
  return (side_px + kTile_px - 1) / kTile_px;
}

int whole_scale(const ImDrawData& data) {
  const ImVec2 scale = data.FramebufferScale;
  const bool is_whole = scale.x == scale.y && scale.x >= 1.0F && scale.x == std::floor(scale.x);
  return is_whole ? static_cast<int>(scale.x) : 0;
}

core::Size framebuffer_of(const ImDrawData& data) {
  return {static_cast<int>(data.DisplaySize.x * data.FramebufferScale.x + 0.5F),
          static_cast<int>(data.DisplaySize.y * data.FramebufferScale.y + 0.5F)};
}

PixelRect both(const PixelRect& a, const PixelRect& b) {
  return {std::max(a.min_x, b.min_x), std::max(a.min_y, b.min_y), std::min(a.max_x, b.max_x),
          std::min(a.max_y, b.max_y)};
}
PixelRect around(const PixelRect& a, const PixelRect& b) {
  return {std::min(a.min_x, b.min_x), std::min(a.min_y, b.min_y), std::max(a.max_x, b.max_x),
          std::max(a.max_y, b.max_y)};
}
bool is_empty(const PixelRect& rect) {
  return rect.max_x <= rect.min_x || rect.max_y <= rect.min_y;
}
long long area(const PixelRect& rect) {
  return static_cast<long long>(rect.max_x - rect.min_x) * (rect.max_y - rect.min_y);
}

// The pixels that a command may touch, by the same rounding as Dear ImGui's Vulkan backend.
PixelRect scissor_of(const ImDrawCmd& command, const ImDrawData& data, core::Size size) {
  const auto scale = data.FramebufferScale;
  const float min_x = std::max(0.0F, (command.ClipRect.x - data.DisplayPos.x) * scale.x);
  const float min_y = std::max(0.0F, (command.ClipRect.y - data.DisplayPos.y) * scale.y);
  const float max_x = std::min(static_cast<float>(size.width_px), (command.ClipRect.z - data.DisplayPos.x) * scale.x);
  const float max_y = std::min(static_cast<float>(size.height_px), (command.ClipRect.w - data.DisplayPos.y) * scale.y);
  if (max_x <= min_x || max_y <= min_y) return {};
  const auto left = static_cast<int>(min_x);
  const auto top = static_cast<int>(min_y);
  return {left, top, left + static_cast<int>(max_x - min_x), top + static_cast<int>(max_y - min_y)};
}

class TileHasher {
 public:
  TileHasher(const ImDrawData& data, core::Size size)
      : data_(data), columns_(tiles_along(size.width_px)), scale_(data.FramebufferScale.x) {
    tiles_.size = size;
    tiles_.hashes.assign(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(tiles_along(size.height_px)), 1);
  }

  void add(const ImDrawList& list, const ImDrawCmd& command, std::uint64_t texture) {
    const PixelRect scissor = scissor_of(command, data_, tiles_.size);
    if (is_empty(scissor)) return;
    const auto corner = [](int x, int y) {
      return static_cast<std::uint64_t>(static_cast<std::uint32_t>(x)) << 32U | static_cast<std::uint32_t>(y);
    };
    const std::uint64_t seed =
        mixed(mixed(mixed(texture, corner(scissor.min_x, scissor.min_y)), corner(scissor.max_x, scissor.max_y)), 3);
    const ImDrawIdx* indices = list.IdxBuffer.Data + command.IdxOffset;
    const ImDrawVert* vertices = list.VtxBuffer.Data + command.VtxOffset;
    for (unsigned int i = 0; i + 2 < command.ElemCount; i += 3)
      add(vertices[indices[i]], vertices[indices[i + 1]], vertices[indices[i + 2]], scissor, seed);
  }

  Tiles take() { return std::move(tiles_); }

 private:
  void add(const ImDrawVert& a, const ImDrawVert& b, const ImDrawVert& c, const PixelRect& scissor,
           std::uint64_t seed) {
    const auto low = [&](float x, float y, float z, float origin) {
      return static_cast<int>(std::floor(std::clamp((std::min({x, y, z}) - origin) * scale_, -1e6F, 1e6F)));
    };
    const auto high = [&](float x, float y, float z, float origin) {
      return static_cast<int>(std::ceil(std::clamp((std::max({x, y, z}) - origin) * scale_, -1e6F, 1e6F)));
    };
    const ImVec2 origin = data_.DisplayPos;
    const PixelRect reach =
        both(scissor, {low(a.pos.x, b.pos.x, c.pos.x, origin.x), low(a.pos.y, b.pos.y, c.pos.y, origin.y),
                       high(a.pos.x, b.pos.x, c.pos.x, origin.x) + 1, high(a.pos.y, b.pos.y, c.pos.y, origin.y) + 1});
    if (is_empty(reach)) return;
    const std::uint64_t hash = hash_of(c, hash_of(b, hash_of(a, seed)));
    for (int row = reach.min_y / kTile_px; row <= (reach.max_y - 1) / kTile_px; ++row)
      for (int column = reach.min_x / kTile_px; column <= (reach.max_x - 1) / kTile_px; ++column) {
        std::uint64_t& tile = tiles_.hashes[static_cast<std::size_t>(row * columns_ + column)];
        tile = mixed(tile, hash);
      }
  }

  const ImDrawData& data_;
  const int columns_;
  const float scale_;
  Tiles tiles_;
};

// Runs of tiles that differ, each as far down as it goes on unchanged in width.
std::vector<PixelRect> runs_of(const Tiles& before, const Tiles& now) {
  std::vector<PixelRect> rects;
  const int columns = tiles_along(now.size.width_px);
  const int rows = tiles_along(now.size.height_px);
  for (int row = 0; row < rows; ++row)
    for (int column = 0; column < columns; ++column) {
      const auto differs = [&](int at) {
        const auto i = static_cast<std::size_t>(row * columns + at);
        return before.hashes[i] != now.hashes[i];
      };
      if (!differs(column)) continue;
      const int first = column;
      while (column < columns && differs(column)) ++column;
      const PixelRect run{first * kTile_px, row * kTile_px, std::min(column * kTile_px, now.size.width_px),
                          std::min((row + 1) * kTile_px, now.size.height_px)};
      const auto above = std::ranges::find_if(rects, [&](const PixelRect& rect) {
        return rect.max_y == run.min_y && rect.min_x == run.min_x && rect.max_x == run.max_x;
      });
      if (above != rects.end())
        above->max_y = run.max_y;
      else
        rects.push_back(run);
    }
  return rects;
}

// Joins what lies nearest until few are left; what the joined one overlaps is joined too.
void join(std::vector<PixelRect>& rects) {
  const auto take_in = [&](PixelRect joined) {
    for (bool grew = true; grew;) {
      grew = false;
      for (std::size_t i = 0; i < rects.size();) {
        if (is_empty(both(rects[i], joined))) {
          ++i;
          continue;
        }
        joined = around(joined, rects[i]);
        rects.erase(rects.begin() + static_cast<std::ptrdiff_t>(i));
        grew = true;
      }
    }
    rects.push_back(joined);
  };
  while (rects.size() > kMostRects) {
    std::pair<std::size_t, std::size_t> nearest{0, 1};
    std::optional<long long> least;
    for (std::size_t i = 0; i < rects.size(); ++i)
      for (std::size_t k = i + 1; k < rects.size(); ++k) {
        const long long waste = area(around(rects[i], rects[k])) - area(rects[i]) - area(rects[k]);
        if (least && waste >= *least) continue;
        least = waste;
        nearest = {i, k};
      }
    take_in(around(rects[nearest.first], rects[nearest.second]));
  }
}

}  // namespace

Tiles tiles_of(const ImDrawData& data, const std::function<std::uint64_t(ImTextureID)>& identity) {
  if (whole_scale(data) == 0) return {};
  TileHasher hasher(data, framebuffer_of(data));
  for (const ImDrawList* list : data.CmdLists)
    for (const ImDrawCmd& command : list->CmdBuffer) {
      if (command.UserCallback != nullptr) return {};
      // Not GetTexID(), which wants every texture uploaded: that of new glyphs is not yet, and is 0.
      const ImTextureRef& texture = command.TexRef;
      hasher.add(*list, command, identity(texture._TexData != nullptr ? texture._TexData->TexID : texture._TexID));
    }
  return hasher.take();
}

std::vector<PixelRect> damage(const Tiles& before, const Tiles& now, core::Size whole) {
  const PixelRect all{0, 0, whole.width_px, whole.height_px};
  if (now.hashes.empty() || !(before.size == now.size) || !(now.size == whole)) return {all};
  std::vector<PixelRect> rects = runs_of(before, now);
  join(rects);
  return rects;
}

void keep_only(ImDrawData& data, const std::vector<PixelRect>& rects) {
  const core::Size size = framebuffer_of(data);
  const auto scale = static_cast<float>(std::max(1, whole_scale(data)));
  for (ImDrawList* list : data.CmdLists) {
    ImVector<ImDrawCmd> kept;
    for (const PixelRect& rect : rects)
      for (const ImDrawCmd& command : list->CmdBuffer) {
        const PixelRect left = both(scissor_of(command, data, size), rect);
        if (is_empty(left)) continue;
        kept.push_back(command);
        kept.back().ClipRect = {static_cast<float>(left.min_x) / scale + data.DisplayPos.x,
                                static_cast<float>(left.min_y) / scale + data.DisplayPos.y,
                                static_cast<float>(left.max_x) / scale + data.DisplayPos.x,
                                static_cast<float>(left.max_y) / scale + data.DisplayPos.y};
      }
    list->CmdBuffer.swap(kept);
  }
}

}  // namespace app
