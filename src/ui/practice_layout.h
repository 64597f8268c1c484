// Where practice puts the question, the score and the truth. The truth's place is empty before the answer, so that
// nothing moves when it comes. A pure function; any thread.
#pragma once
#include "core/geometry.h"
#include "core/image.h"
#include "ui/question.h"

namespace ui {

struct PracticeLayout {
  core::Rect head;     // one line: the unit left, the score right
  core::Rect choices;  // one line below: what to practise with left, the rules' scores right
  QuestionLayout question;
  core::Rect references;   // all of them together; also where a live visualization stands
  core::Rect truth;        // below the references
  core::Rect map;          // in it
  core::Rect beside_base;  // right of the picture without a square
};
// Everything in Dear ImGui units; `framebuffer` pixels each.
PracticeLayout practice_layout(core::Size window, float scale, float framebuffer, core::Size picture);

}  // namespace ui
