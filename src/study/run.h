// A session as a state machine (protocol 1.10): welcome, instructions, full screen, practice rounds until all answers
// are right, the trials, questions at the end. Pure: events and their times come in, pages and rows go out; it has no
// clock, no disk and draws nothing. What it tells of a trial before the answer holds no truth. One thread.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "study/answer.h"
#include "study/experiment.h"
#include "study/question.h"
#include "study/session_plan.h"

namespace study {

enum class RunPage {
  welcome,
  instructions,
  full_screen,
  trial,           // practice or main
  practice_again,  // something was wrong in this round
  start,           // practice is over
  intuitiveness,
  comment,
  end
};

inline constexpr int kObviousInRound = 1;
inline constexpr int kLessObviousInRound = 3;
// The published study goes on for ever and excludes more than five rounds afterwards; nobody is kept beyond these.
inline constexpr int kMostPracticeRounds = 10;

class Run {
 public:
  // The plan is of this experiment (plan_session); `instruction_pages` is how many there are.
  Run(std::shared_ptr<const Experiment> experiment, const SessionPlan& plan, int instruction_pages);

  [[nodiscard]] RunPage page() const { return page_; }
  [[nodiscard]] int instruction() const { return instruction_; }  // from 0
  [[nodiscard]] double progress() const { return progress_; }     // 0 … 1, as published
  [[nodiscard]] const Condition& condition() const { return condition_; }
  [[nodiscard]] bool has_practice() const { return !obvious_.empty() || !less_obvious_.empty(); }

  // ---- a trial ----
  // Which trial of the session this is, from 0; practice included. Only on trial pages.
  [[nodiscard]] int trial_index() const { return trial_index_; }
  [[nodiscard]] bool in_practice() const { return main_at_ < 0; }
  [[nodiscard]] const QuestionFiles& question() const;
  // What may be shown next, the present trial first on trial pages: load it before it is needed.
  [[nodiscard]] std::vector<QuestionFiles> coming() const;
  // For the instructions: a trial that no practice round shows, where there is one to spare. Empty files: none.
  [[nodiscard]] QuestionFiles example() const;
  [[nodiscard]] std::optional<int> chosen() const { return chosen_; }
  [[nodiscard]] bool accepts_answer() const { return page_ == RunPage::trial && !chosen_; }
  // In practice, once the answer is stored: whether it was right.
  [[nodiscard]] std::optional<bool> feedback() const;

  // ---- events; times in ms since the session began, pauses of interrupted sessions left out ----
  // The row to be stored. Only if accepts_answer(). The buttons are locked from now on.
  Answer answer(int button, Device device, double rt_ms, double now_ms);
  // The store has the answer.
  void acknowledge();
  // True where Continue (or Next) may be pressed.
  [[nodiscard]] bool may_go_on() const;
  void go_on(double now_ms);
  [[nodiscard]] bool may_go_back() const { return page_ == RunPage::instructions && instruction_ > 0; }
  void go_back();
  void set_intuitiveness(int value);  // −100 … 100
  void set_comment(std::string comment) { end_.comment = std::move(comment); }
  [[nodiscard]] std::optional<int> intuitiveness() const { return end_.intuitiveness; }
  [[nodiscard]] const std::string& comment() const { return end_.comment; }

  // As of now; complete on the last page.
  [[nodiscard]] const SessionEnd& end() const { return end_; }
  // "instructions 3", "trial 7": for the log of pages.
  [[nodiscard]] std::string page_name() const;

 private:
  void take_example();
  void take_in(const SessionPlan& plan);
  void begin_round();
  void begin_main(double now_ms);
  void show_trial(const Trial* trial, double now_ms);
  void after_practice_trial(double now_ms);
  void after_main_trial(double now_ms);
  [[nodiscard]] std::vector<const Trial*> drawn_round(int round) const;
  [[nodiscard]] QuestionFiles files_of(const Trial& trial, int trial_index) const;
  void set_page(RunPage page, double now_ms);

  std::shared_ptr<const Experiment> experiment_;
  SessionHeader header_;
  Condition condition_;
  int instruction_pages_ = 0;
  std::vector<const Trial*> obvious_, less_obvious_, main_;
  const Trial* example_ = nullptr;
  std::vector<std::string> known_;  // answered before: an answer repeats
  bool practice_passed_ = false;

  RunPage page_ = RunPage::welcome;
  int instruction_ = 0;
  double progress_ = 0.0;

  int round_ = 0;  // of practice, from 1
  std::vector<const Trial*> round_trials_;
  std::size_t round_at_ = 0;
  bool round_all_right_ = true;
  int main_at_ = -1;  // index into main_; −1 before

  const Trial* trial_ = nullptr;
  int trial_index_ = -1;
  QuestionFiles question_;
  std::optional<int> chosen_;
  bool acknowledged_ = false;
  bool was_right_ = false;
  SessionEnd end_;
};

}  // namespace study
