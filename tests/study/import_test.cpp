#include "study/import.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "catch.h"
#include "study/analysis.h"

namespace {

constexpr const char* kMapping =
    R"({"participant": "subject_id", "condition": ["instr_type", "n_instruction_patches"], "correct": "correct",
        "confidence": {"column": "conf_rating", "absolute": true}, "reaction_time": {"column": "RT", "unit": "s"},
        "unit": ["layer", "kernel_size", "channel"], "keep": {"trial_type": ["main"], "catch_trial": ["False"]}})";
constexpr const char* kHeader =
    "subject_id,instr_type,n_instruction_patches,trial_type,catch_trial,layer,kernel_size,channel,batch,conf_rating,"
    "correct,RT\n";

std::string refusal(const base::Status& status) {
  REQUIRE(!status);
  return status.error().sentence();
}

base::Status read(study::AnalysisData& data, const std::string& rows, const char* mapping = kMapping) {
  const auto columns = study::column_mapping_from_json(mapping);
  REQUIRE(columns);
  return study::import_csv(data, kHeader + rows, *columns, "answers.csv");
}

nlohmann::json record(int button, bool switched, const char* trial, bool demo = false) {
  const bool correct = (button < 3) == switched;
  const std::string folder = std::string("https://host/experiments/cf/") +
                             (demo ? "demo_natural_9_references" : "natural_9_references/task_3") + "/trials/" + trial;
  return {{"trial_type", "cf-image-confidence-response"},
          {"button_pressed", button},
          {"switched_queries", switched},
          {"confidence", button % 3 + 1},
          {"choice", correct ? "b" : "a"},
          {"correct", correct},
          {"catch_trial", false},
          {"is_demo", demo},
          {"rt", 1500.5},
          {"time_elapsed", 40000},
          {"base_query", folder + "/queries/base.png"}};
}

nlohmann::json page(const char* type, double elapsed_ms) {
  return {{"trial_type", type}, {"time_elapsed", elapsed_ms}};
}

nlohmann::json published_records() {
  return nlohmann::json::array({page("instructions", 5000), page("fullscreen", 25000), page("call-function", 25001),
                                record(0, true, "trial_1", true), page("instructions", 30000),
                                page("call-function", 30001), record(5, false, "trial_2", true),
                                page("instructions", 35000), record(0, true, "trial_1"), record(1, false, "trial_2"),
                                record(5, false, "trial_3"), page("survey-text", 60000), page("instructions", 61000)});
}

}  // namespace

TEST_CASE("The mapping of the older study's table is read as it is written") {
  const auto mapping = study::column_mapping_from_json(kMapping);
  REQUIRE(mapping->participant == std::vector<std::string>{"subject_id"});
  REQUIRE(mapping->condition == std::vector<std::string>{"instr_type", "n_instruction_patches"});
  REQUIRE(mapping->confidence->absolute);
  REQUIRE(!mapping->reaction_time->milliseconds);
  REQUIRE(mapping->keep.at("trial_type") == std::vector<std::string>{"main"});
}

TEST_CASE("A mapping that is no mapping is refused with what is wrong in it") {
  for (const auto& [text, part] : std::vector<std::pair<const char*, const char*>>{
           {"", "not JSON"},
           {"[]", "not an object"},
           {R"({"correct": "c"})", "\"participant\" is missing in the mapping. Add \"participant\""},
           {R"({"participant": "p"})", "\"correct\" is missing"},
           {R"({"participant": 3, "correct": "c"})", "\"participant\""},
           {R"({"participant": [], "correct": "c"})", "names no column"},
           {R"({"participant": "p", "correct": "c", "colour": "x"})", "\"colour\""},
           {R"({"participant": "p", "correct": "c", "reaction_time": {"column": "RT", "unit": "h"}})", "\"h\""},
           {R"({"participant": "p", "correct": "c", "confidence": {"column": "x", "sign": 1}})", "\"sign\""},
           {R"({"participant": "p", "correct": "c", "keep": {"x": "y"}})", "\"x\""}}) {
    const auto mapping = study::column_mapping_from_json(text);
    INFO(text);
    REQUIRE(!mapping);
    INFO(mapping.error().sentence());
    REQUIRE(mapping.error().sentence().find(part) != std::string::npos);
  }
}

