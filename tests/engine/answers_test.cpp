// Finding and reading answers in folders, with experiments beside them, and saying what was left out.
#include "engine/answers.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <span>

#include "base/hash.h"
#include "catch.h"
#include "study/texts.h"

namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("unitscope-answers-" + std::to_string(::getpid()))) {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  fs::path write(const std::string& name, const std::string& text) const {
    const fs::path file = path_ / name;
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return file;
  }
  [[nodiscard]] fs::path operator/(const std::string& name) const { return path_ / name; }

 private:
  fs::path path_;
};

struct Experiment {
  std::string text, hash;
};
Experiment experiment() {
  study::Experiment made;
  made.spec.model = {"model.onnx", std::string(64, 'a')};
  made.spec.images_hash = std::string(64, 'b');
  made.conditions = study::published_conditions();
  study::Trial trial;
  trial.id = "t";
  trial.unit = {"mixed3a_pre_relu", 1, {}};
  trial.base_file = "base.png";
  trial.min_file = "min.png";
  trial.max_file = "max.png";
  trial.min.place.side_px = trial.max.place.side_px = 10;
  made.trials.push_back(trial);
  const std::string text = study::to_json(made);
  return {text, base::sha256_hex(std::as_bytes(std::span(text)))};
}

study::Session session(const std::string& name, const std::string& hash) {
  study::Session made;
  made.header.session = made.header.participant = name;
  made.header.condition = "natural";
  made.header.mode = study::Mode::pilot;
  made.header.experiment = "experiment";
  made.header.experiment_hash = hash;
  made.end.complete = true;
  study::Trial trial;
  trial.id = "t";
  trial.unit = {"mixed3a_pre_relu", 1, {}};
  trial.min.place.side_px = trial.max.place.side_px = 10;
  study::Answer answer = study::answer_to(trial, study::published_conditions()[1], "", false, 5);
  answer.session = answer.participant = name;
  answer.mode = study::Mode::pilot;
  made.answers.push_back(answer);
  return made;
}

base::Result<study::AnalysisData> read(engine::AnswersAsked asked) {
  engine::ReadAnswers reading(std::move(asked));
  while (reading.step() == core::StepOutcome::more) REQUIRE(reading.done() <= reading.total());
  if (reading.error()) return *reading.error();
  return reading.take();
}

bool notes(const study::AnalysisData& data, const std::string& part) {
  return std::any_of(data.notes.begin(), data.notes.end(),
                     [&](const std::string& note) { return note.find(part) != std::string::npos; });
}

}  // namespace

TEST_CASE("Sessions find their experiment in the folder beside them, by its hash") {
  const Folder folder;
  const auto [text, hash] = experiment();
  folder.write("experiment/trials.json", text);
  folder.write("sessions/a.json", study::to_json(session("a", hash)));
  folder.write("sessions/deep/b.csv", study::to_csv(session("b", hash)));
  const auto data = read({{folder / "sessions"}, {}, {}});
  REQUIRE(data);
  REQUIRE(data->sessions.size() == 2);
  REQUIRE(data->experiments.size() == 1);
  REQUIRE(data->experiments[0]->name == "experiment");
  for (const study::Participation& one : data->sessions)
    REQUIRE(study::trial_of(*data, one, one.responses[0]) != nullptr);
  REQUIRE(data->notes.empty());
}

TEST_CASE("Of the exports of one session, left and ended another day, the whole one counts") {
  const Folder folder;
  const auto [text, hash] = experiment();
  study::Session whole = session("a", hash), left = whole;
  left.end.complete = false;
  left.answers.clear();
  folder.write("experiment/trials.json", text);
  folder.write("experiment/results/a.json", study::to_json(left));
  left.end.total_ms = 1000.0;
  folder.write("experiment/results/a-2.json", study::to_json(left));
  folder.write("experiment/results/a-3.json", study::to_json(whole));
  folder.write("experiment/results/b.json", study::to_json(session("b", hash)));
  const auto data = read({{folder / "experiment/results"}, {}, {}});
  REQUIRE(data);
  REQUIRE(data->sessions.size() == 2);
  for (const study::Participation& one : data->sessions) {
    REQUIRE(one.complete);
    REQUIRE(one.responses.size() == 1);
  }
}

TEST_CASE("An experiment that was made again since is not taken for the one that was answered, and that is said") {
  const Folder folder;
  const auto [text, hash] = experiment();
  folder.write("experiment/trials.json", text);
  folder.write("sessions/a.json", study::to_json(session("a", std::string(64, '0'))));
  const auto data = read({{folder / "sessions"}, {}, {}});
  REQUIRE(data);
  REQUIRE(!data->sessions[0].experiment);
  REQUIRE(notes(*data, "was not found"));
}

