// The plots of an analysis, each with the heading it stands below and its own footnote: who was kept, what was
// filtered, how many trials were rejected. Pure; any thread.
#pragma once
#include <string>
#include <vector>

#include "report/drawing.h"
#include "study/analysis.h"

namespace report {

enum class Section { accuracy, parts, difficulty, confidence, reaction_time, agreement, exclusions, pictures };

struct Figure {
  std::string name;  // of files: "accuracy"
  Section section = Section::accuracy;
  std::string caption;  // how to read it
  Drawing drawing;
};

std::vector<Figure> figures(const study::AnalysisData& data, const study::Analysis& analysis);

// The anchor of a trial in the table of trials.
std::string trial_anchor(const study::TrialPoint& point);

}  // namespace report
