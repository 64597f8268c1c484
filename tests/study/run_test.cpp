#include "study/run.h"

#include <algorithm>
#include <set>

#include "base/rng.h"
#include "catch.h"
#include "made_up_trials.h"
#include "study/assignment.h"

namespace {

using study::RunPage;

std::shared_ptr<const study::Experiment> experiment_with(const auto& change) {
  auto made = std::make_shared<study::Experiment>(made_up::experiment());
  change(*made);
  made->tasks = study::assign_tasks(*made);
  return made;
}
std::shared_ptr<const study::Experiment> plain_experiment() {
  return experiment_with([](study::Experiment&) {});
}

study::SessionPlan plan_for(const study::Experiment& experiment, const std::string& condition,
                            const std::vector<study::Session>& stored = {}, std::int64_t now = 1'000'000) {
  study::SessionAsk ask;
  ask.participant = "p01";
  ask.condition = condition;
  const auto plan = study::plan_session(experiment, "experiment", "hash", ask, stored, now);
  INFO((plan ? "" : plan.error().sentence()));
  REQUIRE(plan);
  return *plan;
}

// Plays a session as a person would; `choose` says which answer is given to a trial of which the truth is known here.
struct Played {
  std::vector<study::Answer> answers;
  std::vector<RunPage> pages;
  std::vector<double> progress;
};
Played play(study::Run& run, const auto& button_for, int most_answers = 1000) {
  Played played;
  double now = 0.0;
  played.pages.push_back(run.page());
  while (run.page() != RunPage::end && static_cast<int>(played.answers.size()) < most_answers) {
    now += 1000.0;
    if (run.page() == RunPage::trial) {
      REQUIRE_FALSE(run.may_go_on());
      played.answers.push_back(run.answer(button_for(run), study::Device::keyboard, 700.0, now));
      REQUIRE_FALSE(run.accepts_answer());
      REQUIRE_FALSE(run.may_go_on());
      REQUIRE_FALSE(run.feedback());
      run.acknowledge();
      REQUIRE(run.feedback().has_value() == run.in_practice());
      if (run.in_practice()) REQUIRE(*run.feedback() == played.answers.back().correct);
    }
    if (run.page() == RunPage::intuitiveness) run.set_intuitiveness(40);
    REQUIRE(run.may_go_on());
    run.go_on(now + 100.0);
    played.pages.push_back(run.page());
    played.progress.push_back(run.progress());
  }
  return played;
}

// The side of max is what the file names say.
int right_button(const study::Run& run) {
  return run.question().left.find("max") != std::string::npos ? 0 : 5;
}
int wrong_button(const study::Run& run) {
  return 5 - right_button(run);
}

}  // namespace

TEST_CASE("A session goes from welcome through practice and all trials of its task to the end") {
  const auto experiment = plain_experiment();
  study::Run run(experiment, plan_for(*experiment, "natural"), 3);
  const Played played = play(run, right_button);
  std::vector<RunPage> wanted = {RunPage::welcome, RunPage::instructions, RunPage::instructions, RunPage::instructions,
                                 RunPage::full_screen};
  wanted.insert(wanted.end(), 4, RunPage::trial);
  wanted.push_back(RunPage::start);
  wanted.insert(wanted.end(), 9, RunPage::trial);
  wanted.insert(wanted.end(), {RunPage::comment, RunPage::end});
  REQUIRE(played.pages == wanted);
  REQUIRE(run.end().complete);
  REQUIRE(run.end().practice_rounds == 1);
  REQUIRE(run.end().instruction_ms == Approx(5100.0));
  REQUIRE(std::ranges::is_sorted(played.progress));
  REQUIRE(played.progress.back() == 1.0);

  std::vector<std::string> asked;
  for (const study::Answer& answer : played.answers) {
    REQUIRE(answer.correct);
    REQUIRE(answer.session == plan_for(*experiment, "natural").header.session);
    REQUIRE(answer.trial_index == static_cast<int>(&answer - played.answers.data()));
    if (!answer.is_demo) asked.push_back(answer.trial_id);
  }
  REQUIRE(asked == experiment->tasks[4].trials);  // the first task of "natural"
}

