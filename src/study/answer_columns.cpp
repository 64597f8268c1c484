#include "study/answer_columns.h"

#include <charconv>
#include <string_view>
#include <utility>

#include "study/json_object.h"

namespace study {
namespace {

// What jsPsych called the published screen: the published notebooks keep only rows of this type.
constexpr const char* kTrialType = "cf-image-confidence-response";

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

}  // namespace

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

}  // namespace study
