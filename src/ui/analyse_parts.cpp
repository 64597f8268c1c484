#include "ui/analyse_parts.h"

#include <cstdio>

namespace ui {
namespace {

std::string words_of(const std::string& what, const study::Accuracy& accuracy) {
  std::string words = "*" + what + "*: *" + share_text(accuracy.mean) + "*";
  if (accuracy.two_sem) words += " ± " + share_text(*accuracy.two_sem);
  words += accuracy.participants == 1 ? ", n = 1" : ", " + std::to_string(accuracy.participants) + " participants";
  return words + ", " + std::to_string(accuracy.correct) + " of " + std::to_string(accuracy.trials) + " trials, 95 % " +
         (accuracy.over_trials ? "(over trials) " : "") + share_text(accuracy.ci95.low) + " to " +
         share_text(accuracy.ci95.high);
}

}  // namespace

std::vector<std::string> labels_of(const study::Analysis& analysis) {
  std::vector<std::string> labels;
  for (const study::Series& series : analysis.series) labels.push_back(series.label);
  return labels;
}

std::string decimal(double value, int decimals) {
  char text[48];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

std::string share_text(double share) {
  return decimal(100.0 * share, 1) + " %";
}

ValueMark accuracy_mark(const std::string& group, int series, const study::Accuracy& accuracy,
                        const std::string& what) {
  ValueMark mark;
  mark.group = group;
  mark.series = series;
  mark.value = accuracy.mean;
  mark.error = accuracy.two_sem;
  mark.tooltip = words_of(what, accuracy);
  return mark;
}

}  // namespace ui
