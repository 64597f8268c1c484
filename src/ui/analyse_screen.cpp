#include "ui/analyse_screen.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "ui/practice_words.h"
#include "ui/sentences.h"
#include "ui/widgets.h"

namespace ui {
namespace {

constexpr float kTop = 44, kBottom = 40, kEdge = 16, kGapBetween = 12;
constexpr float kMenuWidth = 220, kTrialWidth = 300;

// A part of the screen with the look of the explorer's panels. Always call end_part().
bool begin_part(const char* id, float x, float width) {
  const float height = ImGui::GetWindowHeight() - px(kTop + kBottom);
  ImGui::SetCursorPos({x, px(kTop)});
  ImGui::PushStyleColor(ImGuiCol_ChildBg, colour(palette::kPanel));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {px(16), px(14)});
  ImGui::PushStyleVar(ImGuiStyleVar_ChildRounding, px(8));
  return ImGui::BeginChild(id, {width, height}, ImGuiChildFlags_AlwaysUseWindowPadding);
}
void end_part() {
  ImGui::EndChild();
  ImGui::PopStyleVar(2);
  ImGui::PopStyleColor();
}

void draw_menu(View& view) {
  Analysing& analysing = view.workspace.analysing;
  heading("answers");
  if (analysing.answers.empty()) {
    sentence("Drop a *folder of sessions* here, or write *analyse FOLDER* in the box above.");
  } else {
    text(fitted(analysing.answers.filename().empty() ? analysing.answers.parent_path().filename().string()
                                                     : analysing.answers.filename().string(),
                ImGui::GetContentRegionAvail().x),
         palette::kStrong);
    tooltip(analysing.answers.string());
    if (!analysing.columns.empty()) sentence("columns: " + analysing.columns.filename().string());
  }
  const auto& newest = view.in.analysis;
  if (newest && newest->request.number == analysing.number && !newest->error && !newest->analysis)
    sentence(newest->data
                 ? "Computing…"
                 : "Reading *" + std::to_string(newest->read) + "* of " + std::to_string(newest->total) + " files…");
  ImGui::Dummy({0, px(10)});
  heading("results");
  for (int i = 0; i < kAnalysisPages; ++i) {
    const auto page = static_cast<AnalysisPage>(i);
    if (list_row(name_of(page), "", analysing.page == page)) analysing.page = page;
  }
  ImGui::Dummy({0, px(10)});
  heading("how");
  study::AnalysisOptions options = analysing.options;
  bool published = options.fidelity == study::Fidelity::as_published;
  if (toggle("as published", {}, published))
    options.fidelity = published ? study::Fidelity::as_published : study::Fidelity::as_intended;
  tooltip(
      "With the quirks of the published analysis: nobody is excluded for choosing one side only, and kappas are cut "
      "toward zero.");
  toggle("exclude by the rules", {}, options.exclude);
  tooltip("Off: everyone is kept, and who would be excluded is still listed.");
  set_analysis_options(view.workspace, options);
  ImGui::Dummy({0, px(10)});
  if (analysis_shown(view.in) && button("Export report")) {
    if (const auto asked = export_report(view.workspace, view.in, view.out, {}); !asked)
      notify(view.workspace, asked.error().sentence(), true, view.frame.now_s);
  }
  if (analysis_shown(view.in)) tooltip("One page, tables and plots, in a folder beside the answers.");
}

void draw_picture(View& view, const core::Image& image, const std::string& words, float side) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  if (!image.empty())
    ImGui::GetWindowDrawList()->AddImageRounded(enlarged(view.textures, image, side), at, {at.x + side, at.y + side},
                                                {0, 0}, {1, 1}, IM_COL32_WHITE, px(3));
  else
    ImGui::GetWindowDrawList()->AddRectFilled(at, {at.x + side, at.y + side}, colour(palette::kControl), px(3));
  ImGui::Dummy({side, side});
  sentence(words);
}

void draw_trial_numbers(const study::Trial& trial, const study::Analysis& analysis, const AnalysedTrial& chosen) {
  for (const study::Difficulty difficulty : study::kDifficulties) {
    std::string name(study::key_of(difficulty));
    std::replace(name.begin(), name.end(), '_', ' ');
    const auto value = study::value_of(difficulty, trial);
    char number_text[32];
    std::snprintf(number_text, sizeof number_text, "%.3f", value.value_or(0.0));
    text(name, palette::kLabel);
    ImGui::SameLine();
    text_right(value ? number_text : "–");
  }
  ImGui::Dummy({0, px(8)});
  for (const study::TrialPoint& point : analysis.points) {
    if (point.experiment != chosen.experiment || point.trial_id != chosen.id) continue;
    text(fitted(analysis.series[static_cast<std::size_t>(point.series)].label, px(190)));
    ImGui::SameLine();
    text_right(std::to_string(point.correct) + " of " + std::to_string(point.answers) + " right", palette::kStrong);
  }
}

