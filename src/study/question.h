// What a screen gets to see of a trial before the answer: which files to load, and then pictures without names. There
// is no activation, no role and no right side in here, so nothing that draws a question can give the answer away.
// Plain values; any thread.
#pragma once
#include <string>
#include <vector>

#include "core/image.h"
#include "study/trial.h"

namespace study {

// For the loader only: the names of the two queries may tell which is which, so they are never drawn or logged.
struct QuestionFiles {
  std::vector<std::string> references;  // in the order of showing; relative to the experiment's folder
  std::string base, left, right;
  bool operator==(const QuestionFiles&) const = default;
};
QuestionFiles question_files(const Trial& trial, const Condition& condition, const std::string& task_name,
                             bool switched_queries);

struct QuestionPictures {
  std::vector<core::Image> references;
  core::Image base, left, right;
};

}  // namespace study
