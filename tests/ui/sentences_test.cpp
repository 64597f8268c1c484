#include "ui/sentences.h"

#include "catch.h"
#include "scene.h"
#include "ui/contact_sheet.h"
#include "ui/glossary.h"
#include "ui/panels.h"

TEST_CASE("numbers keep three figures and a true minus") {
  REQUIRE(ui::number(3.1234F) == "3.12");
  REQUIRE(ui::number(-1.1F) == "−1.10");
  REQUIRE(ui::number(14.04F) == "14.0");
  REQUIRE(ui::number(321.7F) == "322");
  REQUIRE(ui::number(12345.0F) == "12,345");
  REQUIRE(ui::number(0.0123F) == "0.012");
  REQUIRE(ui::number(0.0F) == "0.00");
  REQUIRE(ui::number(std::nanf("")) == "–");
  REQUIRE(ui::number(-0.180031F, {-0.18012F, -0.18003F}) == "−0.180031");
  REQUIRE(ui::number(1.444F, {1.0F, 1.05F}) == "1.444");
  REQUIRE(ui::number(1.444F, {0.0F, 9.0F}) == "1.44");
  REQUIRE(ui::number(1.444F, {2.0F, 2.0F}) == "1.44");
  REQUIRE(ui::number(12345.0F, {12345.0F, 12346.0F}) == "12,345");
  REQUIRE(ui::number(0.0F, {0.0F, 1e-4F}) == "0.00");
  REQUIRE(ui::number(1.2341e-4F, {1.2341e-4F, 1.2349e-4F}) == "1.23410e-04");
  REQUIRE(ui::number(0.0091F, {0.0091F, 0.0098F}) == "0.00910");
  REQUIRE(ui::number(0.0098F, {0.0091F, 0.0098F}) == "0.00980");
  REQUIRE(ui::number(1234.5678F, {1234.5677F, 1234.5679F}) == "1234.568");
  REQUIRE(ui::signed_number(0.31F) == "+0.31");
  REQUIRE(ui::signed_number(-1.1F) == "−1.10");
  REQUIRE(ui::signed_number(0.0F) == "±0.00");
}

TEST_CASE("digits follow the map of what is chosen, and no other") {
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
  const engine::Snapshots in = scene::everything(workspace);
  const core::Range here = ui::values_here(workspace, in);
  REQUIRE(here.low < here.high);
  REQUIRE(here.low <= in.drag->activation);
  REQUIRE(here.high >= in.drag->activation);
  workspace.chosen.occluder.side_px += 10;
  REQUIRE(ui::values_here(workspace, in) == core::Range{0.0F, 0.0F});
}

TEST_CASE("ordinals, thousands and percents read as people write them") {
  REQUIRE(ui::ordinal(1) == "1st");
  REQUIRE(ui::ordinal(2) == "2nd");
  REQUIRE(ui::ordinal(3) == "3rd");
  REQUIRE(ui::ordinal(11) == "11th");
  REQUIRE(ui::ordinal(113) == "113th");
  REQUIRE(ui::ordinal(1022) == "1,022nd");
  REQUIRE(ui::thousands(1156) == "1,156");
  REQUIRE(ui::thousands(-1234567) == "−1,234,567");
  REQUIRE(ui::percent(0.98) == "98 %");
  REQUIRE(ui::percent(0.999) == "99 %");
  REQUIRE(ui::percent(1.0) == "100 %");
}

TEST_CASE("the place of a value among the positions counts exact cells only and says how many") {
  core::OcclusionMap map;
  map.values = scene::ramp(10);
  map.values.at(0, 0) = std::nanf("");
  map.exact_cells = 99;
  REQUIRE(ui::place_sentence(map, 1.5F) == "Lower here than at *99 %* of the *99* positions tested.");
  REQUIRE(ui::place_sentence(map, 1.0F) == "*Lowest* of the *99* positions tested.");
  REQUIRE(ui::place_sentence(map, 99.0F) == "*Highest* of the *99* positions tested.");
  REQUIRE(ui::place_sentence(map, 89.5F).starts_with("Higher here than at *9"));
}

TEST_CASE("the relative difference is a dash where the baseline is too near to nothing") {
  core::OcclusionMap map;
  map.values = scene::ramp(2);  // 0 … 3
  map.exact_cells = 4;
  map.baseline = 2.0F;
  REQUIRE(ui::difference_sentence(map, 1.0F).find("*1.50*") != std::string::npos);
  map.baseline = 0.0005F;
  REQUIRE(ui::difference_sentence(map, 1.0F).find("*–*") != std::string::npos);
}

