// What the pages of the Analyse screen share: numbers in words, and marks of accuracies. Pure; any thread.
#pragma once
#include <string>
#include <vector>

#include "study/analysis.h"
#include "ui/analysis_plots.h"

namespace ui {

std::vector<std::string> labels_of(const study::Analysis& analysis);  // of its series
std::string decimal(double value, int decimals);
std::string share_text(double share);  // "57.6 %"
// The mean with two standard errors; its tooltip says of whom and over how many.
ValueMark accuracy_mark(const std::string& group, int series, const study::Accuracy& accuracy, const std::string& what);

}  // namespace ui
