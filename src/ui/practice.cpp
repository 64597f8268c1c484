#include "ui/practice.h"

#include <algorithm>
#include <cmath>

#include "ui/choice.h"
#include "ui/sentences.h"
#include "ui/workspace.h"

namespace ui {
namespace {

base::Error refused(const std::string& what, const std::string& why, const std::string& what_to_do) {
  return {what, why, what_to_do};
}

bool same_truth(const core::Unit& a, const core::Unit& b) {
  return a.channel == b.channel && short_layer(a.layer) == short_layer(b.layer);
}

bool was_seen(const Practice& practice, const engine::PracticeQuestion& question) {
  return std::ranges::any_of(practice.seen, [&](const engine::PracticePicture& seen) {
    return same_truth(seen.unit, question.trial.unit) && seen.path == question.path;
  });
}

void mark_seen(Practice& practice, const engine::PracticePicture& picture) {
  if (practice.last_seen == picture) return;
  practice.last_seen = picture;
  if (std::ranges::find(practice.seen, picture) == practice.seen.end()) practice.seen.push_back(picture);
}

// The explorer shows what the square does to this unit on this picture.
void note_what_is_looked_at(Workspace& workspace, const engine::Snapshots& in) {
  if (!workspace.chosen.unit || workspace.chosen.picture.empty() || !in.picture || in.picture->error) return;
  Practice& practice = workspace.practice;
  const engine::PracticePicture looked_at{*workspace.chosen.unit, workspace.chosen.picture};
  mark_seen(practice, looked_at);
  if (practice.question && !practice.answer && same_truth(practice.question->trial.unit, looked_at.unit) &&
      practice.question->path == looked_at.path) {
    practice.looked_up = true;
  }
}

// What is to be asked for; nothing while there is no model, no ranked folder or no unit.
std::optional<engine::PracticeRequest> wanted_request(const Workspace& workspace, const engine::Snapshots& in) {
  const Practice& practice = workspace.practice;
  if (!in.model || in.model->error || !in.collection || in.collection->error) return std::nullopt;
  if (!in.scan || in.scan->error || !in.scan->done || in.scan->request.model != in.model) return std::nullopt;
  if (!in.scan->request.collection || in.scan->request.collection->folder != in.collection->folder) return std::nullopt;
  engine::PracticeRequest request;
  request.model = in.model;
  request.scan = in.scan;
  if (practice.units == PracticeUnits::this_unit) {
    if (!workspace.chosen.unit) return std::nullopt;
    request.unit = workspace.chosen.unit;
  }
  request.seed = practice.seed;
  request.number = practice.number;
  return request;
}

bool same_kind(const engine::PracticeRequest& a, const engine::PracticeRequest& b) {
  return a.model == b.model && a.scan == b.scan && a.unit == b.unit && a.size == b.size && a.seed == b.seed;
}

void drop_question(Practice& practice) {
  practice.question.reset();
  practice.answer.reset();
  practice.hunt.reset();
  practice.next_wanted = false;
}

void show_question(Practice& practice, std::shared_ptr<const engine::PracticeQuestion> question, double now_s) {
  drop_question(practice);
  practice.question = std::move(question);
  practice.shown_references = practice.references;
  practice.shown_s = now_s;
  practice.looked_up = false;
  ++practice.number;  // the next one is prepared while this one is looked at
}

void ask_hunt(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out,
              engine::Clock::time_point input_time) {
  Practice& practice = workspace.practice;
  if (!practice.hunt || practice.hunt->over || !practice.question) return;
  const study::Trial& trial = practice.question->trial;
  const engine::DragRequest wanted{
      in.model, practice.question->picture, trial.unit, practice.hunt->place, trial.fill, workspace.seed, input_time};
  std::optional<engine::DragRequest>& last = workspace.asked.drag;
  const bool same = last && last->model == wanted.model && last->picture == wanted.picture &&
                    last->unit == wanted.unit && last->occluder == wanted.occluder;
  if (same) return;
  last = wanted;
  out.drag = wanted;
}

template <class What>
void order(Practice& practice, engine::Requests& out, What what) {
  out.store.push_back({++practice.orders, std::move(what)});
}

study::SessionEnd end_of(const Practice& practice) {
  study::SessionEnd end;
  end.practice_rounds = 1;
  if (!practice.answers.empty()) end.total_ms = practice.answers.back().answer.time_elapsed_ms;
  return end;
}

// Every answer goes to the store's thread at once; what the store cannot take waits there, and is said once.
void keep_answers(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out, double now_s) {
  Practice& practice = workspace.practice;
  if (practice.results_file.empty()) return;
  if (practice.orders == 0) order(practice, out, engine::OpenStore{practice.results_file});
  if (practice.kept == 0 && !practice.answers.empty()) {
    practice.header.condition = practice.answers.front().answer.condition;
    order(practice, out, engine::PutSession{practice.header, {}});
  }
  for (; practice.kept < practice.answers.size(); ++practice.kept)
    order(practice, out, engine::AddAnswer{practice.answers[practice.kept].answer, end_of(practice)});
  if (!in.store) return;
  if (in.store->open && !practice.met_is_known) {
    practice.met_is_known = true;
    for (const study::Session& session : in.store->sessions)
      for (const study::Answer& answer : session.answers) practice.met_before.push_back(answer.unit);
  }
  if (in.store->error && !practice.store_told) {
    practice.store_told = true;
    Standing& standing = workspace.standing;
    standing.notice = "Answers are kept only until the window closes: " + in.store->error->sentence();
    standing.notice_is_error = true;
    standing.notice_until_s = now_s + 12.0;
  }
}

void take_hunted(Workspace& workspace, const engine::Snapshots& in) {
  Practice& practice = workspace.practice;
  if (!practice.hunt || practice.hunt->over || !in.drag || in.drag->error) return;
  if (in.drag->request.picture != practice.question->picture) return;
  Hunt& hunt = *practice.hunt;
  if (hunt.best && *hunt.best <= in.drag->activation) return;
  hunt.best = in.drag->activation;
  hunt.best_place = in.drag->request.occluder;
}

}  // namespace

const study::Condition& condition_of(PracticeReferences references) {
  static const study::Condition conditions[kPracticeReferences] = {
      {"natural", "natural_9_references", 9}, {"none", "no_references", 0}, {"live", "live_visualization", 1}};
  return conditions[static_cast<std::size_t>(references)];
}

bool next_is_ready(const Workspace& workspace, const engine::Snapshots& in) {
  const Practice& practice = workspace.practice;
  if (!in.practice || !in.practice->question || !practice.asked) return false;
  const engine::PracticeQuestion& question = *in.practice->question;
  return same_kind(in.practice->request, *practice.asked) && question.number == practice.number &&
         (question.truth_seen || !was_seen(practice, question));
}

base::Status next_question(Workspace& workspace) {
  Practice& practice = workspace.practice;
  if (practice.question && !practice.answer) {
    return refused("The next question waits", "this one has no answer yet", "Press s d f or j k l.");
  }
  practice.next_wanted = true;
  return {};
}

base::Status answer_question(Workspace& workspace, int button, study::Device device, double now_s) {
  Practice& practice = workspace.practice;
  if (!practice.question) return refused("There is nothing to answer", "no question is shown", "Wait for it.");
  if (practice.answer) return refused("The answer stands", "a question is answered once", "Press Enter for the next.");
  const engine::PracticeQuestion& question = *practice.question;
  study::Answer answer =
      study::answer_to(question.trial, condition_of(practice.shown_references), "", question.switched_queries, button);
  if (practice.began_s < 0) practice.began_s = practice.shown_s;
  answer.session = practice.header.session;
  answer.participant = practice.header.participant;
  answer.mode = study::Mode::practice;
  answer.trial_index = static_cast<int>(practice.answers.size());
  answer.practice_round = 1;
  answer.is_demo = true;
  answer.truth_seen = question.truth_seen || practice.looked_up;
  answer.layer = short_layer(question.trial.unit.layer);
  answer.rt_ms = std::max(0.0, (now_s - practice.shown_s) * 1000.0);
  answer.time_elapsed_ms = std::max(0.0, (now_s - practice.began_s) * 1000.0);
  answer.device = device;
  practice.answers.push_back({question.trial, answer});
  practice.answer = std::move(answer);
  mark_seen(practice, {question.trial.unit, question.path});
  return {};
}

base::Status begin_hunt(Workspace& workspace) {
  Practice& practice = workspace.practice;
  if (!practice.question || !practice.answer) {
    return refused("There is nothing to search yet", "the question has no answer yet", "Answer it first.");
  }
  const core::Size picture = practice.question->pictures.base.size;
  const int side = practice.question->trial.min.place.side_px;
  practice.hunt = Hunt{{(picture.width_px - side) / 2, (picture.height_px - side) / 2, side}, std::nullopt, {}, false};
  return {};
}

void move_hunt(Workspace& workspace, int x_px, int y_px) {
  Practice& practice = workspace.practice;
  if (!practice.hunt || practice.hunt->over) return;
  core::Occluder& place = practice.hunt->place;
  place = core::clamp_inside({x_px, y_px, place.side_px}, practice.question->pictures.base.size);
}

base::Status end_hunt(Workspace& workspace) {
  Practice& practice = workspace.practice;
  if (!practice.hunt) return refused("Nothing is searched", "the search has not begun", "Begin it first.");
  practice.hunt->over = true;
  return {};
}

std::optional<float> hunted_value(const Workspace& workspace, const engine::Snapshots& in) {
  const Practice& practice = workspace.practice;
  if (!practice.hunt || !practice.question || !in.drag || in.drag->error) return std::nullopt;
  const engine::DragRequest& request = in.drag->request;
  if (request.picture != practice.question->picture || !(request.occluder == practice.hunt->place)) return std::nullopt;
  return in.drag->activation;
}

int rank_from_lowest(const core::OcclusionMap& map, float value) {
  const auto lower = std::ranges::count_if(map.values.values, [value](float other) { return other < value; });
  return static_cast<int>(lower) + 1;
}

base::Status export_answers(Workspace& workspace, engine::Requests& out, const std::filesystem::path& folder) {
  Practice& practice = workspace.practice;
  if (practice.kept == 0) {
    return refused("There are no answers to export", "none was kept in this session", "Answer a question first.");
  }
  order(practice, out, engine::ExportSession{practice.header.session, folder});
  return {};
}

void decide_practice(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out, double now_s,
                     engine::Clock::time_point input_time) {
  if (workspace.screen == Screen::explore) note_what_is_looked_at(workspace, in);
  if (workspace.screen != Screen::practice) return;
  keep_answers(workspace, in, out, now_s);
  Practice& practice = workspace.practice;
  std::optional<engine::PracticeRequest> wanted = wanted_request(workspace, in);
  const bool another_kind = practice.asked && (!wanted || !same_kind(*practice.asked, *wanted));
  if (another_kind) {
    drop_question(practice);
    practice.asked.reset();
  }
  if (!wanted) return;
  if ((!practice.question || practice.next_wanted) && next_is_ready(workspace, in)) {
    show_question(practice, in.practice->question, now_s);
    wanted->number = practice.number;
  }
  take_hunted(workspace, in);
  ask_hunt(workspace, in, out, input_time);
  const std::optional<engine::PracticeRequest>& last = practice.asked;
  if (last && last->number == wanted->number && last->seen.size() == practice.seen.size()) return;
  wanted->seen = practice.seen;
  practice.asked = wanted;
  out.practice = std::move(wanted);
}

}  // namespace ui
