#include "engine/experiment_folder.h"

#include <algorithm>
#include <thread>

#include "catch.h"
#include "engine/tiny_experiment.h"

namespace {

namespace fs = std::filesystem;

struct Made {
  fixtures::TemporaryFolder pictures, folder;
  engine::TrialMakingRequest request;
  Made() {
    tiny::fill(pictures.path(), 240);
    request = tiny::request(pictures.path(), folder.path());
    tiny::made(request);
  }
  engine::ReadExperiment read() const {
    auto experiment = engine::read_experiment(folder.path());
    REQUIRE(experiment);
    return *experiment;
  }
};
const Made& made() {
  static const Made once;
  return once;
}

}  // namespace

TEST_CASE("The published page finds every file of every task, and practice beside it") {
  const auto read = made().read();
  for (const study::Task& task : read.experiment.tasks) {
    const fs::path folder = made().folder.path() / task.name;
    REQUIRE(fs::exists(folder / "index.json"));
    const bool none = task.condition == "none";
    for (std::size_t i = 1; i <= task.trials.size(); ++i) {
      const fs::path trial = folder / "trials" / ("trial_" + std::to_string(i));
      const study::Trial* shown = read.experiment.find(task.trials[i - 1]);
      REQUIRE(shown != nullptr);
      for (const char* query : {"base.png", "min.png", "max.png"}) REQUIRE(fs::exists(trial / "queries" / query));
      REQUIRE(fs::equivalent(trial / "queries/max.png", made().folder.path() / shown->max_file));
      for (int k = 0; k <= 8; ++k)
        REQUIRE(fs::exists(trial / "references" / ("reference_max_" + std::to_string(k) + ".png")) == !none);
      if (none && shown->role == study::Role::catch_trial)
        REQUIRE(fs::equivalent(trial / "queries/min.png", made().folder.path() / shown->foreign_min_file));
      if (!none)  // the best of the references is shown first
        REQUIRE(fs::equivalent(trial / "references/reference_max_8.png",
                               made().folder.path() / shown->references[0].pictures.back().file));
    }
  }
  const auto index = core::load_text(made().folder.path() / "demo_natural_9_references/index.json");
  REQUIRE(index);
  REQUIRE(index->find("\"n_obvious_trials\":2") != std::string::npos);
  REQUIRE(core::load_text(made().folder.path() / "demo_no_references/index.json")->find("\"n_trials\":0") !=
          std::string::npos);
}

TEST_CASE("A report counts what is there and names what is missing") {
  auto read = made().read();
  auto report = engine::report_on(read);
  REQUIRE(report.main == 4);
  REQUIRE(report.catch_trials == 3);
  REQUIRE(report.missing.empty());
  REQUIRE(report.conditions == std::vector<std::string>{"none", "natural"});
  REQUIRE(report.effect_in_spreads.least <= report.effect_in_spreads.median);
  REQUIRE(report.effect_in_spreads.count == 4);
  read.experiment.trials[0].min_file = "stimuli/gone.png";
  REQUIRE(engine::report_on(read).missing == std::vector<std::string>{"stimuli/gone.png"});
}

TEST_CASE("A folder without an experiment, or with a broken one, is refused in a sentence") {
  const fixtures::TemporaryFolder folder;
  REQUIRE(engine::read_experiment(folder.path()).error().sentence().find("no trials.json") != std::string::npos);
  const auto text = core::load_text(made().folder.path() / "trials.json");
  REQUIRE(core::save_text(folder.path() / "trials.json", text->substr(0, text->size() / 2)).ok());
  REQUIRE(!engine::read_experiment(folder.path()));
}

TEST_CASE("The next free task is counted in turn for each condition, by several programs at once, too") {
  const auto read = made().read();
  REQUIRE(*engine::peek_task(read, "natural") == 1);
  std::array<std::vector<int>, 2> taken;
  {
    std::vector<std::jthread> threads;
    for (std::vector<int>& mine : taken)
      threads.emplace_back([&] {
        for (int i = 0; i < 30; ++i) mine.push_back(engine::take_task(read, "natural").value());
      });
  }
  std::map<int, int> times;
  for (const auto& mine : taken)
    for (const int task : mine) ++times[task];
  REQUIRE(times == std::map<int, int>{{1, 20}, {2, 20}, {3, 20}});
  REQUIRE(*engine::take_task(read, "none") == 1);
  REQUIRE(*engine::peek_task(read, "none") == 2);
  REQUIRE(engine::take_task(read, "mixed").error().sentence().find("none, natural") != std::string::npos);
  REQUIRE(core::save_text(made().folder.path() / "next_tasks.json", "{}").ok());
  REQUIRE(!engine::take_task(read, "natural"));
}

TEST_CASE("Nobody's files are overwritten, and another experiment only by force") {
  const fixtures::TemporaryFolder folder;
  engine::TrialMakingRequest request = made().request;
  request.folder = folder.path();
  REQUIRE(core::save_text(folder.path() / "thesis.txt", "words").ok());
  REQUIRE(!engine::prepare_folder(request, false));
  REQUIRE(!engine::prepare_folder(request, true));
  request.folder = made().folder.path();
  REQUIRE(*engine::prepare_folder(request, false) == engine::FolderState::finished);
  request.spec.seed = 1;
  REQUIRE(engine::prepare_folder(request, false).error().sentence().find("another experiment") != std::string::npos);

  const fixtures::TemporaryFolder copy;
  fs::copy(made().folder.path(), copy.path(), fs::copy_options::recursive);
  REQUIRE(core::save_text(copy.path() / "notes.txt", "mine").ok());
  request.folder = copy.path();
  REQUIRE(*engine::prepare_folder(request, true) == engine::FolderState::fresh);
  REQUIRE(tiny::contents(copy.path()).size() == 2);  // the note, and the words on the screens
}
