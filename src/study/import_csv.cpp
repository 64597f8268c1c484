#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <tuple>
#include <utility>

#include "core/csv.h"
#include "study/import.h"
#include "study/json_object.h"

namespace study {
namespace {

constexpr std::size_t kMostCells = 8'000'000;  // each costs more memory than it has letters
constexpr std::size_t kMostColumns = 100;      // of one entry of the mapping
constexpr std::size_t kLongestName = 500;      // bytes of a participant, a condition, a unit: it labels plots
constexpr double kMostSeconds = 1e7;
constexpr int kMostConfidence = 1000;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : static_cast<char>(c);
  });
  return text;
}

// What tables write where there is nothing.
bool is_missing(const std::string& cell) {
  const std::string word = lower(cell);
  return word.empty() || word == "nan" || word == "na" || word == "none" || word == "null";
}

// ---- the mapping ---------------------------------------------------------------------------------------------------

void must_have(const JsonObject& in, const std::string& key, const std::string& meaning) {
  if (in.has(key)) return;
  throw Refusal{"\"" + key + "\" is missing in " + in.place(),
                "Add \"" + key + "\": \"NAME\", the column that says " + meaning};
}

std::vector<std::string> column_names(JsonObject& in, const std::string& key) {
  if (!in.has(key)) {
    in.allow(key);
    return {};
  }
  std::vector<std::string> names;
  const Json& value = in.take(key);
  if (value.is_string()) {
    names.push_back(value.get<std::string>());
  } else {
    names = in.texts(key, kMostColumns);
  }
  if (names.empty() || std::find(names.begin(), names.end(), "") != names.end())
    throw Refusal{"\"" + key + "\" names no column", "Write the name of a column, or a list of names"};
  return names;
}

std::string column_name(JsonObject& in, const std::string& key) {
  if (!in.has(key)) {
    in.allow(key);
    return "";
  }
  return in.text(key);
}

std::optional<NumberColumn> number_column(JsonObject& in, const std::string& key) {
  if (!in.has(key)) {
    in.allow(key);
    return std::nullopt;
  }
  NumberColumn column;
  if (const Json& value = in.take(key); value.is_string()) {
    column.column = value.get<std::string>();
  } else {
    JsonObject object(value, "\"" + key + "\"");
    column.column = object.text("column");
    if (object.has("absolute")) column.absolute = object.truth("absolute");
    if (object.has("unit")) {
      const std::string unit = object.text("unit");
      if (unit != "s" && unit != "ms")
        throw Refusal{"the unit of \"" + key + "\" is \"" + unit.substr(0, 20) + "\"", "Write \"s\" or \"ms\""};
      column.milliseconds = unit == "ms";
    }
    object.allow("absolute");
    object.allow("unit");
    object.nothing_else();
  }
  return column;
}

ColumnMapping read_mapping(const Json& json) {
  JsonObject in(json, "the mapping");
  must_have(in, "participant", "who answered");
  must_have(in, "correct", "whether the answer was right");
  ColumnMapping mapping;
  mapping.participant = column_names(in, "participant");
  mapping.condition = column_names(in, "condition");
  mapping.unit = column_names(in, "unit");
  mapping.correct = column_name(in, "correct");
  mapping.confidence = number_column(in, "confidence");
  mapping.reaction_time = number_column(in, "reaction_time");
  for (const auto& [key, member] :
       {std::pair{"group", &ColumnMapping::group}, std::pair{"mode", &ColumnMapping::mode},
        std::pair{"layer", &ColumnMapping::layer}, std::pair{"branch", &ColumnMapping::branch},
        std::pair{"size", &ColumnMapping::size}, std::pair{"image_set", &ColumnMapping::image_set},
        std::pair{"catch_trial", &ColumnMapping::catch_trial}, std::pair{"practice", &ColumnMapping::practice}})
    mapping.*member = column_name(in, key);
  in.allow("keep");
  if (in.has("keep")) {
    const Json& keep = in.take("keep");
    JsonObject columns(keep, "\"keep\"");
    for (const auto& [column, values] : keep.items()) mapping.keep[column] = columns.texts(column, 1000);
  }
  in.nothing_else();
  return mapping;
}

