// A session on screen (protocol 1.10): white on grey as published, the mode on every page, nothing that leads away.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>

#include "ui/session_parts.h"
#include "ui/theme.h"
#include "ui/widgets.h"

namespace ui {
namespace {

constexpr float kLeastWidth = 940, kLeastHeight = 600;  // design pixels, as published
constexpr float kTopLine = 24;
constexpr std::uint32_t kInk = 0xffffff;

ImVec2 window_size() {
  return ImGui::GetIO().DisplaySize;
}

bool enter_pressed() {
  return ImGui::IsKeyPressed(ImGuiKey_Enter, false) || ImGui::IsKeyPressed(ImGuiKey_KeypadEnter, false);
}

std::int64_t unix_now_s() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

void draw_sentence_page(std::string_view words) {
  const core::Rect page = session_place();
  const core::Rect middle{{page.min.x + px(60), page.min.y + page.height() * 0.36F}, {page.max.x - px(60), page.max.y}};
  draw_centred(ImGui::GetWindowDrawList(), middle, words, 17, kInk);
}

void draw_top_line(const Session& session) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ScopedFont font(fonts().text, 12);
  const std::string label = session_label(session);
  list->AddText({px(14), px(5)}, colour(kInk, 0.8F), label.c_str());
  if (!session.run) return;
  const float width = px(220), height = px(6);
  const ImVec2 at(std::floor((window_size().x - width) / 2), px(9));
  const auto done = static_cast<float>(session.run->progress());
  list->AddRectFilled(at, {at.x + width, at.y + height}, colour(0x000000, 0.35F), height / 2);
  if (done > 0.0F)
    list->AddRectFilled(at, {at.x + std::max(height, done * width), at.y + height}, colour(kInk, 0.85F), height / 2);
}

// The page before the first: what is waited for, or why the session cannot begin.
void draw_opening(View& view, Session& session) {
  const bool store_fails = view.in.store && view.in.store->error;
  std::string words = "The experiment is being opened …";
  if (session.refused) words = session.refused->sentence() + "\nThe *Enter* key closes this window.";
  if (!session.refused && store_fails)
    words = view.in.store->error->sentence() + "\nThe *F5* key tries again, the *Enter* key closes this window.";
  draw_sentence_page(words);
  if (!session.refused && store_fails && ImGui::IsKeyPressed(ImGuiKey_F5, false)) view.out.retry_store = true;
  if ((session.refused || store_fails) && enter_pressed()) session.wants_to_close = true;
}

// A sentence at the lower edge, over everything; returns where a button may stand beside it.
core::Rect draw_notice(std::string_view words) {
  ImDrawList* list = ImGui::GetForegroundDrawList();
  const float width = std::min(window_size().x - px(40), px(860));
  const float x = (window_size().x - width) / 2;
  const core::Rect text{{x + px(16), 0}, {x + width - px(150), 0}};
  const float height = draw_centred(nullptr, text, words, 15, kInk) + px(20);
  const float y = window_size().y - height - px(12);
  list->AddRectFilled({x, y}, {x + width, y + height}, colour(0x1c1c1c), px(6));
  draw_centred(list, {{text.min.x, y + px(10)}, {text.max.x, y + height}}, words, 15, kInk);
  return {{x + width - px(134), y + (height - px(34)) / 2}, {x + width - px(14), y + (height + px(34)) / 2}};
}

// The answer is in memory; the person can try again and lose nothing.
void draw_store_error(View& view) {
  if (!view.workspace.session->run || !view.in.store || !view.in.store->error) return;
  const core::Rect place = draw_notice(view.in.store->error->sentence() + " Nothing is lost: try again (F5).");
  // Over the notice, so in a window of its own.
  ImGui::SetNextWindowPos({place.min.x, place.min.y});
  ImGui::SetNextWindowSize({place.width(), place.height()});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  ImGui::Begin("##try again", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoDocking |
                   ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoNav);
  const bool used = ImGui::InvisibleButton("try again", {place.width(), place.height()});
  ImGui::End();
  ImGui::PopStyleVar();
  ImDrawList* list = ImGui::GetForegroundDrawList();
  list->AddRectFilled({place.min.x, place.min.y}, {place.max.x, place.max.y}, colour(published_colours().button),
                      px(4));
  draw_centred(list, {{place.min.x, place.min.y + px(7)}, place.max}, "Try again", 15, published_colours().button_text);
  if (used || ImGui::IsKeyPressed(ImGuiKey_F5, false)) view.out.retry_store = true;
}

void draw_leave(View& view, Session& session) {
  const ImGuiIO& io = ImGui::GetIO();
  if (io.KeyCtrl && io.KeyShift && ImGui::IsKeyPressed(ImGuiKey_Q, false))
    ask_to_leave(session, view.out, view.frame.now_s);
  if (session.leave_asked_s && !session.wants_to_close)
    draw_notice("Press *Ctrl + Shift + Q* once more to leave. What was answered is kept.");
}

// The question line says after an answer in practice whether it was right; elsewhere it stays the question.
std::string_view question_words(const View& view, const Session& session) {
  const std::optional<bool> right = session.run->feedback();
  if (!right || view.frame.now_s < session.answered_s + kAfterAnswer_s) return session.texts.question;
  return *right ? session.texts.right : session.texts.wrong;
}

// True when Continue was pressed.
bool draw_trial(View& view, Session& session) {
  const study::QuestionPictures* pictures = present_pictures(session, view.in);
  const QuestionLayout layout = lay_out_question(session_question_space(session));
  if (layout.side <= 0.0F) {
    draw_sentence_page("This window is too small for pictures of " + std::to_string(session.picture.width_px) +
                       " pixels. Make it larger to go on.");
    return false;
  }
  if (pictures == nullptr) {
    const base::Error* error = loading_error(session, view.in);
    if (error != nullptr) draw_sentence_page(error->sentence());
    return false;
  }
  session.image_scale = layout.image_scale;
  QuestionView question;
  question.pictures = pictures;
  question.references_title = session.texts.references_title;
  question.base_title = study::base_title_for(session.texts, session.run->condition());
  question.question = question_words(view, session);
  question.more_confident = session.texts.more_confident;
  question.colours = &published_colours();
  question.chosen = session.run->chosen();
  question.answerable = may_answer(session);
  session.stimulus_drawn = true;
  if (const auto answer = draw_question(view.textures, layout, question))
    static_cast<void>(answer_question(session, view.out, answer->button,
                                      answer->by_key ? study::Device::keyboard : study::Device::mouse,
                                      view.frame.press_time, view.frame.now_s));
  if (!may_go_on(session, view.in, view.frame.now_s)) return false;
  const float width = px(120), x = (layout.foot.min.x + layout.foot.max.x - width) / 2;
  const float height = std::min(layout.foot.height(), px(34));
  return page_button({{x, layout.foot.min.y}, {x + width, layout.foot.min.y + height}}, session.texts.go_on.c_str());
}

// The size of the pictures themselves, without the repeated pixels.
void learn_picture_size(const View& view, Session& session) {
  const study::QuestionPictures* pictures = present_pictures(session, view.in);
  if (pictures == nullptr || pictures->base.empty()) return;
  const int repeated = std::max(1, view.in.questions->request.image_scale);
  session.picture = {pictures->base.size.width_px / repeated, pictures->base.size.height_px / repeated};
}

void draw_run(View& view, Session& session) {
  learn_picture_size(view, session);
  const bool is_trial = session.run->page() == study::RunPage::trial;
  const bool is_comment = session.run->page() == study::RunPage::comment;
  const bool pressed = is_trial ? draw_trial(view, session) : draw_page(view, session);
  // While a comment is typed, Enter begins a new line.
  const bool entered = enter_pressed() && (!is_comment || ImGui::GetIO().KeyCtrl || !ImGui::GetIO().WantTextInput);
  if (!is_trial && !is_comment && ImGui::IsKeyPressed(ImGuiKey_LeftArrow, false) && session.run->may_go_back())
    static_cast<void>(go_back(session));
  if (is_over(session, view.in)) {
    if (entered) session.wants_to_close = true;
  } else if (pressed || (entered && may_go_on(session, view.in, view.frame.now_s))) {
    static_cast<void>(go_on(session, view.out, view.frame.now_s));
  }
}

bool window_is_too_small() {
  return window_size().x < px(kLeastWidth) - 1 || window_size().y < px(kLeastHeight) - 1;
}

}  // namespace

