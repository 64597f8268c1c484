#include "study/texts.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "study/json_object.h"
#include "study/words.h"

namespace study {
namespace {

constexpr int kVersion = 1;
constexpr std::size_t kMostPages = 200;

constexpr Words<Shows, 7> kShows = {{{Shows::nothing, "nothing"},
                                     {Shows::references, "references"},
                                     {Shows::base, "base"},
                                     {Shows::queries, "queries"},
                                     {Shows::question, "question"},
                                     {Shows::buttons, "buttons"},
                                     {Shows::answered, "answered"}}};
constexpr Words<Audience, 3> kAudiences = {{{Audience::everyone, "everyone"},
                                            {Audience::with_references, "with-references"},
                                            {Audience::without_references, "without-references"}}};

// One table for writing and reading.
constexpr std::pair<const char*, std::string Texts::*> kTexts[] = {{"references_title", &Texts::references_title},
                                                                   {"base_title", &Texts::base_title},
                                                                   {"base_title_alone", &Texts::base_title_alone},
                                                                   {"question", &Texts::question},
                                                                   {"more_confident", &Texts::more_confident},
                                                                   {"right", &Texts::right},
                                                                   {"wrong", &Texts::wrong},
                                                                   {"next", &Texts::next},
                                                                   {"previous", &Texts::previous},
                                                                   {"continue", &Texts::go_on},
                                                                   {"welcome", &Texts::welcome},
                                                                   {"full_screen", &Texts::full_screen},
                                                                   {"practice_again", &Texts::practice_again},
                                                                   {"start", &Texts::start},
                                                                   {"comment", &Texts::comment},
                                                                   {"end", &Texts::end},
                                                                   {"intuitiveness", &Texts::intuitiveness},
                                                                   {"intuitiveness_low", &Texts::intuitiveness_low},
                                                                   {"intuitiveness_high", &Texts::intuitiveness_high}};

std::vector<InstructionPage> default_instructions() {
  using enum Audience;
  using enum Shows;
  return {
      {everyone,
       nothing,
       "You will see pictures on the screen and answer questions about them, with the mouse or the keyboard.",
       {}},
      {everyone, nothing, "The experiment is made of many short trials.\nThe next pages explain one of them.", {}},

      {with_references,
       references,
       "On the left you see example pictures: the *Favorite Images* of a machine.\nMostly they have at least one thing "
       "in common.",
       {{"blur",
         "On the left you see example pictures: the *Favorite Images* of a machine. Only what it likes best in each is "
         "sharp.\nMostly they have at least one thing in common."}}},
      {with_references,
       base,
       "At the top right is one more favorite image of the machine.\nWhat the examples have in common should be in it, "
       "too.",
       {}},
      {with_references,
       queries,
       "At the bottom right you see that image twice, each time with a square over a part of it.\nThe machine cannot "
       "see "
       "what a square hides.",
       {}},
      {with_references,
       question,
       "The question is always the same: *which of the two images at the bottom does the machine favor more?*\nIn "
       "other "
       "words: in which of them can you still see what the favorite images share?",
       {}},
      {with_references, buttons, "This is how you answer: below the two images are two rows of numbers.", {}},
      {with_references,
       buttons,
       "If you think that the machine favors the *left* image more, choose a number of the *left* row.\nThe keys *S D "
       "F* do "
       "the same, in that order.",
       {}},
      {with_references,
       buttons,
       "If you think that it favors the *right* image more, choose a number of the *right* row.\nThe keys *J K L* do "
       "the "
       "same, in that order.",
       {}},
      {with_references,
       buttons,
       "The number says how confident you are: the higher the number, the more confident.\nIf you are not sure, give "
       "your "
       "best guess.",
       {}},
      {with_references, answered, "After your answer a black frame appears around the image that you chose.", {}},
      {with_references,
       answered,
       "That is one trial. In short: find out from the images on the left what the machine likes,\nthen choose the "
       "image on "
       "the right in which it is still to be seen.",
       {}},
      {with_references,
       answered,
       "What the machine likes is another thing in every trial: a part of an object, a pattern, a color, or something "
       "more "
       "abstract.\nThe trials have nothing to do with each other.",
       {}},
      {with_references, answered, "*Continue*, or the Enter key, brings the next trial.", {}},
      {with_references,
       answered,
       "This is the last opportunity to go back and read again.\nOtherwise we begin with a few practice trials, which "
       "tell you "
       "whether you were right.",
       {}},

      {without_references,
       base,
       "In the middle of the screen you see an image. It is a favorite image of a machine.",
       {}},
      {without_references,
       queries,
       "Below it you see the same image twice, each time with a square over a part of it.\nThe machine cannot see what "
       "a "
       "square hides.",
       {}},
      {without_references,
       question,
       "The question is always the same: *which of the two images at the bottom does the machine favor more?*",
       {}},
      {without_references, buttons, "This is how you answer: below the two images are two rows of numbers.", {}},
      {without_references,
       buttons,
       "If you think that the machine favors the *left* image more, choose a number of the *left* row.\nThe keys *S D "
       "F* do "
       "the same, in that order.",
       {}},
      {without_references,
       buttons,
       "If you think that it favors the *right* image more, choose a number of the *right* row.\nThe keys *J K L* do "
       "the "
       "same, in that order.",
       {}},
      {without_references,
       buttons,
       "The number says how confident you are: the higher the number, the more confident.\nIf you are not sure, give "
       "your "
       "best guess.",
       {}},
      {without_references, answered, "After your answer a black frame appears around the image that you chose.", {}},
      {without_references,
       answered,
       "That is one trial. In short: choose the image at the bottom that is still a favorite image of the machine.",
       {}},
      {without_references,
       answered,
       "Every trial has another favorite image, and the trials have nothing to do with each other.\nWhat is hidden may "
       "be a "
       "part of an object, a pattern, a color, or something more abstract.",
       {}},
      {without_references, answered, "*Continue*, or the Enter key, brings the next trial.", {}},
      {without_references, answered, "This is the last opportunity to go back and read again.", {}},
  };
}

Texts make_default_texts() {
  Texts texts;
  texts.references_title = "Favorite Images";
  texts.base_title = "Another Favorite Image";
  texts.base_title_alone = "Favorite Image";
  texts.question = "Which image is more favored?";
  texts.more_confident = "More Confident";
  texts.right = "That was correct!";
  texts.wrong = "That was incorrect! The machine favors the other image more.";
  texts.next = "Next";
  texts.previous = "Previous";
  texts.go_on = "Continue";
  texts.welcome = "Welcome to this experiment!\nIt will start soon.";
  texts.instructions = default_instructions();
  texts.full_screen =
      "The experiment now fills the whole screen, so that you see everything that matters.\nPlease stay with it until "
      "the "
      "end; you will be told when it is over.";
  texts.practice_again = "Not all of your answers were correct, so please try a few more practice trials.";
  texts.start = "Great! Let us start with the real trials.";
  texts.comment = "Optional: is there anything that you would like to tell us?";
  texts.end = "Your answers are saved. Thank you for taking part!";
  texts.intuitiveness = "How intuitive were the favorite images on the left?";
  texts.intuitiveness_low = "not at all intuitive";
  texts.intuitiveness_high = "very intuitive";
  return texts;
}

InstructionPage read_page(const Json& json, std::size_t number) {
  JsonObject in(json, "instruction page " + std::to_string(number));
  InstructionPage page;
  page.audience = accepted(parse_audience(in.text("for")));
  page.shows = accepted(parse_shows(in.text("shows")));
  page.text = in.text("text");
  const Json& instead = in.take("instead");
  JsonObject words(instead, "\"instead\" of " + in.place());
  for (const auto& [condition, text] : instead.items()) page.instead[condition] = words.text(condition);
  in.nothing_else();
  return page;
}

}  // namespace

std::string_view to_string(Shows shows) {
  return word_of(kShows, shows);
}
base::Result<Shows> parse_shows(std::string_view text) {
  return value_of(kShows, text, "a part of an example");
}
std::string_view to_string(Audience audience) {
  return word_of(kAudiences, audience);
}
base::Result<Audience> parse_audience(std::string_view text) {
  return value_of(kAudiences, text, "an audience of a page");
}

const Texts& default_texts() {
  static const Texts texts = make_default_texts();
  return texts;
}

std::vector<InstructionPage> instructions_for(const Texts& texts, const Condition& condition) {
  const Audience audience = condition.references > 0 ? Audience::with_references : Audience::without_references;
  std::vector<InstructionPage> pages;
  for (InstructionPage page : texts.instructions) {
    if (page.audience != Audience::everyone && page.audience != audience) continue;
    if (const auto own = page.instead.find(condition.name); own != page.instead.end()) page.text = own->second;
    page.instead.clear();
    pages.push_back(std::move(page));
  }
  return pages;
}

const std::string& base_title_for(const Texts& texts, const Condition& condition) {
  return condition.references > 0 ? texts.base_title : texts.base_title_alone;
}

std::string to_json(const Texts& texts) {
  Json json = document("unitscope texts", kVersion);
  for (const auto& [key, member] : kTexts) json[key] = texts.*member;
  json["instructions"] = Json::array();
  for (const InstructionPage& page : texts.instructions) {
    Json instead = Json::object();
    for (const auto& [condition, text] : page.instead) instead[condition] = text;
    json["instructions"].push_back(Json{{"for", to_string(page.audience)},
                                        {"shows", to_string(page.shows)},
                                        {"text", page.text},
                                        {"instead", instead}});
  }
  return json_text(json) + "\n";
}

base::Result<Texts> texts_from_json(std::string_view text) {
  Texts texts;
  const base::Status done = read_document(
      text, "unitscope texts", kVersion, "The texts of the experiment cannot be read", [&](JsonObject& in) {
        for (const auto& [key, member] : kTexts) texts.*member = in.text(key);
        for (const Json& page : in.list("instructions", kMostPages))
          texts.instructions.push_back(read_page(page, texts.instructions.size() + 1));
      });
  if (!done) return done.error();
  return texts;
}

}  // namespace study
