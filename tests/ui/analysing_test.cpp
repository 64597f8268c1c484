// The Analyse screen: what it asks for, what a click and a script choose, and that every page draws whatever there is.
#include "ui/analysing.h"

#include <algorithm>

#include "catch.h"
#include "scene.h"
#include "synthetic_study.h"
#include "ui/actions.h"
#include "ui/analysis_plots.h"

namespace {

std::shared_ptr<engine::AnalysisSnapshot> analysed(const study::AnalysisData& data, int number) {
  auto made = std::make_shared<engine::AnalysisSnapshot>();
  made->request.number = number;
  made->request.asked.paths = {"sessions"};
  made->data = std::make_shared<study::AnalysisData>(data);
  study::AnalysisOptions options;
  options.resamples = 100;
  made->analysis = std::make_shared<study::Analysis>(*study::analyse(data, options));
  return made;
}

engine::Snapshots with_study() {
  static const auto snapshot = analysed(synthetic::synthetic_study(), 1);
  engine::Snapshots in = scene::beginning();
  in.analysis = snapshot;
  return in;
}

ui::Workspace looking() {
  ui::Workspace workspace;
  workspace.screen = ui::Screen::analyse;
  workspace.analysing.answers = "sessions";
  workspace.analysing.number = 1;
  return workspace;
}

base::Status perform(ui::Workspace& workspace, const engine::Snapshots& in, const std::string& command) {
  engine::Requests out;
  return ui::perform(workspace, in, out, command);
}

}  // namespace

TEST_CASE("choosing answers asks for them once, and again when an option changes") {
  ui::Workspace workspace;
  const engine::Snapshots in = scene::beginning();
  ui::analyse(workspace, "sessions");
  REQUIRE(workspace.screen == ui::Screen::analyse);
  engine::Requests out;
  ui::decide_analysis(workspace, in, out);
  REQUIRE(out.analysis);
  REQUIRE(out.analysis->asked.paths.front() == "sessions");
  REQUIRE(out.analysis->number == 1);
  engine::Requests again;
  ui::decide_analysis(workspace, in, again);
  REQUIRE(!again.analysis);
  study::AnalysisOptions published;
  published.fidelity = study::Fidelity::as_published;
  ui::set_analysis_options(workspace, published);
  engine::Requests other;
  ui::decide_analysis(workspace, in, other);
  REQUIRE(other.analysis->options.fidelity == study::Fidelity::as_published);
  REQUIRE(other.analysis->number == 2);
}

TEST_CASE("answers that were analysed last time are read when the screen is first shown") {
  ui::Workspace workspace;
  workspace.analysing.answers = "sessions";
  engine::Requests hidden, shown;
  ui::decide_analysis(workspace, scene::beginning(), hidden);
  REQUIRE(!hidden.analysis);
  workspace.screen = ui::Screen::analyse;
  ui::decide_analysis(workspace, scene::beginning(), shown);
  REQUIRE(shown.analysis);
}

TEST_CASE("a mapping that is dropped after a table belongs to the table") {
  ui::Workspace workspace;
  ui::analyse(workspace, "answers.csv");
  ui::analyse(workspace, "columns.json");
  engine::Requests out;
  ui::decide_analysis(workspace, scene::beginning(), out);
  REQUIRE(out.analysis->asked.paths.front() == "answers.csv");
  REQUIRE(*out.analysis->asked.columns == "columns.json");
  ui::analyse(workspace, "sessions");
  REQUIRE(workspace.analysing.columns.empty());
}

TEST_CASE("a trial is shown by its name, with its pictures asked for once; unknown ones are refused") {
  ui::Workspace workspace = looking();
  const engine::Snapshots in = with_study();
  REQUIRE(perform(workspace, in, "show trial unit3-b2"));
  REQUIRE(workspace.analysing.trial->id == "unit3-b2");
  REQUIRE(workspace.analysing.page == ui::AnalysisPage::trials);
  engine::Requests out, again;
  ui::decide_analysis(workspace, in, out);
  REQUIRE(out.analysed_trial);
  ui::decide_analysis(workspace, in, again);
  REQUIRE(!again.analysed_trial);
  const auto refused = perform(workspace, in, "show trial nothing");
  REQUIRE(!refused);
  REQUIRE(refused.error().sentence().find("nothing") != std::string::npos);
}

TEST_CASE("the report goes beside the answers, and needs an analysis") {
  ui::Workspace workspace = looking();
  workspace.analysing.answers = "/data/sessions/";
  engine::Requests out;
  REQUIRE(!ui::export_report(workspace, scene::beginning(), out, {}));
  REQUIRE(ui::export_report(workspace, with_study(), out, {}));
  REQUIRE(out.report->folder == "/data/sessions-report");
  REQUIRE(ui::export_report(workspace, with_study(), out, "elsewhere"));
  REQUIRE(out.report->folder == "elsewhere");
}

