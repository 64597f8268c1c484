#include "data/results_store.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <set>
#include <thread>

#include "../core/test_files.h"
#include "catch.h"
#include "core/image_io.h"
#include "data/fresh_file.h"

using data::ResultsStore;

namespace {

std::string answer(int place) {
  return "{\"answer\": " + std::to_string(place) + ", \"padding\": \"" + std::string(600, 'x') + "\"}";
}

std::unique_ptr<ResultsStore> opened(const std::filesystem::path& file) {
  auto store = ResultsStore::open(file);
  INFO((store ? "" : store.error().sentence()));
  REQUIRE(store);
  return std::move(*store);
}

// In a process of its own, for limits, users and locks; what it returns is its exit code. No thread runs in the tests.
int in_another_process(const auto& work) {
  const pid_t child = fork();
  if (child == 0) _exit(work());
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("The store gives back sessions, answers in their places and pages, also after it was opened anew") {
  const TestFolder folder;
  const auto file = folder / "new/results.sqlite";
  std::vector<data::StoredSession> before;
  {
    const auto store = opened(file);
    REQUIRE(store->put_session("a", "header a", "end 0").ok());
    REQUIRE(store->put_session("b", "header b", "end b").ok());
    REQUIRE(store->add_page("a", {"welcome", 0.5}).ok());
    for (const int place : {0, 1, 2}) REQUIRE(store->add_answer("a", place, answer(place), "end of it").ok());
    REQUIRE(store->put_session("b", "header b, later", "end b2").ok());
    REQUIRE(store->put_end("a", "the end").ok());
    before = *store->sessions();
  }
  REQUIRE(before.size() == 2);
  REQUIRE(before[0] ==
          data::StoredSession{"a", "header a", "the end", {answer(0), answer(1), answer(2)}, {{"welcome", 0.5}}});
  REQUIRE(before[1] == data::StoredSession{"b", "header b, later", "end b2", {}, {}});
  REQUIRE(*opened(file)->sessions() == before);
}

TEST_CASE("The same answer may be given again, another one at its place is refused and changes nothing") {
  const TestFolder folder;
  const auto store = opened(folder / "results.sqlite");
  REQUIRE(store->put_session("a", "h", "e0").ok());
  REQUIRE(store->add_answer("a", 0, "one", "e1").ok());
  REQUIRE(store->add_answer("a", 0, "one", "e1").ok());
  const auto refused = store->add_answer("a", 0, "two", "e2");
  REQUIRE_FALSE(refused);
  REQUIRE(refused.error().sentence().find("place 0") != std::string::npos);
  const auto now = *store->sessions();
  REQUIRE(now[0].answers == std::vector<std::string>{"one"});
  REQUIRE(now[0].end == "e1");
  // An answer without its session would be found by nobody.
  REQUIRE_FALSE(store->add_answer("nobody", 0, "one", "e"));
}

TEST_CASE("A second program on the same store gets one sentence, and the first one goes on") {
  const TestFolder folder;
  const auto file = folder / "results.sqlite";
  const auto store = opened(file);
  REQUIRE(store->put_session("a", "h", "e").ok());
  const int code = in_another_process([&] {
    const auto second = ResultsStore::open(file);
    if (second) return 1;
    const std::string sentence = second.error().sentence();
    return sentence.find("another program writes to it") != std::string::npos ? 0 : 2;
  });
  REQUIRE(code == 0);
  REQUIRE_FALSE(ResultsStore::open(file));
  REQUIRE(store->add_answer("a", 0, "one", "e").ok());
}

TEST_CASE("A killed program's store can be opened at once and holds all that it acknowledged") {
  const TestFolder folder;
  const auto file = folder / "results.sqlite";
  in_another_process([&] {
    auto store = ResultsStore::open(file);
    if (!store) return 1;
    bool ok = (*store)->put_session("a", "h", "e").ok();
    for (int place = 0; place < 50; ++place) ok = ok && (*store)->add_answer("a", place, answer(place), "e").ok();
    raise(SIGKILL);
    return ok ? 0 : 1;
  });
  REQUIRE((*opened(file)->sessions())[0].answers.size() == 50);
}

TEST_CASE("A damaged file is refused in one sentence and left as it is") {
  const TestFolder folder;
  const auto file = folder / "results.sqlite";
  const std::string garbage(5000, 'g');
  REQUIRE(core::save_text(file, garbage).ok());
  const auto store = ResultsStore::open(file);
  REQUIRE_FALSE(store);
  REQUIRE(store.error().sentence().find("damaged") != std::string::npos);
  REQUIRE(*core::load_text(file) == garbage);
}

TEST_CASE("Damage inside a store never crashes and never passes for answers that were not given") {
  const TestFolder folder;
  const auto file = folder / "results.sqlite";
  std::set<std::string> given;
  {
    const auto store = opened(file);
    REQUIRE(store->put_session("a", "h", "e").ok());
    for (int place = 0; place < 200; ++place) {
      REQUIRE(store->add_answer("a", place, answer(place), "e").ok());
      given.insert(answer(place));
    }
  }
  const std::string whole = *core::load_text(file);
  for (std::size_t cut = 0; cut < whole.size(); cut += 4096 * 3 + 100) {
    for (const char* companion : {"-wal", "-shm"}) std::filesystem::remove(file.string() + companion);
    REQUIRE(core::save_text(file, whole.substr(0, cut)).ok());
    auto store = ResultsStore::open(file);
    if (!store) continue;  // one sentence
    const auto sessions = (*store)->sessions();
    if (!sessions) continue;
    for (const auto& session : *sessions)
      for (const auto& text : session.answers) REQUIRE(given.count(text) == 1);
  }
}

TEST_CASE("A store of a newer program, or another program's database, is not written to") {
  const TestFolder folder;
  const auto file = folder / "results.sqlite";
  { const auto store = opened(file); }
  std::string bytes = *core::load_text(file);
  bytes[63] = 2;  // the last byte of user_version in SQLite's header
  REQUIRE(core::save_text(file, bytes).ok());
  const auto newer = ResultsStore::open(file);
  REQUIRE_FALSE(newer);
  REQUIRE(newer.error().sentence().find("newer") != std::string::npos);
}

TEST_CASE("A folder that cannot be written, or be made, is one sentence") {
  const TestFolder folder;
  REQUIRE(core::save_text(folder / "file", "x").ok());
  const auto inside_file = ResultsStore::open(folder / "file/results.sqlite");
  REQUIRE_FALSE(inside_file);
  REQUIRE(inside_file.error().sentence().find("--results") != std::string::npos);

  // The superuser may write anywhere, so another user tries.
  const auto read_only = folder / "read-only";
  std::filesystem::create_directory(read_only);
  std::filesystem::permissions(read_only, std::filesystem::perms(0555));
  const int code = in_another_process([&] {
    if (geteuid() == 0 && seteuid(65534) != 0) return 0;
    const auto store = ResultsStore::open(read_only / "results.sqlite");
    return store || store.error().sentence().find("writable") == std::string::npos ? 1 : 0;
  });
  REQUIRE(code == 0);
}

TEST_CASE("On a full disk an answer is refused in one sentence, those before it stay, and it can be given again") {
  const TestFolder folder;
  const auto file = folder / "results.sqlite";
  const int code = in_another_process([&] {
    // A limit of the file size is met like a full disk: by the system, in the middle of a write.
    signal(SIGXFSZ, SIG_IGN);
    auto store = ResultsStore::open(file);
    if (!store || !(*store)->put_session("a", "h", "e").ok()) return 1;
    rlimit limit{};
    getrlimit(RLIMIT_FSIZE, &limit);
    rlimit small = limit;
    small.rlim_cur = 100'000;
    setrlimit(RLIMIT_FSIZE, &small);
    int place = 0;
    while (place < 1000 && (*store)->add_answer("a", place, answer(place), "e").ok()) ++place;
    if (place == 0 || place == 1000) return 2;
    const auto refused = (*store)->add_answer("a", place, answer(place), "e");
    if (refused || refused.error().sentence().find("Free some space") == std::string::npos) return 3;
    setrlimit(RLIMIT_FSIZE, &limit);
    for (int i = 0; i < 5; ++i, ++place)
      if (!(*store)->add_answer("a", place, answer(place), "e").ok()) return 4;
    const auto sessions = (*store)->sessions();
    if (!sessions || sessions->front().answers.size() != static_cast<std::size_t>(place)) return 5;
    for (int i = 0; i < place; ++i)
      if (sessions->front().answers[static_cast<std::size_t>(i)] != answer(i)) return 6;
    return 0;
  });
  REQUIRE(code == 0);
}

TEST_CASE("Exports never overwrite: a number is appended, also when several write at once") {
  const TestFolder folder;
  const auto first = data::save_fresh(folder / "out", "pilot-p01", ".csv", "one");
  const auto second = data::save_fresh(folder / "out", "pilot-p01", ".csv", "two");
  REQUIRE(first->filename() == "pilot-p01.csv");
  REQUIRE(second->filename() == "pilot-p01-2.csv");
  REQUIRE(*core::load_text(*first) == "one");

  std::vector<std::thread> writers;
  for (int i = 0; i < 8; ++i)
    writers.emplace_back([&, i] {
      for (int j = 0; j < 5; ++j)
        static_cast<void>(data::save_fresh(folder / "many", "s", ".json", std::to_string(10 * i + j)));
    });
  for (std::thread& writer : writers) writer.join();
  std::set<std::string> texts;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "many"))
    texts.insert(*core::load_text(entry.path()));
  REQUIRE(texts.size() == 40);
}