void draw_trial(View& view, const engine::AnalysisSnapshot& shown) {
  Analysing& analysing = view.workspace.analysing;
  const AnalysedTrial chosen = *analysing.trial;
  const study::Trial* trial = chosen.experiment < shown.data->experiments.size()
                                  ? shown.data->experiments[chosen.experiment]->experiment.find(chosen.id)
                                  : nullptr;
  if (trial == nullptr) return;
  text(fitted(chosen.id, ImGui::GetContentRegionAvail().x - px(30)), palette::kStrong);
  ImGui::SameLine(ImGui::GetContentRegionAvail().x - px(12));
  if (quiet_button("×")) analysing.trial.reset();
  sentence("*" + core::to_string(trial->unit) + "*, image set " + std::to_string(trial->batch) +
           (trial->picture.empty() ? "" : ", " + trial->picture));
  ImGui::Dummy({0, px(6)});
  const float width = ImGui::GetContentRegionAvail().x;
  const float half = std::floor((width - px(8)) / 2);
  const core::Range among = values_of(*trial);
  const auto& pictures = view.in.analysed_trial;
  const bool theirs = pictures && !pictures->request.questions.empty() &&
                      pictures->request.questions.front().base == trial->base_file &&
                      pictures->request.folder == shown.data->experiments[chosen.experiment]->folder;
  if (theirs && pictures->error) {
    sentence("The pictures of this trial cannot be shown: " + pictures->error->sentence(), palette::kWrong);
  } else if (theirs && pictures->pictures.front()) {
    const study::QuestionPictures& loaded = *pictures->pictures.front();
    draw_picture(view, loaded.base,
                 "base, activation *" + number(static_cast<float>(trial->base_activation), among) + "*", half);
    ImGui::BeginGroup();
    draw_picture(view, loaded.left, "lower: *" + number(among.low, among) + "*", half);
    ImGui::EndGroup();
    ImGui::SameLine(0, px(8));
    ImGui::BeginGroup();
    draw_picture(view, loaded.right, "higher: *" + number(among.high, among) + "*", half);
    ImGui::EndGroup();
  } else {
    sentence("Loading its pictures…");
  }
  ImGui::Dummy({0, px(8)});
  draw_trial_numbers(*trial, *shown.analysis, chosen);
}

void draw_page(View& view, const engine::AnalysisSnapshot& shown) {
  switch (view.workspace.analysing.page) {
    case AnalysisPage::accuracy:
      draw_accuracy_page(view, *shown.analysis);
      break;
    case AnalysisPage::parts:
      draw_parts_page(view, *shown.analysis);
      break;
    case AnalysisPage::trials:
      draw_trials_page(view, *shown.analysis, *shown.data);
      break;
    case AnalysisPage::confidence:
      draw_confidence_page(view, *shown.analysis);
      break;
    case AnalysisPage::agreement:
      draw_agreement_page(view, *shown.analysis);
      break;
    case AnalysisPage::exclusions:
      draw_exclusions_page(view, *shown.analysis, *shown.data);
      break;
  }
  ImGui::Dummy({0, px(10)});
  sentence(shown.analysis->footnote);
}

// Of a report that was written since the last frame.
void take_report_notice(View& view) {
  Analysing& analysing = view.workspace.analysing;
  const auto& report = view.in.report;
  if (!report || report->number != analysing.reports || analysing.report_told == analysing.reports) return;
  analysing.report_told = analysing.reports;
  if (report->error)
    notify(view.workspace, report->error->sentence(), true, view.frame.now_s);
  else
    notify(view.workspace,
           "Wrote " + report->page.string() + " and " + std::to_string(report->files - 1) + " tables and plots", false,
           view.frame.now_s);
}

State state_of(const Analysing& analysing, const engine::Snapshots& in) {
  const auto& newest = in.analysis;
  if (newest && newest->error && newest->request.number == analysing.number)
    return {Readiness::failed, newest->error->sentence()};
  if (analysing.number > 0 && !analysis_shown(in)) return {Readiness::working, "reading the answers"};
  return {Readiness::nothing, "Drop a folder of sessions here to see how often each condition was answered right."};
}

}  // namespace

void draw_analyse(View& view) {
  take_report_notice(view);
  const Analysing& analysing = view.workspace.analysing;
  const auto shown = analysis_shown(view.in);
  const float width = ImGui::GetWindowWidth();
  if (begin_part("menu", px(kEdge), px(kMenuWidth))) draw_menu(view);
  end_part();

  const bool with_trial = shown && analysing.trial && analysing.page == AnalysisPage::trials;
  const float left = px(kEdge + kMenuWidth + kGapBetween);
  const float right = width - px(kEdge) - (with_trial ? px(kTrialWidth + kGapBetween) : 0.0F);
  if (begin_part("page", left, right - left)) {
    if (shown)
      draw_page(view, *shown);
    else
      draw_state(content_rect(), state_of(analysing, view.in));
  }
  end_part();
  if (!with_trial) return;
  if (begin_part("trial", right + px(kGapBetween), px(kTrialWidth))) draw_trial(view, *shown);
  end_part();
}

}  // namespace ui
