// One table of everything the window can do: the names of scripts and of the palette (`/`), the keys, and the lines of
// the help (`?`) all come from it. An action changes the workspace; what is asked for follows from that. UI thread.
#pragma once
#include <imgui.h>

#include <optional>
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
  double now_s = 0.0;
};

struct Action {
  std::string_view name;      // "next unit": of scripts (underscores are fine too) and the palette
  std::string_view argument;  // what follows the name, e.g. "NAME" or "X Y"; empty: nothing
  std::string_view group;     // heading in the help
  std::string_view help;      // one sentence
  std::vector<ImGuiKeyChord> keys;
  std::string_view characters;  // typed characters that do the same, wherever the keyboard has them: "?", "/", "["
  bool repeats = false;         // while the key is held
  base::Status (*run)(ActionContext& context, std::string_view argument) = nullptr;
  std::optional<Screen> screen = Screen::explore;  // whose keys these are; absent: of every screen
};

const std::vector<Action>& actions();
// What people read: "Shift + Left", "/", "PgDn". All keys of an action, separated by spaces.
std::string keys_label(const Action& action);

// Runs "next_unit", "select unit mixed4a_pre_relu:7", "move occluder 40 60", "preset lucid"… An unknown name is an
// error that lists those that resemble it. The full list is in actions().
base::Status perform(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out,
                     std::string_view command);

// Whether perform() would know the action; says nothing about its argument.
base::Status known_action(std::string_view command);

// Whether the keys of the action act now: a letter may mean one thing to the explorer and another to a question.
bool acts_on(const Action& action, Screen screen);

// The actions of this screen whose keys were pressed this frame (none while text is edited). Errors become the window's
// notice.
void handle_keys(ActionContext& context);

}  // namespace ui
