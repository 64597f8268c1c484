#include "core/csv.h"

#include <algorithm>

#include "base/rng.h"
#include "catch.h"

namespace {

std::string refusal(const std::string& text) {
  const auto read = core::read_csv(text, "The table t.csv cannot be read");
  REQUIRE(!read);
  return read.error().sentence();
}
bool has(const std::string& sentence, const std::string& part) {
  INFO(sentence);
  return sentence.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("Whatever cells hold, a table comes back as it was, with the lines that its rows begin in") {
  base::Rng rng(3);
  const std::string letters = "ab,\"\n\r;\xC3\xBC ";
  for (int repeat = 0; repeat < 200; ++repeat) {
    std::vector<core::CsvRow> rows;
    std::string text = repeat % 2 == 0 ? "" : "\xEF\xBB\xBF";
    std::size_t line = 1;
    for (int row = rng.below(6); row >= 0; --row) {
      core::CsvRow& made = rows.emplace_back(core::CsvRow{line, {"x"}});
      for (int cell = rng.below(4); cell > 0; --cell) {
        std::string& letter = made.cells.emplace_back();
        for (int i = rng.below(5); i > 0; --i) {
          const int at = rng.below(9);
          letter += at == 7 ? letters.substr(7, 2) : letters.substr(static_cast<std::size_t>(at == 8 ? 9 : at), 1);
        }
      }
      const std::string written = core::csv_row(made.cells) + std::string(static_cast<std::size_t>(rng.below(3)), '\n');
      line += static_cast<std::size_t>(std::count(written.begin(), written.end(), '\n'));
      text += written;
    }
    const auto read = core::read_csv(text, "");
    INFO(text);
    REQUIRE(read);
    REQUIRE(*read == rows);
    REQUIRE(core::parse_csv(text).size() == rows.size());
  }
}

TEST_CASE("A table in another encoding, or with an open quote, is refused with its place") {
  REQUIRE(has(refusal("name,x\n\nM\xFCller,1\n"), "row 3, column \"name\" is not UTF-8: it holds the byte FC"));
  REQUIRE(has(refusal("\xFF\xFE\x61\x00"), "UTF-16"));
  REQUIRE(has(refusal(std::string("a,b\n1,\0\n", 8)), "zero bytes"));
  REQUIRE(has(refusal("a,b\n1,2\n3,\"4\n5,6\n"), "row 3 is never closed"));
}

TEST_CASE("A column is found by its name, and what is in its way is said") {
  const auto column = [](const std::vector<std::string>& header, const std::string& name) {
    return core::csv_column({1, header}, name, "The table t.csv cannot be read");
  };
  REQUIRE(*column({"a", "b"}, "b") == 1);
  REQUIRE(has(column({"a", "b"}, "c").error().sentence(), "a, b"));
  REQUIRE(has(column({"a", "b", "a"}, "a").error().sentence(), "twice"));
  REQUIRE(*column({"a", "b", "a"}, "b") == 1);
  REQUIRE(has(column({"a;b"}, "b").error().sentence(), "semicolons"));
  REQUIRE(has(column({"a\tb"}, "b").error().sentence(), "tabs"));
}
