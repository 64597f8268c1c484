#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>
#include <variant>

#include "core/csv.h"
#include "study/answer.h"
#include "study/json_object.h"

// Everything that is stored of a session goes through three tables of columns, which JSON and CSV share, so that a name
// cannot be written in one way and read in another.

namespace study {
namespace {

constexpr int kVersion = 1;
constexpr int kMost = 1 << 30;                // of counts and pixels
constexpr std::size_t kMostAnswers = 100000;  // of one session
constexpr std::size_t kMostReferences = 1000;
// What jsPsych called the published screen: the published notebooks keep only rows of this type.
constexpr const char* kTrialType = "cf-image-confidence-response";

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
  int low = 0, high = kMost;  // of whole numbers
};

std::string place_text(const core::Occluder& place) {
  return std::to_string(place.x_px) + " " + std::to_string(place.y_px);
}

void read_place(core::Occluder& place, const std::string& text) {
  const char* const end = text.data() + text.size();
  const auto x = std::from_chars(text.data(), end, place.x_px);
  if (x.ec == std::errc() && x.ptr != end && *x.ptr == ' ') {
    const auto y = std::from_chars(x.ptr + 1, end, place.y_px);
    if (y.ec == std::errc() && y.ptr == end) return;
  }
  throw Refusal{"\"" + text.substr(0, 40) + "\" is no place", "Write column and row, such as 34 12"};
}

template <class Row>
AsText<Row> mode_text() {
  return {[](const Row& row) { return std::string(to_string(row.mode)); },
          [](Row& row, const std::string& text) { row.mode = accepted(parse_mode(text)); }};
}

const std::vector<Column<Answer>>& answer_table() {
  static const std::vector<Column<Answer>> table = {
      {"rt", &Answer::rt_ms},
      {"button_pressed", &Answer::button, 0, kButtons - 1},
      {"choice",
       AsText<Answer>{[](const Answer& answer) { return std::string(answer.chose_max ? "b" : "a"); },
                      [](Answer& answer, const std::string& text) {
                        if (text != "a" && text != "b")
                          throw Refusal{"\"" + text.substr(0, 40) + "\" is no choice", "Write a (min) or b (max)"};
                        answer.chose_max = text == "b";
                      }}},
      {"confidence", &Answer::confidence, 1, 3},
      {"correct", &Answer::correct},
      {"switched_queries", &Answer::switched_queries},
      {"id", &Answer::trial_id},
      {"min_query", &Answer::min_query},
      {"max_query", &Answer::max_query},
      {"base_query", &Answer::base_query},
      {"max_references", &Answer::max_references},
      {"catch_trial", &Answer::catch_trial},
      {"is_demo", &Answer::is_demo},
      {"trial_type", AsText<Answer>{[](const Answer&) { return std::string(kTrialType); },
                                    [](Answer&, const std::string& text) {
                                      if (text != kTrialType)
                                        throw Refusal{
                                            "\"" + text.substr(0, 40) + "\" is not a type of trial that is known",
                                            "Write " + std::string(kTrialType)};
                                    }}},
      {"trial_index", &Answer::trial_index},
      {"time_elapsed", &Answer::time_elapsed_ms},
      {"task_name", &Answer::task_name},
      {"session", &Answer::session},
      {"participant", &Answer::participant},
      {"group", &Answer::group},
      {"condition", &Answer::condition},
      {"mode", mode_text<Answer>()},
      {"batch", &Answer::batch},
      {"practice_round", &Answer::practice_round},
      {"repeated", &Answer::repeated},
      {"truth_seen", &Answer::truth_seen},
      {"unit",
       AsText<Answer>{[](const Answer& answer) { return core::to_string(answer.unit); },
                      [](Answer& answer, const std::string& text) { answer.unit = accepted(core::parse_unit(text)); }}},
      {"layer", &Answer::layer},
      {"branch", &Answer::branch},
      {"size", &Answer::side_px},
      {"pos_min", AsText<Answer>{[](const Answer& answer) { return place_text(answer.min); },
                                 [](Answer& answer, const std::string& text) { read_place(answer.min, text); }}},
      {"pos_max", AsText<Answer>{[](const Answer& answer) { return place_text(answer.max); },
                                 [](Answer& answer, const std::string& text) { read_place(answer.max, text); }}},
      {"act_base", &Answer::act_base},
      {"act_min", &Answer::act_min},
      {"act_max", &Answer::act_max},
      {"device",
       AsText<Answer>{[](const Answer& answer) { return std::string(to_string(answer.device)); },
                      [](Answer& answer, const std::string& text) { answer.device = accepted(parse_device(text)); }}},
  };
  return table;
}

const std::vector<Column<SessionHeader>>& header_table() {
  static const std::vector<Column<SessionHeader>> table = {{"session", &SessionHeader::session},
                                                           {"participant", &SessionHeader::participant},
                                                           {"group", &SessionHeader::group},
                                                           {"condition", &SessionHeader::condition},
                                                           {"mode", mode_text<SessionHeader>()},
                                                           {"experiment", &SessionHeader::experiment},
                                                           {"experiment_hash", &SessionHeader::experiment_hash},
                                                           {"task_name", &SessionHeader::task_name},
                                                           {"batch", &SessionHeader::batch},
                                                           {"began", &SessionHeader::began},
                                                           {"version", &SessionHeader::version},
                                                           {"hardware", &SessionHeader::device},
                                                           {"clock", &SessionHeader::clock},
                                                           {"present_method", &SessionHeader::present_method},
                                                           {"refresh_hz", &SessionHeader::refresh_hz},
                                                           {"scale", &SessionHeader::scale},
                                                           {"image_scale", &SessionHeader::image_scale},
                                                           {"observer", &SessionHeader::observer},
                                                           {"seed", &SessionHeader::seed}};
  return table;
}

// In a table of answers "batch" is the trial's, which catch and practice trials need not share with the task; practice
// may change its condition, and a resumed session may have got another group.
const std::vector<Column<SessionHeader>>& header_table_beside_answers() {
  static const std::vector<Column<SessionHeader>> table = [] {
    std::vector<Column<SessionHeader>> renamed = header_table();
    for (Column<SessionHeader>& column : renamed)
      for (const auto& [name, beside] : {std::pair("batch", "task_batch"), std::pair("group", "session_group"),
                                         std::pair("condition", "session_condition")})
        if (std::string_view(column.name) == name) column.name = beside;
    return renamed;
  }();
  return table;
}

const std::vector<Column<SessionEnd>>& end_table() {
  static const std::vector<Column<SessionEnd>> table = {
      {"instruction_ms", &SessionEnd::instruction_ms},          {"total_ms", &SessionEnd::total_ms},
      {"practice_rounds", &SessionEnd::practice_rounds},        {"complete", &SessionEnd::complete},
      {"intuitiveness", &SessionEnd::intuitiveness, -100, 100}, {"comment", &SessionEnd::comment}};
  return table;
}

// ---- JSON ----------------------------------------------------------------------------------------------------------

template <class Row>
struct Writer {
  const Row& row;
  Json operator()(const AsText<Row>& text) const { return text.write(row); }
  Json operator()(std::optional<int> Row::*member) const { return row.*member ? Json(*(row.*member)) : Json(nullptr); }
  Json operator()(auto member) const { return row.*member; }
};

template <class Row>
struct Reader {
  Row& row;
  JsonObject& in;
  const Column<Row>& column;
  void operator()(std::string Row::*member) const { row.*member = in.text(column.name); }
  void operator()(int Row::*member) const { row.*member = in.whole(column.name, column.low, column.high); }
  void operator()(double Row::*member) const { row.*member = in.number(column.name); }
  void operator()(bool Row::*member) const { row.*member = in.truth(column.name); }
  void operator()(std::uint64_t Row::*member) const { row.*member = in.seed(column.name); }
  void operator()(std::optional<int> Row::*member) const {
    row.*member = in.optional_whole(column.name, column.low, column.high);
  }
  void operator()(std::vector<std::string> Row::*member) const { row.*member = in.texts(column.name, kMostReferences); }
  void operator()(const AsText<Row>& text) const { text.read(row, in.text(column.name)); }
};

template <class Row>
Json json_of(const Row& row, const std::vector<Column<Row>>& table) {
  Json json = Json::object();
  for (const Column<Row>& column : table) json[column.name] = std::visit(Writer<Row>{row}, column.member);
  return json;
}

template <class Row>
Row read_row(JsonObject& in, const std::vector<Column<Row>>& table) {
  Row row;
  for (const Column<Row>& column : table) std::visit(Reader<Row>{row, in, column}, column.member);
  return row;
}

Answer read_answer(JsonObject& in) {
  Answer answer = read_row(in, answer_table());
  answer.min.side_px = answer.max.side_px = answer.side_px;
  const auto contradiction = [&](const std::string& one, const std::string& other) {
    return Refusal{in.place() + " contradicts itself: its " + one + " does not follow from its " + other,
                   "Store what unitscope wrote, unchanged"};
  };
  if (answer.confidence != label_of_button(answer.button)) throw contradiction("confidence", "button_pressed");
  if (answer.chose_max != (is_left(answer.button) == answer.switched_queries))
    throw contradiction("choice", "button_pressed and switched_queries");
  if (answer.correct != answer.chose_max) throw contradiction("correct", "choice");
  return answer;
}

// A row on its own, as a document.
template <class Row>
std::string document_of(const char* kind, const char* key, const Row& row, const std::vector<Column<Row>>& table) {
  Json json = document(kind, kVersion);
  json[key] = json_of(row, table);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

template <class Row>
base::Result<Row> row_of_document(std::string_view text, const char* kind, const char* key, const auto& read) {
  Row row;
  const base::Status done =
      read_document(text, kind, kVersion, "The stored " + std::string(key) + " cannot be read", [&](JsonObject& in) {
        JsonObject object(in.take(key), "the " + std::string(key));
        row = read(object);
        object.nothing_else();
      });
  if (!done) return done.error();
  return row;
}

// ---- CSV -----------------------------------------------------------------------------------------------------------

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

std::string to_json(const Answer& answer) {
  return document_of("unitscope answer", "answer", answer, answer_table());
}
base::Result<Answer> answer_from_json(std::string_view text) {
  return row_of_document<Answer>(text, "unitscope answer", "answer", read_answer);
}
std::string to_json(const SessionHeader& header) {
  return document_of("unitscope session header", "header", header, header_table());
}
base::Result<SessionHeader> session_header_from_json(std::string_view text) {
  return row_of_document<SessionHeader>(text, "unitscope session header", "header",
                                        [](JsonObject& in) { return read_row(in, header_table()); });
}
std::string to_json(const SessionEnd& end) {
  return document_of("unitscope session end", "end", end, end_table());
}
base::Result<SessionEnd> session_end_from_json(std::string_view text) {
  return row_of_document<SessionEnd>(text, "unitscope session end", "end",
                                     [](JsonObject& in) { return read_row(in, end_table()); });
}

std::string to_json(const Session& session) {
  Json json = document("unitscope session", kVersion);
  json["header"] = json_of(session.header, header_table());
  json["answers"] = Json::array();
  for (const Answer& answer : session.answers) json["answers"].push_back(json_of(answer, answer_table()));
  json["end"] = json_of(session.end, end_table());
  return json_text(json) + "\n";
}

base::Result<Session> session_from_json(std::string_view text) {
  Session session;
  const base::Status done = read_document(
      text, "unitscope session", kVersion, "The answers of a session cannot be read", [&](JsonObject& in) {
        JsonObject header(in.take("header"), "the header");
        session.header = read_row(header, header_table());
        header.nothing_else();
        for (const Json& json : in.list("answers", kMostAnswers)) {
          JsonObject answer(json, "answer " + std::to_string(session.answers.size() + 1));
          session.answers.push_back(read_answer(answer));
          answer.nothing_else();
        }
        JsonObject end(in.take("end"), "the end");
        session.end = read_row(end, end_table());
        end.nothing_else();
      });
  if (!done) return done.error();
  return session;
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
