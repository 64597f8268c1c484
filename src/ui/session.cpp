#include "ui/session.h"

#include <algorithm>
#include <chrono>

#include "ui/workspace.h"

namespace ui {
namespace {

double elapsed_ms(const Session& session, double now_s) {
  return std::max(0.0, (now_s - session.clock_from_s) * 1000.0);
}

template <class What>
int order(Session& session, engine::Requests& out, What what) {
  out.store.push_back({++session.orders, std::move(what)});
  return session.orders;
}

void log_page(Session& session, engine::Requests& out, double now_s) {
  order(session, out, engine::AddPage{session.header.session, session.run->page_name(), elapsed_ms(session, now_s)});
}

void describe_machine(Session& session) {
  study::SessionHeader& header = session.header;
  const SessionMachine& machine = session.machine;
  header.version = machine.version;
  header.device = machine.device;
  header.clock = machine.clock;
  header.present_method = machine.present_method;
  header.refresh_hz = machine.refresh_hz;
  header.scale = machine.scale;
  header.image_scale = session.image_scale;
}

// Once the first trial of this run is on screen, at the scale and on the screen on which the others will be.
void complete_header(Session& session, engine::Requests& out) {
  if (session.header_is_whole || session.run->page() != study::RunPage::trial || session.image_scale == 0) return;
  session.header_is_whole = true;
  describe_machine(session);
  order(session, out, engine::PutSession{session.header, session.run->end()});
}

void begin(Session& session, const engine::ExperimentSnapshot& experiment, const engine::StoreSnapshot& store,
           engine::Requests& out, double now_s, std::int64_t unix_now_s) {
  const auto plan = study::plan_session(*experiment.experiment, experiment.name, experiment.hash, session.ask,
                                        store.sessions, unix_now_s);
  if (!plan) {
    session.refused = plan.error();
    return;
  }
  session.header = plan->header;
  session.resumed = plan->resumed;
  session.answers = static_cast<int>(std::ssize(plan->answered));
  session.texts = experiment.texts;
  session.instructions =
      study::instructions_for(session.texts, *experiment.experiment->condition(plan->header.condition));
  session.run.emplace(experiment.experiment, *plan, static_cast<int>(session.instructions.size()));
  session.clock_from_s = now_s - session.run->end().total_ms / 1000.0;
  describe_machine(session);
  order(session, out, engine::PutSession{session.header, session.run->end()});
  log_page(session, out, now_s);
}

base::Error not_now(const std::string& what, const std::string& why) {
  return {what, why, "Wait for the page that asks for it"};
}

bool is_stored(const engine::Snapshots& in, int number) {
  return in.store && in.store->done >= number;
}

}  // namespace

void follow_session(Session& session, const engine::Snapshots& in, engine::Requests& out, double now_s,
                    std::int64_t unix_now_s) {
  if (!session.opened) {
    session.opened = true;
    out.experiment = engine::ExperimentRequest{session.experiment_folder};
    order(session, out, engine::OpenStore{session.results_folder / engine::kStoreName});
  }
  const bool experiment_is_there = in.experiment && in.experiment->folder == session.experiment_folder;
  if (!session.run && !session.refused && experiment_is_there) {
    if (in.experiment->error)
      session.refused = in.experiment->error;
    else if (in.store && in.store->open)
      begin(session, *in.experiment, *in.store, out, now_s, unix_now_s);
  }
  if (!session.run) return;
  if (session.answer_order > 0 && is_stored(in, session.answer_order)) {
    session.answer_order = 0;
    session.run->acknowledge();
  }
  complete_header(session, out);
  if (session.leave_asked_s && now_s - *session.leave_asked_s > kLeaveWithin_s) session.leave_asked_s.reset();
}

void load_questions(Session& session, engine::Requests& out, int reference_side_px, int image_scale) {
  if (!session.run) return;
  engine::QuestionsRequest wanted;
  wanted.folder = session.experiment_folder;
  wanted.reference_side_px = std::max(1, reference_side_px);
  wanted.image_scale = std::max(1, image_scale);
  const study::RunPage page = session.run->page();
  if (page == study::RunPage::welcome || page == study::RunPage::instructions)
    if (auto example = session.run->example(); !example.base.empty()) wanted.questions.push_back(std::move(example));
  for (study::QuestionFiles& files : session.run->coming()) wanted.questions.push_back(std::move(files));
  const auto& asked = session.asked;
  if (asked && asked->questions == wanted.questions && asked->reference_side_px == wanted.reference_side_px &&
      asked->image_scale == wanted.image_scale)
    return;
  session.asked = wanted;
  out.questions = std::move(wanted);
}

base::Status answer_question(Session& session, engine::Requests& out, int button, study::Device device,
                             engine::Clock::time_point pressed, double now_s) {
  if (!may_answer(session)) return not_now("There is nothing to answer", "no question is on screen");
  const double rt_ms = std::max(0.0, std::chrono::duration<double, std::milli>(pressed - *session.shown).count());
  const study::Answer answer = session.run->answer(button, device, rt_ms, elapsed_ms(session, now_s));
  session.answer_order = order(session, out, engine::AddAnswer{answer, session.run->end()});
  session.answered_s = now_s;
  ++session.answers;
  return {};
}

base::Status go_on(Session& session, engine::Requests& out, double now_s) {
  if (!session.run || !session.run->may_go_on())
    return not_now("The session cannot go on", "this page is not done, or the answer not stored yet");
  const bool was_full_screen_page = session.run->page() == study::RunPage::full_screen;
  if (session.run->page() == study::RunPage::end) return {};
  session.run->go_on(elapsed_ms(session, now_s));
  session.shown.reset();
  session.stimulus_drawn = false;
  if (was_full_screen_page) session.wants_full_screen = true;
  log_page(session, out, now_s);
  if (session.run->page() == study::RunPage::end) {
    order(session, out, engine::PutEnd{session.header.session, session.run->end()});
    session.final_order = order(session, out, engine::ExportSession{session.header.session, session.results_folder});
  }
  return {};
}

base::Status go_back(Session& session) {
  if (!session.run || !session.run->may_go_back()) return not_now("There is no way back", "no page is before this one");
  session.run->go_back();
  return {};
}

base::Status set_intuitiveness(Session& session, int value) {
  if (!session.run || session.run->page() != study::RunPage::intuitiveness)
    return not_now("There is no slider", "it is not the page of the slider");
  session.run->set_intuitiveness(value);
  return {};
}

base::Status set_comment(Session& session, std::string comment) {
  if (!session.run || session.run->page() != study::RunPage::comment)
    return not_now("There is nothing to comment", "it is not the page for comments");
  session.run->set_comment(std::move(comment));
  return {};
}

void ask_to_leave(Session& session, engine::Requests& out, double now_s) {
  const bool again = session.leave_asked_s && now_s - *session.leave_asked_s <= kLeaveWithin_s;
  session.leave_asked_s = now_s;
  if (!again || session.wants_to_close) return;
  session.wants_to_close = true;
  if (!session.run || session.final_order > 0) return;
  order(session, out, engine::PutEnd{session.header.session, session.run->end()});
  if (session.answers > 0) order(session, out, engine::ExportSession{session.header.session, session.results_folder});
}

bool may_answer(const Session& session) {
  return session.run && session.run->accepts_answer() && session.shown;
}

bool may_go_on(const Session& session, const engine::Snapshots& in, double now_s) {
  if (!session.run || !session.run->may_go_on()) return false;
  if (in.store && in.store->error) return false;
  return session.run->page() != study::RunPage::trial || now_s >= session.answered_s + kAfterAnswer_s;
}

const study::QuestionPictures* present_pictures(const Session& session, const engine::Snapshots& in) {
  if (!session.asked || session.asked->questions.empty() || !in.questions) return nullptr;
  const study::QuestionFiles& wanted = session.asked->questions.front();
  // Those of another size are better than none, until these are there.
  const auto& loaded = in.questions->request.questions;
  for (std::size_t i = 0; i < loaded.size() && i < in.questions->pictures.size(); ++i)
    if (loaded[i] == wanted) return in.questions->pictures[i].get();
  return nullptr;
}

const base::Error* loading_error(const Session& session, const engine::Snapshots& in) {
  const bool failed = in.questions && in.questions->error && session.asked &&
                      in.questions->request.questions == session.asked->questions;
  return failed ? &*in.questions->error : nullptr;
}

bool is_over(const Session& session, const engine::Snapshots& in) {
  return session.final_order > 0 && is_stored(in, session.final_order);
}

std::optional<double> session_due_s(const Session& session, double now_s) {
  std::optional<double> due;
  const auto consider = [&](double at_s) {
    if (at_s > now_s && (!due || at_s < *due)) due = at_s;
  };
  consider(session.answered_s + kAfterAnswer_s);
  if (session.leave_asked_s) consider(*session.leave_asked_s + kLeaveWithin_s);
  return due;
}

std::string session_label(const Session& session) {
  std::string label(study::to_string(session.ask.mode));
  label += " · " + session.ask.participant;
  const std::string& task = session.header.task_name;
  if (const auto underscore = task.rfind('_'); underscore != std::string::npos)
    label += " · set " + task.substr(underscore + 1);
  return label;
}

void frame_was_presented(Workspace& workspace, engine::Clock::time_point presented) {
  if (!workspace.session || !workspace.session->stimulus_drawn || workspace.session->shown) return;
  workspace.session->shown = presented;
}

}  // namespace ui