// ---- the table -----------------------------------------------------------------------------------------------------

struct Row {
  const std::vector<std::string>& cells;
  std::size_t number;  // of its line; the header is row 1
};

class Table {
 public:
  explicit Table(std::vector<core::CsvRow> rows) : rows_(std::move(rows)) {}
  [[nodiscard]] std::size_t rows() const { return rows_.size() - 1; }
  [[nodiscard]] Row row(std::size_t index) const {
    const core::CsvRow& row = rows_[index + 1];
    const std::size_t columns = rows_.front().cells.size();
    if (row.cells.size() != columns)
      throw Refusal{"row " + std::to_string(row.line) + " has " + std::to_string(row.cells.size()) + " cells under " +
                        std::to_string(columns) + " columns",
                    "Write as many cells as there are columns, with quotes around text that holds a comma"};
    return {row.cells, row.line};
  }
  [[nodiscard]] std::size_t column(const std::string& name) const {
    const auto found = core::csv_column(rows_.front(), name, "");
    if (found) return *found;
    throw Refusal{found.error().why, found.error().what_to_do};
  }

 private:
  std::vector<core::CsvRow> rows_;
};

[[noreturn]] void refuse_cell(const Row& row, const std::string& column, const std::string& cell,
                              const std::string& wanted) {
  throw Refusal{"row " + std::to_string(row.number) + ", column \"" + column.substr(0, 60) + "\" holds \"" +
                    cell.substr(0, 40) + "\"",
                "Write " + wanted + ", or leave such rows out with \"keep\""};
}

// One entry of the mapping with its place in this table.
struct Place {
  std::string name;
  std::size_t index = 0;
  [[nodiscard]] const std::string& in(const Row& row) const { return row.cells[index]; }
};

std::vector<Place> places(const Table& table, const std::vector<std::string>& names) {
  std::vector<Place> list;
  for (const std::string& name : names) list.push_back({name, table.column(name)});
  return list;
}
std::optional<Place> place(const Table& table, const std::string& name) {
  if (name.empty()) return std::nullopt;
  return Place{name, table.column(name)};
}

const std::string& name_in(const Row& row, const Place& where) {
  const std::string& cell = where.in(row);
  if (cell.size() > kLongestName)
    refuse_cell(row, where.name, cell, "a name of at most " + std::to_string(kLongestName) + " bytes");
  return cell;
}

bool truth_in(const Row& row, const Place& where) {
  const std::string word = lower(where.in(row));
  for (const char* yes : {"true", "1", "1.0", "yes"})
    if (word == yes) return true;
  for (const char* no : {"false", "0", "0.0", "no"})
    if (word == no) return false;
  refuse_cell(row, where.name, where.in(row), "True or False, 1 or 0");
}

std::optional<double> number_in(const Row& row, const Place& where, const std::string& wanted) {
  const std::string& cell = where.in(row);
  if (is_missing(cell)) return std::nullopt;
  double value = 0.0;
  const auto read = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (read.ec != std::errc() || read.ptr != cell.data() + cell.size() || !std::isfinite(value))
    refuse_cell(row, where.name, cell, wanted);
  return value;
}

std::optional<int> whole_in(const Row& row, const Place& where, int least, int most) {
  const std::string wanted = "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
  const auto value = number_in(row, where, wanted);
  if (!value) return std::nullopt;
  if (*value < least || *value > most || *value != std::floor(*value))
    refuse_cell(row, where.name, where.in(row), wanted);
  return static_cast<int>(*value);
}

