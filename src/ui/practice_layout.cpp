#include "ui/practice_layout.h"

#include <algorithm>
#include <cmath>

namespace ui {
namespace {

constexpr float kTop = 52, kLine = 22, kChoices = 30, kBottom = 40;
constexpr float kAside = 40, kNarrowAside = 16, kNarrowWindow = 1000;
constexpr int kReferences = 9, kAlong = 3;
constexpr float kGap = 8, kTruthGap = 16, kTruthTitle = 20, kLeastMap = 72;

core::Rect rect(float x, float y, float width, float height) {
  return {{x, y}, {x + width, y + height}};
}

}  // namespace

PracticeLayout practice_layout(core::Size window, float scale, float framebuffer, core::Size picture) {
  const auto px = [scale](float design) { return design * scale; };
  const auto whole = [framebuffer](float units) { return std::floor(units * framebuffer) / framebuffer; };
  const auto width = static_cast<float>(window.width_px);
  const auto height = static_cast<float>(window.height_px);
  const float aside = px(width < px(kNarrowWindow) ? kNarrowAside : kAside);
  PracticeLayout layout;
  layout.head = rect(aside, px(kTop), width - 2 * aside, px(kLine));
  layout.choices = rect(aside, layout.head.max.y, width - 2 * aside, px(kChoices));
  QuestionSpace space;
  space.place = {{aside, layout.choices.max.y + px(10)}, {width - aside, height - px(kBottom)}};
  space.picture = picture;
  space.references = kReferences;
  space.scale = scale;
  space.framebuffer = framebuffer;
  space.whole_pixels = false;
  layout.question = lay_out_question(space);
  if (layout.question.side <= 0.0F || layout.question.references.empty()) return layout;

  // The references leave room for the truth.
  QuestionLayout& question = layout.question;
  const core::Point corner = question.references.front().min;
  const float room = space.place.max.y - corner.y;
  const float with_equal_map = (room - px(2 * kGap + kTruthGap + kTruthTitle)) / (kAlong + 1);
  const float with_least_map = (room - px(2 * kGap + kTruthGap + kTruthTitle + kLeastMap)) / kAlong;
  const float widest = question.references.front().width();
  const float side = whole(std::min(widest, std::max(1.0F, std::min(with_equal_map, with_least_map))));
  question.reference_side_px = std::max(1, static_cast<int>(std::lround(side * framebuffer)));
  for (int i = 0; i < kReferences; ++i) {
    const auto column = static_cast<float>(i % kAlong), row = static_cast<float>(i / kAlong);
    question.references[static_cast<std::size_t>(i)] =
        rect(corner.x + column * (side + px(kGap)), corner.y + row * (side + px(kGap)), side, side);
  }
  layout.references = {corner, question.references.back().max};

  const float top = layout.references.max.y + px(kTruthGap);
  const float column_end = question.base_title.min.x - px(28);
  layout.truth = {{corner.x, top}, {column_end, space.place.max.y}};
  const float map = whole(std::min(side, space.place.max.y - top - px(kTruthTitle)));
  layout.map = rect(corner.x, top + px(kTruthTitle), map, map);
  layout.beside_base = {{question.base.max.x + px(14), question.base.min.y}, {space.place.max.x, question.base.max.y}};
  return layout;
}

}  // namespace ui
