#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/csv.h"
#include "study/answer_rows.h"

namespace study {
namespace {

std::string cell_text(const Json& value) {
  if (value.is_null()) return "";
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return value.dump();
  std::string text;
  for (const Json& entry : value) text += (text.empty() ? "" : "|") + entry.get<std::string>();
  return text;
}

// A cell as the JSON that stands for it; what is no number stays a text, which the reader then refuses by name.
struct CellReader {
  const std::string& cell;
  Json number() const {
    Json value = Json::parse(cell, nullptr, false);
    return value.is_number() ? value : Json(cell);
  }
  template <class Row>
  Json operator()(std::string Row::*) const {
    return cell;
  }
  template <class Row>
  Json operator()(const AsText<Row>&) const {
    return cell;
  }
  template <class Row>
  Json operator()(bool Row::*) const {
    return cell == "true" || cell == "false" ? Json(cell == "true") : Json(cell);
  }
  template <class Row>
  Json operator()(std::optional<int> Row::*) const {
    return cell.empty() ? Json(nullptr) : number();
  }
  template <class Row>
  Json operator()(std::vector<std::string> Row::*) const {
    Json list = Json::array();
    for (std::size_t at = 0; at < cell.size();) {
      const std::size_t end = std::min(cell.find('|', at), cell.size());
      list.push_back(cell.substr(at, end - at));
      at = end + 1;
    }
    return list;
  }
  Json operator()(auto) const { return number(); }
};

template <class Row>
void row_as_json(Json& json, const std::vector<Column<Row>>& table, const std::vector<std::string>& columns,
                 const std::vector<std::string>& cells) {
  if (cells.size() != columns.size())
    throw Refusal{
        "it has " + std::to_string(cells.size()) + " cells under " + std::to_string(columns.size()) + " columns",
        "Compare it with one that unitscope wrote"};
  for (const Column<Row>& column : table) {
    const std::string name = column.name;
    const auto found = std::ranges::find(columns, name);
    if (found == columns.end())
      throw Refusal{"the column \"" + name + "\" is missing", "Add it, or export the session again"};
    const std::string& cell = cells[static_cast<std::size_t>(found - columns.begin())];
    json[column.name] = std::visit(CellReader{cell}, column.member);
  }
}

template <class Row>
void append_cells(std::vector<std::string>& cells, const Row& row, const std::vector<Column<Row>>& table) {
  for (const Column<Row>& column : table) cells.push_back(cell_text(std::visit(Writer<Row>{row}, column.member)));
}

bool in_answers(const char* name) {
  return std::ranges::find(answer_columns(), name) != answer_columns().end();
}

Session& session_of_row(std::vector<Session>& sessions, const std::vector<std::string>& columns,
                        const std::vector<std::string>& cells) {
  Json json = Json::object();
  row_as_json(json, header_table_beside_answers(), columns, cells);
  row_as_json(json, end_table(), columns, cells);
  JsonObject in(json, "the row");
  Session session;
  session.header = read_row(in, header_table_beside_answers());
  session.end = read_row(in, end_table());
  const auto same = std::ranges::find_if(
      sessions, [&](const Session& known) { return known.header.session == session.header.session; });
  if (same == sessions.end()) return sessions.emplace_back(std::move(session));
  if (same->header != session.header || same->end != session.end)
    throw Refusal{"it differs from the row before it in what describes the session", "Give each session one name"};
  return *same;
}

}  // namespace

const std::vector<std::string>& answer_columns() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const Column<Answer>& column : answer_table()) list.emplace_back(column.name);
    return list;
  }();
  return names;
}

std::vector<std::string> to_row(const Answer& answer) {
  std::vector<std::string> cells;
  append_cells(cells, answer, answer_table());
  return cells;
}

base::Result<Answer> answer_from_row(const std::vector<std::string>& columns, const std::vector<std::string>& row) {
  try {
    Json json = Json::object();
    row_as_json(json, answer_table(), columns, row);
    JsonObject in(json, "the row");
    return read_answer(in);
  } catch (const Refusal& refusal) {
    return base::Error{"A row of answers cannot be read", refusal.why, refusal.what_to_do};
  }
}

std::string to_csv(const Session& session) {
  std::vector<std::string> names = answer_columns();
  for (const auto& column : header_table_beside_answers())
    if (!in_answers(column.name)) names.emplace_back(column.name);
  for (const auto& column : end_table()) names.emplace_back(column.name);
  std::vector<std::string> of_session;
  for (const auto& column : header_table_beside_answers())
    if (!in_answers(column.name))
      of_session.push_back(cell_text(std::visit(Writer<SessionHeader>{session.header}, column.member)));
  append_cells(of_session, session.end, end_table());

  std::string text = core::csv_row(names);
  for (const Answer& answer : session.answers) {
    std::vector<std::string> cells = to_row(answer);
    cells.insert(cells.end(), of_session.begin(), of_session.end());
    text += core::csv_row(cells);
  }
  return text;
}

base::Result<std::vector<Session>> sessions_from_csv(std::string_view text) {
  constexpr const char* kWhat = "The table of answers cannot be read";
  const auto rows = core::read_csv(text, kWhat);
  if (!rows) return rows.error();
  std::vector<Session> sessions;
  if (rows->empty()) return sessions;
  const std::vector<std::string>& columns = rows->front().cells;
  for (const std::string& column : columns)
    if (const auto known = core::csv_column(rows->front(), column, kWhat); !known) return known.error();
  for (std::size_t i = 1; i < rows->size(); ++i) {
    const core::CsvRow& row = (*rows)[i];
    const auto refuse = [&](const std::string& why, const std::string& what_to_do) {
      return base::Error{kWhat, "row " + std::to_string(row.line) + ": " + why, what_to_do};
    };
    try {
      auto answer = answer_from_row(columns, row.cells);
      if (!answer) return refuse(answer.error().why, answer.error().what_to_do);
      session_of_row(sessions, columns, row.cells).answers.push_back(std::move(*answer));
    } catch (const Refusal& refusal) {
      return refuse(refusal.why, refusal.what_to_do);
    }
  }
  return sessions;
}

}  // namespace study
