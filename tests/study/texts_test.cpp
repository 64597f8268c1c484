#include "study/texts.h"

#include "catch.h"

TEST_CASE("The texts are the same after JSON, and a key that is missing or unknown is named") {
  const std::string text = study::to_json(study::default_texts());
  REQUIRE(*study::texts_from_json(text) == study::default_texts());
  std::string renamed = text;
  renamed.replace(renamed.find("\"welcome\""), 9, "\"wellcome\"");
  REQUIRE(study::texts_from_json(renamed).error().sentence().find("\"welcome\" is missing") != std::string::npos);
  std::string shows = text;
  shows.replace(shows.find("\"shows\": \"base\""), 15, "\"shows\": \"bass\"");
  REQUIRE(study::texts_from_json(shows).error().sentence().find("references, base") != std::string::npos);
}

TEST_CASE("The titles are those of the published screens") {
  const study::Texts& texts = study::default_texts();
  REQUIRE(texts.references_title == "Favorite Images");
  REQUIRE(study::base_title_for(texts, study::published_conditions()[1]) == "Another Favorite Image");
  REQUIRE(study::base_title_for(texts, study::published_conditions()[0]) == "Favorite Image");
  REQUIRE(texts.question == "Which image is more favored?");
}

TEST_CASE("There are as many instruction pages as published, and blur has a page of its own words") {
  const auto& conditions = study::published_conditions();
  for (const study::Condition& condition : conditions) {
    const auto pages = study::instructions_for(study::default_texts(), condition);
    REQUIRE(pages.size() == (condition.references > 0 ? 15U : 14U));
    for (std::size_t i = 0; i < pages.size(); ++i) {
      REQUIRE((pages[i].shows == study::Shows::nothing) == (i < 2));
      REQUIRE_FALSE(pages[i].text.empty());
    }
  }
  const auto natural = study::instructions_for(study::default_texts(), conditions[1]);
  const auto blur = study::instructions_for(study::default_texts(), conditions[4]);
  REQUIRE(natural[2].text != blur[2].text);
  REQUIRE(natural[3].text == blur[3].text);
}
