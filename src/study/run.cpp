#include "study/run.h"

#include <algorithm>

#include "base/hash.h"
#include "base/rng.h"
#include "study/assignment.h"

namespace study {
namespace {

// The published progress bar: how far each part reaches.
constexpr double kAfterWelcome = 0.01, kAfterInstructions = 0.05, kPracticeFrom = 0.1, kMainFrom = 0.2, kMainTo = 0.95;

double between(double from, double to, std::size_t done, std::size_t all) {
  return from + (to - from) * static_cast<double>(done) / static_cast<double>(std::max<std::size_t>(1, all));
}

bool contains(const std::vector<std::string>& list, const std::string& text) {
  return std::ranges::find(list, text) != list.end();
}

// Moves `count` trials, drawn without putting back, to the result.
void draw(std::vector<const Trial*> from, int count, base::Rng& rng, std::vector<const Trial*>& drawn) {
  for (int i = 0; i < count && !from.empty(); ++i) {
    const auto at = from.begin() + rng.below(static_cast<int>(from.size()));
    drawn.push_back(*at);
    from.erase(at);
  }
}

}  // namespace

Run::Run(std::shared_ptr<const Experiment> experiment, const SessionPlan& plan, int instruction_pages)
    : experiment_(std::move(experiment)), header_(plan.header), instruction_pages_(instruction_pages) {
  const Condition* condition = experiment_->condition(header_.condition);
  CHECK(condition != nullptr, "a session's condition is one of its experiment");
  condition_ = *condition;
  for (const Trial& trial : experiment_->trials) {
    if (example_ == nullptr && trial.role == Role::obvious_practice) example_ = &trial;
    const ReferenceSet* set = trial.references_of(condition_.name);
    if (condition_.references == 0 || set == nullptr || set->pictures.empty()) continue;
    if (trial.role == Role::obvious_practice) obvious_.push_back(&trial);
    if (trial.role == Role::less_obvious_practice) less_obvious_.push_back(&trial);
  }
  take_example();
  const auto task =
      std::ranges::find_if(experiment_->tasks, [&](const Task& known) { return known.name == header_.task_name; });
  CHECK(task != experiment_->tasks.end(), "a session's task is one of its experiment");
  for (const std::string& id : task->trials) {
    const Trial* trial = experiment_->find(id);
    CHECK(trial != nullptr, "a task's trials are there");
    main_.push_back(trial);
  }
  take_in(plan);
}

// The instructions show a trial that practice does not ask, so that no round begins with what was just explained: a
// less obvious one where there are more than a round takes, for of the obvious ones there are few.
void Run::take_example() {
  for (auto* pool : {&less_obvious_, &obvious_}) {
    const int in_round = pool == &obvious_ ? kObviousInRound : kLessObviousInRound;
    if (static_cast<int>(pool->size()) <= in_round) continue;
    example_ = pool->back();
    pool->pop_back();
    return;
  }
  if (!obvious_.empty()) example_ = obvious_.back();
}

// What an interrupted session has already: practice that was passed is not asked again; the trials are, if the
// experiment says so.
void Run::take_in(const SessionPlan& plan) {
  known_ = plan.known;
  if (!plan.resumed) return;
  end_ = plan.before;
  end_.complete = false;
  int rights = 0;
  for (const Answer& answer : plan.answered) {
    trial_index_ = std::max(trial_index_, answer.trial_index);
    if (!answer.is_demo) {
      practice_passed_ = true;
      known_.push_back(answer.trial_id);
      if (experiment_->resume == ResumePolicy::resume)
        std::erase_if(main_, [&](const Trial* trial) { return trial->id == answer.trial_id; });
      continue;
    }
    if (answer.practice_round > round_) rights = 0;
    round_ = std::max(round_, answer.practice_round);
    rights += answer.correct ? 1 : 0;
  }
  const auto in_round = drawn_round(std::max(1, round_)).size();
  if (round_ > 0 && static_cast<std::size_t>(rights) >= in_round) practice_passed_ = true;
}

std::vector<const Trial*> Run::drawn_round(int round) const {
  base::Rng rng(base::hash64(header_.task_name), "practice round " + std::to_string(round));
  std::vector<const Trial*> drawn;
  draw(obvious_, kObviousInRound, rng, drawn);
  draw(less_obvious_, kLessObviousInRound, rng, drawn);
  return drawn;
}

QuestionFiles Run::files_of(const Trial& trial, int trial_index) const {
  return question_files(trial, condition_, header_.task_name, switched_queries(header_.task_name, trial_index));
}

const QuestionFiles& Run::question() const {
  CHECK(page_ == RunPage::trial, "a question is asked on trial pages");
  return question_;
}

std::vector<QuestionFiles> Run::coming() const {
  std::vector<QuestionFiles> files;
  if (page_ == RunPage::trial) files.push_back(question_);
  const int next = trial_index_ + 1;
  if (in_practice() && has_practice() && !practice_passed_) {
    const bool in_round = page_ == RunPage::trial && round_at_ + 1 < round_trials_.size();
    if (in_round) return files.push_back(files_of(*round_trials_[round_at_ + 1], next)), files;
    // After a round either the next one comes or the main part.
    files.push_back(files_of(*drawn_round(round_ + 1).front(), next));
    if (page_ != RunPage::trial) return files;
  }
  const std::size_t at = page_ == RunPage::trial && !in_practice() ? static_cast<std::size_t>(main_at_) + 1 : 0;
  if (at < main_.size()) files.push_back(files_of(*main_[at], next));
  return files;
}

QuestionFiles Run::example() const {
  return example_ == nullptr ? QuestionFiles{} : question_files(*example_, condition_, header_.task_name, false);
}

std::optional<bool> Run::feedback() const {
  if (!in_practice() || !acknowledged_ || page_ != RunPage::trial) return std::nullopt;
  return was_right_;
}

void Run::set_page(RunPage page, double now_ms) {
  page_ = page;
  end_.total_ms = std::max(end_.total_ms, now_ms);
}

void Run::show_trial(const Trial* trial, double now_ms) {
  trial_ = trial;
  ++trial_index_;
  question_ = files_of(*trial, trial_index_);
  chosen_.reset();
  acknowledged_ = false;
  if (end_.instruction_ms <= 0.0) end_.instruction_ms = now_ms;
  set_page(RunPage::trial, now_ms);
}

Answer Run::answer(int button, Device device, double rt_ms, double now_ms) {
  CHECK(accepts_answer(), "a trial is answered once");
  Answer row =
      answer_to(*trial_, condition_, header_.task_name, switched_queries(header_.task_name, trial_index_), button);
  row.session = header_.session;
  row.participant = header_.participant;
  row.group = header_.group;
  row.mode = header_.mode;
  row.batch = trial_->batch;
  row.trial_index = trial_index_;
  row.practice_round = in_practice() ? round_ : 0;
  row.is_demo = in_practice();
  row.repeated = !in_practice() && contains(known_, trial_->id);
  const auto unit =
      std::ranges::find_if(experiment_->units, [&](const UnitEntry& entry) { return entry.unit == trial_->unit; });
  if (unit != experiment_->units.end()) {
    row.layer = unit->layer_name;
    row.branch = unit->branch;
  }
  row.rt_ms = rt_ms;
  row.time_elapsed_ms = now_ms;
  row.device = device;
  chosen_ = button;
  was_right_ = row.correct;
  end_.total_ms = std::max(end_.total_ms, now_ms);
  return row;
}

void Run::acknowledge() {
  CHECK(page_ == RunPage::trial && chosen_, "an answer was given");
  acknowledged_ = true;
}

bool Run::may_go_on() const {
  if (page_ == RunPage::trial) return acknowledged_;
  if (page_ == RunPage::intuitiveness) return end_.intuitiveness.has_value();
  return page_ != RunPage::end;
}

void Run::go_back() {
  CHECK(may_go_back(), "there is a page before");
  --instruction_;
}

void Run::set_intuitiveness(int value) {
  end_.intuitiveness = std::clamp(value, -100, 100);
}

void Run::begin_round() {
  ++round_;
  end_.practice_rounds = round_;
  round_trials_ = drawn_round(round_);
  round_at_ = 0;
  round_all_right_ = true;
}

void Run::begin_main(double now_ms) {
  main_at_ = 0;
  progress_ = kMainFrom;
  if (main_.empty()) return after_main_trial(now_ms);
  show_trial(main_.front(), now_ms);
}

void Run::after_practice_trial(double now_ms) {
  round_all_right_ = round_all_right_ && was_right_;
  ++round_at_;
  progress_ = between(kPracticeFrom, kMainFrom, round_at_, round_trials_.size());
  if (round_at_ < round_trials_.size()) return show_trial(round_trials_[round_at_], now_ms);
  practice_passed_ = round_all_right_ || round_ >= kMostPracticeRounds;
  set_page(practice_passed_ ? RunPage::start : RunPage::practice_again, now_ms);
}

void Run::after_main_trial(double now_ms) {
  const auto done = static_cast<std::size_t>(++main_at_);
  progress_ = between(kMainFrom, kMainTo, done, main_.size());
  if (done < main_.size()) return show_trial(main_[done], now_ms);
  progress_ = kMainTo;
  set_page(experiment_->asks_intuitiveness ? RunPage::intuitiveness : RunPage::comment, now_ms);
}

void Run::go_on(double now_ms) {
  CHECK(may_go_on(), "this page is not done");
  switch (page_) {
    case RunPage::welcome:
      progress_ = kAfterWelcome;
      return set_page(instruction_pages_ > 0 ? RunPage::instructions : RunPage::full_screen, now_ms);
    case RunPage::instructions:
      if (++instruction_ < instruction_pages_) return set_page(RunPage::instructions, now_ms);
      instruction_ = instruction_pages_ - 1;
      progress_ = kAfterInstructions;
      return set_page(RunPage::full_screen, now_ms);
    case RunPage::full_screen:
      if (!has_practice() || practice_passed_) return begin_main(now_ms);
      begin_round();
      return show_trial(round_trials_.front(), now_ms);
    case RunPage::practice_again:
      progress_ = kPracticeFrom;
      begin_round();
      return show_trial(round_trials_.front(), now_ms);
    case RunPage::start:
      return begin_main(now_ms);
    case RunPage::trial:
      return in_practice() ? after_practice_trial(now_ms) : after_main_trial(now_ms);
    case RunPage::intuitiveness:
      return set_page(RunPage::comment, now_ms);
    case RunPage::comment:
      end_.complete = true;
      progress_ = 1.0;
      return set_page(RunPage::end, now_ms);
    case RunPage::end:
      return;
  }
}

std::string Run::page_name() const {
  switch (page_) {
    case RunPage::welcome:
      return "welcome";
    case RunPage::instructions:
      return "instructions " + std::to_string(instruction_ + 1);
    case RunPage::full_screen:
      return "full screen";
    case RunPage::trial:
      return "trial " + std::to_string(trial_index_);
    case RunPage::practice_again:
      return "practice again";
    case RunPage::start:
      return "start";
    case RunPage::intuitiveness:
      return "intuitiveness";
    case RunPage::comment:
      return "comment";
    case RunPage::end:
      return "end";
  }
  CHECK(false, "every page has a name");
}

}  // namespace study
