// The first page of the Analyse screen: accuracy by condition beside the rules that know nothing of the unit, its
// table, and the tests of differences.
#include "ui/analyse_parts.h"
#include "ui/analyse_screen.h"
#include "ui/widgets.h"

namespace ui {
namespace {

using study::Analysis;

// A column of words in the present table.
void cell(const std::string& words, std::uint32_t rgb = palette::kNormal) {
  ImGui::TableNextColumn();
  text(words, rgb);
}

bool begin_table(const char* id, std::initializer_list<const char*> columns) {
  const ImGuiTableFlags flags =
      ImGuiTableFlags_SizingFixedFit | ImGuiTableFlags_BordersInnerH | ImGuiTableFlags_PadOuterX;
  ImGui::PushStyleColor(ImGuiCol_TableBorderLight, colour(palette::kLine));
  ImGui::PushStyleVar(ImGuiStyleVar_CellPadding, {px(10), px(4)});
  if (!ImGui::BeginTable(id, static_cast<int>(columns.size()), flags)) {
    ImGui::PopStyleVar();
    ImGui::PopStyleColor();
    return false;
  }
  ImGui::TableNextRow();
  for (const char* column : columns) cell(column, palette::kLabel);
  return true;
}
void end_table() {
  ImGui::EndTable();
  ImGui::PopStyleVar();
  ImGui::PopStyleColor();
}

void draw_accuracy_table(const Analysis& analysis) {
  if (!begin_table("accuracies", {"condition", "right", "± 2 SEM", "95 %", "participants", "trials", "binomial p"}))
    return;
  for (std::size_t s = 0; s < analysis.series.size(); ++s) {
    ImGui::TableNextRow();
    cell(analysis.series[s].label, palette::kStrong);
    const auto& accuracy = analysis.accuracy[s];
    if (!accuracy) {
      cell("–");
      cell("no session is left", palette::kLabel);
      continue;
    }
    cell(share_text(accuracy->mean), palette::kStrong);
    cell(accuracy->two_sem ? share_text(*accuracy->two_sem) : "– n = 1");
    cell(share_text(accuracy->ci95.low) + " to " + share_text(accuracy->ci95.high));
    cell(std::to_string(accuracy->participants));
    cell(std::to_string(accuracy->trials));
    cell(study::p_text(accuracy->p_chance));
  }
  end_table();
}

void draw_differences(const Analysis& analysis) {
  const study::WithinTest& within = analysis.within;
  if (within.anova) {
    heading("differences within participants");
    sentence("Repeated measures: *F(" + std::to_string(within.anova->numerator) + ", " +
             std::to_string(within.anova->denominator) + ") = " + decimal(within.anova->f, 2) + "*, " +
             study::p_text(within.anova->p) + ", " + std::to_string(within.participants) + " participants" +
             (within.left_out > 0 ? ", " + std::to_string(within.left_out) + " not in all conditions left out" : "") +
             ".");
    if (begin_table("within", {"", "", "difference", "t", "p, Bonferroni"})) {
      for (const study::PairwiseT& pair : within.anova->pairs) {
        ImGui::TableNextRow();
        const auto label = [&](int column) {
          return analysis.series[static_cast<std::size_t>(within.series[static_cast<std::size_t>(column)])].label;
        };
        cell(label(pair.a));
        cell(label(pair.b));
        cell(share_text(pair.difference));
        cell(decimal(pair.t, 2));
        cell(study::p_text(pair.p_corrected), pair.p_corrected < 0.05 ? palette::kStrong : palette::kNormal);
      }
      end_table();
    }
  }
  if (analysis.between.empty()) return;
  ImGui::Dummy({0, px(12)});
  heading("differences between participants");
  if (!begin_table("between", {"", "", "difference", "p, permutation", "p, Bonferroni"})) return;
  for (const study::BetweenTest& test : analysis.between) {
    ImGui::TableNextRow();
    cell(analysis.series[static_cast<std::size_t>(test.a)].label);
    cell(analysis.series[static_cast<std::size_t>(test.b)].label);
    if (!test.test) {
      cell("–");
      cell(test.why_not, palette::kLabel);
      continue;
    }
    cell(share_text(test.test->difference));
    cell(study::p_text(test.test->p));
    cell(study::p_text(test.p_corrected), test.p_corrected < 0.05 ? palette::kStrong : palette::kNormal);
  }
  end_table();
}

}  // namespace

void draw_accuracy_page(View& /*nothing is chosen here*/, const Analysis& analysis) {
  heading("accuracy by condition");
  std::vector<ValueMark> marks;
  for (std::size_t s = 0; s < analysis.series.size(); ++s) {
    if (!analysis.accuracy[s]) continue;
    marks.push_back(
        accuracy_mark(analysis.series[s].label, static_cast<int>(s), *analysis.accuracy[s], analysis.series[s].label));
    marks.back().interval = analysis.accuracy[s]->ci95;
  }
  std::string unknown;
  for (const study::BaselineAccuracy& baseline : analysis.baselines) {
    const std::string name = study::baseline_label(baseline.rule);
    if (!baseline.mean) {
      unknown += (unknown.empty() ? "" : " ") + ("*" + name + "*: – " + baseline.why_not + ".");
      continue;
    }
    ValueMark mark;
    mark.group = name;
    mark.value = *baseline.mean;
    mark.error = baseline.two_sem;
    mark.tooltip =
        "*" + name + "* on the same trials: *" + share_text(*baseline.mean) + "* of " + std::to_string(baseline.trials);
    marks.push_back(std::move(mark));
  }
  draw_values("##accuracy", marks, study::styles_of(analysis.series), {"trials answered right", true, 0.5, 0.45});
  sentence(
      "Thick: two standard errors over participants. Thin: 95 % of bootstraps. Below: rules that look at the "
      "squares only. " +
      unknown);
  ImGui::Dummy({0, px(12)});
  draw_accuracy_table(analysis);
  ImGui::Dummy({0, px(12)});
  draw_differences(analysis);
}

}  // namespace ui
