#include "core/unit.h"

#include "catch.h"

TEST_CASE("a unit reads back as it is written") {
  for (const core::Unit& unit : {core::Unit{"mixed4a_pre_relu", 104, {}}, core::Unit{"a:b", 0, core::Cell{7, 12}}}) {
    const auto read = core::parse_unit(core::to_string(unit));
    REQUIRE(read.ok());
    REQUIRE(*read == unit);
  }
  REQUIRE(core::to_string(core::Unit{"mixed4a", 476, core::Cell{7, 8}}) == "mixed4a:476@7,8");
}

TEST_CASE("what is no unit is refused with a sentence that shows the form") {
  for (const char* text :
       {"", "mixed4a", "mixed4a:", ":3", "mixed4a:-1", "mixed4a:+1", "mixed4a:3x", "mixed4a:1.5", "mixed4a:99999999999",
        "mixed4a:3@", "mixed4a:3@1", "mixed4a:3@1,", "mixed4a:3@-1,2", "mixed4a:3@1,2,3", "logit:\"goldfish\""}) {
    const auto read = core::parse_unit(text);
    REQUIRE_FALSE(read.ok());
    REQUIRE(read.error().sentence().find("layer:channel") != std::string::npos);
  }
}
