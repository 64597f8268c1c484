// The Analyse screen: at the left which answers and which page, in the middle the page, at the right the trial that was
// chosen. Draws and asks; the numbers are study's. UI thread, inside a frame.
#pragma once
#include "ui/analysing.h"
#include "ui/panels.h"

namespace ui {

void draw_analyse(View& view);

// The pages, into the present Dear ImGui window.
void draw_accuracy_page(View& view, const study::Analysis& analysis);
void draw_parts_page(View& view, const study::Analysis& analysis);
void draw_trials_page(View& view, const study::Analysis& analysis, const study::AnalysisData& data);
void draw_confidence_page(View& view, const study::Analysis& analysis);
void draw_agreement_page(View& view, const study::Analysis& analysis);
void draw_exclusions_page(View& view, const study::Analysis& analysis, const study::AnalysisData& data);

}  // namespace ui
