#include "ui/practice_words.h"

namespace ui {

State practice_state(const Workspace& workspace, const engine::Snapshots& in) {
  const auto failed = [](const base::Error& error) { return State{Readiness::failed, error.sentence()}; };
  if (in.model && in.model->error) return failed(*in.model->error);
  if (in.collection && in.collection->error) return failed(*in.collection->error);
  if (in.scan && in.scan->error) return failed(*in.scan->error);
  if (!in.model) return {Readiness::working, "Opening the model…"};
  if (!in.collection) return {Readiness::working, "Opening the pictures…"};
  if (in.collection->pictures.empty()) {
    return {Readiness::nothing, "No pictures here: drop pictures or a folder on the window."};
  }
  if (!in.scan) return {Readiness::working, "Measuring every unit on every picture…"};
  if (!in.scan->done) {
    return {Readiness::working, "Measuring every unit on every picture: *" + thousands(in.scan->scanned) + "* of " +
                                    thousands(in.scan->total) + " so far. Questions need all of them."};
  }
  if (!workspace.chosen.unit) return {Readiness::nothing, "Choose a unit first: press / and type its name."};
  return {Readiness::working, "Preparing a question about *" + core::to_string(*workspace.chosen.unit) + "*…"};
}

}  // namespace ui