TEST_CASE("Practice is repeated with new draws until a round is right, one obvious trial first, and then never again") {
  const auto experiment = plain_experiment();
  for (const int wrong_rounds : {0, 1, 2, 5}) {
    study::Run run(experiment, plan_for(*experiment, "natural"), 1);
    int answers = 0;
    const Played played = play(run, [&](const study::Run& now) {
      ++answers;
      return now.in_practice() && answers <= 4 * wrong_rounds && answers % 4 == 2 ? wrong_button(now)
                                                                                  : right_button(now);
    });
    REQUIRE(run.end().practice_rounds == wrong_rounds + 1);
    REQUIRE(std::ranges::count(played.pages, RunPage::practice_again) == wrong_rounds);
    REQUIRE(std::ranges::count(played.pages, RunPage::start) == 1);
    std::set<std::string> shown;
    for (int i = 0; i < 4 * (wrong_rounds + 1); ++i) {
      const study::Answer& answer = played.answers[static_cast<std::size_t>(i)];
      REQUIRE(answer.is_demo);
      REQUIRE(answer.practice_round == i / 4 + 1);
      REQUIRE((answer.trial_id.find("less-obvious") == std::string::npos) == (i % 4 == 0));
      if (i % 4 == 0) shown.clear();
      REQUIRE(shown.insert(answer.trial_id).second);
    }
    REQUIRE(played.answers.size() == static_cast<std::size_t>(4 * (wrong_rounds + 1) + 9));
  }
}

TEST_CASE("Who is never right in practice comes to the trials all the same, after ten rounds") {
  const auto experiment = plain_experiment();
  study::Run run(experiment, plan_for(*experiment, "natural"), 1);
  const Played played = play(run, wrong_button);
  REQUIRE(run.end().practice_rounds == study::kMostPracticeRounds);
  REQUIRE(std::ranges::count_if(played.answers, [](const study::Answer& a) { return !a.is_demo; }) == 9);
}

TEST_CASE("Without references there is no practice") {
  const auto experiment = plain_experiment();
  study::Run run(experiment, plan_for(*experiment, "none"), 2);
  const Played played = play(run, right_button);
  REQUIRE_FALSE(run.has_practice());
  REQUIRE(std::ranges::count(played.pages, RunPage::start) == 0);
  REQUIRE(played.answers.size() == 9);
  for (const study::Answer& answer : played.answers) REQUIRE(answer.max_references.empty());
}

TEST_CASE("What comes next is said before it is asked") {
  const auto experiment = plain_experiment();
  study::Run run(experiment, plan_for(*experiment, "natural"), 1);
  std::vector<study::QuestionFiles> foretold = run.coming();
  int answers = 0;
  play(run, [&](const study::Run& now) {
    REQUIRE(now.coming().front() == now.question());
    REQUIRE(std::ranges::count(foretold, now.question()) == 1);
    foretold = now.coming();
    // Right and wrong, so that both ways on from a round are met.
    return ++answers <= 4 ? wrong_button(now) : right_button(now);
  });
  REQUIRE(answers == 17);
}

TEST_CASE("The example of the instructions is not asked in practice") {
  const auto experiment = plain_experiment();
  study::Run run(experiment, plan_for(*experiment, "natural"), 1);
  const std::string example = run.example().base;
  REQUIRE_FALSE(example.empty());
  const Played played = play(run, wrong_button);
  for (const study::Answer& answer : played.answers) REQUIRE(answer.base_query != example);
}

TEST_CASE("All obvious trials open rounds, however few less obvious ones there are to spare") {
  for (const std::size_t spare : {std::size_t{0}, std::size_t{4}}) {
    const auto experiment = experiment_with([&](study::Experiment& made) {
      std::size_t less = 0;
      std::erase_if(made.trials, [&](const study::Trial& trial) {
        return trial.role == study::Role::less_obvious_practice && ++less > 3 + spare;
      });
    });
    study::Run run(experiment, plan_for(*experiment, "natural"), 1);
    const std::string example = run.example().base;
    std::set<std::string> obvious;
    for (const study::Answer& answer : play(run, wrong_button).answers) {
      REQUIRE(answer.base_query != example);
      if (answer.is_demo && answer.trial_id.starts_with("obvious")) obvious.insert(answer.trial_id);
    }
    REQUIRE(obvious.size() == (spare > 0 ? 3 : 2));
  }
}

