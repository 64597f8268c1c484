// The panel that makes trials: settings left, what came of them right. Over the window, as the help is.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "ui/motion.h"
#include "ui/panels.h"
#include "ui/sentences.h"
#include "ui/widgets.h"

namespace ui {
namespace {

constexpr std::size_t kLongestPath = 512;

void space(float design_px) {
  ImGui::Dummy({0, px(design_px)});
}

// A line to write into, label left.
void text_field(const char* label, std::string& text) {
  ImGui::PushID(label);
  ImGui::AlignTextToFramePadding();
  ui::text(label, palette::kNormal);
  ImGui::SameLine(px(96), 0);
  char buffer[kLongestPath];
  std::snprintf(buffer, sizeof buffer, "%s", text.c_str());
  ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x);
  ImGui::PushStyleColor(ImGuiCol_FrameBg, colour(palette::kGround));
  if (ImGui::InputText("##text", buffer, sizeof buffer)) text = buffer;
  ImGui::PopStyleColor();
  ImGui::PopID();
}

template <class Value>
void chips(const std::vector<std::pair<const char*, Value>>& choices, Value& value) {
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (i > 0) flow(chip_width(choices[i].first));
    if (chip(choices[i].first, value == choices[i].second)) value = choices[i].second;
  }
}

void draw_settings(View& view) {
  TrialMaker& maker = view.workspace.maker;
  heading("units");
  chips<MakerUnits>(
      {{"Of each layer", MakerUnits::sampled}, {"This unit", MakerUnits::this_unit}, {"A list", MakerUnits::file}},
      maker.units);
  if (maker.units == MakerUnits::sampled) {
    auto count = static_cast<float>(maker.per_layer);
    if (slider("of each layer", "", count, {1, 8, 2, 1}, std::to_string(maker.per_layer)))
      maker.per_layer = static_cast<int>(std::lround(count));
  } else if (maker.units == MakerUnits::file) {
    text_field("units.csv", maker.units_file);
  } else {
    const auto& unit = view.workspace.chosen.unit;
    sentence(unit ? "The explorer's: *" + core::to_string(*unit) + "*."
                  : std::string("No unit is chosen in the explorer."));
  }
  space(8);
  heading("how much");
  chips<study::Tier>({{"quick", study::Tier::quick}, {"standard", study::Tier::standard}, {"full", study::Tier::full}},
                     maker.tier);
  sentence(maker.tier == study::Tier::quick      ? "One image set, without references and with natural ones."
           : maker.tier == study::Tier::standard ? "Five image sets; synthetic and mixed references too."
                                                 : "Ten image sets and all five conditions, as published.");
  space(8);
  heading("square");
  chips<double>({{"30 %", 0.3}, {"40 %", 0.4}, {"50 %", 0.5}}, maker.size);
  space(4);
  char shown[32];
  std::snprintf(shown, sizeof shown, "%.2f sd", static_cast<double>(maker.least_effect));
  slider("least effect", "", maker.least_effect, {0, 3, 0.1F, 0.05F}, shown);
  tooltip(
      "Trials whose two squares differ by less, in *standard deviations of the unit* over the pictures, are rejected "
      "and listed.");
  auto seed = static_cast<float>(maker.seed);
  if (slider("seed", "", seed, {0, 99, 0, 1}, std::to_string(maker.seed)))
    maker.seed = static_cast<int>(std::lround(seed));
  space(8);
  heading("where");
  text_field("folder", maker.folder);
  if (view.in.collection && !view.in.collection->error) {
    sentence("Of *" + thousands(static_cast<long long>(view.in.collection->pictures.size())) + "* " +
             view.in.collection->name + ".");
  }
}

void act(View& view, const base::Status& status) {
  if (!status) notify(view.workspace, status.error().sentence(), true, view.frame.now_s);
}

void draw_buttons(View& view) {
  Workspace& workspace = view.workspace;
  if (is_making(workspace, view.in)) {
    if (chip("Cancel", false)) cancel_making(workspace, view.out);
    tooltip("What is finished stays in the folder: *Make* goes on from there.");
  } else {
    if (chip("Make", true)) act(view, begin_making(workspace, view.in, view.out, false));
    tooltip("Also goes on with what was interrupted in that folder.");
    ImGui::SameLine(0, px(6));
    if (button("Estimate")) act(view, begin_making(workspace, view.in, view.out, true));
    tooltip("How long it would take; nothing is made.");
  }
  ImGui::SameLine(0, px(10));
  if (quiet_button("copy as command")) copy(workspace, making_command(workspace, view.in), view.frame.now_s);
}