TEST_CASE("A table gives one participation a participant and condition, with what it says and nothing else") {
  study::AnalysisData data;
  REQUIRE(read(data,
               "1,natural,9,main,False,mixed3a,1,25,4,-3,True,2.5\n"
               "1,natural,9,catch,True,mixed3a,1,25,4,-3,True,2.5\n"
               "1,natural,1,main,False,mixed3a,1,25,4,2,0,\n"
               "1,natural,9,main,False,mixed3b,1,64,4,1.0,false,0.5\n"));
  REQUIRE(data.sessions.size() == 2);
  REQUIRE(data.sessions[0].condition == std::vector<std::string>{"natural", "9"});
  REQUIRE(data.sessions[0].responses.size() == 2);
  const study::Response& first = data.sessions[0].responses[0];
  REQUIRE(first.correct);
  REQUIRE(first.confidence == 3);
  REQUIRE(first.reaction_time_s == 2.5);
  REQUIRE(first.unit == "mixed3a/1/25");
  REQUIRE(!first.side_px);
  REQUIRE(!data.sessions[0].instruction_s);
  REQUIRE(!data.sessions[1].responses[0].reaction_time_s);  // an empty cell is no time
  REQUIRE(data.notes.size() == 1);
  REQUIRE(data.notes[0].find("1 of 4 rows") != std::string::npos);
}

TEST_CASE("What is wrong in a table is one sentence with the row and the column") {
  const std::string good = "1,natural,9,main,False,mixed3a,1,25,4,-3,True,2.5\n";
  for (const auto& [row, part] : std::vector<std::pair<std::string, const char*>>{
           {"1,natural,9,main,False,mixed3a,1,25,4,-3,perhaps,2.5\n", "row 3, column \"correct\" holds \"perhaps\""},
           {"1,natural,9,main,False,mixed3a,1,25,4,-3,,2.5\n", "row 3, column \"correct\" holds \"\""},
           {"1,natural,9,main,False,mixed3a,1,25,4,high,True,2.5\n", "row 3, column \"conf_rating\" holds \"high\""},
           {"1,natural,9,main,False,mixed3a,1,25,4,2.5,True,2.5\n", "row 3, column \"conf_rating\" holds \"2.5\""},
           {"1,natural,9,main,False,mixed3a,1,25,4,2,True,fast\n", "row 3, column \"RT\" holds \"fast\""},
           {"1,natural,9,main,False,mixed3a,1,25,4,2,True,-1\n", "row 3, column \"RT\" holds \"-1\""},
           {"1,natural,9,main,False,mixed3a,1,25,4,2,True,1e999\n", "row 3, column \"RT\""},
           {",natural,9,main,False,mixed3a,1,25,4,2,True,1\n", "row 3, column \"subject_id\""},
           {std::string(501, 'p') + ",natural,9,main,False,mixed3a,1,25,4,2,True,1\n", "row 3, column \"subject_id\""},
           {"1,natural,9,main\n", "row 3 has 4 cells under 12 columns"}}) {
    study::AnalysisData data;
    const std::string sentence = refusal(read(data, good + row));
    INFO(sentence);
    REQUIRE(sentence.find(part) != std::string::npos);
    REQUIRE(sentence.find("answers.csv") != std::string::npos);
    REQUIRE(data.sessions.empty());
  }
  study::AnalysisData data;
  const std::string sentence = refusal(read(data, good, R"({"participant": "subject", "correct": "correct"})"));
  REQUIRE(sentence.find("row 1 has no column \"subject\"") != std::string::npos);
  REQUIRE(sentence.find("subject_id, instr_type") != std::string::npos);
}

TEST_CASE("Tables as spreadsheets and other programs save them are read, or refused with what to change") {
  const std::string good = "1,natural,9,main,False,mixed3a,1,25,4,-3,True,2.5\n";
  const auto columns = study::column_mapping_from_json(kMapping);
  const auto import = [&](const std::string& text) {
    study::AnalysisData data;
    return study::import_csv(data, text, *columns, "answers.csv");
  };
  REQUIRE(import("\xEF\xBB\xBF" + std::string(kHeader) + good));
  std::string semicolons = kHeader + good, twice = kHeader + good;
  std::replace(semicolons.begin(), semicolons.end(), ',', ';');
  REQUIRE(refusal(import(semicolons)).find("semicolons") != std::string::npos);
  twice.replace(twice.find("batch"), 5, "RT");
  REQUIRE(refusal(import(twice)).find("\"RT\" twice") != std::string::npos);
  REQUIRE(refusal(import(kHeader + good + "M\xFCller" + good.substr(1))).find("row 3, column \"subject_id\"") !=
          std::string::npos);
  // Rows are counted with the empty lines between them.
  REQUIRE(refusal(import(kHeader + good + "\n\n1,natural,9,main,False,mixed3a,1,25,4,-3,perhaps,2.5\n"))
              .find("row 5, column \"correct\"") != std::string::npos);
  std::string dropped = good;
  dropped.replace(dropped.find("main"), 4, "warm-up");
  const std::string none = refusal(import(kHeader + dropped));
  INFO(none);
  REQUIRE(none.find("\"keep\" leaves none of its 1 rows") != std::string::npos);
  REQUIRE(none.find("\"warm-up\"") != std::string::npos);
}

