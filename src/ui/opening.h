// Opening models: what the menu offers, the box in which a path is typed, and the question that a model without a
// sidecar asks. Plain values and the logic on them; ui/model_menu.cpp and ui/feeding_dialog.cpp draw it. UI thread.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "engine/messages.h"

namespace ui {

struct Workspace;

// A model that is being opened, and what was there before: whatever comes after that is the answer.
struct Awaited {
  std::filesystem::path path;
  engine::ModelPointer before;
};

struct PathBox {
  bool open = false;
  bool focus = false;
  bool beside = false;
  std::string text;
  std::string error;                           // under the box
  std::optional<std::filesystem::path> asked;  // of the text, while it is awaited
};

struct FeedingDialog {
  std::shared_ptr<const engine::FeedingQuestion> question;  // null: nothing is asked
  std::shared_ptr<const engine::FeedingQuestion> seen;      // the newest; asked once
  engine::Feeding feeding;
  std::optional<engine::Feeding> read;  // what `fed` and `error` say
  std::optional<engine::FedAs> fed;
  std::string error;
  bool answered = false;                                 // the model is awaited
  std::optional<engine::FeedingPreviewRequest> preview;  // asked last
};

struct Opening {
  std::filesystem::path embedded;  // the model that comes with unitscope; set by the app, as the next
  std::filesystem::path lucid;     // where scripts/fetch_models.sh puts Lucid's InceptionV1
  bool told_to_fetch = false;      // the menu says how
  engine::ModelPointer newest;     // that was remembered
  engine::ModelPointer newest_beside;
  std::optional<Awaited> awaited;  // asked last and not there yet
  std::optional<Awaited> awaited_beside;
  PathBox box;
  FeedingDialog dialog;
};

inline constexpr std::size_t kRecentModels = 6;

// As typed: with ~ for the home folder. Refuses what is not there.
base::Result<std::filesystem::path> typed_path(std::string_view text);

void open_path_box(Workspace& workspace, bool beside);
// Asks for the model as the one that is looked at, or as the second of two.
void open_model(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out,
                const std::filesystem::path& path, bool beside);
// "Opening resnet50.onnx…" while it is awaited, else empty.
std::string opening_words(const Workspace& workspace, bool beside);
// Of the box's text; what is wrong with it goes under the box.
void open_typed(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out);
// Lucid's InceptionV1 if it has been fetched; else the sentence that says how.
base::Status open_lucid(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out, bool beside);

// The values of a preset, by its name on the command line.
base::Status use_feeding_preset(Workspace& workspace, std::string_view name);
// The dialog's answer; nothing while its values cannot be used.
void answer_feeding(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out);
void leave_feeding(Workspace& workspace);

// Takes in what was opened and what is asked: recent models, the box's and the dialog's ends. Once a frame.
void decide_opening(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out, double now_s);

}  // namespace ui
