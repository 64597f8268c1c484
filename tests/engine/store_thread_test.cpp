#include "engine/store_thread.h"

#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <map>

#include "../core/test_files.h"
#include "../study/made_up_trials.h"
#include "base/rng.h"
#include "catch.h"
#include "core/image_io.h"
#include "study/assignment.h"
#include "study/run.h"

namespace {

namespace fs = std::filesystem;

std::shared_ptr<const study::Experiment> an_experiment() {
  auto made = std::make_shared<study::Experiment>(made_up::experiment(18, 2, 4));
  made->tasks = study::assign_tasks(*made);
  return made;
}

// Waits until the order is done; false if it failed.
bool done(const engine::StoreThread& store, int number) {
  for (;;) {
    const auto snapshot = store.load();
    if (snapshot && snapshot->done >= number) return true;
    if (snapshot && snapshot->error) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

std::int64_t now_unix_s() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

// A scripted person: takes part in the natural condition, resumes what was cut off, and never stops. Each acknowledged
// answer is told to `tell` before the person goes on.
template <class Tell>
void take_sessions(const fs::path& file, Tell tell) {
  const auto experiment = an_experiment();
  engine::StoreThread store;
  int order = 0;
  const auto post = [&](auto what) { store.post({++order, std::move(what)}); };
  post(engine::OpenStore{file});
  if (!done(store, order)) return;
  std::vector<study::Session> sessions = store.load()->sessions;
  std::size_t people = sessions.size();
  for (;;) {
    study::SessionAsk ask;
    const bool goes_on = !sessions.empty() && !sessions.back().end.complete;
    ask.participant = goes_on ? sessions.back().header.participant : "p" + std::to_string(people++);
    ask.condition = "natural";
    const auto plan = study::plan_session(*experiment, "experiment", "hash", ask, sessions, now_unix_s());
    if (!plan) return;
    sessions.clear();
    study::Run run(experiment, *plan, 3);
    post(engine::PutSession{plan->header, run.end()});
    double now_ms = run.end().total_ms;
    while (run.page() != study::RunPage::end) {
      now_ms += 10.0;
      if (run.page() == study::RunPage::trial) {
        const bool max_is_left = run.question().left.find("max") != std::string::npos;
        const study::Answer answer = run.answer(max_is_left ? 0 : 5, study::Device::keyboard, 5.0, now_ms);
        post(engine::AddAnswer{answer, run.end()});
        if (!done(store, order)) return;
        run.acknowledge();
        tell(answer);
      }
      post(engine::AddPage{plan->header.session, run.page_name(), now_ms});
      run.go_on(now_ms);
    }
    post(engine::PutEnd{plan->header.session, run.end()});
    if (!done(store, order)) return;
  }
}

// Runs the scripted person in a process that is killed after a random while, `kills` times on one store; returns how
// many answers were acknowledged in all.
int kill_and_check(const fs::path& file, int kills, std::uint64_t seed) {
  base::Rng rng(seed);
  std::map<std::pair<std::string, int>, std::string> acknowledged;  // session and place → trial
  for (int kill_number = 0; kill_number < kills; ++kill_number) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    const pid_t child = fork();
    if (child == 0) {
      close(ends[0]);
      take_sessions(file, [&](const study::Answer& answer) {
        const std::string line =
            answer.session + " " + std::to_string(answer.trial_index) + " " + answer.trial_id + "\n";
        if (write(ends[1], line.data(), line.size()) < 0) _exit(1);
      });
      _exit(2);
    }
    close(ends[1]);
    std::this_thread::sleep_for(std::chrono::microseconds(500 + rng.below(150'000)));
    REQUIRE(kill(child, SIGKILL) == 0);
    std::FILE* lines = fdopen(ends[0], "r");
    char session[256], trial[256];
    int place = 0;
    while (std::fscanf(lines, "%255s %d %255s", session, &place, trial) == 3) acknowledged[{session, place}] = trial;
    std::fclose(lines);
    int status = 0;
    waitpid(child, &status, 0);
    CAPTURE(kill_number);
    REQUIRE(WIFSIGNALED(status));  // it did not end by itself: the store always opened

    engine::StoreThread store;
    store.post({1, engine::OpenStore{file}});
    REQUIRE(done(store, 1));
    std::map<std::pair<std::string, int>, std::string> stored;
    for (const study::Session& one : store.load()->sessions)
      for (const study::Answer& answer : one.answers) {
        REQUIRE_FALSE(answer.repeated);
        stored[{one.header.session, answer.trial_index}] = answer.trial_id;
      }
    for (const auto& [where, what] : acknowledged) {
      const auto found = stored.find(where);
      REQUIRE(found != stored.end());
      REQUIRE(found->second == what);
    }
    // At most the answer that was on its way is stored without having been acknowledged, one for each kill.
    REQUIRE(stored.size() <= acknowledged.size() + static_cast<std::size_t>(kill_number) + 1);
  }
  return static_cast<int>(acknowledged.size());
}

}  // namespace

TEST_CASE("Orders are carried out in turn, and what is on the disk is acknowledged by number") {
  const TestFolder folder;
  std::atomic<int> published = 0;
  const auto experiment = an_experiment();
  study::SessionHeader header;
  header.session = "pilot-p01-natural-task1";
  header.condition = "natural";
  header.mode = study::Mode::pilot;
  study::SessionEnd end;
  std::vector<study::Answer> answers;
  {
    engine::StoreThread store([&] { ++published; });
    REQUIRE(store.load() == nullptr);
    store.post({1, engine::OpenStore{folder / "results.sqlite"}});
    store.post({2, engine::PutSession{header, end}});
    for (int i = 0; i < 20; ++i) {
      study::Answer answer =
          study::answer_to(experiment->trials[0], study::published_conditions()[1], "", i % 2 == 0, i % 6);
      answer.session = header.session;
      answer.trial_index = i;
      end.total_ms = 100.0 * i;
      answers.push_back(answer);
      store.post({3 + i, engine::AddAnswer{answer, end}});
    }
    store.post({23, engine::ExportSession{header.session, folder / "out"}});
    store.post({24, engine::ExportSession{header.session, folder / "out"}});
    REQUIRE(done(store, 24));
    REQUIRE(store.load()->exported.front().filename() == "pilot-p01-natural-task1-2.json");
  }
  REQUIRE(published == 24);
  const study::Session wanted{header, answers, end};
  REQUIRE(*study::session_from_json(*core::load_text(folder / "out/pilot-p01-natural-task1.json")) == wanted);
  REQUIRE(*study::sessions_from_csv(*core::load_text(folder / "out/pilot-p01-natural-task1.csv")) ==
          std::vector<study::Session>{wanted});
  engine::StoreThread again;
  again.post({1, engine::OpenStore{folder / "results.sqlite"}});
  REQUIRE(done(again, 1));
  REQUIRE(again.load()->sessions == std::vector<study::Session>{wanted});
}

TEST_CASE("An order that fails waits with those behind it for a retry, and none is lost") {
  const TestFolder folder;
  REQUIRE(core::save_text(folder / "in the way", "x").ok());
  engine::StoreThread store;
  study::SessionHeader header;
  header.session = "s";
  store.post({1, engine::OpenStore{folder / "in the way/results.sqlite"}});
  store.post({2, engine::PutSession{header, {}}});
  REQUIRE_FALSE(done(store, 1));
  REQUIRE_FALSE(store.load()->open);
  store.retry();
  while (store.busy()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  REQUIRE(store.load()->error);
  fs::remove(folder / "in the way");
  store.retry();
  while (store.busy()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  REQUIRE_FALSE(store.load()->error);
  REQUIRE(store.load()->done == 2);
}

TEST_CASE("On a full disk the answer waits in memory and is stored by a retry when there is room") {
  const TestFolder folder;
  const auto experiment = an_experiment();
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit{};
  getrlimit(RLIMIT_FSIZE, &limit);
  engine::StoreThread store;
  study::SessionHeader header;
  header.session = "s";
  store.post({1, engine::OpenStore{folder / "results.sqlite"}});
  store.post({2, engine::PutSession{header, {}}});
  REQUIRE(done(store, 2));
  rlimit small = limit;
  small.rlim_cur = 100'000;
  setrlimit(RLIMIT_FSIZE, &small);
  int number = 2;
  for (bool stored = true; stored && number < 1000;) {
    study::Answer answer = study::answer_to(experiment->trials[0], study::published_conditions()[1], "", false, 3);
    answer.session = "s";
    answer.trial_index = number - 2;
    store.post({++number, engine::AddAnswer{answer, {}}});
    stored = done(store, number);
  }
  const auto failed = store.load();
  setrlimit(RLIMIT_FSIZE, &limit);
  std::signal(SIGXFSZ, handler);
  REQUIRE(failed->error);
  REQUIRE(failed->done == number - 1);
  store.retry();
  while (store.busy()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  REQUIRE(store.load()->done == number);
  store.post({number + 1, engine::ExportSession{"s", folder / "out"}});
  REQUIRE(done(store, number + 1));
  const auto session = study::session_from_json(*core::load_text(folder / "out/s.json"));
  REQUIRE(session->answers.size() == static_cast<std::size_t>(number - 2));
}

TEST_CASE("A program that is killed at any moment of its sessions has lost no acknowledged answer") {
  const TestFolder folder;
  REQUIRE(kill_and_check(folder / "results.sqlite", 6, 1) > 0);
}

// Half a minute: engine_store_tests "[kills]"
TEST_CASE("200 random kills lose no acknowledged answer", "[.][kills]") {
  const TestFolder folder;
  const int acknowledged = kill_and_check(folder / "results.sqlite", 200, 2);
  std::printf("200 kills, %d acknowledged answers, none missing\n", acknowledged);
  REQUIRE(acknowledged > 200);
}
