// A row of one of the tables of answer_columns.h as JSON, and back. For answer_json.cpp and answer_csv.cpp, which
// include the JSON library first. Pure.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "study/answer_columns.h"
#include "study/json_object.h"

namespace study {

constexpr std::size_t kMostOfAList = 1000;  // such as the references of a trial

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
  void operator()(std::vector<std::string> Row::*member) const { row.*member = in.texts(column.name, kMostOfAList); }
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

// Throws a Refusal where what it was told contradicts itself.
Answer read_answer(JsonObject& in);

}  // namespace study
