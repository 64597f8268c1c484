#include "study/answer.h"

#include <algorithm>
#include <map>
#include <set>

#include "catch.h"
#include "core/csv.h"
#include "study/question.h"

namespace {

study::Trial a_trial() {
  study::Trial trial;
  trial.id = "mixed4a_pre_relu-104-b2";
  trial.unit = *core::parse_unit("mixed4a_pre_relu:104");
  trial.batch = 2;
  trial.base_file = "stimuli/base.png";
  trial.min_file = "stimuli/min.png";
  trial.max_file = "stimuli/max.png";
  trial.min.place = {12, 34, 90};
  trial.max.place = {100, 8, 90};
  trial.min.activation = 0.1;
  trial.max.activation = 1.0 / 3.0;
  trial.base_activation = 0.75;
  study::ReferenceSet set;
  set.condition = "natural";
  for (int k = 0; k < 9; ++k) {
    study::ReferencePicture picture;
    picture.file = "reference_max_" + std::to_string(k) + ".png";
    set.pictures.push_back(picture);
  }
  trial.references = {set};
  return trial;
}

study::Session a_session() {
  study::Session session;
  session.header.session = "pilot-p01-natural-task3";
  session.header.participant = "p01";
  session.header.group = "lay, but \"curious\"";
  session.header.condition = "natural";
  session.header.task_name = "natural_9_references/task_3";
  session.header.batch = 2;
  session.header.device = "a GPU";
  session.header.refresh_hz = 59.94;
  session.header.seed = 18446744073709551615U;
  for (int button = 0; button < study::kButtons; ++button) {
    study::Answer answer = study::answer_to(a_trial(), study::published_conditions()[1], "natural_9_references/task_3",
                                            button % 2 == 0, button);
    answer.session = session.header.session;
    answer.participant = session.header.participant;
    answer.group = session.header.group;
    answer.task_name = session.header.task_name;
    answer.layer = "mixed4a";
    answer.branch = "3x3";
    answer.rt_ms = 1234.5678901234567;
    answer.time_elapsed_ms = 1e5 / 3;
    answer.trial_index = button;
    session.answers.push_back(answer);
  }
  session.end = {20000.0, 100000.25, 2, true, -37, "two lines\nand an umlaut: ü"};
  return session;
}

std::vector<std::string> files_shown(const study::Trial& trial, const study::Condition& condition,
                                     const std::string& task) {
  std::vector<std::string> files;
  for (const study::ReferencePicture* picture : study::references_shown(trial, condition, task))
    files.push_back(picture->file);
  return files;
}

}  // namespace

TEST_CASE("Confidence is the label that the person saw, and the published value reverses it on the left") {
  const int labels[] = {3, 2, 1, 1, 2, 3};
  const int published[] = {1, 2, 3, 1, 2, 3};
  for (int button = 0; button < study::kButtons; ++button) {
    REQUIRE(study::answer_to(a_trial(), study::published_conditions()[1], "", false, button).confidence ==
            labels[button]);
    REQUIRE(study::published_confidence(button) == published[button]);
  }
}

TEST_CASE("The right answer is the side on which the maximum stands") {
  for (const bool switched : {false, true})
    for (int button = 0; button < study::kButtons; ++button) {
      const auto answer = study::answer_to(a_trial(), study::published_conditions()[1], "", switched, button);
      const bool max_is_left = switched;
      REQUIRE(answer.correct == (max_is_left == study::is_left(button)));
      REQUIRE(answer.chose_max == answer.correct);
    }
}

TEST_CASE("References are shown in an order of the task and trial, and none without references") {
  const study::Condition& natural = study::published_conditions()[1];
  std::set<std::string> all;
  for (int k = 0; k < 9; ++k) all.insert("reference_max_" + std::to_string(k) + ".png");
  std::map<std::string, int> first;
  for (int task = 1; task <= 90; ++task) {
    const std::string name = "natural_9_references/task_" + std::to_string(task);
    const auto shown = files_shown(a_trial(), natural, name);
    REQUIRE(std::set<std::string>(shown.begin(), shown.end()) == all);
    REQUIRE(files_shown(a_trial(), natural, name) == shown);
    REQUIRE(study::answer_to(a_trial(), natural, name, false, 0).max_references == shown);
    REQUIRE(study::question_files(a_trial(), natural, name, true).references == shown);
    ++first[shown.front()];
  }
  REQUIRE(first.size() == 9);  // no file has a place of its own
  REQUIRE(study::references_shown(a_trial(), study::published_conditions()[0], "task").empty());
}

TEST_CASE("Where kinds of references are mixed, each keeps its places, and the last pictures of the set are shown") {
  study::Trial trial = a_trial();
  trial.references[0].condition = "mixed";
  for (std::size_t k = 0; k < 4; ++k) trial.references[0].pictures[k].kind = study::ReferenceKind::synthetic;
  study::Condition mixed = study::published_conditions()[3];
  std::set<std::vector<std::string>> orders;
  for (int task = 0; task < 20; ++task) {
    const auto shown = study::references_shown(trial, mixed, std::to_string(task));
    for (std::size_t place = 0; place < 9; ++place)
      REQUIRE((shown[place]->kind == study::ReferenceKind::synthetic) == (place >= 5));
    orders.insert(files_shown(trial, mixed, std::to_string(task)));
  }
  REQUIRE(orders.size() > 15);
  mixed.references = 2;
  auto two = files_shown(trial, mixed, "task");
  std::ranges::sort(two);
  REQUIRE(two == std::vector<std::string>{"reference_max_7.png", "reference_max_8.png"});
}

