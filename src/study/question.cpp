#include "study/question.h"

#include <utility>

#include "study/answer.h"

namespace study {

QuestionFiles question_files(const Trial& trial, const Condition& condition, bool switched_queries) {
  QuestionFiles files{references_shown(trial, condition), trial.base_file, min_file_shown(trial, condition),
                      trial.max_file};
  if (switched_queries) std::swap(files.left, files.right);
  return files;
}

}  // namespace study
