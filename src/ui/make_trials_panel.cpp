// The panel that makes trials: settings left, what came of them right. Over the window, as the help is. While it is
// open Tab, the arrows and Space walk through it (ui/window.cpp switches that on).
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "ui/panels.h"
#include "ui/sentences.h"
#include "ui/widgets.h"

namespace ui {
namespace {

constexpr std::size_t kLongestText = 512;

void space(float design_px) {
  ImGui::Dummy({0, px(design_px)});
}

// A line to write into, label left.
void text_field(const char* label, std::string& text, const char* meaning) {
  ImGui::PushID(label);
  ImGui::AlignTextToFramePadding();
  ui::text(label, palette::kNormal);
  ImGui::SameLine(px(92), 0);
  char buffer[kLongestText];
  std::snprintf(buffer, sizeof buffer, "%s", text.c_str());
  ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x);
  ImGui::PushStyleColor(ImGuiCol_FrameBg, colour(palette::kGround));
  ImGui::PushStyleColor(ImGuiCol_Border, colour(palette::kTrack));
  ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, px(1));
  ImGui::PushStyleVar(ImGuiStyleVar_FrameRounding, px(4));
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {px(8), px(4)});
  if (ImGui::InputText("##text", buffer, sizeof buffer)) text = buffer;
  ImGui::PopStyleVar(3);
  ImGui::PopStyleColor(2);
  tooltip(meaning);
  ImGui::PopID();
}

template <class Value>
void chips(const std::vector<std::pair<const char*, Value>>& choices, Value& value) {
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (i > 0) flow(chip_width(choices[i].first));
    if (option(choices[i].first, value == choices[i].second)) value = choices[i].second;
  }
}

void draw_units(View& view) {
  TrialMaker& maker = view.workspace.maker;
  heading("units");
  chips<MakerUnits>(
      {{"Of each layer", MakerUnits::sampled}, {"This unit", MakerUnits::this_unit}, {"A list", MakerUnits::file}},
      maker.units);
  space(2);
  if (maker.units == MakerUnits::sampled) {
    chips<int>({{"1", 1}, {"2", 2}, {"4", 4}, {"8", 8}}, maker.per_layer);
    ImGui::SameLine(0, px(8));
    ImGui::AlignTextToFramePadding();
    ui::text("of each layer, drawn by the seed", palette::kLabel);
  } else if (maker.units == MakerUnits::file) {
    text_field("units.csv", maker.units_file, "A CSV with a column *unit*, or the study's own columns.");
  } else {
    const auto& unit = view.workspace.chosen.unit;
    sentence(unit ? "The explorer's: *" + core::to_string(*unit) + "*."
                  : std::string("No unit is chosen in the explorer."));
  }
}

void draw_settings(View& view) {
  TrialMaker& maker = view.workspace.maker;
  draw_units(view);
  space(6);
  heading("how much");
  chips<study::Tier>({{"quick", study::Tier::quick}, {"standard", study::Tier::standard}, {"full", study::Tier::full}},
                     maker.tier);
  sentence(maker.tier == study::Tier::quick      ? "One image set, without references and with natural ones."
           : maker.tier == study::Tier::standard ? "Five image sets; synthetic and mixed references too."
                                                 : "Ten image sets and all five conditions, as published.");
  space(6);
  heading("square");
  chips<double>({{"30 %", 0.3}, {"40 %", 0.4}, {"50 %", 0.5}}, maker.size);
  space(2);
  text_field("least effect", maker.least_effect,
             "Trials whose two squares differ by less, in *standard deviations of the unit* over the pictures, are "
             "rejected and listed.");
  space(6);
  heading("how and where");
  text_field("seed", maker.seed, "The same seed gives *the same bytes*.");
  text_field("folder", maker.folder, "Made if it is not there; one that was begun with the same settings *goes on*.");
  toggle("ask how intuitive the references were", "", maker.asks_intuitiveness);
  if (view.in.collection && !view.in.collection->error) {
    sentence("Of the *" + thousands(static_cast<long long>(view.in.collection->pictures.size())) + "* " +
             view.in.collection->name + " and " + (view.in.model && !view.in.model->error ? view.in.model->name : "") +
             ".");
  }
}

void act(View& view, const base::Status& status) {
  if (!status) notify(view.workspace, status.error().sentence(), true, view.frame.now_s);
}

