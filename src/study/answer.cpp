#include "study/answer.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "base/rng.h"
#include "study/words.h"

namespace study {
namespace {

constexpr Words<Mode, 4> kModes = {
    {{Mode::practice, "practice"}, {Mode::pilot, "pilot"}, {Mode::real, "real"}, {Mode::simulated, "simulated"}}};
constexpr Words<Device, 3> kDevices = {
    {{Device::keyboard, "keyboard"}, {Device::mouse, "mouse"}, {Device::observer, "observer"}}};

}  // namespace

std::string_view to_string(Mode mode) {
  return word_of(kModes, mode);
}
base::Result<Mode> parse_mode(std::string_view text) {
  return value_of(kModes, text, "a mode of answering");
}
std::string_view to_string(Device device) {
  return word_of(kDevices, device);
}
base::Result<Device> parse_device(std::string_view text) {
  return value_of(kDevices, text, "a device that answers");
}

std::vector<const ReferencePicture*> references_shown(const Trial& trial, const Condition& condition,
                                                      const std::string& task_name) {
  std::vector<const ReferencePicture*> shown;
  const ReferenceSet* set = trial.references_of(condition.name);
  if (set == nullptr) return shown;
  for (auto picture = set->pictures.rbegin(); picture != set->pictures.rend(); ++picture) {
    if (static_cast<int>(shown.size()) == condition.references) break;
    shown.push_back(&*picture);
  }
  base::Rng rng(base::hash64(task_name), "order of references of " + trial.id);
  for (std::size_t i = shown.size(); i > 1; --i) {
    std::vector<std::size_t> places;  // of this kind, up to this one
    for (std::size_t k = 0; k < i; ++k)
      if (shown[k]->kind == shown[i - 1]->kind) places.push_back(k);
    std::swap(shown[i - 1], shown[places[static_cast<std::size_t>(rng.below(static_cast<int>(places.size())))]]);
  }
  return shown;
}

const std::string& min_file_shown(const Trial& trial, const Condition& condition) {
  return condition.references == 0 && !trial.foreign_min_file.empty() ? trial.foreign_min_file : trial.min_file;
}

Answer answer_to(const Trial& trial, const Condition& condition, const std::string& task_name, bool switched_queries,
                 int button) {
  CHECK(button >= 0 && button < kButtons, "an answer is one of the six buttons");
  Answer answer;
  answer.condition = condition.name;
  answer.task_name = task_name;
  answer.batch = trial.batch;
  answer.is_demo = trial.role == Role::obvious_practice || trial.role == Role::less_obvious_practice;
  answer.catch_trial = trial.role == Role::catch_trial;
  answer.trial_id = trial.id;
  answer.min_query = min_file_shown(trial, condition);
  answer.max_query = trial.max_file;
  answer.base_query = trial.base_file;
  for (const ReferencePicture* picture : references_shown(trial, condition, task_name))
    answer.max_references.push_back(picture->file);
  answer.unit = trial.unit;
  answer.side_px = trial.max.place.side_px;
  answer.min = trial.min.place;
  answer.max = trial.max.place;
  answer.act_base = trial.base_activation;
  answer.act_min = trial.min.activation;
  answer.act_max = trial.max.activation;
  answer.switched_queries = switched_queries;
  answer.button = button;
  answer.confidence = label_of_button(button);
  answer.chose_max = is_left(button) == switched_queries;
  answer.correct = answer.chose_max;
  return answer;
}

}  // namespace study
