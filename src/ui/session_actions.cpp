// A session in the table of ui/actions.h, for scripts: people use the page's own buttons and keys, and no key of the
// window acts in a session.
#include <cmath>

#include "ui/action_groups.h"

namespace ui {
namespace {

constexpr std::string_view kSession = "Session";

base::Result<Session*> session_of(ActionContext& context, std::string_view action) {
  if (context.workspace.session) return &*context.workspace.session;
  return needs(action, "no session is under way", "Begin one with --pilot EXPERIMENT --participant NAME.");
}

base::Status continue_session(ActionContext& context, std::string_view) {
  const auto session = session_of(context, "continue");
  if (!session) return session.error();
  if (!may_go_on(**session, context.in, context.now_s))
    return needs("continue", "this page is not done, or its answer not stored yet", "Wait for it.");
  return go_on(**session, context.out, context.now_s);
}

base::Status previous_page(ActionContext& context, std::string_view) {
  const auto session = session_of(context, "previous page");
  return session ? go_back(**session) : session.error();
}

base::Status intuitiveness(ActionContext& context, std::string_view argument) {
  const auto session = session_of(context, "intuitiveness");
  if (!session) return session.error();
  const auto value = number_argument("intuitiveness", argument, -100, 100);
  if (!value) return value.error();
  return set_intuitiveness(**session, static_cast<int>(std::lround(*value)));
}

base::Status comment(ActionContext& context, std::string_view argument) {
  const auto session = session_of(context, "comment");
  return session ? set_comment(**session, std::string(argument)) : session.error();
}

Action session_action(std::string_view name, std::string_view argument, std::string_view help,
                      base::Status (*run)(ActionContext&, std::string_view)) {
  return {name, argument, kSession, help, {}, "", false, run, Screen::session};
}

}  // namespace

std::vector<Action> session_actions() {
  return {
      session_action("continue", "", "The next page or trial of a session.", continue_session),
      session_action("previous page", "", "Back in the instructions of a session.", previous_page),
      session_action("intuitiveness", "NUMBER", "The slider at the end of a session, from -100 to 100.", intuitiveness),
      session_action("comment", "TEXT", "The comment at the end of a session.", comment),
  };
}

}  // namespace ui
