// How the window looks: the palette of the design, the fonts, and Dear ImGui's style made from them. Everything that is
// measured is in design pixels times scale(), so that 80 … 200 % and hi-dpi look the same. UI thread.
#pragma once
#include <imgui.h>

#include <cstdint>

namespace ui {

// sRGB, 0xRRGGBB. Contrast of `normal` on `panel` is over 7:1.
namespace palette {
inline constexpr std::uint32_t kGround = 0x0f1115;
inline constexpr std::uint32_t kPanel = 0x161920;
inline constexpr std::uint32_t kLine = 0x232833;
inline constexpr std::uint32_t kControl = 0x1e232d;
inline constexpr std::uint32_t kControlHovered = 0x2a313d;
inline constexpr std::uint32_t kTrack = 0x2d3441;
inline constexpr std::uint32_t kTrackFilled = 0x596273;
inline constexpr std::uint32_t kKnob = 0xc9ccd1;
inline constexpr std::uint32_t kStrong = 0xf2f4f7;  // what matters
inline constexpr std::uint32_t kNormal = 0xc9ced6;
inline constexpr std::uint32_t kLabel = 0x7b8492;
inline constexpr std::uint32_t kAccent = 0xffb454;  // what is chosen, what runs; one per panel at most
inline constexpr std::uint32_t kOnAccent = 0x14100a;
inline constexpr std::uint32_t kData = 0x6cb6ff;  // data lines and decreases
inline constexpr std::uint32_t kRight = 0x7ee787;
inline constexpr std::uint32_t kWrong = 0xff7b72;  // errors, never by colour alone
}  // namespace palette

ImU32 colour(std::uint32_t rgb, float alpha = 1.0F);

// Both scale to any size (Dear ImGui bakes them as needed). Digits have fixed advances. Null: ImGui's current font.
struct Fonts {
  ImFont* text = nullptr;
  ImFont* strong = nullptr;  // semibold, for values and the product's name
};
void set_fonts(const Fonts& fonts);
const Fonts& fonts();

// Sizes in design pixels.
inline constexpr float kTextSize = 13.0F;
inline constexpr float kHeadingSize = 11.0F;
inline constexpr float kValueSize = 22.0F;
inline constexpr float kGap = 12.0F;

// Sets Dear ImGui's (and ImPlot's) style for this scale: content scale times the user's setting, 0.5 … 4.
void apply_theme(float scale);
float scale();
// Design pixels to Dear ImGui's units.
inline float px(float design_px) {
  return design_px * scale();
}

}  // namespace ui
