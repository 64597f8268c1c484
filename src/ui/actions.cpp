#include "ui/actions.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>

#include "ui/action_groups.h"

namespace ui {
namespace {

std::string lower_with_spaces(std::string_view text) {
  std::string result(text);
  for (char& letter : result) {
    letter = letter == '_' ? ' ' : static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  }
  return result;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// The action whose name begins the command, the longest of them; null if there is none.
const Action* find_action(std::string_view command) {
  const std::string text = lower_with_spaces(command);
  const Action* found = nullptr;
  for (const Action& action : actions()) {
    const bool begins =
        text.starts_with(action.name) && (text.size() == action.name.size() || text[action.name.size()] == ' ');
    if (begins && (found == nullptr || action.name.size() > found->name.size())) found = &action;
  }
  return found;
}

base::Error unknown(std::string_view command) {
  const std::string text = lower_with_spaces(command);
  std::string resembling;
  const auto add = [&resembling](const Action& action) {
    resembling += (resembling.empty() ? "" : ", ") + std::string(action.name);
  };
  // Those that share a word; all of them where none does.
  for (const Action& action : actions()) {
    bool shares = false;
    for (std::size_t from = 0; from < text.size();) {
      const std::size_t space = std::min(text.find(' ', from), text.size());
      const std::string word = text.substr(from, space - from);
      shares = shares || (word.size() > 2 && action.name.find(word) != std::string_view::npos);
      from = space + 1;
    }
    if (shares) add(action);
  }
  if (resembling.empty()) {
    for (const Action& action : actions()) add(action);
  }
  return {"The action \"" + std::string(command) + "\" is not known", "there is none of that name",
          "Choose one of: " + resembling + "."};
}

// Ctrl, Shift, Alt and Super must be exactly as in the chord.
bool pressed(ImGuiKeyChord chord, bool repeats) {
  if (ImGui::GetIO().KeyMods != (chord & ImGuiMod_Mask_)) return false;
  return ImGui::IsKeyPressed(static_cast<ImGuiKey>(chord & ~ImGuiMod_Mask_), repeats);
}

bool typed(std::string_view characters) {
  if (characters.empty() || ImGui::GetIO().KeyCtrl) return false;
  const ImVector<ImWchar>& queue = ImGui::GetIO().InputQueueCharacters;
  return std::any_of(queue.begin(), queue.end(), [&](ImWchar letter) {
    return letter < 128 && characters.find(static_cast<char>(letter)) != std::string_view::npos;
  });
}

}  // namespace

const std::vector<Action>& actions() {
  static const std::vector<Action> all = [] {
    std::vector<Action> table;
    for (std::vector<Action> part : {unit_actions(), model_actions(), graph_actions(), beside_actions(),
                                     occluder_actions(), visualization_actions(), window_actions(), practice_actions(),
                                     analysis_actions(), screen_actions(), session_actions()}) {
      table.insert(table.end(), part.begin(), part.end());
    }
    return table;
  }();
  return all;
}

std::string keys_label(const Action& action) {
  std::string label;
  const auto add = [&label](const std::string& key) { label += (label.empty() ? "" : "  ") + key; };
  for (const char character : action.characters) add(std::string(1, character));
  for (const ImGuiKeyChord chord : action.keys) {
    std::string key;
    if ((chord & ImGuiMod_Ctrl) != 0) key += "Ctrl ";
    if ((chord & ImGuiMod_Shift) != 0) key += "Shift ";
    const auto base = static_cast<ImGuiKey>(chord & ~ImGuiMod_Mask_);
    switch (base) {
      case ImGuiKey_LeftArrow:
        key += "←";
        break;
      case ImGuiKey_RightArrow:
        key += "→";
        break;
      case ImGuiKey_UpArrow:
        key += "↑";
        break;
      case ImGuiKey_DownArrow:
        key += "↓";
        break;
      case ImGuiKey_PageUp:
        key += "PgUp";
        break;
      case ImGuiKey_PageDown:
        key += "PgDn";
        break;
      case ImGuiKey_Escape:
        key += "Esc";
        break;
      default:
        key += ImGui::GetKeyName(base);
    }
    add(key);
  }
  return label;
}

base::Status known_action(std::string_view command) {
  if (find_action(trimmed(command)) == nullptr) return unknown(command);
  return {};
}

base::Status perform(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out,
                     std::string_view command) {
  const std::string_view text = trimmed(command);
  const Action* action = find_action(text);
  if (action == nullptr) return unknown(command);
  const std::string_view argument = trimmed(text.substr(action->name.size()));
  if (action->argument.empty() && !argument.empty()) {
    return needs(action->name, "it takes nothing after its name", "Leave out \"" + std::string(argument) + "\".");
  }
  ActionContext context{workspace, in, out};
  return action->run(context, argument);
}

bool acts_on(const Action& action, Screen screen) {
  // Two models side by side are the explorer twice.
  const bool explores = screen == Screen::beside && action.screen == Screen::explore;
  return !action.screen || *action.screen == screen || explores;
}

void handle_keys(ActionContext& context) {
  if (ImGui::GetIO().WantTextInput) return;
  const Screen screen = context.workspace.screen;        // a key acts on the screen that it was pressed on
  const bool maker_open = context.workspace.maker.open;  // it is walked through by keys of its own
  for (const Action& action : actions()) {
    if (!acts_on(action, screen) || (maker_open && action.screen)) continue;
    bool now = typed(action.characters);
    for (const ImGuiKeyChord chord : action.keys) now = now || pressed(chord, action.repeats);
    if (!now) continue;
    const base::Status status = action.run(context, "");
    if (status) continue;
    Standing& standing = context.workspace.standing;
    standing.notice = status.error().sentence();
    standing.notice_is_error = true;
    standing.notice_until_s = context.now_s + 6.0;
  }
}

base::Error needs(std::string_view action, std::string_view why, std::string_view what_to_do) {
  return {"The action \"" + std::string(action) + "\" cannot run", std::string(why), std::string(what_to_do)};
}

base::Result<double> number_argument(std::string_view action, std::string_view argument, double low, double high) {
  std::string text(argument);
  bool is_percent = false;
  while (!text.empty() && (text.back() == '%' || text.back() == ' ')) {
    is_percent = is_percent || text.back() == '%';
    text.pop_back();
  }
  char* end = nullptr;
  double value = std::strtod(text.c_str(), &end);
  if (is_percent) value /= 100.0;
  const auto shown = [](double number) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%g", number);
    return std::string(buffer);
  };
  if (text.empty() || *end != '\0' || !std::isfinite(value)) {
    return needs(action, "\"" + std::string(argument) + "\" is not a number",
                 "Give a number from " + shown(low) + " to " + shown(high) + ".");
  }
  if (value < low || value > high) {
    return needs(action, shown(value) + " is out of range",
                 "Give a number from " + shown(low) + " to " + shown(high) + ".");
  }
  return value;
}

base::Result<bool> switch_argument(std::string_view action, std::string_view argument, bool present) {
  if (argument.empty()) return !present;
  if (argument == "on") return true;
  if (argument == "off") return false;
  return needs(action, "\"" + std::string(argument) + "\" is neither on nor off",
               "Say on or off, or nothing to switch.");
}

}  // namespace ui
