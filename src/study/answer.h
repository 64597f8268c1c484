// One answered trial as a row: the published columns by their published names (features 5.5) and ours. The same row is
// written by people, pilots and artificial observers, kept by the store, exported, and analysed. Plain values; any
// thread.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "study/experiment.h"

namespace study {

enum class Mode { practice, pilot, real, simulated };
std::string_view to_string(Mode mode);
base::Result<Mode> parse_mode(std::string_view text);

// The six answers by position, left to right; the labels on the buttons are 3 2 1 | 1 2 3.
inline constexpr int kButtons = 6;
constexpr bool is_left(int button) {
  return button < 3;
}
constexpr int label_of_button(int button) {
  return button < 3 ? 3 - button : button - 2;
}  // what the person saw
// As the published web page stored it: index mod 3 + 1, reversed on the left (protocol 1.14).
constexpr int published_confidence(int button) {
  return button % 3 + 1;
}

enum class Device { keyboard, mouse, observer };
std::string_view to_string(Device device);
base::Result<Device> parse_device(std::string_view text);

struct Answer {
  // who and where
  std::string session;      // unique: "pilot-p01-natural-task3-…"
  std::string participant;  // "p01"
  std::string group;        // "expert", "lay", …; may be empty
  std::string condition;    // Condition::name
  Mode mode = Mode::pilot;
  std::string task_name;
  int batch = 0;
  int trial_index = 0;     // in the session, from 0, practice included
  int practice_round = 0;  // from 1 in practice; 0 in the main part
  bool is_demo = false;    // practice
  bool catch_trial = false;
  bool repeated = false;    // the same trial was answered before a resume: the first answer counts
  bool truth_seen = false;  // the answer could be known from the explorer: not scored
  // what was asked
  std::string trial_id;
  std::string min_query, max_query, base_query;  // the pictures shown, relative to the experiment's folder
  std::vector<std::string> max_references;       // in the order of showing
  core::Unit unit;
  std::string layer;  // short, for grouping
  std::string branch;
  int side_px = 0;
  core::Occluder min, max;
  double act_base = 0.0, act_min = 0.0, act_max = 0.0;
  bool switched_queries = false;  // max was on the left
  // what was answered
  int button = 0;          // button_pressed, 0 … 5
  int confidence = 1;      // the label that the person saw
  bool chose_max = false;  // choice "b" (max) or "a" (min)
  bool correct = false;
  double rt_ms = 0.0;            // stimulus presented → answer
  double time_elapsed_ms = 0.0;  // since the session began
  Device device = Device::mouse;

  bool operator==(const Answer&) const = default;
};

// A session's frame: what every row shares, and what is asked once.
struct SessionHeader {
  std::string session, participant, group, condition;
  Mode mode = Mode::pilot;
  std::string experiment;       // the folder's name
  std::string experiment_hash;  // of trials.json
  std::string task_name;
  int batch = 0;
  std::string began;  // ISO 8601, UTC
  std::string version, device, clock, present_method;
  double refresh_hz = 0.0, scale = 1.0;
  int image_scale = 1;     // framebuffer pixels a picture pixel
  std::string observer;    // of simulated sessions; else empty
  std::uint64_t seed = 0;  // of an observer
  bool operator==(const SessionHeader&) const = default;
};
struct SessionEnd {
  double instruction_ms = 0.0;  // time_elapsed when the first trial (practice too) began
  double total_ms = 0.0;
  int practice_rounds = 0;
  bool complete = false;
  std::optional<int> intuitiveness;  // −100 … 100
  std::string comment;
  bool operator==(const SessionEnd&) const = default;
};
struct Session {  // as it is stored, exported and analysed
  SessionHeader header;
  std::vector<Answer> answers;
  SessionEnd end;
  bool operator==(const Session&) const = default;
};

// The answer to a trial when a button is pressed: fills what follows from the trial, the condition and its references,
// the side and the button. Who answered, when, and where in the session is the caller's; so are layer and branch. The
// order of the references follows from the task.
Answer answer_to(const Trial& trial, const Condition& condition, const std::string& task_name, bool switched_queries,
                 int button);

// The references of a trial as they are shown, at most condition.references: the last pictures of its set, in an order
// that is drawn for each task and trial, each kind within its own places (protocol 1.7), so that no place of the grid
// tells how much the unit likes what stands there.
std::vector<const ReferencePicture*> references_shown(const Trial& trial, const Condition& condition,
                                                      const std::string& task_name);
// The picture in min's place: a foreign one in catch trials of a condition without references (protocol 1.9).
const std::string& min_file_shown(const Trial& trial, const Condition& condition);

// The published names first, then ours; one list for CSV headers, JSON keys and the reader. A list of files is one cell
// with '|' between them; places are "x y".
const std::vector<std::string>& answer_columns();
std::vector<std::string> to_row(const Answer& answer);
// All of answer_columns() must be there; other columns are passed over. Refuses a row that contradicts itself, such as
// a confidence that is not the label of its button.
base::Result<Answer> answer_from_row(const std::vector<std::string>& columns, const std::vector<std::string>& row);
// One answer as a line of JSON, with the columns as keys: what the store keeps.
std::string to_json(const Answer& answer);
base::Result<Answer> answer_from_json(std::string_view text);

// A header or an end as JSON on its own; versioned and strict.
std::string to_json(const SessionHeader& header);
base::Result<SessionHeader> session_header_from_json(std::string_view text);
std::string to_json(const SessionEnd& end);
base::Result<SessionEnd> session_end_from_json(std::string_view text);

// One JSON document a session: header, rows, end. kind "unitscope session", versioned, strict.
std::string to_json(const Session& session);
base::Result<Session> session_from_json(std::string_view text);
// The answers as rows, with the session's header and end repeated in each.
std::string to_csv(const Session& session);
// The sessions of such a table, in the order of their first rows.
base::Result<std::vector<Session>> sessions_from_csv(std::string_view text);

}  // namespace study
