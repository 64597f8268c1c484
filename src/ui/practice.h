// Practice: which question is shown, what was answered, what may be asked next; plain values, a part of the Workspace,
// and the pure logic that alone changes them. Before the answer nothing that it gives to panels follows from the truth.
// UI thread.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/messages.h"
#include "study/practice_score.h"

namespace ui {

struct Workspace;

enum class PracticeUnits { this_unit, drawn };          // the explorer's, or from those that stand out
enum class PracticeReferences { natural, none, live };  // live: the running visualization
inline constexpr int kPracticeReferences = 3;
const study::Condition& condition_of(PracticeReferences references);

// "Find the lowest place yourself."
struct Hunt {
  core::Occluder place;
  std::optional<float> best;  // the lowest that was measured on the way
  core::Occluder best_place;
  bool over = false;  // the truth is shown again
};

struct Practice {
  PracticeUnits units = PracticeUnits::this_unit;
  PracticeReferences references = PracticeReferences::natural;  // of the next question
  std::uint64_t seed = 0;

  std::shared_ptr<const engine::PracticeQuestion> question;           // the one shown
  PracticeReferences shown_references = PracticeReferences::natural;  // with it
  double shown_s = 0.0;                                               // when it appeared
  bool looked_up = false;  // its picture was looked at in the explorer before the answer
  std::optional<study::Answer> answer;
  std::optional<Hunt> hunt;
  bool next_wanted = false;  // as soon as it is ready

  std::vector<study::PracticeAnswer> answers;
  std::vector<engine::PracticePicture> seen;  // with the truth in view
  std::optional<engine::PracticePicture> last_seen;

  // Where the answers are kept; no file: in memory only, as in scripts. Filled in by the app.
  std::filesystem::path results_file;
  study::SessionHeader header;
  int orders = 0;                      // posted to the results store so far
  std::size_t kept = 0;                // answers that were posted
  bool store_told = false;             // of a store that does not take them
  std::vector<core::Unit> met_before;  // units of earlier sessions
  bool met_is_known = false;

  int number = 0;  // of the question that is asked for
  std::optional<engine::PracticeRequest> asked;
  double began_s = -1.0;

  // The references at the size at which they are drawn; kept until pictures or size change.
  std::shared_ptr<const void> small_of;
  int small_side_px = 0;
  std::vector<core::Image> small;
};

// Whether a next question is there to be shown.
bool next_is_ready(const Workspace& workspace, const engine::Snapshots& in);
// Shows it now, or as soon as it is there. Refuses while a question waits for its answer.
base::Status next_question(Workspace& workspace);
// Button 0 … 5, left to right.
base::Status answer_question(Workspace& workspace, int button, study::Device device, double now_s);

base::Status begin_hunt(Workspace& workspace);
void move_hunt(Workspace& workspace, int x_px, int y_px);  // inside the picture
base::Status end_hunt(Workspace& workspace);
// The present value at the square's place; nothing while it is being measured.
std::optional<float> hunted_value(const Workspace& workspace, const engine::Snapshots& in);
// How many of the measured places are lower, plus one.
int rank_from_lowest(const core::OcclusionMap& map, float value);

// Writes what was answered as JSON and CSV into the folder, never over what is there.
base::Status export_answers(Workspace& workspace, engine::Requests& out, const std::filesystem::path& folder);

// What the explorer showed is no question any more; what is wanted is asked for; what is ready is shown.
void decide_practice(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out, double now_s,
                     engine::Clock::time_point input_time);

}  // namespace ui
