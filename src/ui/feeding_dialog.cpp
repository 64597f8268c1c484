// The question that a model without a sidecar asks: how are pictures fed to it? Over everything, by mouse or keyboard:
// Tab goes from value to value, Enter opens the model, Esc leaves it closed.
#include <algorithm>
#include <cmath>
#include <span>

#include "ui/motion.h"
#include "ui/panels.h"
#include "ui/sentences.h"
#include "ui/widgets.h"

namespace ui {
namespace {

constexpr float kLabels = 112;  // design pixels
constexpr float kPreview = 200;

// What people call the presets.
std::string spoken(const std::string& preset) {
  if (preset == "lucid") return "Lucid";
  if (preset == "minus-one-one") return "[−1, 1]";
  if (preset == "zero-one") return "[0, 1]";
  return preset;
}

void label(const char* words, const char* meaning) {
  ImGui::AlignTextToFramePadding();
  text(words, palette::kLabel);
  tooltip(meaning);
  ImGui::SameLine(px(kLabels));
}

void draw_presets(View& view) {
  FeedingDialog& dialog = view.workspace.opening.dialog;
  label("preset", "Values as those who trained the network usually chose them.");
  bool first = true;
  for (const engine::FeedingPreset& preset : dialog.question->presets) {
    if (!first) ImGui::SameLine(0, px(6));
    first = false;
    engine::Feeding same = preset.feeding;
    same.labels_file = dialog.feeding.labels_file;
    if (option(spoken(preset.name).c_str(), dialog.feeding == same)) {
      if (auto used = use_feeding_preset(view.workspace, preset.name); !used) dialog.error = used.error().sentence();
    }
    tooltip("Values are " + preset.meaning + ".");
  }
}

void draw_values(engine::Feeding& feeding, int channels) {
  label("values",
        "What the network is given for black and for white, or what is subtracted from 0 … 1 and divided by.");
  if (option("range", !feeding.by_mean)) feeding.by_mean = false;
  ImGui::SameLine(0, px(6));
  if (option("mean and deviation", feeding.by_mean)) feeding.by_mean = true;
  const float field = (ImGui::GetContentRegionAvail().x - px(kLabels)) / 2 - px(24);
  if (feeding.by_mean) {
    const char* each = channels == 3 ? "one number, or one for each of red, green, blue" : "one number";
    label("mean", each);
    text_field("##mean", feeding.mean, 2 * field, "0.485, 0.456, 0.406");
    label("deviation", each);
    text_field("##deviation", feeding.deviation, 2 * field, "0.229, 0.224, 0.225");
    return;
  }
  label("black is", "What the network is given for a black pixel.");
  text_field("##lowest", feeding.lowest, field, "0");
  label("white is", "What the network is given for a white pixel.");
  text_field("##highest", feeding.highest, field, "1");
}

void draw_channels(engine::Feeding& feeding, int channels) {
  label("channels", "The order in which the network takes the colours of a pixel.");
  if (channels == 1) {
    option("grey", true);
    return;
  }
  constexpr std::pair<const char*, engine::ChannelOrder> kOrders[] = {{"RGB", engine::ChannelOrder::rgb},
                                                                      {"BGR", engine::ChannelOrder::bgr}};
  for (const auto& [name, order] : kOrders) {
    if (order != engine::ChannelOrder::rgb) ImGui::SameLine(0, px(6));
    if (option(name, feeding.channels == order)) feeding.channels = order;
  }
}

void draw_size(engine::Feeding& feeding, bool open) {
  label("shorter side",
        "Pictures are made smaller (bilinear, antialiased) until their shorter side has so many pixels …");
  text_field("##resize", feeding.resize_short_side_px, px(72), "256");
  ImGui::SameLine(0, px(8));
  text("px, then the middle", palette::kLabel);
  ImGui::SameLine(0, px(8));
  if (open) {
    text_field("##crop", feeding.crop_px, px(80), "224");
    tooltip("… and this much of the middle is fed: a side, or width × height.");
  } else {
    text(feeding.crop_px, palette::kStrong);
    tooltip("… and this much of the middle is fed: the file says so.");
  }
  ImGui::SameLine(0, px(8));
  text("px", palette::kLabel);
}

void draw_preview(View& view, ImVec2 at) {
  const FeedingDialog& dialog = view.workspace.opening.dialog;
  const auto& preview = view.in.feeding_preview;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float side = px(kPreview);
  const core::Rect place = to_rect(at, {at.x + side, at.y + side});
  list->AddRectFilled(at, {at.x + side, at.y + side}, colour(palette::kGround), px(6));
  if (!preview || preview->error || preview->image.empty() || !dialog.preview) {
    draw_state(place, {Readiness::nothing, view.workspace.chosen.picture.empty() ? "No picture is open to try it on."
                                                                                 : "What a picture becomes."});
    return;
  }
  const core::Rect shown = core::fit(preview->image.size, place);
  const int light = dialog.fed ? 255 : 120;
  list->AddImageRounded(enlarged(view.textures, preview->seen(), shown.width()), {shown.min.x, shown.min.y},
                        {shown.max.x, shown.max.y}, {0, 0}, {1, 1}, IM_COL32(light, light, light, 255), px(6));
  if (!dialog.fed) return;
  const core::Size crop = dialog.fed->framing.crop;
  const std::string words = "*" + std::to_string(crop.width_px) + "×" + std::to_string(crop.height_px) + "* px" +
                            (dialog.fed->grey ? ", grey" : "") + "\n" + number(dialog.fed->lowest) + " … " +
                            number(dialog.fed->highest);
  pill(list, {at.x + px(8), at.y + side - px(8)}, {0, 1}, words);
}

void draw_form(View& view) {
  FeedingDialog& dialog = view.workspace.opening.dialog;
  const engine::FeedingQuestion& question = *dialog.question;
  draw_presets(view);
  draw_values(dialog.feeding, question.channels);
  draw_channels(dialog.feeding, question.channels);
  draw_size(dialog.feeding, question.size_is_open);
  label("labels", "A text file with the name of a class in each line; without it classes have numbers.");
  text_field("##labels", dialog.feeding.labels_file, ImGui::GetContentRegionAvail().x,
             "path of a text file; may stay empty");
}

// True where the dialog was answered or left.
void draw_end(View& view) {
  FeedingDialog& dialog = view.workspace.opening.dialog;
  if (!dialog.error.empty())
    sentence("Error: " + dialog.error, palette::kWrong);
  else
    sentence(dialog.answered ? "Opening…" : "*Enter* opens the model with these values, *Esc* leaves it closed.");
  const bool entered = ImGui::IsKeyPressed(ImGuiKey_Enter, false) || ImGui::IsKeyPressed(ImGuiKey_KeypadEnter, false);
  const bool usable = dialog.fed && !dialog.answered;
  if (chip("Open", usable) || entered) answer_feeding(view.workspace, view.in, view.out);
  ImGui::SameLine(0, px(8));
  if (button("Not now") || ImGui::IsKeyPressed(ImGuiKey_Escape, false)) leave_feeding(view.workspace);
}

}  // namespace

void draw_feeding_dialog(View& view) {
  const std::uint32_t id = ImGui::GetID("##feeding");
  if (!view.workspace.opening.dialog.question) return forget_motion(view.workspace, id);
  const float shown = eased_from(view.workspace, id, 0.0F, 1.0F, view.frame.dt_s);
  const ImVec2 window = ImGui::GetIO().DisplaySize;
  const float width = std::min(px(760), window.x - px(24));
  const float height = std::min(px(376), window.y - px(24));
  ImGui::SetNextWindowPos({std::floor((window.x - width) / 2), std::floor((window.y - height) / 2)});
  ImGui::SetNextWindowSize({width, height});
  ImGui::SetNextWindowFocus();
  ImGui::PushStyleVar(ImGuiStyleVar_Alpha, shown);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {px(20), px(18)});
  const ImGuiWindowFlags flags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                 ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoDocking |
                                 ImGuiWindowFlags_NoBackground;
  if (ImGui::Begin("##feeding", nullptr, flags)) {
    draw_backdrop(shown);
    const engine::FeedingQuestion& question = *view.workspace.opening.dialog.question;
    {
      const ScopedFont font(fonts().strong, 16);
      text(fitted("How are pictures fed to " + question.name + "?", ImGui::GetContentRegionAvail().x),
           palette::kStrong);
    }
    sentence("The file does not say. It is asked once: the answer is kept beside the model as *" +
             question.path.stem().string() + ".json*.");
    ImGui::Dummy({0, px(4)});
    const bool beside = ImGui::GetContentRegionAvail().x > px(kPreview + 340);
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const float form = ImGui::GetContentRegionAvail().x - (beside ? px(kPreview + 20) : 0);
    if (beside) draw_preview(view, {from.x + form + px(20), from.y});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
    if (ImGui::BeginChild("form", {form, 0}, ImGuiChildFlags_NavFlattened)) {
      draw_form(view);
      ImGui::Dummy({0, px(2)});
      draw_end(view);
    }
    ImGui::EndChild();
    ImGui::PopStyleVar();
  }
  ImGui::End();
  ImGui::PopStyleVar(2);
}

}  // namespace ui