class Reader {
 public:
  Reader(const Table& table, const ColumnMapping& mapping)
      : mapping_(mapping),
        participant_(places(table, mapping.participant)),
        condition_(places(table, mapping.condition)),
        unit_(places(table, mapping.unit)),
        correct_{mapping.correct, table.column(mapping.correct)},
        confidence_(place(table, mapping.confidence ? mapping.confidence->column : "")),
        reaction_time_(place(table, mapping.reaction_time ? mapping.reaction_time->column : "")),
        group_(place(table, mapping.group)),
        mode_(place(table, mapping.mode)),
        layer_(place(table, mapping.layer)),
        branch_(place(table, mapping.branch)),
        size_(place(table, mapping.size)),
        image_set_(place(table, mapping.image_set)),
        catch_trial_(place(table, mapping.catch_trial)),
        practice_(place(table, mapping.practice)) {
    for (const auto& [column, values] : mapping.keep) keep_.emplace_back(Place{column, table.column(column)}, &values);
  }

  [[nodiscard]] bool keeps(const Row& row) const {
    return std::all_of(keep_.begin(), keep_.end(), [&](const auto& rule) {
      return std::find(rule.second->begin(), rule.second->end(), rule.first.in(row)) != rule.second->end();
    });
  }

  // What to do where no row is kept: how the first one misses.
  [[nodiscard]] std::string kept_nothing(const Row& first) const {
    for (const auto& [column, values] : keep_)
      if (std::find(values->begin(), values->end(), column.in(first)) == values->end())
        return "Add a word that the column \"" + column.name.substr(0, 60) + "\" holds, such as \"" +
               column.in(first).substr(0, 40) + '"';
    return "";
  }

  // Who and in what condition; the rest of a Participation is not known.
  [[nodiscard]] Participation session(const Row& row) const {
    Participation session;
    session.participant = joined(row, participant_);
    if (session.participant.empty()) refuse_cell(row, participant_.front().name, "", "who answered");
    for (const Place& column : condition_) session.condition.push_back(name_in(row, column));
    if (group_) session.group = name_in(row, *group_);
    if (mode_ && !is_missing(mode_->in(row))) {
      const auto mode = parse_mode(mode_->in(row));
      if (!mode) refuse_cell(row, mode_->name, mode_->in(row), "practice, pilot, real or simulated");
      session.mode = *mode;
    }
    return session;
  }

  [[nodiscard]] Response response(const Row& row) const {
    Response response;
    response.correct = truth_in(row, correct_);
    response.unit = joined(row, unit_);
    if (layer_) response.layer = name_in(row, *layer_);
    if (branch_) response.branch = name_in(row, *branch_);
    if (size_) response.side_px = whole_in(row, *size_, 1, 1 << 20);
    if (image_set_) response.image_set = whole_in(row, *image_set_, 0, 1 << 20);
    if (catch_trial_) response.catch_trial = truth_in(row, *catch_trial_);
    if (practice_) response.practice = truth_in(row, *practice_);
    if (confidence_) {
      const int least = mapping_.confidence->absolute ? -kMostConfidence : 0;
      const auto signed_value = number_in(row, *confidence_, "a whole number");
      if (!mapping_.confidence->absolute && signed_value && *signed_value < 0.0)
        throw Refusal{"row " + std::to_string(row.number) + ", column \"" + confidence_->name.substr(0, 60) +
                          "\" holds a negative confidence",
                      "Where the sign only says which side was chosen, add \"absolute\": true to \"confidence\""};
      response.confidence = whole_in(row, *confidence_, least, kMostConfidence);
      if (response.confidence) response.confidence = std::abs(*response.confidence);
    }
    if (reaction_time_) {
      const auto value = number_in(row, *reaction_time_, "a time as a number");
      if (value && (*value < 0.0 || *value > kMostSeconds))
        refuse_cell(row, reaction_time_->name, reaction_time_->in(row), "a time that is not negative and not endless");
      if (value) response.reaction_time_s = *value / (mapping_.reaction_time->milliseconds ? 1000.0 : 1.0);
    }
    if (!response.unit.empty() && response.image_set)
      response.trial_key = response.unit + " " + std::to_string(*response.image_set) +
                           (response.side_px ? " " + std::to_string(*response.side_px) : "");
    return response;
  }

