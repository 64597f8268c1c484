#include "ui/theme.h"

#include <algorithm>

namespace ui {
namespace {

float g_scale = 1.0F;
Fonts g_fonts;

ImVec4 vec(std::uint32_t rgb, float alpha = 1.0F) {
  return ImGui::ColorConvertU32ToFloat4(colour(rgb, alpha));
}

void set_colours(ImGuiStyle& style) {
  const ImVec4 nothing(0, 0, 0, 0);
  ImVec4* to = style.Colors;
  // Dear ImGui's own greys must not show through anywhere: what is not named below is drawn by our widgets.
  for (int i = 0; i < ImGuiCol_COUNT; ++i) to[i] = nothing;
  to[ImGuiCol_Text] = vec(palette::kNormal);
  to[ImGuiCol_TextDisabled] = vec(palette::kLabel);
  to[ImGuiCol_TextSelectedBg] = vec(palette::kData, 0.35F);
  to[ImGuiCol_InputTextCursor] = vec(palette::kAccent);
  to[ImGuiCol_WindowBg] = vec(palette::kPanel);
  to[ImGuiCol_PopupBg] = vec(palette::kPanel);
  to[ImGuiCol_Border] = vec(palette::kLine);
  to[ImGuiCol_TitleBg] = to[ImGuiCol_TitleBgActive] = to[ImGuiCol_TitleBgCollapsed] = vec(palette::kControl);
  to[ImGuiCol_MenuBarBg] = vec(palette::kGround);
  to[ImGuiCol_ScrollbarGrab] = vec(palette::kTrack);
  to[ImGuiCol_ScrollbarGrabHovered] = to[ImGuiCol_ScrollbarGrabActive] = vec(palette::kTrackFilled);
  to[ImGuiCol_ButtonHovered] = vec(palette::kTrack);  // the corner of a dockable panel
  to[ImGuiCol_Header] = vec(palette::kControl);
  to[ImGuiCol_HeaderHovered] = to[ImGuiCol_HeaderActive] = vec(palette::kControlHovered);
  to[ImGuiCol_SeparatorHovered] = vec(palette::kLine, 0.7F);
  to[ImGuiCol_SeparatorActive] = vec(palette::kTrack);
  to[ImGuiCol_ResizeGripHovered] = to[ImGuiCol_ResizeGripActive] = vec(palette::kTrack);
  to[ImGuiCol_Tab] = vec(palette::kGround);
  to[ImGuiCol_TabHovered] = vec(palette::kControlHovered);
  to[ImGuiCol_TabSelected] = to[ImGuiCol_TabDimmedSelected] = vec(palette::kControl);
  to[ImGuiCol_TabDimmed] = vec(palette::kGround);
  to[ImGuiCol_DockingPreview] = vec(palette::kAccent, 0.35F);
  to[ImGuiCol_DockingEmptyBg] = vec(palette::kGround);
  to[ImGuiCol_DragDropTarget] = vec(palette::kAccent);
  to[ImGuiCol_NavCursor] = vec(palette::kStrong);
  to[ImGuiCol_ModalWindowDimBg] = vec(palette::kGround, 0.6F);
}

}  // namespace

ImU32 colour(std::uint32_t rgb, float alpha) {
  const auto channel = [](std::uint32_t value) { return static_cast<int>(value & 0xffU); };
  const float clamped = std::clamp(alpha, 0.0F, 1.0F);
  return IM_COL32(channel(rgb >> 16U), channel(rgb >> 8U), channel(rgb), static_cast<int>(clamped * 255.0F + 0.5F));
}

void set_fonts(const Fonts& fonts) {
  g_fonts = fonts;
}
const Fonts& fonts() {
  return g_fonts;
}

void apply_theme(float scale) {
  g_scale = std::clamp(scale, 0.5F, 4.0F);
  ImGuiStyle style;
  set_colours(style);
  style.WindowPadding = {13, 12};
  style.WindowRounding = 6;
  style.WindowBorderSize = 0;
  style.ChildRounding = 6;
  style.ChildBorderSize = 0;
  style.PopupRounding = 6;
  style.PopupBorderSize = 1;
  style.FramePadding = {8, 4};
  style.FrameRounding = 5;
  style.FrameBorderSize = 0;
  style.ItemSpacing = {8, 4};
  style.ItemInnerSpacing = {4, 4};
  style.ScrollbarSize = 8;
  style.ScrollbarRounding = 4;
  style.GrabRounding = 4;
  style.TabRounding = 5;
  style.TabBarBorderSize = 0;
  style.TabBarOverlineSize = 0;
  style.DockingSeparatorSize = kGap;
  style.WindowMinSize = {32, 32};
  style.WindowMenuButtonPosition = ImGuiDir_None;
  style.HoverDelayShort = 0.12F;
  style.HoverDelayNormal = 0.35F;
  style.HoverStationaryDelay = 0.1F;
  style.ScaleAllSizes(g_scale);
  style.FontSizeBase = kTextSize;
  style.FontScaleMain = g_scale;
  ImGui::GetStyle() = style;
}

float scale() {
  return g_scale;
}

}  // namespace ui
