// The words of a session: titles as published, and every page in words of our own, which an experiment may replace by
// its texts.json. Words in *stars* are drawn strong. Plain values and strict reading; any thread.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "study/trial.h"

namespace study {

// How much of an example trial stands below the words of an instruction page.
enum class Shows { nothing, references, base, queries, question, buttons, answered };
std::string_view to_string(Shows shows);
base::Result<Shows> parse_shows(std::string_view text);

// Which conditions have a page.
enum class Audience { everyone, with_references, without_references };
std::string_view to_string(Audience audience);
base::Result<Audience> parse_audience(std::string_view text);

struct InstructionPage {
  Audience audience = Audience::everyone;
  Shows shows = Shows::nothing;
  std::string text;
  std::map<std::string, std::string> instead;  // by Condition::name, such as "blur"
  bool operator==(const InstructionPage&) const = default;
};

struct Texts {
  // around the question
  std::string references_title, base_title, base_title_alone, question, more_confident, right, wrong;
  // buttons
  std::string next, previous, go_on;
  // pages
  std::string welcome;
  std::vector<InstructionPage> instructions;
  std::string full_screen, practice_again, start, comment, end;
  std::string intuitiveness, intuitiveness_low, intuitiveness_high;
  bool operator==(const Texts&) const = default;
};
const Texts& default_texts();

// The instruction pages of a condition, with its own words.
std::vector<InstructionPage> instructions_for(const Texts& texts, const Condition& condition);
const std::string& base_title_for(const Texts& texts, const Condition& condition);

// kind "unitscope texts", versioned, all of them written out; reading is strict.
std::string to_json(const Texts& texts);
base::Result<Texts> texts_from_json(std::string_view text);

}  // namespace study