TEST_CASE("A table may say the mode, and a negative confidence asks for what its sign means") {
  constexpr const char* kWithMode =
      R"({"participant": "who", "correct": "right", "mode": "mode", "confidence": "sure"})";
  const auto columns = study::column_mapping_from_json(kWithMode);
  REQUIRE(columns);
  const auto import = [&](study::AnalysisData& data, const std::string& rows) {
    return study::import_csv(data, "who,right,mode,sure\n" + rows, *columns, "t.csv");
  };
  study::AnalysisData data;
  REQUIRE(import(data, "a,1,pilot,3\na,0,real,1\nb,1,,2\n"));
  REQUIRE(data.sessions.size() == 3);
  REQUIRE(data.sessions[0].mode == study::Mode::pilot);
  REQUIRE(data.sessions[1].mode == study::Mode::real);
  REQUIRE(!data.sessions[2].mode);
  REQUIRE(study::mode_name(data.sessions[2].mode) == "imported");
  REQUIRE(refusal(import(data, "a,1,earnest,3\n")).find("pilot, real") != std::string::npos);
  REQUIRE(refusal(import(data, "a,1,pilot,-3\n")).find("\"absolute\": true") != std::string::npos);
}

TEST_CASE("A table without rows, or with more cells than can be held, is refused") {
  study::AnalysisData data;
  REQUIRE(refusal(read(data, "")).find("no row") != std::string::npos);
  REQUIRE(refusal(read(data, std::string(9'000'000, ','))).find("larger") != std::string::npos);
}

TEST_CASE("The confidence of left answers, stored reversed by the published page, is the label again") {
  study::AnalysisData data;
  REQUIRE(study::import_published(data, published_records().dump(), "w7.json"));
  const study::Participation& session = data.sessions.at(0);
  REQUIRE(session.participant == "w7");
  REQUIRE(session.condition == std::vector<std::string>{"natural"});
  REQUIRE(session.responses.size() == 5);
  const study::Response& outer_left = session.responses[2];
  REQUIRE(outer_left.confidence == 3);
  REQUIRE(outer_left.published_confidence == 1);
  REQUIRE(outer_left.correct);
  REQUIRE(outer_left.reaction_time_s == Approx(1.5005));
  REQUIRE(session.responses[3].confidence == 2);
  REQUIRE(session.responses[4].confidence == 3);  // on the right both agree
  REQUIRE(session.responses[4].published_confidence == 3);
  REQUIRE(session.responses[0].practice);
}

TEST_CASE("Reading time, total time and rounds of practice come from the pages around the trials") {
  study::AnalysisData data;
  REQUIRE(study::import_published(data, published_records().dump(), "w7.json"));
  REQUIRE(data.sessions[0].instruction_s == Approx(25.001));
  REQUIRE(data.sessions[0].total_s == Approx(61.0));
  REQUIRE(data.sessions[0].practice_rounds == 2);
}

TEST_CASE("Responses that hold their records as text, one or many in a file, are read alike") {
  study::AnalysisData plain, wrapped;
  REQUIRE(study::import_published(plain, published_records().dump(), "x.json"));
  nlohmann::json response = {{"raw_data", published_records().dump()}, {"main_data", "[]"}, {"worker_id", "x"}};
  REQUIRE(study::import_published(wrapped, nlohmann::json::array({response, response}).dump(), "all.json"));
  REQUIRE(wrapped.sessions.size() == 2);
  REQUIRE(wrapped.sessions[0].participant == "x");
  REQUIRE(wrapped.sessions[0].responses == plain.sessions[0].responses);
}

