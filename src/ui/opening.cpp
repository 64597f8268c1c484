#include "ui/opening.h"

#include <algorithm>
#include <cstdlib>

#include "ui/panels.h"
#include "ui/workspace.h"

namespace ui {
namespace {

namespace fs = std::filesystem;

std::optional<Awaited>& awaited_of(Opening& opening, bool beside) {
  return beside ? opening.awaited_beside : opening.awaited;
}

const engine::ModelPointer& answer_in(const engine::Snapshots& in, bool beside) {
  return beside ? in.beside.opened : in.opened;
}

// Whoever waited for another model of this side waits no longer: the newest request is answered.
void await(Workspace& workspace, const engine::Snapshots& in, const fs::path& path, bool beside) {
  Opening& opening = workspace.opening;
  PathBox& box = opening.box;
  if (box.beside == beside && box.asked && *box.asked != path) {
    box.asked.reset();
    box.focus = true;
  }
  FeedingDialog& dialog = opening.dialog;
  if (dialog.question && dialog.question->beside == beside && dialog.question->path != path) dialog.answered = false;
  awaited_of(opening, beside) = Awaited{path, answer_in(in, beside)};
}

// Newest first. The embedded one is in the menu anyway, as is Lucid's.
void remember(Workspace& workspace, const engine::ModelPointer& model, engine::ModelPointer& newest, double now_s) {
  if (!model || model->error || model == newest) return;
  newest = model;
  if (model->not_stored) notify(workspace, model->not_stored->sentence(), true, now_s);
  const std::string path = fs::absolute(model->path).lexically_normal().string();
  if (model->path == workspace.opening.embedded || model->path == workspace.opening.lucid) return;
  std::vector<std::string>& recent = workspace.preferences.recent_models;
  std::erase(recent, path);
  recent.insert(recent.begin(), path);
  if (recent.size() > kRecentModels) recent.resize(kRecentModels);
}

void leave(FeedingDialog& dialog) {
  const auto seen = dialog.seen;
  dialog = {};
  dialog.seen = seen;
}

// What became of the model that is awaited, for the box or the dialog that asked for it.
void settle(Opening& opening, bool beside, const engine::Snapshots& in) {
  std::optional<Awaited>& awaited = awaited_of(opening, beside);
  const engine::ModelPointer& answer = answer_in(in, beside);
  if (!awaited || !answer || answer == awaited->before || answer->path != awaited->path) return;
  awaited.reset();
  const bool refused = answer->error && !answer->question;
  const std::string why = refused ? answer->error->sentence() : std::string();
  PathBox& box = opening.box;
  if (box.beside == beside && box.asked == answer->path) {
    box.asked.reset();
    box.open = box.focus = refused;
    box.error = why;
  }
  FeedingDialog& dialog = opening.dialog;
  if (!dialog.answered || dialog.question->beside != beside) return;
  if (!refused) return leave(dialog);
  dialog.answered = false;
  dialog.error = why;
}

// A question is taken up once; its values begin with what is usual for such a file.
void take_question(FeedingDialog& dialog, const engine::Snapshots& in) {
  if (!in.feeding || in.feeding == dialog.seen) return;
  dialog = {};
  dialog.question = dialog.seen = in.feeding;
  const std::string usual = in.feeding->path.extension() == ".pb" ? "lucid"
                            : in.feeding->channels == 3           ? "torchvision"
                                                                  : "zero-one";
  for (const engine::FeedingPreset& preset : in.feeding->presets)
    if (preset.name == usual) dialog.feeding = preset.feeding;
}

void read_values(FeedingDialog& dialog) {
  if (dialog.read == dialog.feeding) return;
  dialog.read = dialog.feeding;
  dialog.fed.reset();
  dialog.error.clear();
  const base::Result<engine::FedAs> fed = dialog.question->read(dialog.feeding);
  if (fed)
    dialog.fed = *fed;
  else
    dialog.error = fed.error().sentence();
}

void ask_preview(Workspace& workspace, engine::Requests& out) {
  FeedingDialog& dialog = workspace.opening.dialog;
  if (!dialog.fed || workspace.chosen.picture.empty()) return;
  const engine::FeedingPreviewRequest wanted{workspace.chosen.picture, dialog.fed->framing, dialog.fed->grey};
  if (dialog.preview == wanted) return;
  dialog.preview = wanted;
  out.feeding_preview = wanted;
}

}  // namespace

base::Result<fs::path> typed_path(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n')) text.remove_suffix(1);
  if (text.size() > 1 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front())
    text = text.substr(1, text.size() - 2);  // as file managers copy them
  if (text.empty()) return base::Error{"There is nothing to open", "no path was written", "Write the path of a file."};
  std::string written(text);
  const char* home = std::getenv("HOME");
  if (home != nullptr && (written == "~" || written.starts_with("~/"))) written = home + written.substr(1);
  std::error_code failed;
  if (fs::exists(written, failed)) return fs::path(written);
  return base::Error{
      "\"" + std::string(text) + "\" cannot be opened", "there is no file of that name",
      "Check the path; it is read from " + fs::current_path(failed).string() + " unless it begins with / or ~."};
}

void open_path_box(Workspace& workspace, bool beside) {
  workspace.opening.box = {};
  workspace.opening.box.open = workspace.opening.box.focus = true;
  workspace.opening.box.beside = beside;
  workspace.standing.search_open = false;
  workspace.standing.panels_hidden = false;
}

void open_model(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out, const fs::path& path,
                bool beside) {
  await(workspace, in, path, beside);
  (beside ? out.beside.open_model : out.open_model) = path;
}

void open_typed(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out) {
  PathBox& box = workspace.opening.box;
  box.error.clear();
  const base::Result<fs::path> path = typed_path(box.text);
  if (!path) {
    box.error = path.error().sentence();
    box.focus = true;
    return;
  }
  box.asked = *path;
  open_model(workspace, in, out, *path, box.beside);
}

std::string opening_words(const Workspace& workspace, bool beside) {
  const auto& awaited = beside ? workspace.opening.awaited_beside : workspace.opening.awaited;
  return awaited ? "Opening " + awaited->path.filename().string() + "…" : std::string();
}

base::Status open_lucid(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out, bool beside) {
  std::error_code failed;
  const fs::path& lucid = workspace.opening.lucid;
  if (!lucid.empty() && fs::exists(lucid, failed)) {
    open_model(workspace, in, out, lucid, beside);
    return {};
  }
  return base::Error{"InceptionV1 (Lucid's) has not been fetched", "there is no " + lucid.string(),
                     "Run scripts/fetch_models.sh inception-v1 once, in the folder of unitscope."};
}

base::Status use_feeding_preset(Workspace& workspace, std::string_view name) {
  FeedingDialog& dialog = workspace.opening.dialog;
  if (!dialog.question)
    return base::Error{"There is nothing to say how pictures are fed to", "no model without a sidecar was opened",
                       "Open one first."};
  std::string names;
  for (const engine::FeedingPreset& preset : dialog.question->presets) {
    names += (names.empty() ? "" : ", ") + preset.name;
    if (preset.name != name) continue;
    const std::string labels = dialog.feeding.labels_file;
    dialog.feeding = preset.feeding;
    dialog.feeding.labels_file = labels;
    return {};
  }
  return base::Error{"The input rule \"" + std::string(name) + "\" cannot be used",
                     "there is no such rule for this model", "Choose one of " + names + "."};
}

void answer_feeding(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out) {
  FeedingDialog& dialog = workspace.opening.dialog;
  if (!dialog.question || dialog.answered) return;
  read_values(dialog);
  if (!dialog.fed) return;
  dialog.error.clear();
  await(workspace, in, dialog.question->path, dialog.question->beside);
  dialog.answered = true;
  out.feed_model = engine::FeedModelRequest{dialog.question->path, dialog.feeding, dialog.question->beside};
}

void leave_feeding(Workspace& workspace) {
  leave(workspace.opening.dialog);
}

void decide_opening(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out, double now_s) {
  Opening& opening = workspace.opening;
  remember(workspace, in.model, opening.newest, now_s);
  remember(workspace, in.beside.model, opening.newest_beside, now_s);
  take_question(opening.dialog, in);
  settle(opening, false, in);
  settle(opening, true, in);
  FeedingDialog& dialog = opening.dialog;
  if (!dialog.question || dialog.answered) return;
  read_values(dialog);
  ask_preview(workspace, out);
}

}  // namespace ui
