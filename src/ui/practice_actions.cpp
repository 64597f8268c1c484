// Practice in the table of ui/actions.h.
#include <filesystem>

#include "ui/action_groups.h"
#include "ui/practice.h"

namespace ui {
namespace {

constexpr std::string_view kPractice = "Practice";
constexpr int kNudge_px = 2;

// Scripts and keys alike.
base::Status answer(ActionContext& context, int button) {
  const Standing& standing = context.workspace.standing;
  if (standing.help_open || standing.search_open || context.workspace.maker.open) return {};
  return answer_question(context.workspace, button, study::Device::keyboard, context.now_s);
}

base::Status search(ActionContext& context, std::string_view) {
  const std::optional<Hunt>& hunt = context.workspace.practice.hunt;
  return hunt && !hunt->over ? end_hunt(context.workspace) : begin_hunt(context.workspace);
}

base::Status nudge(ActionContext& context, int dx_px, int dy_px) {
  const std::optional<Hunt>& hunt = context.workspace.practice.hunt;
  if (hunt) move_hunt(context.workspace, hunt->place.x_px + dx_px, hunt->place.y_px + dy_px);
  return {};
}

base::Status choose_units(ActionContext& context, std::string_view argument) {
  if (argument != "this" && argument != "any") {
    return needs("practise units", "\"" + std::string(argument) + "\" is not known", "Say this or any.");
  }
  context.workspace.practice.units = argument == "this" ? PracticeUnits::this_unit : PracticeUnits::drawn;
  return {};
}

base::Status choose_references(ActionContext& context, std::string_view argument) {
  for (int i = 0; i < kPracticeReferences; ++i) {
    const auto references = static_cast<PracticeReferences>(i);
    if (condition_of(references).name != argument) continue;
    context.workspace.practice.references = references;
    return {};
  }
  return needs("practise with", "\"" + std::string(argument) + "\" is not known", "Say natural, none or live.");
}

Action answer_action(std::string_view name, std::string_view help, ImGuiKey key,
                     base::Status (*run)(ActionContext&, std::string_view)) {
  return {name, "", kPractice, help, {key}, "", false, run, Screen::practice};
}

Action nudge_action(std::string_view name, std::string_view help, ImGuiKey key,
                    base::Status (*run)(ActionContext&, std::string_view)) {
  return {name, "", kPractice, help, {key}, "", true, run, Screen::practice};
}

}  // namespace

std::vector<Action> practice_actions() {
  using Context = ActionContext&;
  using Text = std::string_view;
  return {
      answer_action("answer s", "The left one, very sure (3).", ImGuiKey_S,
                    [](Context c, Text) { return answer(c, 0); }),
      answer_action("answer d", "The left one, rather sure (2).", ImGuiKey_D,
                    [](Context c, Text) { return answer(c, 1); }),
      answer_action("answer f", "The left one, a guess (1).", ImGuiKey_F, [](Context c, Text) { return answer(c, 2); }),
      answer_action("answer j", "The right one, a guess (1).", ImGuiKey_J,
                    [](Context c, Text) { return answer(c, 3); }),
      answer_action("answer k", "The right one, rather sure (2).", ImGuiKey_K,
                    [](Context c, Text) { return answer(c, 4); }),
      answer_action("answer l", "The right one, very sure (3).", ImGuiKey_L,
                    [](Context c, Text) { return answer(c, 5); }),
      {"next question",
       "",
       kPractice,
       "The next question, after the answer.",
       {ImGuiKey_Enter, ImGuiKey_KeypadEnter},
       "",
       false,
       [](Context c, Text) { return next_question(c.workspace); },
       Screen::practice},
      {"search",
       "",
       kPractice,
       "Find the lowest place yourself, after the answer; again: the truth.",
       {ImGuiKey_M},
       "",
       false,
       search,
       Screen::practice},
      nudge_action("square left", "The searching square left by 2 px.", ImGuiKey_LeftArrow,
                   [](Context c, Text) { return nudge(c, -kNudge_px, 0); }),
      nudge_action("square right", "The searching square right by 2 px.", ImGuiKey_RightArrow,
                   [](Context c, Text) { return nudge(c, kNudge_px, 0); }),
      nudge_action("square up", "The searching square up by 2 px.", ImGuiKey_UpArrow,
                   [](Context c, Text) { return nudge(c, 0, -kNudge_px); }),
      nudge_action("square down", "The searching square down by 2 px.", ImGuiKey_DownArrow,
                   [](Context c, Text) { return nudge(c, 0, kNudge_px); }),
      {"practise units",
       "this|any",
       kPractice,
       "Questions about the explorer's unit, or about any that stands out.",
       {},
       "",
       false,
       choose_units,
       Screen::practice},
      {"export answers",
       "FOLDER",
       kPractice,
       "Writes what was answered as JSON and CSV into a folder.",
       {},
       "",
       false,
       [](Context c, Text folder) -> base::Status {
         return export_answers(c.workspace, c.out,
                               folder.empty() ? c.workspace.export_folder : std::filesystem::path(folder));
       },
       Screen::practice},
      {"practise with",
       "WHAT",
       kPractice,
       "What one may learn from: natural, none or live.",
       {},
       "",
       false,
       choose_references,
       Screen::practice},
  };
}

}  // namespace ui
