#include "ui/question.h"

#include <algorithm>
#include <cmath>

#include "study/answer.h"
#include "ui/theme.h"
#include "ui/widgets.h"

namespace ui {
namespace {

// Heights and gaps in design pixels where the window is smallest; what is left over becomes air.
constexpr float kTitle = 16, kUnderTitle = 4, kUnderBase = 5, kQuestion = 18, kUnderQuestion = 8, kUnderQueries = 9,
                kButton = 28, kUnderButtons = 4, kHint = 28, kFoot = 36;
constexpr float kHeights =
    kTitle + kUnderTitle + kUnderBase + kQuestion + kUnderQuestion + kUnderQueries + kButton + kUnderButtons + kHint;
constexpr float kBetweenQueries = 24, kBetweenColumns = 28, kBetweenReferences = 8;
constexpr float kRoomyBetweenQueries = 88, kRoomyBetweenColumns = 54;
constexpr float kLeastReference = 84;
constexpr float kMostAir = 12;
constexpr float kFrame = 5;
constexpr float kQuestionTextSize = 15;

struct Space {
  const QuestionSpace& in;
  [[nodiscard]] float px(float design) const { return design * in.scale; }
  [[nodiscard]] float whole(float units) const { return std::round(units * in.framebuffer) / in.framebuffer; }
  [[nodiscard]] core::Rect rect(float x, float y, float width, float height) const {
    return {{whole(x), whole(y)}, {whole(x) + width, whole(y) + height}};
  }
  [[nodiscard]] int columns() const {
    return static_cast<int>(std::ceil(std::sqrt(static_cast<float>(in.references))));
  }
  [[nodiscard]] float least_references() const {
    return in.references == 0
               ? 0.0F
               : static_cast<float>(columns()) * px(kLeastReference + kBetweenReferences) + px(kBetweenColumns);
  }
  // The side of base and queries, in framebuffer pixels, must be under this.
  [[nodiscard]] float room_px() const {
    const float high = (in.place.height() - px(kHeights)) / 2;
    const float wide = (in.place.width() - px(kBetweenQueries) - least_references()) / 2;
    return std::floor(std::min(high, wide) * in.framebuffer + 0.01F);
  }
};

void choose_side(const Space& space, QuestionLayout& layout) {
  const auto side_px = static_cast<float>(std::max(space.in.picture.width_px, space.in.picture.height_px));
  const float room = space.room_px();
  if (side_px < 1.0F || room < 1.0F) return;
  layout.image_scale = static_cast<int>(room / side_px);
  float shown_px = static_cast<float>(layout.image_scale) * side_px;
  const bool other_scale = space.in.fills || (layout.image_scale == 0 && !space.in.whole_pixels);
  if (other_scale && room >= 48.0F) shown_px = room;
  layout.side = shown_px / space.in.framebuffer;
}

void lay_out_references(const Space& space, float column_width, float top, QuestionLayout& layout) {
  const QuestionSpace& in = space.in;
  if (in.references == 0) return;
  const int columns = space.columns();
  const int rows = (in.references + columns - 1) / columns;
  const float gap = space.px(kBetweenReferences);
  const auto fitting = [gap](float room, int count) {
    return (room - static_cast<float>(count - 1) * gap) / static_cast<float>(count);
  };
  const float side = std::min({fitting(column_width, columns), fitting(in.place.max.y - top, rows), layout.side});
  layout.reference_side_px = std::max(1, static_cast<int>(std::floor(side * in.framebuffer)));
  const float drawn = static_cast<float>(layout.reference_side_px) / in.framebuffer;
  for (int i = 0; i < in.references; ++i)
    layout.references.push_back(space.rect(in.place.min.x + static_cast<float>(i % columns) * (drawn + gap),
                                           top + static_cast<float>(i / columns) * (drawn + gap), drawn, drawn));
}

void lay_out_buttons(const Space& space, float y, QuestionLayout& layout) {
  const float gap = space.px(8);
  const float width = std::min(space.px(58), (layout.side - 2 * gap) / 3);
  const float all = 3 * width + 2 * gap;
  for (int i = 0; i < study::kButtons; ++i) {
    const core::Rect& query = study::is_left(i) ? layout.left : layout.right;
    const float x = query.min.x + (layout.side - all) / 2 + static_cast<float>(i % 3) * (width + gap);
    layout.buttons[static_cast<std::size_t>(i)] = space.rect(x, y, width, space.px(kButton));
  }
}

}  // namespace

QuestionLayout lay_out_question(const QuestionSpace& in) {
  const Space space{in};
  QuestionLayout layout;
  choose_side(space, layout);
  if (layout.side <= 0.0F) return layout;
  const float side = layout.side;

  const float spare_width = in.place.width() - 2 * side - space.px(kBetweenQueries) - space.least_references();
  const float between =
      space.px(kBetweenQueries) + std::clamp(spare_width / 6, 0.0F, space.px(kRoomyBetweenQueries - kBetweenQueries));
  const float right_width = 2 * side + between;
  const float columns_gap =
      space.px(kBetweenColumns) + std::clamp(spare_width / 6, 0.0F, space.px(kRoomyBetweenColumns - kBetweenColumns));
  // Without references the question stands in the middle.
  const float right_x =
      in.references == 0 ? in.place.min.x + (in.place.width() - right_width) / 2 : in.place.max.x - right_width;

  float spare = in.place.height() - 2 * side - space.px(kHeights);
  const bool own_foot = spare >= space.px(kFoot);
  if (own_foot) spare -= space.px(kFoot);
  const float air = std::clamp(spare / 7, 0.0F, space.px(kMostAir));
  float y = in.place.min.y + std::clamp((spare - 6 * air) / 2, 0.0F, space.px(40));

  layout.references_title = space.rect(in.place.min.x, y, right_x - columns_gap - in.place.min.x, space.px(kTitle));
  layout.base_title = space.rect(right_x, y, right_width, space.px(kTitle));
  y += space.px(kTitle + kUnderTitle) + air;
  lay_out_references(space, right_x - columns_gap - in.place.min.x, y, layout);
  layout.base = space.rect(right_x + (right_width - side) / 2, y, side, side);
  y += side + space.px(kUnderBase) + air * 1.5F;
  layout.question = space.rect(right_x, y, right_width, space.px(kQuestion));
  y += space.px(kQuestion + kUnderQuestion) + air;
  layout.left = space.rect(right_x, y, side, side);
  layout.right = space.rect(right_x + side + between, y, side, side);
  layout.verdict = space.rect(layout.left.max.x, y, between, side);
  y += side + space.px(kUnderQueries) + air;
  lay_out_buttons(space, y, layout);
  y += space.px(kButton + kUnderButtons);
  for (std::size_t i = 0; i < 2; ++i)
    layout.hints[i] = space.rect(i == 0 ? layout.left.min.x : layout.right.min.x, y, side, space.px(kHint));
  if (own_foot) {
    layout.foot = space.rect(right_x, y + space.px(kHint) + air * 0.5F, right_width, space.px(kFoot));
  } else {
    const float width = space.px(120);
    layout.foot = space.rect(right_x + (right_width - width) / 2, y, width, space.px(kHint));
  }
  return layout;
}

const QuestionColours& published_colours() {
  static const QuestionColours colours{0xffffff, 0xffffff, 0xe8e8e8, 0xffffff, 0x1c1c1c, 0x000000, 0x000000, 0xffffff};
  return colours;
}
const QuestionColours& window_colours() {
  using namespace palette;
  static const QuestionColours colours{kStrong, kLabel,  kControl, kControlHovered,
                                       kNormal, kAccent, kAccent,  kOnAccent};
  return colours;
}

ImGuiKey key_of_answer(int button) {
  constexpr std::array<ImGuiKey, study::kButtons> kKeys = {ImGuiKey_S, ImGuiKey_D, ImGuiKey_F,
                                                           ImGuiKey_J, ImGuiKey_K, ImGuiKey_L};
  return kKeys[static_cast<std::size_t>(button)];
}

namespace {

ImVec2 vec(core::Point point) {
  return {point.x, point.y};
}

void draw_title(const core::Rect& line, std::string_view words, std::uint32_t rgb, bool centred) {
  if (words.empty()) return;
  const std::string fits = fitted(words, line.width());
  const float x = centred ? line.min.x + std::floor((line.width() - text_width(fits)) / 2) : line.min.x;
  const float y = line.min.y + std::floor((line.height() - ImGui::GetFontSize()) / 2);
  ImGui::GetWindowDrawList()->AddText({x, y}, colour(rgb), fits.c_str(), fits.c_str() + fits.size());
}

void draw_picture(Textures& textures, const core::Rect& where, const core::Image* image) {
  if (image == nullptr || image->empty()) return;
  ImGui::GetWindowDrawList()->AddImage(enlarged(textures, *image, where.width()), vec(where.min), vec(where.max));
}

void draw_frame(const core::Rect& query, std::uint32_t rgb) {
  const float width = px(kFrame);
  ImGui::GetWindowDrawList()->AddRect({query.min.x - width, query.min.y - width},
                                      {query.max.x + width, query.max.y + width}, colour(rgb), 0.0F, width);
}

// An arrow outwards with the words beside its shaft.
void draw_hint(const core::Rect& place, std::string_view words, std::uint32_t rgb, bool to_left) {
  if (words.empty()) return;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float arrow = px(18), head = px(4);
  const float width = arrow + px(7) + text_width(words);
  const float x = place.min.x + std::floor((place.width() - width) / 2);
  const float middle = place.min.y + std::floor(place.height() / 2);
  const float from = to_left ? x : x + width - arrow;
  const float tip = to_left ? from : from + arrow;
  const float back = to_left ? head : -head;
  list->AddLine({from, middle}, {from + arrow, middle}, colour(rgb), px(1.5F));
  list->AddTriangleFilled({tip, middle}, {tip + back, middle - head}, {tip + back, middle + head}, colour(rgb));
  list->AddText({to_left ? x + arrow + px(7) : x, middle - std::floor(ImGui::GetFontSize() / 2)}, colour(rgb),
                words.data(), words.data() + words.size());
}

// True when this button was pressed in this frame.
bool draw_button(const core::Rect& place, int button, const QuestionView& view) {
  const QuestionColours& colours = *view.colours;
  static constexpr const char* kNames[] = {"answer s", "answer d", "answer f", "answer j", "answer k", "answer l"};
  ImGui::SetCursorScreenPos(vec(place.min));
  ImGui::InvisibleButton(kNames[button], {place.width(), place.height()});
  const bool hovered = view.answerable && ImGui::IsItemHovered();
  const bool chosen = view.chosen == button;
  const bool locked = view.chosen.has_value() && !chosen;
  const char label[] = {static_cast<char>('0' + study::label_of_button(button)), '\0'};
  ImDrawList* list = ImGui::GetWindowDrawList();
  const std::uint32_t fill = chosen ? colours.chosen_button : hovered ? colours.button_hovered : colours.button;
  list->AddRectFilled(vec(place.min), vec(place.max), colour(fill, locked ? 0.45F : 1.0F), px(4));
  const ImVec2 size = ImGui::CalcTextSize(label);
  list->AddText(
      {std::floor(place.min.x + (place.width() - size.x) / 2), std::floor(place.min.y + (place.height() - size.y) / 2)},
      colour(chosen ? colours.chosen_text : colours.button_text, locked ? 0.6F : 1.0F), label);
  return hovered && ImGui::IsMouseClicked(ImGuiMouseButton_Left);
}

std::optional<QuestionAnswer> pressed_key() {
  const ImGuiIO& io = ImGui::GetIO();
  if (io.WantTextInput || io.KeyCtrl || io.KeyAlt || io.KeySuper) return std::nullopt;
  for (int button = 0; button < study::kButtons; ++button)
    if (ImGui::IsKeyPressed(key_of_answer(button), false)) return QuestionAnswer{button, true};
  return std::nullopt;
}

}  // namespace

std::optional<QuestionAnswer> draw_question(Textures& textures, const QuestionLayout& layout,
                                            const QuestionView& view) {
  if (layout.side <= 0.0F) return std::nullopt;
  const QuestionColours& colours = *view.colours;
  const study::QuestionPictures* pictures = view.pictures;
  const auto shows = [&](QuestionPart part) { return part <= view.shown_to; };
  const ScopedFont font(fonts().text, kQuestionTextSize);

  if (!layout.references.empty()) draw_title(layout.references_title, view.references_title, colours.text, false);
  for (std::size_t i = 0; pictures != nullptr && i < layout.references.size() && i < pictures->references.size(); ++i)
    draw_picture(textures, layout.references[i], &pictures->references[i]);
  if (shows(QuestionPart::base)) {
    draw_title(layout.base_title, view.base_title, colours.text, true);
    draw_picture(textures, layout.base, pictures == nullptr ? nullptr : &pictures->base);
  }
  if (shows(QuestionPart::queries) && pictures != nullptr) {
    if (view.chosen) draw_frame(study::is_left(*view.chosen) ? layout.left : layout.right, colours.frame);
    draw_picture(textures, layout.left, &pictures->left);
    draw_picture(textures, layout.right, &pictures->right);
  }
  if (shows(QuestionPart::question)) draw_title(layout.question, view.question, colours.text, true);
  if (!shows(QuestionPart::buttons)) return std::nullopt;

  std::optional<QuestionAnswer> answer;
  for (int button = 0; button < study::kButtons; ++button)
    if (draw_button(layout.buttons[static_cast<std::size_t>(button)], button, view))
      answer = QuestionAnswer{button, false};
  const ScopedFont small(fonts().text, kTextSize);
  draw_hint(layout.hints[0], view.more_confident, colours.label, true);
  draw_hint(layout.hints[1], view.more_confident, colours.label, false);
  if (view.answerable && !answer) answer = pressed_key();
  return answer;
}

}  // namespace ui
