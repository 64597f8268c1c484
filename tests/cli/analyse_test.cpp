// analyse: answers of other studies by a mapping, reports that replace reports only, and what is refused.
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "catch.h"
#include "program.h"

using testing::bytes_of;
using testing::Folder;
using testing::mentions;
using testing::run_cli;

namespace {

void write(const Folder& folder, const std::string& name, const std::string& text) {
  std::ofstream(folder / name, std::ios::binary) << text;
}

constexpr const char* kMapping =
    R"({"participant": "subject_id", "condition": ["instr_type", "n_instruction_patches"], "correct": "correct",
  "confidence": {"column": "conf_rating", "absolute": true}, "reaction_time": {"column": "RT", "unit": "s"},
  "unit": ["layer", "kernel_size", "channel"], "keep": {"trial_type": ["main"], "catch_trial": ["False"]}})";

// Three participants in two conditions with four trials each; by hand: 9 of 12 and 6 of 12 right.
void write_study(const Folder& folder) {
  std::string table =
      "subject_id,instr_type,n_instruction_patches,trial_type,catch_trial,layer,kernel_size,channel,batch,conf_rating,"
      "correct,RT\n";
  const auto row = [&](int person, const std::string& condition, int trial, bool correct, const std::string& type) {
    table += std::to_string(person) + "," + condition + ",9," + type + ",False,mixed3a,1," + std::to_string(trial) +
             ",0," + (trial % 2 == 0 ? "-2" : "3") + "," + (correct ? "True" : "False") + ",1.5\n";
  };
  for (int person = 1; person <= 3; ++person)
    for (int trial = 0; trial < 4; ++trial) {
      row(person, "natural", trial, trial != person, "main");
      row(person, "optimized", trial, trial < person, "main");
      row(person, "natural", trial, false, "practice");
    }
  write(folder, "answers.csv", table);
  write(folder, "columns.json", kMapping);
}

nlohmann::json answer(const Folder& folder, const std::vector<std::string>& words) {
  const auto finished = run_cli(folder, words);
  INFO(finished.err);
  REQUIRE(finished.exit_code == 0);
  return nlohmann::json::parse(finished.out);
}

std::string refusal(const Folder& folder, const std::vector<std::string>& words) {
  const auto finished = run_cli(folder, words);
  REQUIRE(finished.exit_code == 2);
  REQUIRE(finished.out.empty());
  return finished.err;
}

}  // namespace

TEST_CASE("a table of another study is analysed by its mapping, with a report") {
  Folder folder;
  write_study(folder);
  const auto json =
      answer(folder, {"analyse", "answers.csv", "--columns", "columns.json", "--out", "report", "--json"});
  REQUIRE(json["accuracy"].size() == 2);
  const auto& natural = json["accuracy"][0];
  REQUIRE(natural["condition"] == nlohmann::json({"natural", "9"}));
  REQUIRE(natural["participants"] == 3);
  REQUIRE(natural["trials"] == 12);
  REQUIRE(natural["mean"] == Approx(0.75));
  REQUIRE(natural["two_sem"] == Approx(0.0));  // all three have 3 of 4
  REQUIRE(json["accuracy"][1]["mean"] == Approx(0.5));
  // Shares 0.25, 0.5 and 0.75: deviation √(1/24), error of three people, twice.
  REQUIRE(json["accuracy"][1]["two_sem"] == Approx(2.0 * std::sqrt(1.0 / 24.0) / std::sqrt(3.0)));
  REQUIRE(json["accuracy"][1]["ci95"].size() == 2);
  for (const char* file : {"report/report.html", "report/accuracy.csv", "report/accuracy.png"})
    REQUIRE(!bytes_of(folder / file).empty());
}

TEST_CASE("the same answers give the same document, another seed another interval") {
  Folder folder;
  write_study(folder);
  const std::vector<std::string> words = {"analyse", "answers.csv", "--columns", "columns.json", "--json"};
  REQUIRE(run_cli(folder, words).out == run_cli(folder, words).out);
}

TEST_CASE("a report replaces a report of ours, and no other file") {
  Folder folder;
  write_study(folder);
  const std::vector<std::string> words = {"analyse", "answers.csv", "--columns", "columns.json", "--out", "report"};
  REQUIRE(run_cli(folder, words).exit_code == 0);
  REQUIRE(run_cli(folder, words).exit_code == 0);
  std::filesystem::create_directory(folder / "mine");
  write(folder, "mine/accuracy.csv", "my own work");
  const std::vector<std::string> into_mine = {"analyse", "answers.csv", "--columns", "columns.json", "--out", "mine"};
  REQUIRE(mentions(refusal(folder, into_mine), "accuracy.csv"));
  REQUIRE(bytes_of(folder / "mine/accuracy.csv") == "my own work");
}

TEST_CASE("what cannot be analysed is refused with the row and the column, or with what to name") {
  Folder folder;
  write_study(folder);
  REQUIRE(mentions(refusal(folder, {"analyse"}), "no folder or file was named"));
  REQUIRE(mentions(refusal(folder, {"analyse", "nowhere"}), "nowhere"));
  REQUIRE(mentions(refusal(folder, {"analyse", "answers.csv"}), "--columns"));
  write(folder, "other.json", R"({"participant": "who", "correct": "correct"})");
  REQUIRE(mentions(refusal(folder, {"analyse", "answers.csv", "--columns", "other.json"}), "no column \"who\""));
  write(folder, "bad.csv", bytes_of(folder / "answers.csv") + "4,natural,9,main,False,mixed3a,1,0,0,2,maybe,1\n");
  const std::string sentence = refusal(folder, {"analyse", "bad.csv", "--columns", "columns.json"});
  REQUIRE(mentions(sentence, "row 38"));
  REQUIRE(mentions(sentence, "\"correct\" holds \"maybe\""));
  std::filesystem::create_directory(folder / "empty");
  REQUIRE(mentions(refusal(folder, {"analyse", "empty"}), "no session was found"));
}
