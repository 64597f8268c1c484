// Practice: the question of the study about a unit, and afterwards the truth. Left is what one may learn from, right is
// the question.
#include <algorithm>
#include <cmath>
#include <memory>

#include "ui/choice.h"
#include "ui/practice_parts.h"
#include "ui/practice_words.h"
#include "ui/sentences.h"
#include "ui/theme.h"
#include "ui/widgets.h"

namespace ui {
namespace {

ImVec2 vec(core::Point p) {
  return {p.x, p.y};
}

std::string title_words(const View& view) {
  const Practice& practice = view.workspace.practice;
  std::optional<core::Unit> unit = view.workspace.chosen.unit;
  if (practice.units == PracticeUnits::drawn) unit = view.in.practice ? view.in.practice->preparing : std::nullopt;
  if (practice.question) unit = practice.question->trial.unit;
  if (!unit) return "practice";
  std::string words = "practice · *" + spoken_name(view.in.model, *unit) + "*";
  const std::string described = view.in.model && view.in.model->describe ? view.in.model->describe(*unit) : "";
  if (!described.empty()) words += " = " + described;
  return words;
}

void draw_head(View& view, const PracticeLayout& layout, const study::PracticeScore& score) {
  const Practice& practice = view.workspace.practice;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const core::Rect& head = layout.head;
  const int trial = static_cast<int>(practice.answers.size()) + (practice.question && !practice.answer ? 1 : 0);
  const std::string words = score_words(score, std::max(1, trial));
  const float width = words_width(words);
  draw_words(list, {head.max.x - width, head.min.y}, words, palette::kLabel);
  ImGui::SetCursorScreenPos({head.max.x - width, head.min.y - px(2)});
  ImGui::Dummy({width, px(20)});
  tooltip(
      "Only trials whose truth was not seen count. *First time right* are first encounters with a unit: what comes "
      "after is learning.");
  list->PushClipRect(vec(head.min), {head.max.x - width - px(16), head.max.y}, true);
  draw_words(list, vec(head.min), title_words(view), palette::kLabel);
  list->PopClipRect();
}

bool choose(const char* label, bool chosen, const char* meaning) {
  const bool used = option(label, chosen);
  tooltip(meaning);
  ImGui::SameLine(0, px(6));
  return used;
}

// Left: what the next question is about and what one may learn from. Right: the rules' scores on the same trials.
void draw_choices(View& view, const PracticeLayout& layout, const study::PracticeScore& score) {
  Practice& practice = view.workspace.practice;
  const core::Rect& line = layout.choices;
  ImGui::SetCursorScreenPos({line.min.x, line.min.y + px(2)});
  const auto units = [&](const char* label, PracticeUnits which, const char* meaning) {
    if (choose(label, practice.units == which, meaning)) practice.units = which;
  };
  units("This unit", PracticeUnits::this_unit, "Questions about the *explorer's unit*.");
  units("Any unit", PracticeUnits::drawn, "Units are drawn from those whose best pictures *stand out*.");
  ImGui::SameLine(0, px(22));
  const auto references = [&](const char* label, PracticeReferences which, const char* meaning) {
    if (choose(label, practice.references == which, meaning)) practice.references = which;
  };
  references("Favourites", PracticeReferences::natural,
             "Learn from nine of the unit's *favourite pictures*. From the next question on.");
  references("Live", PracticeReferences::live,
             "Learn from the *visualization* that is running. From the next question on.");
  references("Nothing", PracticeReferences::none, "Only the question. From the next question on.");
  ImGui::SameLine(0, px(22));
  if (choose("Make trials…", view.workspace.maker.open, "An experiment of units and pictures, *for pilots* (t).")) {
    view.workspace.maker.open = true;
  }
  const float left = ImGui::GetCursorScreenPos().x + px(12);

  const ScopedFont font(fonts().text, kHeadingSize + 1);
  std::string words = rules_words(score) + " · " + published_words();
  const float y = line.min.y + px(8);
  while (words_width(words) > line.max.x - left && words.rfind(" · ") != std::string::npos)
    words.resize(words.rfind(" · "));
  if (words_width(words) > line.max.x - left) return;
  const float width = words_width(words);
  draw_words(ImGui::GetWindowDrawList(), {line.max.x - width, y}, words, palette::kLabel, palette::kNormal);
  ImGui::SetCursorScreenPos({line.max.x - width, y - px(3)});
  ImGui::Dummy({width, px(20)});
  tooltip(
      "*centre*: the square farther from the middle. *variance*: the one over less detail. *saliency*: the one over "
      "what catches the eye less. They know nothing of the unit, and answer the trials that you answered. People "
      "without references got 60 ± 3 % right *in the published study, of another model*.");
}

// The references as small as they are drawn, by our own antialiased resize; made once for pictures and size.
void make_small(Practice& practice, const std::shared_ptr<const void>& owner, const study::QuestionPictures& pictures,
                int side_px) {
  if (practice.small_of == owner && practice.small_side_px == side_px) return;
  practice.small_of = owner;
  practice.small_side_px = side_px;
  practice.small.clear();
  for (const core::Image& picture : pictures.references) {
    practice.small.push_back(picture.size.width_px > side_px ? core::resize(picture, {side_px, side_px}) : picture);
  }
}

void draw_live(View& view, const core::Rect& place, const core::Unit& unit) {
  const auto& answer = view.in.visualize[0];
  const bool current =
      answer && !answer->error && answer->visualization.spec.unit == unit && !answer->visualization.pictures.empty();
  if (!current) {
    ImGui::GetWindowDrawList()->AddRectFilled(vec(place.min), vec(place.max), colour(palette::kPanel), px(4));
    draw_state(place, answer && answer->error ? State{Readiness::failed, answer->error->sentence()}
                                              : State{Readiness::working, "first step…"});
    return;
  }
  const core::VisualizationSnapshot& shown = answer->visualization;
  const auto count = static_cast<int>(shown.pictures.size());
  const int columns = static_cast<int>(std::ceil(std::sqrt(static_cast<float>(count))));
  const float gap = px(8);
  const float side = std::floor((place.width() - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns));
  for (int i = 0; i < count; ++i) {
    const float x = place.min.x + static_cast<float>(i % columns) * (side + gap);
    const float y = place.min.y + static_cast<float>(i / columns) * (side + gap);
    ImGui::GetWindowDrawList()->AddImage(enlarged(view.textures, shown.pictures[static_cast<std::size_t>(i)], side),
                                         {x, y}, {x + side, y + side});
  }
  pill(ImGui::GetWindowDrawList(), {place.min.x + px(8), place.max.y - px(8)}, {0, 1},
       "*" + std::to_string(shown.step) + "* / " + std::to_string(shown.spec.steps));
}

std::string_view references_title(PracticeReferences references) {
  switch (references) {
    case PracticeReferences::natural:
      return "Favourite pictures of this unit";
    case PracticeReferences::live:
      return "What this unit looks for";
    case PracticeReferences::none:
      return "Nothing to learn from: guess";
  }
  return {};
}

QuestionView words_of(PracticeReferences references) {
  const bool natural = references == PracticeReferences::natural;
  QuestionView question;
  question.references_title = references_title(references);
  question.base_title = natural ? "Another favourite picture" : "A favourite picture";
  question.question = "Which of these leaves the unit more active?";
  question.more_confident = "more confident";
  question.colours = &window_colours();
  return question;
}

// The question itself. What is drawn here before the answer knows pictures and no truth.
void draw_the_question(View& view, const PracticeLayout& layout) {
  Workspace& workspace = view.workspace;
  Practice& practice = workspace.practice;
  make_small(practice, practice.question, practice.question->pictures, layout.question.reference_side_px);
  study::QuestionPictures shown = practice.question->pictures;
  shown.references.clear();
  if (practice.shown_references == PracticeReferences::natural) shown.references = practice.small;
  QuestionView question = words_of(practice.shown_references);
  question.pictures = &shown;
  if (practice.answer) question.chosen = practice.answer->button;
  // In small windows the buttons come where the hints were.
  if (practice.answer && layout.question.foot.min.y < layout.question.hints[0].max.y) question.more_confident = {};
  question.answerable =
      !practice.answer && !workspace.standing.help_open && !workspace.standing.search_open && !workspace.maker.open;
  const auto answered = draw_question(view.textures, layout.question, question);
  if (practice.shown_references == PracticeReferences::live) {
    draw_live(view, layout.references, practice.question->trial.unit);
  }
  if (!answered) return;
  const study::Device device = answered->by_key ? study::Device::keyboard : study::Device::mouse;
  const base::Status status = answer_question(workspace, answered->button, device, view.frame.now_s);
  if (!status) notify(workspace, status.error().sentence(), true, view.frame.now_s);
}

// While the first truth is measured: what one may learn from already, and how far it is.
void draw_coming(View& view, const PracticeLayout& layout, const State& state) {
  Practice& practice = view.workspace.practice;
  const engine::PracticeSnapshot& snapshot = *view.in.practice;
  make_small(practice, snapshot.coming, *snapshot.coming, layout.question.reference_side_px);
  study::QuestionPictures shown;
  shown.base = snapshot.coming->base;
  if (practice.references == PracticeReferences::natural) shown.references = practice.small;
  QuestionView question = words_of(practice.references);
  question.pictures = &shown;
  question.shown_to = QuestionPart::base;
  static_cast<void>(draw_question(view.textures, layout.question, question));
  if (practice.references == PracticeReferences::live && snapshot.preparing) {
    draw_live(view, layout.references, *snapshot.preparing);
  }
  const core::Rect place{{layout.question.left.min.x, layout.question.question.min.y},
                         {layout.question.right.max.x, layout.question.left.max.y}};
  draw_state(place, state);
  const float share = static_cast<float>(snapshot.tested) / static_cast<float>(std::max(1, snapshot.places));
  const float width = std::min(px(320), place.width()), x = std::floor((place.min.x + place.max.x - width) / 2);
  const float y = std::floor((place.min.y + place.max.y) / 2) + px(24);
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled({x, y}, {x + width, y + px(3)}, colour(palette::kTrack), px(1.5F));
  list->AddRectFilled({x, y}, {x + width * share, y + px(3)}, colour(palette::kAccent), px(1.5F));
}

void run(View& view, const base::Status& status) {
  if (!status) notify(view.workspace, status.error().sentence(), true, view.frame.now_s);
}

// The return key's sign, which few fonts have.
void draw_return_sign(ImVec2 at, ImU32 ink) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImVec2 corner[] = {{at.x + px(9), at.y - px(5)}, {at.x + px(9), at.y + px(2)}, {at.x, at.y + px(2)}};
  list->AddPolyline(corner, 3, ink, px(1.5F));
  list->AddTriangleFilled({at.x - px(3), at.y + px(2)}, {at.x + px(2), at.y - px(1.5F)},
                          {at.x + px(2), at.y + px(5.5F)}, ink);
}

bool draw_foot_button(const char* label, ImVec2 at, float width, bool accent, bool with_return) {
  ImGui::SetCursorScreenPos(at);
  const float height = px(32);
  const bool used = ImGui::InvisibleButton(label, {width, height});
  const bool hovered = ImGui::IsItemHovered();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const std::uint32_t fill = accent ? palette::kAccent : hovered ? palette::kControlHovered : palette::kControl;
  const std::uint32_t ink = accent ? palette::kOnAccent : hovered ? palette::kStrong : palette::kNormal;
  list->AddRectFilled(at, {at.x + width, at.y + height}, colour(fill), px(4));
  const float words = text_width(label) + (with_return ? px(22) : 0);
  const float x = at.x + std::floor((width - words) / 2);
  list->AddText({x, at.y + std::floor((height - ImGui::GetFontSize()) / 2)}, colour(ink), label);
  if (with_return) draw_return_sign({x + text_width(label) + px(13), at.y + height / 2}, colour(ink));
  return used;
}

// After the answer: search, or the next question.
void draw_foot(View& view, const PracticeLayout& layout) {
  Workspace& workspace = view.workspace;
  Practice& practice = workspace.practice;
  const core::Rect& foot = layout.question.foot;
  const bool hunting = practice.hunt && !practice.hunt->over;
  const char* search = hunting ? "Show the truth" : "Find the lowest place yourself";
  const State waiting = next_state(workspace, view.in);
  const bool ready = waiting.readiness == Readiness::ready;
  const float next_width = px(130), search_width = text_width(search) + px(28), gap = px(8);
  const bool narrow = foot.width() < next_width + search_width + gap;
  const float right = narrow ? foot.max.x + (next_width + search_width + gap - foot.width()) / 2 : foot.max.x;
  const float y = foot.min.y;
  if (draw_foot_button("Next", {right - next_width, y}, next_width, ready && !hunting, true))
    run(view, next_question(workspace));
  tooltip(ready ? "The next question (Enter)." : waiting.sentence);
  if (draw_foot_button(search, {right - next_width - gap - search_width, y}, search_width, hunting, false)) {
    run(view, hunting ? end_hunt(workspace) : begin_hunt(workspace));
  }
  tooltip(hunting ? "The map, the two squares and *how close you came* (m)."
                  : "Drag the square over the picture and see how close you get (m).");
  if (ready) return;
  const ScopedFont font(fonts().text, kHeadingSize + 1);
  const float width = right - next_width - search_width - 2 * gap - layout.question.base_title.min.x;
  if (width < px(120)) return;  // the tooltip says it
  draw_sentence(ImGui::GetWindowDrawList(), {layout.question.base_title.min.x, y + px(2)}, width, waiting.sentence,
                waiting.readiness == Readiness::failed ? palette::kWrong : palette::kLabel);
}

}  // namespace

