#include <nlohmann/json.hpp>
#include <utility>

#include "study/answer_rows.h"

namespace study {
namespace {

constexpr int kVersion = 1;
constexpr std::size_t kMostAnswers = 100000;  // of one session

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

}  // namespace

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

}  // namespace study
