#include "study/question.h"

#include <utility>

#include "study/answer.h"

namespace study {

QuestionFiles question_files(const Trial& trial, const Condition& condition, const std::string& task_name,
                             bool switched_queries) {
  QuestionFiles files{{}, trial.base_file, min_file_shown(trial, condition), trial.max_file};
  for (const ReferencePicture* picture : references_shown(trial, condition, task_name))
    files.references.push_back(picture->file);
  if (switched_queries) std::swap(files.left, files.right);
  return files;
}

}  // namespace study