TEST_CASE("scripts reach every page, factor and measure, and wrong names are answered with the right ones") {
  ui::Workspace workspace = looking();
  const engine::Snapshots in = with_study();
  for (int i = 0; i < ui::kAnalysisPages; ++i) {
    const auto page = static_cast<ui::AnalysisPage>(i);
    REQUIRE(perform(workspace, in, std::string("analysis page ") + ui::name_of(page)));
    REQUIRE(workspace.analysing.page == page);
  }
  REQUIRE(perform(workspace, in, "analysis by image set"));
  REQUIRE(workspace.analysing.factor == study::Factor::image_set);
  REQUIRE(perform(workspace, in, "difficulty effect_in_spreads"));
  REQUIRE(workspace.analysing.difficulty == study::Difficulty::effect);
  REQUIRE(perform(workspace, in, "as published on"));
  REQUIRE(workspace.analysing.wanted);
  REQUIRE(perform(workspace, in, "analysis page nowhere").error().sentence().find("agreement") != std::string::npos);
}

TEST_CASE("every page draws at every size: of a study, of one participant, of nothing and of an error") {
  study::AnalysisData lone;
  study::Participation session;
  session.participant = session.session = "p01";
  session.condition = {"natural"};
  for (int i = 0; i < 3; ++i) {
    session.responses.emplace_back();
    session.responses.back().correct = i > 0;
  }
  lone.sessions.push_back(session);
  engine::Snapshots failed = scene::beginning();
  auto error = std::make_shared<engine::AnalysisSnapshot>();
  error->request.number = 1;
  error->error = base::Error{"The folder cannot be analysed", "it is empty", "Choose another"};
  failed.analysis = error;
  engine::Snapshots one = scene::beginning();
  one.analysis = analysed(lone, 1);
  for (const engine::Snapshots& in : {with_study(), one, scene::beginning(), failed})
    for (const core::Size size : {core::Size{1280, 800}, core::Size{640, 400}}) {
      scene::Headless gui(size, size.width_px < 1000 ? 1.0F : 2.0F);
      ui::Workspace workspace = looking();
      for (int i = 0; i < ui::kAnalysisPages; ++i) {
        workspace.analysing.page = static_cast<ui::AnalysisPage>(i);
        for (const study::Factor factor : study::kFactors) {
          workspace.analysing.factor = factor;
          gui.frames(1, workspace, in);
        }
        gui.frames(2, workspace, in);
      }
    }
}

TEST_CASE("a plot shows everything, and all but those far off where they would make the rest one heap") {
  std::vector<double> values;
  for (int i = 0; i < 100; ++i) values.push_back(0.01 * i);
  REQUIRE(ui::span_of(values).high == Approx(0.99));
  REQUIRE(ui::span_of(values).beyond == 0);
  values.push_back(250.0);
  values.push_back(-80.0);
  const ui::Span span = ui::span_of(values);
  REQUIRE(span.beyond == 2);
  REQUIRE(span.high < 3.0);
  REQUIRE(span.low > -2.0);
  REQUIRE(ui::span_of({1.0, 1.0, 1.0, 5.0}).high == Approx(5.0));
  REQUIRE(ui::span_of({}).high > ui::span_of({}).low);
}

TEST_CASE("a click on a point of the plot chooses its trial") {
  scene::Headless gui({1280, 800});
  ui::Workspace workspace = looking();
  workspace.analysing.page = ui::AnalysisPage::trials;
  const engine::Snapshots in = with_study();
  gui.frames(4, workspace, in);
  // Somewhere among 900 points one is near: the mouse searches the plot as a person would.
  ImGuiIO& io = ImGui::GetIO();
  for (float y = 200; y < 520 && !workspace.analysing.trial; y += 7)
    for (float x = 330; x < 1200 && !workspace.analysing.trial; x += 31) {
      io.AddMousePosEvent(x, y);
      gui.frame(workspace, in);
      io.AddMouseButtonEvent(0, true);
      gui.frame(workspace, in);
      io.AddMouseButtonEvent(0, false);
      gui.frame(workspace, in);
      if (workspace.analysing.page != ui::AnalysisPage::trials) workspace.analysing.page = ui::AnalysisPage::trials;
    }
  REQUIRE(workspace.analysing.trial);
  const auto& points = in.analysis->analysis->points;
  REQUIRE(std::any_of(points.begin(), points.end(),
                      [&](const auto& point) { return point.trial_id == workspace.analysing.trial->id; }));
}
