// The columns of what is stored of a session: an answer, the session's header, its end. JSON (answer_json.cpp) and CSV
// (answer_csv.cpp) share these tables, so that a name cannot be written in one way and read in another. Pure; private
// to study's .cpp files.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "study/answer.h"

namespace study {

template <class Row>
struct AsText {  // a member with words of its own
  std::string (*write)(const Row&);
  void (*read)(Row&, const std::string& text);
};

template <class Row>
struct Column {
  const char* name;
  std::variant<std::string Row::*, int Row::*, double Row::*, bool Row::*, std::uint64_t Row::*,
               std::optional<int> Row::*, std::vector<std::string> Row::*, AsText<Row>>
      member;
  int low = 0, high = 1 << 30;  // of whole numbers: counts and pixels
};

const std::vector<Column<Answer>>& answer_table();
const std::vector<Column<SessionHeader>>& header_table();
// In a table of answers "batch" is the trial's, which catch and practice trials need not share with the task; practice
// may change its condition, and a resumed session may have got another group.
const std::vector<Column<SessionHeader>>& header_table_beside_answers();
const std::vector<Column<SessionEnd>>& end_table();

}  // namespace study