TEST_CASE("a relative difference is negative only below a negative baseline, and then says so") {
  core::OcclusionMap map;
  map.values = scene::ramp(2);  // 0 … 3
  map.exact_cells = 4;
  for (const float baseline : {-2.0F, 2.0F}) {
    map.baseline = baseline;
    const std::string sentence = ui::difference_sentence(map, 1.0F);
    REQUIRE((sentence.find("*−") != std::string::npos) == (baseline < 0.0F));
    REQUIRE((sentence.find("negative like") != std::string::npos) == (baseline < 0.0F));
  }
}

TEST_CASE("a unit that no scan ranks says what to choose instead") {
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, core::Cell{1, 2}});
  engine::Snapshots in = scene::everything(workspace);
  workspace.ranking.best.clear();
  REQUIRE(ui::best_state(workspace, in).readiness == ui::Readiness::nothing);
  REQUIRE(ui::best_state(workspace, in).sentence.find("@y,x") != std::string::npos);
}

TEST_CASE("every panel has a sentence when there is nothing, while it works, and when it failed") {
  ui::Workspace workspace;
  engine::Snapshots in;
  REQUIRE(ui::stage_state(workspace, in).readiness == ui::Readiness::working);
  REQUIRE(ui::map_state(workspace, in).readiness == ui::Readiness::nothing);
  REQUIRE(ui::visualization_state(workspace, in, 0).readiness == ui::Readiness::nothing);
  REQUIRE(ui::sheet_state(workspace, in).readiness == ui::Readiness::nothing);
  REQUIRE(ui::best_state(workspace, in).readiness == ui::Readiness::nothing);

  workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
  in = scene::everything(workspace);
  REQUIRE(ui::stage_state(workspace, in).readiness == ui::Readiness::ready);
  REQUIRE(ui::map_state(workspace, in) == ui::State{ui::Readiness::ready, "68×68 exact"});
  REQUIRE(ui::visualization_state(workspace, in, 0).sentence == "*318* / 512 · 11.4 steps/s");
  REQUIRE(ui::best_state(workspace, in).sentence == "best of *5* pictures\nthis one: *5th*");

  auto partial = std::make_shared<engine::SweepAnswer>(*in.sweep);
  partial->sweep.done = false;
  partial->sweep.map.complete_stride_px = 4;
  partial->sweep.map.exact_cells = 2821;
  in.sweep = partial;
  REQUIRE(ui::map_state(workspace, in).readiness == ui::Readiness::working);
  REQUIRE(ui::map_state(workspace, in).sentence == "34×34 · 61 %");

  const base::Error error{"The pass failed", "out of memory", "Choose a smaller picture."};
  auto failed = std::make_shared<engine::SweepAnswer>(*in.sweep);
  failed->error = error;
  in.sweep = failed;
  auto lost = std::make_shared<engine::VisualizeAnswer>(*in.visualize[0]);
  lost->error = error;
  in.visualize[0] = lost;
  for (const ui::State& state : {ui::map_state(workspace, in), ui::visualization_state(workspace, in, 0)}) {
    REQUIRE(state == ui::State{ui::Readiness::failed, error.sentence()});
  }
}

TEST_CASE("without pictures a chosen unit's panels ask for them, and measure nothing") {
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
  engine::Snapshots in;
  in.model = scene::model();
  REQUIRE(ui::sheet_state(workspace, in).readiness == ui::Readiness::working);
  auto missing = std::make_shared<engine::CollectionSnapshot>();
  missing->error = base::Error{"The folder cannot be opened", "there is none", "Choose another."};
  in.collection = missing;
  for (const ui::State& state : {ui::sheet_state(workspace, in), ui::best_state(workspace, in)}) {
    REQUIRE(state.readiness == ui::Readiness::nothing);
    REQUIRE(state.sentence.starts_with("Open a "));
  }
}

TEST_CASE("an answer to another question is called stale, with its name") {
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
  engine::Snapshots in = scene::everything(workspace);
  ui::choose_unit(workspace, {"three_pre_relu", 1, std::nullopt});
  for (const ui::State& state : {ui::map_state(workspace, in), ui::visualization_state(workspace, in, 0)}) {
    REQUIRE(state == ui::State{ui::Readiness::stale, "still of two_pre_relu:3"});
  }
  REQUIRE(ui::sheet_state(workspace, in) == ui::State{ui::Readiness::stale, "still of two"});
}

TEST_CASE("the status line names the unit in both ways, the seed, the framing and the fill") {
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
  const engine::Snapshots in = scene::beginning();
  const std::string words = ui::status_sentence(workspace, in);
  for (const char* part :
       {"tiny", "*two_pre_relu:3*", "channel 4", "seed 0", "resized 256, cropped 224", "fill mean"}) {
    INFO(words);
    REQUIRE(words.find(part) != std::string::npos);
  }
}

