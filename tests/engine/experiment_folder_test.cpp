#include "engine/experiment_folder.h"

#include <algorithm>
#include <optional>

#include "catch.h"
#include "data/results_store.h"
#include "engine/experiment_check.h"
#include "engine/session_messages.h"
#include "engine/tiny_experiment.h"
#include "study/answer.h"
#include "study/session_plan.h"

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
      if (none) continue;
      // The page shows them in the order of our own screen.
      const auto references = study::references_shown(*shown, *read.experiment.condition("natural"), task.name);
      for (std::size_t k = 0; k < 9; ++k)
        REQUIRE(fs::equivalent(trial / "references" / ("reference_max_" + std::to_string(8 - k) + ".png"),
                               made().folder.path() / references[k]->file));
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

TEST_CASE("A report tells what is damaged, whichever file of the folder it is") {
  const auto damaged = [](const std::string& part, auto&& damage) {
    const fixtures::TemporaryFolder copy;
    fs::copy(made().folder.path(), copy.path(), fs::copy_options::recursive);
    damage(copy.path());
    const auto report = engine::report_on(*engine::read_experiment(copy.path()));
    std::vector<std::string> all = report.missing;
    all.insert(all.end(), report.damaged.begin(), report.damaged.end());
    INFO((all.empty() ? "" : all.front()));
    return std::ranges::any_of(all, [&](const std::string& one) { return one.find(part) != std::string::npos; });
  };
  const study::Trial trial = made().read().experiment.trials[0];
  REQUIRE(!damaged("", [](const fs::path&) {}));
  REQUIRE(damaged("max.png", [&](const fs::path& folder) { fs::resize_file(folder / trial.max_file, 100); }));
  REQUIRE(damaged("has 16 × 16 pixels", [&](const fs::path& folder) {
    REQUIRE(core::save_png(folder / trial.min_file, fixtures::made_up_image(1, {16, 16})).ok());
  }));
  REQUIRE(damaged("natural_9_references/task_2/trials/trial_1/queries/base.png",
                  [](const fs::path& folder) { fs::remove_all(folder / "natural_9_references/task_2"); }));
  REQUIRE(damaged("is not the picture", [&](const fs::path& folder) {
    fs::copy_file(folder / trial.base_file, folder / "natural_9_references/task_1/trials/trial_1/queries/max.png",
                  fs::copy_options::overwrite_existing);
  }));
  REQUIRE(damaged("demo_natural_9_references/index.json",
                  [](const fs::path& folder) { fs::remove(folder / "demo_natural_9_references/index.json"); }));
  REQUIRE(damaged("does not describe", [](const fs::path& folder) {
    REQUIRE(core::save_text(folder / "natural_9_references/task_1/index.json", "{}").ok());
  }));
  REQUIRE(damaged("texts.json",
                  [](const fs::path& folder) { REQUIRE(core::save_text(folder / "texts.json", "{}").ok()); }));
}

TEST_CASE("The next free task of each condition is that which the folder's results leave free") {
  const auto read = made().read();
  constexpr std::int64_t kNow = 1'795'521'948;
  const auto first = engine::next_tasks(read, kNow);
  REQUIRE(first);
  REQUIRE(first->conditions.size() == 2);
  REQUIRE(first->conditions[1].condition == "natural");
  REQUIRE(first->conditions[1].real == 1);
  study::SessionAsk ask;
  ask.mode = study::Mode::real;
  ask.participant = "p01";
  ask.condition = "natural";
  const auto plan = study::plan_session(read.experiment, "tiny", read.hash, ask, {}, kNow);
  REQUIRE(plan);
  const study::SessionEnd end{30'000.0, 200'000.0, 1, true, std::nullopt, ""};
  const fs::path results = read.folder / "results";
  {
    const auto store = data::ResultsStore::open(results / engine::kStoreName);
    REQUIRE(store);
    REQUIRE((*store)->put_session(plan->header.session, study::to_json(plan->header), study::to_json(end)));
    REQUIRE(!engine::next_tasks(read, kNow));  // another program holds them
  }
  const auto next = engine::next_tasks(read, kNow);
  INFO((next ? "" : next.error().sentence()));
  REQUIRE(next->conditions[1].real == 2);
  REQUIRE(next->conditions[1].pilot == 1);
  REQUIRE(next->conditions[0].real == 1);
  fs::remove_all(results);
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

  request.spec.seed = made().request.spec.seed;
  request.asks_intuitiveness = true;
  REQUIRE(engine::prepare_folder(request, false).error().sentence().find("intuitive") != std::string::npos);
  request.asks_intuitiveness = false;
  request.spec.sweeps_all = true;
  REQUIRE(!engine::prepare_folder(request, false));
  request.spec.sweeps_all = false;
  REQUIRE(*engine::prepare_folder(request, false) == engine::FolderState::finished);
  request.spec.seed = 1;

  const fixtures::TemporaryFolder copy;
  fs::copy(made().folder.path(), copy.path(), fs::copy_options::recursive);
  REQUIRE(core::save_text(copy.path() / "notes.txt", "mine").ok());
  request.folder = copy.path();
  REQUIRE(*engine::prepare_folder(request, true) == engine::FolderState::fresh);
  REQUIRE(tiny::contents(copy.path()).size() == 2);  // the note, and the words on the screens
}

TEST_CASE("A folder of pictures of the same name, but with other pictures, is another request") {
  const fixtures::TemporaryFolder pictures;
  tiny::fill(pictures.path(), 240);
  engine::TrialMakingRequest request = made().request;
  request.collection = engine::open_collection({pictures.path()});
  REQUIRE(*engine::prepare_folder(request, false) == engine::FolderState::finished);  // the same bytes elsewhere
  REQUIRE(
      core::save_png(pictures.path() / "p7.png", fixtures::made_up_image(999, {tiny::kSide_px, tiny::kSide_px})).ok());
  REQUIRE(engine::prepare_folder(request, false).error().sentence().find("other pictures") != std::string::npos);
}

TEST_CASE("References of one's own that were changed make another request, interrupted or finished") {
  const fixtures::TemporaryFolder folder, own;
  const fs::path file = own.path() / "a-1" / "0.png";
  const core::Image before = fixtures::made_up_image(0, {48, 40});
  fs::create_directories(file.parent_path());
  REQUIRE(core::save_png(file, before).ok());
  engine::TrialMakingRequest request = made().request;
  request.folder = folder.path();
  request.spec.own_references = {{"mine", own.path().string()}};
  engine::TrialMakingRequest begun = request;
  REQUIRE(engine::fill_in_hashes(begun).ok());
  REQUIRE(engine::begin_folder(begun).ok());
  REQUIRE(*engine::prepare_folder(request, false) == engine::FolderState::resumes);
  REQUIRE(core::save_png(file, fixtures::made_up_image(1, {48, 40})).ok());
  REQUIRE(engine::prepare_folder(request, false).error().sentence().find("other references") != std::string::npos);
  REQUIRE(core::save_png(file, before).ok());
  REQUIRE(*engine::prepare_folder(request, false) == engine::FolderState::resumes);
  study::Experiment whole = made().read().experiment;
  whole.spec = begun.spec;
  REQUIRE(core::save_text(folder.path() / "trials.json", study::to_json(whole)).ok());
  REQUIRE(*engine::prepare_folder(request, false) == engine::FolderState::finished);
  REQUIRE(core::save_png(own.path() / "a-1" / "1.png", before).ok());
  REQUIRE(!engine::prepare_folder(request, false));
}