void draw_bar(float share) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(at, {at.x + width, at.y + px(3)}, colour(palette::kTrack), px(1.5F));
  list->AddRectFilled(at, {at.x + width * std::clamp(share, 0.0F, 1.0F), at.y + px(3)}, colour(palette::kAccent),
                      px(1.5F));
  space(10);
}

std::string value_words(const study::Trial& trial, TrialOrder order) {
  const auto ease = ease_of(trial, order);
  if (!ease) return "–";
  return number(static_cast<float>(*ease)) + (order == TrialOrder::effect  ? " sd"
                                              : order == TrialOrder::apart ? " px"
                                                                           : "");
}

void draw_trials(View& view, const study::Experiment& experiment) {
  TrialMaker& maker = view.workspace.maker;
  for (const std::string& remark : experiment.remarks) sentence(remark);
  space(4);
  chips<TrialOrder>({{"effect", TrialOrder::effect},
                     {"relative difference", TrialOrder::relative_difference},
                     {"squares apart", TrialOrder::apart}},
                    maker.order);
  flow(chip_width("hardest first"));
  if (button(maker.hardest_first ? "hardest first" : "easiest first")) maker.hardest_first = !maker.hardest_first;
  space(2);
  const float foot = px(70);
  if (ImGui::BeginChild("trials", {0, std::max(px(60), ImGui::GetContentRegionAvail().y - foot)})) {
    const std::vector<const study::Trial*> trials = in_order(experiment, maker.order, maker.hardest_first);
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(trials.size()));
    while (clipper.Step()) {
      for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
        const study::Trial& trial = *trials[static_cast<std::size_t>(i)];
        ImGui::PushID(i);
        const std::string note = std::string(study::to_string(trial.role)) + " · " + value_words(trial, maker.order);
        list_row(core::to_string(trial.unit) + " · " + trial.picture, note, false);
        ImGui::PopID();
      }
    }
  }
  ImGui::EndChild();
  space(4);
  text_field("participant", maker.participant);
  if (chip("Copy the command of a pilot", true)) copy(view.workspace, pilot_command(maker), view.frame.now_s);
  tooltip("A pilot has the whole screen and a window of its own: *" + pilot_command(maker) + "*");
}

void draw_result(View& view) {
  heading("what came of it");
  const engine::MakeTrialsSnapshot* answer = making_answer(view.workspace, view.in);
  if (answer == nullptr) {
    sentence(is_making(view.workspace, view.in)
                 ? "Beginning…"
                 : "Choose units and a folder, then *Make*: the pictures are ranked for every unit, every place of the "
                   "square "
                   "is measured, and the trials appear here with how hard they will be.");
    return;
  }
  sentence(making_words(*answer), answer->error ? palette::kWrong : palette::kNormal);
  space(4);
  if (!answer->done && !answer->error && answer->trials > 0) {
    draw_bar(static_cast<float>(answer->trials_done) / static_cast<float>(answer->trials));
  }
  if (answer->done && answer->experiment) draw_trials(view, *answer->experiment);
}

}  // namespace

void draw_make_trials(View& view) {
  TrialMaker& maker = view.workspace.maker;
  if (!maker.open) return;
  const ImVec2 window = ImGui::GetIO().DisplaySize;
  const float width = std::min(px(860), window.x - px(48)), height = std::min(px(580), window.y - px(96));
  ImGui::SetNextWindowPos({std::floor((window.x - width) / 2), std::floor((window.y - height) / 2)});
  ImGui::SetNextWindowSize({width, height});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {px(24), px(20)});
  const ImGuiWindowFlags flags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                 ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoDocking;
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, px(1));
  if (ImGui::Begin("##make trials", nullptr, flags)) {
    {
      const ScopedFont font(fonts().strong, 16);
      ui::text("Make trials", palette::kStrong);
    }
    ImGui::SameLine(0, 0);
    ImGui::SetCursorPosX(width - px(24) - text_width("close") - px(4));
    if (quiet_button("close")) maker.open = false;
    sentence(
        "An experiment of units of this model and pictures of the open folder, ready for pilots and the published web "
        "page.");
    space(8);
    const float left = std::floor((width - px(48)) * 0.42F);
    if (ImGui::BeginChild("settings", {left, 0})) {
      draw_settings(view);
      space(10);
      draw_buttons(view);
    }
    ImGui::EndChild();
    ImGui::SameLine(0, px(28));
    if (ImGui::BeginChild("result", {0, 0})) draw_result(view);
    ImGui::EndChild();
  }
  ImGui::End();
  ImGui::PopStyleVar(2);
}

}  // namespace ui
