// One table of everything the window can do: the names of scripts and of the palette (`/`), the keys, and the lines of
// the help (`?`) all come from it. An action changes the workspace; what is asked for follows from that. UI thread.
#pragma once
#include <imgui.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/messages.h"
#include "ui/workspace.h"

namespace ui {

struct ActionContext {
  Workspace& workspace;
  const engine::Snapshots& in;
  engine::Requests& out;
};

struct Action {
  std::string_view name;      // "next unit": of scripts (underscores are fine too) and the palette
  std::string_view argument;  // what follows the name, e.g. "NAME" or "X Y"; empty: nothing
  std::string_view group;     // heading in the help
  std::string_view help;      // one sentence
  std::vector<ImGuiKeyChord> keys;
  base::Status (*run)(ActionContext& context, std::string_view argument) = nullptr;
  bool repeats = false;  // while the key is held
};

const std::vector<Action>& actions();
// "Shift+Left" → what people read: "⇧ ←" is not in every font, so words.
std::string key_label(ImGuiKeyChord chord);

// Runs "next_unit", "select unit mixed4a_pre_relu:7", "move occluder 40 60", "preset lucid"… An unknown name is an
// error that lists those that resemble it. The full list is in actions().
base::Status perform(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out,
                     std::string_view command);

// The actions whose keys were pressed this frame (none while text is edited).
void handle_keys(ActionContext& context);

}  // namespace ui
