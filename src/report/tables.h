// The numbers of an analysis as tables: the same ones become CSV files, JSON and the tables of the HTML page. A number
// that is not known is "–" and the row's remark says why. Pure; any thread.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "report/figures.h"

namespace report {

struct Cell {
  std::string text;  // where it is no number
  std::optional<double> number;
  int decimals = 0;        // for people; files have all digits
  bool is_number = false;  // a missing one is "–"
};
Cell words(std::string text);
Cell number(std::optional<double> value, int decimals);

struct Table {
  std::string name;  // of the file: "accuracy"
  std::string title;
  Section section = Section::accuracy;
  std::vector<std::string> columns;  // as in files: "two_sem"
  std::vector<std::vector<Cell>> rows;
  std::vector<std::string> anchors;  // one a row where rows can be pointed at; else empty
};

std::vector<Table> tables(const study::AnalysisData& data, const study::Analysis& analysis);
std::string to_csv(const Table& table);
// As people read it: "–" for a missing number.
std::string shown(const Cell& cell);

}  // namespace report
