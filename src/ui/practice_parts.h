// The parts of the practice screen, one a function. UI thread, inside a frame.
#pragma once
#include "ui/panels.h"
#include "ui/practice_layout.h"

namespace ui {

// ---- after the answer only: nothing of these is called before ------------------------------------------------------

// A tick or a cross with its word, between the two queries.
void draw_verdict(View& view, const core::Rect& place);
// Both activations, the whole map with both squares on it, how hard it was.
void draw_truth(View& view, const PracticeLayout& layout);
// The square on the picture under the hand, and what it does.
void draw_hunt(View& view, const PracticeLayout& layout);

}  // namespace ui
