#include "core/csv.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "base/text.h"

namespace core {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";
constexpr std::size_t kMostShown = 300;  // bytes of a header's names in a sentence

struct Parsed {
  std::vector<CsvRow> rows;
  std::size_t open_quote = 0;  // the line of a quote that is never closed; 0: none
};

Parsed parse(std::string_view text) {
  if (text.starts_with(kMark)) text.remove_prefix(kMark.size());
  Parsed parsed;
  CsvRow row;
  std::string cell;
  std::size_t line = 1, quote_line = 0;
  bool quoted = false;
  const auto end_row = [&] {
    row.cells.push_back(std::move(cell));
    cell.clear();
    if (row.cells.size() > 1 || !row.cells.front().empty()) parsed.rows.push_back(std::move(row));
    row.cells.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') ++line;
    if (quoted) {
      if (c != '"') {
        cell += c;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        cell += '"';
        ++i;
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
      quote_line = line;
    } else if (c == ',') {
      row.cells.push_back(std::move(cell));
      cell.clear();
    } else if (c == '\n') {
      end_row();
      row.line = line;
    } else if (c != '\r') {
      cell += c;
    }
  }
  if (!cell.empty() || !row.cells.empty()) end_row();
  if (quoted) parsed.open_quote = quote_line;
  return parsed;
}

std::string hex(char byte) {
  char text[8];
  std::snprintf(text, sizeof text, "%02X", static_cast<unsigned>(static_cast<unsigned char>(byte)));
  return text;
}

std::string name_of_column(const CsvRow& header, std::size_t index) {
  if (index >= header.cells.size() || header.cells[index].empty() ||
      base::first_not_utf8(header.cells[index]) != std::string_view::npos)
    return std::to_string(index + 1);
  return '"' + header.cells[index].substr(0, 60) + '"';
}

}  // namespace

std::vector<std::vector<std::string>> parse_csv(std::string_view text) {
  std::vector<std::vector<std::string>> rows;
  for (CsvRow& row : parse(text).rows) rows.push_back(std::move(row.cells));
  return rows;
}

base::Result<std::vector<CsvRow>> read_csv(std::string_view text, const std::string& what) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    return base::Error{what, "it is UTF-16 text", "Save it as CSV in UTF-8"};
  if (text.find('\0') != std::string_view::npos)
    return base::Error{what, "it holds zero bytes, so it is no text in UTF-8", "Save it as CSV in UTF-8"};
  Parsed parsed = parse(text);
  if (base::first_not_utf8(text) != std::string_view::npos)
    for (const CsvRow& row : parsed.rows)
      for (std::size_t i = 0; i < row.cells.size(); ++i)
        if (const std::size_t at = base::first_not_utf8(row.cells[i]); at != std::string_view::npos)
          return base::Error{what,
                             "row " + std::to_string(row.line) + ", column " + name_of_column(parsed.rows.front(), i) +
                                 " is not UTF-8: it holds the byte " + hex(row.cells[i][at]),
                             "Save it as CSV in UTF-8"};
  if (parsed.open_quote > 0)
    return base::Error{what, "the quote that opens in row " + std::to_string(parsed.open_quote) + " is never closed",
                       "Close it, and write a quote inside a cell twice"};
  return std::move(parsed.rows);
}

base::Result<std::size_t> csv_column(const CsvRow& header, const std::string& name, const std::string& what) {
  const std::string row = "row " + std::to_string(header.line);
  const auto found = std::ranges::find(header.cells, name);
  if (found == header.cells.end()) {
    for (const auto& [separator, word] : {std::pair(';', "semicolons"), std::pair('\t', "tabs")})
      if (header.cells.size() == 1 && header.cells.front().find(separator) != std::string::npos)
        return base::Error{what, row + " is separated by " + word, "Save it as CSV with commas between the cells"};
    std::string known;
    for (const std::string& one : header.cells)
      if (known.size() < kMostShown) known += (known.empty() ? "" : ", ") + one.substr(0, 40);
    return base::Error{what, row + " has no column \"" + name.substr(0, 60) + '"', "Its columns are: " + known};
  }
  if (std::find(found + 1, header.cells.end(), name) != header.cells.end())
    return base::Error{what, row + " has the column \"" + name.substr(0, 60) + "\" twice",
                       "Give each column a name of its own"};
  return static_cast<std::size_t>(found - header.cells.begin());
}

std::string csv_row(const std::vector<std::string>& cells) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line += ',';
    if (cells[i].find_first_of(",\"\r\n") == std::string::npos) {
      line += cells[i];
      continue;
    }
    line += '"';
    for (const char c : cells[i]) line += c == '"' ? "\"\"" : std::string(1, c);
    line += '"';
  }
  return line + "\n";
}

}  // namespace core