TEST_CASE("The slider is asked only if the experiment says so, and must be moved") {
  const auto experiment = experiment_with([](study::Experiment& made) { made.asks_intuitiveness = true; });
  study::Run run(experiment, plan_for(*experiment, "natural"), 1);
  play(run, right_button);
  REQUIRE(run.end().intuitiveness == 40);
  study::Run other(plain_experiment(), plan_for(*plain_experiment(), "natural"), 1);
  play(other, right_button);
  REQUIRE_FALSE(other.end().intuitiveness);
}

TEST_CASE("Sides are drawn per trial, recorded, and follow from the task and the place in the session") {
  const auto experiment = plain_experiment();
  study::Run run(experiment, plan_for(*experiment, "natural"), 1);
  int switched = 0;
  const Played played = play(run, [](const study::Run&) { return 1; });
  for (const study::Answer& answer : played.answers) {
    REQUIRE(answer.switched_queries == study::switched_queries(answer.task_name, answer.trial_index));
    REQUIRE(answer.correct == answer.switched_queries);  // left was chosen
    switched += answer.switched_queries ? 1 : 0;
  }
  REQUIRE(switched > 0);
  REQUIRE(switched < static_cast<int>(played.answers.size()));
}

TEST_CASE("An interrupted session shows the instructions again, keeps what was answered and asks the rest") {
  const auto experiment = plain_experiment();
  base::Rng rng(7);
  for (int repeat = 0; repeat < 30; ++repeat) {
    const auto plan = plan_for(*experiment, "natural");
    study::Run first(experiment, plan, 2);
    const int cut = rng.below(13);
    const Played before = play(first, right_button, cut);
    const study::Session stored{plan.header, before.answers, first.end()};
    const auto resumed = plan_for(*experiment, "natural", {stored}, 1'000'000 + 3600);
    REQUIRE(resumed.resumed);
    REQUIRE(resumed.header.session == plan.header.session);
    study::Run second(experiment, resumed, 2);
    const Played after = play(second, right_button);
    REQUIRE(std::ranges::count(after.pages, RunPage::instructions) == 2);
    std::vector<std::string> asked;
    int last_index = -1;
    for (const auto* part : {&before.answers, &after.answers})
      for (const study::Answer& answer : *part) {
        REQUIRE(answer.trial_index > last_index);
        last_index = answer.trial_index;
        REQUIRE_FALSE(answer.repeated);
        if (!answer.is_demo) asked.push_back(answer.trial_id);
      }
    REQUIRE(asked == experiment->tasks[4].trials);
    if (cut >= 4) {
      // Practice that was passed is not asked again.
      REQUIRE(std::ranges::none_of(after.answers, &study::Answer::is_demo));
    } else {
      REQUIRE(after.answers.front().practice_round == (cut == 0 ? 1 : 2));
    }
  }
}

TEST_CASE("With the policy restart all trials are asked again, flagged, and the first answers stay") {
  const auto experiment = experiment_with([](study::Experiment& made) { made.resume = study::ResumePolicy::restart; });
  const auto plan = plan_for(*experiment, "natural");
  study::Run first(experiment, plan, 1);
  const Played before = play(first, right_button, 4 + 5);
  study::Run second(experiment, plan_for(*experiment, "natural", {{plan.header, before.answers, first.end()}}), 1);
  const Played after = play(second, right_button);
  REQUIRE(after.answers.size() == 9);
  for (std::size_t i = 0; i < 9; ++i) REQUIRE(after.answers[i].repeated == (i < 5));
}

TEST_CASE("No question tells the truth: two experiments that differ in it alone ask the same, but for names of files") {
  const auto experiment = plain_experiment();
  const auto other = experiment_with([](study::Experiment& made) {
    for (study::Trial& trial : made.trials) {
      std::swap(trial.min.activation, trial.max.activation);
      trial.base_activation = 99.0;
    }
  });
  study::Run a(experiment, plan_for(*experiment, "natural"), 1);
  study::Run b(other, plan_for(*other, "natural"), 1);
  for (int i = 0; i < 2; ++i) {
    a.go_on(i);
    b.go_on(i);
  }
  a.go_on(3);
  b.go_on(3);
  REQUIRE(a.page() == RunPage::trial);
  REQUIRE(a.question() == b.question());
  REQUIRE(a.coming() == b.coming());
  REQUIRE(a.page_name() == b.page_name());
  REQUIRE_FALSE(a.feedback());
}