TEST_CASE("a unit is called by the name that people write, where its file has a longer one") {
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
  engine::Snapshots in = scene::beginning();
  auto model = scene::model();
  model->spoken = [](const core::Unit& unit) { return "block.2:" + std::to_string(unit.channel); };
  in.model = model;
  REQUIRE(ui::status_sentence(workspace, in).find("*block.2:3*") != std::string::npos);
}

TEST_CASE("a model that asks how pictures are fed to it says what to do, and names no flag") {
  const ui::Workspace workspace;
  engine::Snapshots in;
  auto model = std::make_shared<engine::ModelSnapshot>();
  auto question = std::make_shared<engine::FeedingQuestion>();
  question->name = "resnet50";
  model->question = question;
  model->error = base::Error{"The model cannot be opened", "there is no sidecar", "Say it with --input."};
  in.model = model;
  const ui::State state = ui::stage_state(workspace, in);
  REQUIRE(state.readiness == ui::Readiness::nothing);
  REQUIRE(state.sentence.find("resnet50") != std::string::npos);
  REQUIRE(state.sentence.find("--") == std::string::npos);
}

TEST_CASE("every word of the glossary is explained in a sentence, once") {
  for (const ui::Term& term : ui::glossary()) {
    REQUIRE(ui::meaning_of(term.word) == term.meaning);
    REQUIRE(term.meaning.size() > 20);
    REQUIRE(term.meaning.back() == '.');
  }
}

TEST_CASE("the drop is baseline minus activation, with white at no change") {
  core::OcclusionMap map;
  map.values = scene::ramp(2);
  map.values.at(1, 1) = 5.0F;
  map.exact_cells = 4;
  map.baseline = 2.0F;
  map.complete_stride_px = 2;
  map.side_px = 2;
  map.picture = {4, 4};
  const core::Map drop = ui::values_to_show(map, ui::MapValues::drop);
  REQUIRE(drop.at(0, 0) == 2.0F);
  REQUIRE(drop.at(1, 1) == -3.0F);
  ui::MapLook look;
  look.values = ui::MapValues::drop;
  const core::MapStyle style = ui::occlusion_style(look, core::range_of(drop));
  REQUIRE(style.colour_map == core::ColourMap::blue_white_red);
  REQUIRE(style.range.low == -style.range.high);
}

TEST_CASE("the contact sheet's atlas holds each unit on its own range, strongest first") {
  engine::ContactSheetSnapshot sheet;
  for (int channel = 0; channel < 3; ++channel) {
    core::Map map = scene::ramp(2);
    for (float& value : map.values) value *= static_cast<float>(channel);
    sheet.maps.push_back(map);
  }
  sheet.order = {2, 0, 1};
  const core::Map atlas = ui::contact_atlas(sheet, 2);
  REQUIRE(atlas.rows == 4);
  REQUIRE(atlas.cols == 4);
  REQUIRE(atlas.at(0, 0) == 0.0F);
  REQUIRE(atlas.at(1, 1) == 1.0F);
  REQUIRE(atlas.at(1, 3) == 0.0F);  // a flat map
  REQUIRE(atlas.at(3, 1) == 1.0F);
  REQUIRE(std::isnan(atlas.at(3, 3)));
  sheet.maps[1] = scene::ramp(3);
  REQUIRE(ui::contact_atlas(sheet, 2).empty());
}

TEST_CASE("large maps are averaged down in the contact sheet") {
  engine::ContactSheetSnapshot sheet;
  sheet.maps = {scene::ramp(112)};
  sheet.order = {0};
  const core::Map atlas = ui::contact_atlas(sheet, 4);
  REQUIRE(atlas.rows == ui::kMaxTileCells);
  REQUIRE(atlas.cols == 4 * ui::kMaxTileCells);
}

TEST_CASE("preferences survive being written and read, and refuse what they do not know") {
  ui::Preferences preferences;
  preferences.scale = 1.25F;
  preferences.motion = false;
  preferences.look = {core::ColourMap::viridis,      0.3F, 5,      ui::MapValues::drop,
                      core::Interpolation::bilinear, true, {-1, 2}};
  preferences.layout_ini = "[Window][Stage]\nPos=1,2\n";
  preferences.hints_done[1] = true;
  const base::Result<ui::Preferences> read = ui::preferences_from_json(ui::to_json(preferences));
  REQUIRE(read.ok());
  REQUIRE(*read == preferences);
  REQUIRE_FALSE(ui::preferences_from_json("{}").ok());
  REQUIRE_FALSE(ui::preferences_from_json("not json").ok());
  std::string text = ui::to_json(preferences);
  text.replace(text.find("motion"), 6, "notion");
  REQUIRE_FALSE(ui::preferences_from_json(text).ok());
}