void draw_practice(View& view) {
  Practice& practice = view.workspace.practice;
  const ImVec2 window = ImGui::GetIO().DisplaySize;
  const core::Size size{static_cast<int>(window.x), static_cast<int>(window.y)};
  const core::Size picture = practice.question ? practice.question->pictures.base.size : core::Size{224, 224};
  const PracticeLayout layout =
      practice_layout(size, scale(), std::max(1.0F, ImGui::GetIO().DisplayFramebufferScale.x), picture);
  const study::PracticeScore score = study::practice_score(practice.answers, practice.met_before);
  draw_head(view, layout, score);
  draw_choices(view, layout, score);
  const State state = practice_state(view.workspace, view.in);
  const core::Rect below = to_rect({layout.head.min.x, layout.choices.max.y}, {layout.head.max.x, window.y - px(40)});
  if (state.readiness != Readiness::ready) {
    const bool coming = state.readiness == Readiness::working && layout.question.side > 0.0F && view.in.practice &&
                        view.in.practice->coming && practice.asked &&
                        view.in.practice->request.unit == practice.asked->unit;
    return coming ? draw_coming(view, layout, state) : draw_state(below, state);
  }
  if (layout.question.side <= 0.0F) {
    return draw_state(below, {Readiness::nothing, "The window is too small for a question: make it larger."});
  }
  draw_the_question(view, layout);
  if (!practice.answer) return;
  draw_verdict(view, layout.question.verdict);
  draw_truth(view, layout);
  if (practice.hunt) draw_hunt(view, layout);
  draw_foot(view, layout);
}

}  // namespace ui
