// Tables as text with commas (RFC 4180): quotes around cells that need them, doubled inside. A byte order mark before
// the header, which spreadsheets write, is passed over. What a table of people's gets wrong as text (another encoding,
// a quote that is never closed) is one refusal that names the row and the column. Any thread.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace core {

struct CsvRow {
  std::size_t line = 1;  // that it begins in, as a text editor counts: what sentences call the row
  std::vector<std::string> cells;
  bool operator==(const CsvRow&) const = default;
};

// Every row as it stands, the header first; empty lines are left out.
std::vector<std::vector<std::string>> parse_csv(std::string_view text);
// The same with the rows' lines, of a table that must be whole: refuses text that is not UTF-8, zero bytes, and a quote
// that is open at the end. `what` opens the sentence: "The table answers.csv cannot be read".
base::Result<std::vector<CsvRow>> read_csv(std::string_view text, const std::string& what);
// Where a column of this name stands. Refuses a header without it, saying what is there and whether it is separated by
// something else than commas, and one that has it twice.
base::Result<std::size_t> csv_column(const CsvRow& header, const std::string& name, const std::string& what);
// One row with its line end.
std::string csv_row(const std::vector<std::string>& cells);

}  // namespace core
