// A session of a pilot or of the real experiment in the window: what is kept between frames, and what events mean. It
// drives study::Run, posts orders to the results store and lets nobody go on before the store has the answer. Nothing
// that is drawn reads the experiment's trials: only Run's questions, which hold no truth. UI thread.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/messages.h"
#include "study/run.h"
#include "study/texts.h"

namespace ui {

struct Workspace;

inline constexpr double kAfterAnswer_s = 0.35;  // until Continue and feedback appear (protocol 1.10)
inline constexpr double kLeaveWithin_s = 3.0;   // Ctrl+Shift+Q once more

struct SessionMachine {  // for the header; filled in by the app
  std::string version, device, clock, present_method;
  double refresh_hz = 0.0;
  double scale = 1.0;
  bool operator==(const SessionMachine&) const = default;
};

struct Session {
  study::SessionAsk ask;
  std::filesystem::path experiment_folder;
  std::filesystem::path results_folder;  // of the store and the exports
  SessionMachine machine;

  bool opened = false;                 // the requests for experiment and store were made
  std::optional<base::Error> refused;  // it cannot begin
  std::optional<study::Run> run;
  study::SessionHeader header;
  bool resumed = false;
  study::Texts texts;
  std::vector<study::InstructionPage> instructions;
  core::Size picture{224, 224};  // of the questions, as far as is known
  int image_scale = 0;           // at which they were drawn last
  bool header_is_whole = false;  // the store's header says how the trials are drawn

  int orders = 0;             // posted to the store so far
  int answers = 0;            // stored or on their way, those before an interruption too
  int answer_order = 0;       // the one that carries the present trial's answer
  int final_order = 0;        // with this one done the session is over; 0: not there yet
  double clock_from_s = 0.0;  // Frame::now_s at which the session's time was 0

  std::optional<engine::QuestionsRequest> asked;   // for pictures
  bool stimulus_drawn = false;                     // by this frame, for the first time
  std::optional<engine::Clock::time_point> shown;  // when the present trial's pictures were handed to the screen
  double answered_s = -1e9;                        // Frame::now_s
  std::optional<double> leave_asked_s;

  std::vector<char> comment_text;  // what Dear ImGui edits

  bool wants_full_screen = false;
  bool wants_to_close = false;
};

// ---- what happens by itself, once a frame before drawing ----
// Opens what is needed, begins the run when experiment and store are there, takes in acknowledgements.
void follow_session(Session& session, const engine::Snapshots& in, engine::Requests& out, double now_s,
                    std::int64_t unix_now_s);
// Asks for the pictures of the present question and those after it, in the sizes that are drawn; each thing once.
void load_questions(Session& session, engine::Requests& out, int reference_side_px, int image_scale);

// ---- what people do; each refuses with a sentence what cannot be done now ----
base::Status answer_question(Session& session, engine::Requests& out, int button, study::Device device,
                             engine::Clock::time_point pressed, double now_s);
base::Status go_on(Session& session, engine::Requests& out, double now_s);
base::Status go_back(Session& session);
base::Status set_intuitiveness(Session& session, int value);
base::Status set_comment(Session& session, std::string comment);
// The first time asks, the second time within kLeaveWithin_s closes; what was answered is kept, and exported as a
// session that is not complete.
void ask_to_leave(Session& session, engine::Requests& out, double now_s);

// ---- what can be seen ----
[[nodiscard]] bool may_answer(const Session& session);
// Continue is there: the store has the answer and 350 ms have passed.
[[nodiscard]] bool may_go_on(const Session& session, const engine::Snapshots& in, double now_s);
// The pictures of the example (instruction pages) or of the present question; null until they are loaded.
[[nodiscard]] const study::QuestionPictures* present_pictures(const Session& session, const engine::Snapshots& in);
[[nodiscard]] const base::Error* loading_error(const Session& session, const engine::Snapshots& in);
// Everything is on the disk and exported.
[[nodiscard]] bool is_over(const Session& session, const engine::Snapshots& in);
// When something appears by itself: Continue, or the end of a question whether to leave.
[[nodiscard]] std::optional<double> session_due_s(const Session& session, double now_s);
// "pilot · p01 · set 3": on every page.
[[nodiscard]] std::string session_label(const Session& session);

// By the app after every present: reaction times begin with the frame that first showed the pictures.
void frame_was_presented(Workspace& workspace, engine::Clock::time_point presented);

}  // namespace ui