TEST_CASE("Without references a catch trial shows a foreign picture in the minimum's place") {
  study::Trial trial = a_trial();
  trial.foreign_min_file = "stimuli/foreign.png";
  REQUIRE(study::min_file_shown(trial, study::published_conditions()[0]) == "stimuli/foreign.png");
  REQUIRE(study::min_file_shown(trial, study::published_conditions()[1]) == "stimuli/min.png");
}

TEST_CASE("A session is the same after JSON and after CSV, to the last bit of its numbers") {
  study::Session session = a_session();
  session.answers[1].batch = session.header.batch + 3;  // a catch trial is of another image set
  session.answers[2].condition = "none";                // practice goes on with other references
  const auto from_json = study::session_from_json(study::to_json(session));
  INFO((from_json ? "" : from_json.error().sentence()));
  REQUIRE(*from_json == session);
  const auto from_csv = study::sessions_from_csv(study::to_csv(session));
  INFO((from_csv ? "" : from_csv.error().sentence()));
  REQUIRE(*from_csv == std::vector<study::Session>{session});
}

TEST_CASE("Rows may have a batch, a condition and a group of their own, and the table still gives the session back") {
  study::Session session = a_session();
  session.answers[1].catch_trial = true;
  session.answers[1].batch = 7;
  session.answers[2].condition = "none";
  session.answers[3].group = "expert";
  const auto back = study::sessions_from_csv(study::to_csv(session));
  INFO((back ? "" : back.error().sentence()));
  REQUIRE(back);
  REQUIRE(*back == std::vector<study::Session>{session});
}

TEST_CASE("One answer, a header and an end are the same after their own JSON") {
  const study::Session session = a_session();
  REQUIRE(*study::answer_from_json(study::to_json(session.answers[3])) == session.answers[3]);
  REQUIRE(*study::session_header_from_json(study::to_json(session.header)) == session.header);
  REQUIRE(*study::session_end_from_json(study::to_json(session.end)) == session.end);
  study::SessionEnd silent = session.end;
  silent.intuitiveness.reset();
  REQUIRE(*study::session_end_from_json(study::to_json(silent)) == silent);
}

TEST_CASE("A table opens with the published columns under their published names") {
  const std::vector<std::string> published = {
      "rt",      "button_pressed", "choice",      "confidence",  "correct",        "switched_queries",
      "id",      "min_query",      "max_query",   "base_query",  "max_references", "catch_trial",
      "is_demo", "trial_type",     "trial_index", "time_elapsed"};
  const auto rows = core::parse_csv(study::to_csv(a_session()));
  REQUIRE(std::equal(published.begin(), published.end(), rows.front().begin()));
  const auto mode = std::find(rows.front().begin(), rows.front().end(), "mode") - rows.front().begin();
  for (std::size_t i = 1; i < rows.size(); ++i) REQUIRE(rows[i][static_cast<std::size_t>(mode)] == "pilot");
}

TEST_CASE("A row that contradicts itself, lacks a column or holds no number is refused by name") {
  const auto& columns = study::answer_columns();
  const std::vector<std::string> good = study::to_row(a_session().answers[0]);
  REQUIRE(study::answer_from_row(columns, good));
  const auto sentence_with = [&](const std::string& column, const std::string& cell) {
    std::vector<std::string> row = good;
    row[static_cast<std::size_t>(std::find(columns.begin(), columns.end(), column) - columns.begin())] = cell;
    const auto read = study::answer_from_row(columns, row);
    return read ? std::string() : read.error().sentence();
  };
  REQUIRE(sentence_with("confidence", "1").find("contradicts itself") != std::string::npos);
  REQUIRE(sentence_with("choice", "a").find("contradicts itself") != std::string::npos);
  REQUIRE(sentence_with("correct", "false").find("contradicts itself") != std::string::npos);
  REQUIRE(sentence_with("rt", "fast").find("\"rt\"") != std::string::npos);
  REQUIRE(sentence_with("button_pressed", "6").find("from 0 to 5") != std::string::npos);
  REQUIRE(sentence_with("mode", "earnest").find("practice, pilot, real, simulated") != std::string::npos);
  REQUIRE(sentence_with("pos_min", "12").find("no place") != std::string::npos);
  std::vector<std::string> fewer = columns;
  fewer.erase(fewer.begin());
  REQUIRE(study::answer_from_row(fewer, {good.begin() + 1, good.end()}).error().sentence().find("\"rt\"") !=
          std::string::npos);
}

TEST_CASE("A damaged session is refused in one sentence, and never crashes") {
  const std::string text = study::to_json(a_session());
  for (std::size_t length = 0; length + 2 < text.size(); length += 97)
    REQUIRE(!study::session_from_json(text.substr(0, length)));
  std::string unknown = text;
  unknown.replace(unknown.find("\"rt\""), 4, "\"rs\"");
  REQUIRE(study::session_from_json(unknown).error().sentence().find("\"rt\" is missing in answer 1") !=
          std::string::npos);
  std::string newer = text;
  newer.replace(newer.find("\"version\": 1"), 12, "\"version\": 2");
  REQUIRE(study::session_from_json(newer).error().sentence().find("newer") != std::string::npos);
}

TEST_CASE("The two queries of a question change sides with the draw, and nothing else does") {
  const study::Condition& natural = study::published_conditions()[1];
  const study::QuestionFiles straight = study::question_files(a_trial(), natural, "task", false);
  study::QuestionFiles switched = study::question_files(a_trial(), natural, "task", true);
  REQUIRE(straight.right == "stimuli/max.png");
  REQUIRE(switched.left == "stimuli/max.png");
  std::swap(switched.left, switched.right);
  REQUIRE(switched == straight);
}
