// What practice says, as pure functions of values. Any thread.
#pragma once
#include "engine/messages.h"
#include "ui/sentences.h"
#include "ui/workspace.h"

namespace ui {

// What the next question waits for, in one sentence.
State practice_state(const Workspace& workspace, const engine::Snapshots& in);

}  // namespace ui