// The time comes before the making: one asks, then begins.
void draw_buttons(View& view) {
  Workspace& workspace = view.workspace;
  if (is_making(workspace, view.in)) {
    if (chip("Cancel", false)) cancel_making(workspace, view.out);
    tooltip("What is finished stays in the folder: *Make* goes on from there.");
  } else {
    const bool known = estimate_s(workspace, view.in).has_value();
    const engine::MakeTrialsSnapshot* answer = making_answer(workspace, view.in);
    const bool made = answer != nullptr && answer->experiment;  // then the pilot is what comes next
    if (chip("How long?", !known && !made)) act(view, begin_making(workspace, view.in, view.out, true));
    tooltip("Measures a few positions and says how long it would take; nothing is made.");
    ImGui::SameLine(0, px(6));
    if (chip("Make", known)) act(view, begin_making(workspace, view.in, view.out, false));
    tooltip("Also goes on with what was interrupted in that folder.");
  }
  ImGui::SameLine(0, px(10));
  if (quiet_button("copy as command")) copy(workspace, making_command(workspace, view.in), view.frame.now_s);
  tooltip("The same from the command line, *byte for byte*.");
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

void draw_list(const study::Experiment& experiment, const TrialMaker& maker) {
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
  if (!experiment.rejected.empty()) {
    space(6);
    heading("rejected");
    for (const study::Rejected& trial : experiment.rejected) sentence("*" + trial.id + "*: " + trial.reason);
  }
  space(6);
  heading("remarks");
  for (const std::string& remark : experiment.remarks) sentence(remark);
}

void draw_pilot(View& view, const study::Experiment& experiment) {
  TrialMaker& maker = view.workspace.maker;
  heading("take it");
  std::vector<std::pair<const char*, std::string>> conditions;
  for (const study::Condition& condition : experiment.conditions)
    conditions.emplace_back(condition.name.c_str(), condition.name);
  chips<std::string>(conditions, maker.condition);
  space(2);
  const float half = std::floor((ImGui::GetContentRegionAvail().x - px(12)) / 2);
  const float high = ImGui::GetFontSize() + px(12);
  if (ImGui::BeginChild("who", {half, high})) text_field("participant", maker.participant, "In every row.");
  ImGui::EndChild();
  ImGui::SameLine(0, px(12));
  if (ImGui::BeginChild("group", {half, high})) text_field("group", maker.group, "Such as *expert* or *lay*.");
  ImGui::EndChild();
  space(2);
  if (chip("Take it as a pilot", !maker.pilot_runs)) act(view, take_pilot(view.workspace, view.in));
  tooltip("A pilot has a window of its own, over the whole screen. This one waits meanwhile.");
  ImGui::SameLine(0, px(10));
  if (quiet_button("copy as command##pilot")) copy(view.workspace, pilot_command(maker), view.frame.now_s);
}

void draw_trials(View& view, const study::Experiment& experiment) {
  TrialMaker& maker = view.workspace.maker;
  chips<TrialOrder>({{"effect", TrialOrder::effect},
                     {"relative difference", TrialOrder::relative_difference},
                     {"squares apart", TrialOrder::apart}},
                    maker.order);
  flow(text_width("hardest first"));
  if (quiet_button(maker.hardest_first ? "hardest first##order" : "easiest first##order"))
    maker.hardest_first = !maker.hardest_first;
  space(2);
  const float foot = 4 * (ImGui::GetFontSize() + px(12)) + px(56);
  if (ImGui::BeginChild("trials", {0, std::max(px(60), ImGui::GetContentRegionAvail().y - foot)}))
    draw_list(experiment, maker);
  ImGui::EndChild();
  space(6);
  draw_pilot(view, experiment);
}

void draw_result(View& view) {
  heading("what came of it");
  const engine::MakeTrialsSnapshot* answer = making_answer(view.workspace, view.in);
  if (answer == nullptr) {
    sentence(
        is_making(view.workspace, view.in)
            ? "Beginning…"
            : "Choose units and a folder. *How long?* says the time that it takes; *Make* begins: the pictures are "
              "ranked for every unit, every place of the square is measured, and the trials appear here with how "
              "hard they will be.");
    return;
  }
  sentence(making_words(*answer), answer->error ? palette::kWrong : palette::kNormal);
  space(4);
  if (!answer->done && !answer->error && answer->trials > 0) {
    draw_bar(static_cast<float>(answer->trials_done) / static_cast<float>(answer->trials));
  }
  if (answer->done && answer->experiment) draw_trials(view, *answer->experiment);
}

void draw_head(View& view, float width) {
  {
    const ScopedFont font(fonts().strong, 16);
    ui::text("Make trials", palette::kStrong);
  }
  ImGui::SameLine(0, 0);
  ImGui::SetCursorPosX(width - px(24) - text_width("close  Esc") - px(4));
  ImGui::PushItemFlag(ImGuiItemFlags_NoNav, true);  // so that the first Space chooses something
  if (quiet_button("close  Esc")) view.workspace.maker.open = false;
  ImGui::PopItemFlag();
  sentence(
      "An experiment of units of this model and pictures of the open folder, ready for pilots and for the "
      "published web page. Tab and the arrows move, Space chooses.");
  space(6);
}

}  // namespace

void draw_make_trials(View& view) {
  TrialMaker& maker = view.workspace.maker;
  if (!maker.open) return;
  const ImVec2 window = ImGui::GetIO().DisplaySize;
  const float width = std::min(px(900), window.x - px(32)), height = std::min(px(640), window.y - px(80));
  ImGui::SetNextWindowPos({std::floor((window.x - width) / 2), std::floor((window.y - height) / 2)});
  ImGui::SetNextWindowSize({width, height});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {px(24), px(20)});
  const ImGuiWindowFlags flags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                 ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoDocking |
                                 ImGuiWindowFlags_NoBackground;
  if (ImGui::Begin("##make trials", nullptr, flags)) {
    draw_backdrop(1.0F, px(34));  // the status line tells what cannot be done
    draw_head(view, width);
    const float left = std::floor((width - px(48)) * 0.42F);
    const ImGuiChildFlags child = ImGuiChildFlags_NavFlattened;  // the arrows go from one into the other
    ImGui::BeginGroup();
    const float foot = ImGui::GetFontSize() + px(27);  // the buttons stay in sight where the settings scroll
    if (ImGui::BeginChild("settings", {left, ImGui::GetContentRegionAvail().y - foot}, child)) draw_settings(view);
    ImGui::EndChild();
    space(4);
    draw_buttons(view);
    ImGui::EndGroup();
    ImGui::SameLine(0, px(28));
    if (ImGui::BeginChild("result", {0, 0}, child)) draw_result(view);
    ImGui::EndChild();
  }
  ImGui::End();
  ImGui::PopStyleVar();
}

}  // namespace ui