 private:
  static std::string joined(const Row& row, const std::vector<Place>& columns) {
    std::string text;
    for (const Place& column : columns) text += (text.empty() ? "" : "/") + name_in(row, column);
    return text;
  }

  const ColumnMapping& mapping_;
  std::vector<Place> participant_, condition_, unit_;
  Place correct_;
  std::optional<Place> confidence_, reaction_time_, group_, mode_, layer_, branch_, size_, image_set_, catch_trial_,
      practice_;
  std::vector<std::pair<Place, const std::vector<std::string>*>> keep_;
};

void read_table(AnalysisData& data, const Table& table, const ColumnMapping& mapping, const std::string& file) {
  const Reader reader(table, mapping);
  std::map<std::tuple<std::string, std::vector<std::string>, std::optional<Mode>>, std::size_t> at;
  std::vector<Participation> sessions;
  std::size_t left_out = 0;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    const Row row = table.row(i);
    if (!reader.keeps(row)) {
      ++left_out;
      continue;
    }
    Participation session = reader.session(row);
    const auto [place, is_new] =
        at.emplace(std::tuple(session.participant, session.condition, session.mode), sessions.size());
    if (is_new) sessions.push_back(std::move(session));
    sessions[place->second].responses.push_back(reader.response(row));
  }
  if (left_out == table.rows() && left_out > 0)
    throw Refusal{"\"keep\" leaves none of its " + std::to_string(left_out) + " rows",
                  reader.kept_nothing(table.row(0))};
  if (left_out > 0)
    data.notes.push_back(std::to_string(left_out) + " of " + std::to_string(table.rows()) + " rows of " + file +
                         " were left out by \"keep\".");
  data.sessions.insert(data.sessions.end(), std::make_move_iterator(sessions.begin()),
                       std::make_move_iterator(sessions.end()));
}

}  // namespace

base::Result<ColumnMapping> column_mapping_from_json(std::string_view text) {
  constexpr const char* kWhat = "The mapping of columns cannot be read";
  try {
    return read_mapping(Json::parse(text));
  } catch (const Refusal& refusal) {
    return base::Error{kWhat, refusal.why, refusal.what_to_do};
  } catch (const Json::parse_error& error) {
    return base::Error{kWhat, "it is not JSON at byte " + std::to_string(error.byte),
                       R"(Write, for example, {"participant": "subject_id", "correct": "correct"})"};
  } catch (const Json::exception&) {
    return base::Error{kWhat, "it is not JSON that can be held", "Write texts, lists and objects only"};
  }
}

base::Status import_csv(AnalysisData& data, std::string_view csv, const ColumnMapping& mapping,
                        const std::string& file) {
  const std::string what = "The table " + file + " cannot be read";
  const auto separators = std::count_if(csv.begin(), csv.end(), [](char c) { return c == ',' || c == '\n'; });
  if (csv.size() > kMostImportBytes || static_cast<std::size_t>(separators) > kMostCells)
    return base::Error{what,
                       "it is larger than " + std::to_string(kMostImportBytes >> 20) + " MiB or " +
                           std::to_string(kMostCells) + " cells",
                       "Split it, or leave columns out"};
  auto rows = core::read_csv(csv, what);
  if (!rows) return rows.error();
  if (rows->size() < 2) return base::Error{what, "it has no row below its header", "Name a table with one trial a row"};
  try {
    read_table(data, Table(std::move(*rows)), mapping, file);
    return {};
  } catch (const Refusal& refusal) {
    return base::Error{what, refusal.why, refusal.what_to_do};
  }
}

}  // namespace study