core::Rect session_place() {
  const ImVec2 size = window_size();
  return {{px(14), px(kTopLine)}, {size.x - px(14), size.y - px(6)}};
}

QuestionSpace session_question_space(const Session& session) {
  QuestionSpace space;
  space.place = session_place();
  space.picture = session.picture;
  space.references = session.run ? session.run->condition().references : 0;
  space.scale = scale();
  space.framebuffer = std::max(0.1F, ImGui::GetIO().DisplayFramebufferScale.x);
  return space;
}

void draw_session(View& view) {
  Session& session = *view.workspace.session;
  const ImVec2 size = window_size();
  ImGui::GetBackgroundDrawList()->AddRectFilled({0, 0}, size, colour(kPublishedGround));
  follow_session(session, view.in, view.out, view.frame.now_s, unix_now_s());
  draw_top_line(session);
  if (session.refused || !session.run) {
    draw_opening(view, session);
  } else if (window_is_too_small()) {
    draw_sentence_page("This window is too small. Make it at least " + std::to_string(static_cast<int>(kLeastWidth)) +
                       " × " + std::to_string(static_cast<int>(kLeastHeight)) + " to go on.");
  } else {
    draw_run(view, session);
    const QuestionLayout layout = lay_out_question(session_question_space(session));
    load_questions(session, view.out, layout.reference_side_px, layout.image_scale);
  }
  draw_store_error(view);
  draw_leave(view, session);
  view.workspace.standing.wake_s = session_due_s(session, view.frame.now_s);
}

}  // namespace ui