TEST_CASE("A session that is there as JSON and as CSV counts once") {
  const Folder folder;
  const auto made = session("a", "h");
  folder.write("a.csv", study::to_csv(made));
  folder.write("a.json", study::to_json(made));
  const auto data = read({{folder / ""}, {}, {}});
  REQUIRE(data);
  REQUIRE(data->sessions.size() == 1);
  REQUIRE(notes(*data, "counted once"));
}

TEST_CASE("What lies in a folder and is no answer is left out aloud; what was named must be readable") {
  const Folder folder;
  folder.write("in/a.json", study::to_json(session("a", "h")));
  folder.write("in/damaged.json", study::to_json(session("d", "h")).substr(0, 900));
  folder.write("in/other.json", "{\"hello\": 1}");
  folder.write("in/table.csv", "x,y\n1,2\n");
  const auto data = read({{folder / "in"}, {}, {}});
  REQUIRE(data);
  REQUIRE(data->sessions.size() == 1);
  REQUIRE(notes(*data, "Left out damaged.json"));
  REQUIRE(notes(*data, "other.json"));
  REQUIRE(notes(*data, "table.csv"));
  for (const char* name : {"in/damaged.json", "in/other.json", "in/table.csv", "in/missing.json"}) {
    const auto refused = read({{folder / name}, {}, {}});
    INFO(name);
    REQUIRE(!refused);
    REQUIRE(!refused.error().what.empty());
  }
}

TEST_CASE("A table is read by its mapping, and refused without one") {
  const Folder folder;
  const fs::path table = folder.write("answers.csv", "who,right\n1,True\n2,False\n");
  const fs::path columns = folder.write("columns.json", R"({"participant": "who", "correct": "right"})");
  REQUIRE(!read({{table}, {}, {}}));
  const auto data = read({{table}, {}, columns});
  REQUIRE(data);
  REQUIRE(data->sessions.size() == 2);
  REQUIRE(!read({{table}, {}, folder / "missing.json"}));
}

TEST_CASE("A table that should be answers is left out with its own sentence, and columns.json beside it without any") {
  const Folder folder;
  folder.write("in/good.csv", "who,right\n1,True\n2,False\n");
  folder.write("in/bad.csv", "who,right\n1,True\n\n2,perhaps\n");
  folder.write("in/session.csv", study::to_csv(session("a", "h")) + "half a row\n");
  const fs::path columns = folder.write("in/columns.json", R"({"participant": "who", "correct": "right"})");
  const auto data = read({{folder / "in"}, {}, columns});
  REQUIRE(data);
  REQUIRE(data->sessions.size() == 2);
  REQUIRE(notes(*data, "Left out bad.csv"));
  REQUIRE(notes(*data, "row 4, column \"right\" holds \"perhaps\""));
  REQUIRE(notes(*data, "Left out session.csv"));
  REQUIRE(!notes(*data, "columns.json"));
  REQUIRE(!notes(*data, "no answers"));
  const auto named = read({{folder / "in/session.csv"}, {}, {}});
  REQUIRE(!named);
  REQUIRE(named.error().sentence().find("in/session.csv") != std::string::npos);
}

TEST_CASE("What an experiment's folder holds beside answers is passed over in silence") {
  const Folder folder;
  const auto [text, hash] = experiment();
  folder.write("trials.json", text);
  folder.write("texts.json", study::to_json(study::default_texts()));
  folder.write("natural_9_references/task_1/index.json",
               R"({"task_name":"natural_9_references/task_1","n_reference_images":9,"n_trials":1})");
  folder.write("natural_9_references/natural.json", "{\n \"tasks\": [\n  {\n   \"index\": 1,\n   \"trials\": []}]}\n");
  folder.write("results/a.json", study::to_json(session("a", hash)));
  const auto data = read({{folder / ""}, {}, {}});
  REQUIRE(data);
  REQUIRE(data->sessions.size() == 1);
  REQUIRE(data->notes.empty());
}

TEST_CASE("The same bytes under two names count once") {
  const Folder folder;
  folder.write("good.csv", "who,right\n1,True\n2,False\n");
  folder.write("copy.csv", "who,right\n1,True\n2,False\n");
  const fs::path columns = folder.write("columns.json", R"({"participant": "who", "correct": "right"})");
  const auto data = read({{folder / "good.csv", folder / "copy.csv"}, {}, columns});
  REQUIRE(data);
  REQUIRE(data->sessions.size() == 2);
  REQUIRE(notes(*data, "copy.csv holds the same bytes as good.csv"));
}