TEST_CASE("Answers of the page find their trials by task and number in an experiment that is at hand") {
  auto loaded = std::make_shared<study::LoadedExperiment>();
  loaded->hash = "h";
  study::Trial trial;
  trial.id = "the second";
  trial.unit = {"mixed3a_pre_relu", 7, {}};
  trial.batch = 2;
  loaded->experiment.trials.push_back(trial);
  loaded->experiment.tasks.push_back({"natural_9_references/task_3", "natural", 3, 2, {"a", "the second", "c"}});
  study::AnalysisData data;
  data.experiments.push_back(loaded);
  REQUIRE(study::import_published(data, published_records().dump(), "w7.json"));
  const study::Response& second = data.sessions[0].responses[3];
  REQUIRE(second.trial_id == "the second");
  REQUIRE(second.unit == "mixed3a_pre_relu:7");
  REQUIRE(second.image_set == 2);
  REQUIRE(study::trial_of(data, data.sessions[0], second) != nullptr);
}

TEST_CASE("Where two experiments have the task, the one that was named is meant, and none is refused") {
  study::AnalysisData data;
  for (const char* hash : {"first", "second"}) {
    auto loaded = std::make_shared<study::LoadedExperiment>();
    loaded->hash = loaded->folder = hash;
    for (const char* id : {"a", "b", "c"}) {
      study::Trial trial;
      trial.id = id;
      trial.unit = {"mixed3a_pre_relu", 7, {}};
      loaded->experiment.trials.push_back(trial);
    }
    loaded->experiment.tasks.push_back({"natural_9_references/task_3", "natural", 3, 2, {"a", "b", "c"}});
    data.experiments.push_back(loaded);
  }
  const std::string sentence = refusal(study::import_published(data, published_records().dump(), "w7.json"));
  INFO(sentence);
  REQUIRE(sentence.find("first, second") != std::string::npos);
  REQUIRE(sentence.find("--experiment") != std::string::npos);
  REQUIRE(data.sessions.empty());
  REQUIRE(study::import_published(data, published_records().dump(), "w7.json", 1));
  REQUIRE(data.sessions[0].experiment == std::size_t{0});
  REQUIRE(data.sessions[0].responses[3].trial_key == "first/b");
}

TEST_CASE("Records that are damaged are refused with their number, and leave nothing behind") {
  const auto damaged = [](auto&& change) {
    nlohmann::json records = published_records();
    change(records);
    study::AnalysisData data;
    const std::string sentence = refusal(study::import_published(data, records.dump(), "w.json"));
    REQUIRE(data.sessions.empty());
    return sentence;
  };
  REQUIRE(damaged([](auto& records) { records[8]["button_pressed"] = 6; }).find("record 9") != std::string::npos);
  REQUIRE(damaged([](auto& records) { records[8]["button_pressed"] = 1.5; }).find("record 9") != std::string::npos);
  REQUIRE(damaged([](auto& records) { records[8]["correct"] = false; }).find("contradicts") != std::string::npos);
  REQUIRE(damaged([](auto& records) { records[8]["rt"] = "soon"; }).find("\"rt\"") != std::string::npos);
  REQUIRE(damaged([](auto& records) { records[8]["rt"] = -5; }).find("\"rt\"") != std::string::npos);
  REQUIRE(damaged([](auto& records) {
            records = nlohmann::json::array({1, 2});
          }).find("no record") != std::string::npos);
  study::AnalysisData data;
  REQUIRE(refusal(study::import_published(data, "{\"raw_data\": 3}", "w.json")).find("list") != std::string::npos);
  REQUIRE(refusal(study::import_published(data, "[{", "w.json")).find("not JSON") != std::string::npos);
  REQUIRE(refusal(study::import_published(data, std::string(100000, '['), "w.json")).find("nested") !=
          std::string::npos);
  std::string wide = "[1";
  for (int i = 0; i < 6'000'000; ++i) wide += ",1";
  REQUIRE(refusal(study::import_published(data, wide + "]", "w.json")).find("more than") != std::string::npos);
}

TEST_CASE("Whatever a file of the page is cut to is read or refused, never a crash") {
  const std::string whole = published_records().dump();
  for (std::size_t length = 0; length < whole.size(); length += 7) {
    study::AnalysisData data;
    REQUIRE(!study::import_published(data, whole.substr(0, length), "w.json"));
  }
}
