#include "catch.h"
#include "scene.h"

namespace {

bool nothing(const engine::Requests& out) {
  bool visualize = false;
  for (const auto& request : out.visualize) visualize = visualize || request.has_value();
  return !out.open_model && !out.open_folder && !out.open_pictures && !out.show_picture && !out.drag && !out.classes &&
         !out.contact_sheet && !out.sweep && !visualize && !out.scan && !out.thumbnails && !out.save;
}

}  // namespace

TEST_CASE("everything is asked once, and nothing again while nothing changes") {
  engine::Snapshots in = scene::beginning();
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
  const engine::Requests first = scene::decide(workspace, in, 1.0);
  REQUIRE(first.show_picture == std::filesystem::path("pictures/p0.png"));
  REQUIRE(first.drag);
  REQUIRE(first.drag->unit == core::Unit{"two_pre_relu", 3, std::nullopt});
  REQUIRE(first.classes);
  REQUIRE(first.contact_sheet->layer == "two_pre_relu");
  REQUIRE(first.sweep->spec.side_px == 90);
  REQUIRE(first.visualize[0]);
  REQUIRE_FALSE(first.visualize[1]);
  REQUIRE(first.scan);
  for (int i = 0; i < 5; ++i) REQUIRE(nothing(scene::decide(workspace, in, 2.0 + i)));
}

TEST_CASE("nothing is asked of a network that is not there") {
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
  engine::Snapshots in;
  REQUIRE(nothing(scene::decide(workspace, in, 1.0)));
  auto broken = scene::model();
  broken->error = base::Error{"The model cannot be opened", "it ends early", ""};
  in.model = broken;
  in.collection = scene::collection();
  in.picture = scene::picture();
  REQUIRE(nothing(scene::decide(workspace, in, 2.0)));
}

TEST_CASE("moving the occluder asks for its value at once, but not for another map") {
  engine::Snapshots in = scene::beginning();
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
  scene::decide(workspace, in, 1.0);
  ui::nudge_occluder(workspace, in, 4, 0);
  const auto pressed = engine::Clock::now() - std::chrono::milliseconds(7);
  engine::Requests out;
  ui::decide(workspace, in, out, 1.1, pressed);
  REQUIRE(out.drag);
  REQUIRE(out.drag->posted == pressed);
  REQUIRE(out.drag->occluder == workspace.chosen.occluder);
  REQUIRE_FALSE(out.sweep);
  REQUIRE_FALSE(out.visualize[0]);
  REQUIRE_FALSE(out.contact_sheet);
}

TEST_CASE("size and fill ask for another map, a unit for all but the contact sheet") {
  engine::Snapshots in = scene::beginning();
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
  scene::decide(workspace, in, 1.0);
  ui::resize_occluder(workspace, in, 66);
  REQUIRE(scene::decide(workspace, in, 1.1).sweep->spec.side_px == 66);
  workspace.chosen.fill = core::Fill::black;
  REQUIRE(scene::decide(workspace, in, 1.2).sweep->spec.fill == core::Fill::black);
  ui::step_unit(workspace, in, 1);
  const engine::Requests out = scene::decide(workspace, in, 1.3);
  REQUIRE(out.drag);
  REQUIRE(out.sweep);
  REQUIRE(out.visualize[0]);
  REQUIRE_FALSE(out.contact_sheet);
}

TEST_CASE("the classes are asked when the hand has rested, and the window wakes for it") {
  engine::Snapshots in = scene::beginning();
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
  scene::decide(workspace, in, 1.0);
  ui::nudge_occluder(workspace, in, 4, 0);
  REQUIRE_FALSE(scene::decide(workspace, in, 2.0).classes);
  REQUIRE(ui::next_frame_due_s(workspace) == Approx(2.25));
  ui::nudge_occluder(workspace, in, 4, 0);
  REQUIRE_FALSE(scene::decide(workspace, in, 2.2).classes);
  REQUIRE_FALSE(scene::decide(workspace, in, 2.3).classes);
  const engine::Requests rested = scene::decide(workspace, in, 2.46);
  REQUIRE(rested.classes);
  REQUIRE(rested.classes->occluder == workspace.chosen.occluder);
  REQUIRE_FALSE(ui::next_frame_due_s(workspace));
}

TEST_CASE("the first unit and picture are the scan's, unless the user has chosen") {
  for (const bool acted : {false, true}) {
    engine::Snapshots in = scene::beginning();
    ui::Workspace workspace;
    scene::decide(workspace, in, 1.0);
    REQUIRE_FALSE(workspace.chosen.unit);
    if (acted) ui::choose_unit(workspace, {"one_pre_relu", 1, std::nullopt});
    auto scan = scene::scan(in, false);
    scan->first_choice = {2, core::Unit{"three_pre_relu", 7, std::nullopt}};
    in.scan = scan;
    scene::decide(workspace, in, 1.5);
    REQUIRE(workspace.chosen.unit ==
            (acted ? core::Unit{"one_pre_relu", 1, std::nullopt} : core::Unit{"three_pre_relu", 7, std::nullopt}));
    REQUIRE(workspace.chosen.picture == (acted ? "pictures/p0.png" : "pictures/p2.png"));
  }
}

TEST_CASE("without a scan the strongest unit of a middle layer is chosen after a moment") {
  engine::Snapshots in = scene::beginning();
  ui::Workspace workspace;
  scene::decide(workspace, in, 1.0);
  REQUIRE_FALSE(workspace.wanted_layer);
  const engine::Requests out = scene::decide(workspace, in, 3.5);
  REQUIRE(out.contact_sheet->layer == "two_pre_relu");
  in.contact_sheet = scene::sheet(in, "two_pre_relu", 8);
  scene::decide(workspace, in, 3.6);
  REQUIRE(workspace.chosen.unit == core::Unit{"two_pre_relu", 7, std::nullopt});
}

TEST_CASE("a layer that was chosen becomes its strongest unit when that is known") {
  engine::Snapshots in = scene::beginning();
  ui::Workspace workspace = scene::workspace_with({"one_pre_relu", 0, std::nullopt});
  scene::decide(workspace, in, 1.0);
  ui::choose_layer(workspace, in, "three_pre_relu");
  REQUIRE(scene::decide(workspace, in, 1.1).contact_sheet->layer == "three_pre_relu");
  REQUIRE(workspace.chosen.unit->layer == "one_pre_relu");
  in.contact_sheet = scene::sheet(in, "three_pre_relu", 16);
  scene::decide(workspace, in, 1.2);
  REQUIRE(workspace.chosen.unit == core::Unit{"three_pre_relu", 15, std::nullopt});
}

TEST_CASE("a unit that another model does not have is given up") {
  engine::Snapshots in = scene::beginning();
  ui::Workspace workspace = scene::workspace_with({"mixed9z_pre_relu", 0, std::nullopt});
  scene::decide(workspace, in, 1.0);
  REQUIRE_FALSE(workspace.chosen.unit);
}

TEST_CASE("a collection that grows its list of skipped files is not scanned again") {
  engine::Snapshots in = scene::beginning();
  ui::Workspace workspace = scene::workspace_with({"one_pre_relu", 0, std::nullopt});
  scene::decide(workspace, in, 1.0);
  auto grown = scene::collection();
  grown->skipped.push_back({"another.png", {}});
  in.collection = grown;
  REQUIRE_FALSE(scene::decide(workspace, in, 1.1).scan);
  auto other = scene::collection(3);
  other->folder = "elsewhere";
  in.collection = other;
  REQUIRE(scene::decide(workspace, in, 1.2).scan);
}

TEST_CASE("thumbnails are asked for the best pictures, best first") {
  engine::Snapshots in = scene::beginning();
  ui::Workspace workspace = scene::workspace_with({"one_pre_relu", 0, std::nullopt});
  scene::decide(workspace, in, 1.0);
  in.scan = scene::scan(in, true);
  const engine::Requests out = scene::decide(workspace, in, 1.1);
  REQUIRE(out.thumbnails);
  REQUIRE(out.thumbnails->paths.front() == "pictures/p4.png");
  REQUIRE(out.thumbnails->paths.size() == 5);
  REQUIRE_FALSE(scene::decide(workspace, in, 1.2).thumbnails);
}

TEST_CASE("the trace takes each answer once and begins anew with another unit") {
  engine::Snapshots in = scene::beginning();
  ui::Workspace workspace = scene::workspace_with({"one_pre_relu", 0, std::nullopt});
  scene::decide(workspace, in, 1.0);
  in.drag = scene::drag(*workspace.asked.drag, 2.0F);
  for (int i = 0; i < 3; ++i) scene::decide(workspace, in, 1.1 + i);
  REQUIRE(workspace.trace.points.size() == 1);
  engine::DragRequest moved = *workspace.asked.drag;
  moved.occluder.x_px += 2;
  in.drag = scene::drag(moved, 1.5F);
  scene::decide(workspace, in, 5.0);
  REQUIRE(workspace.trace.points.size() == 2);
  moved.unit.channel = 2;
  in.drag = scene::drag(moved, 9.0F);
  scene::decide(workspace, in, 6.0);
  REQUIRE(workspace.trace.points.size() == 1);
  REQUIRE(workspace.trace.points.front().value == 9.0F);
}

TEST_CASE("the occluder keeps its share of a picture of another size") {
  engine::Snapshots in = scene::beginning();
  ui::Workspace workspace = scene::workspace_with({"one_pre_relu", 0, std::nullopt});
  workspace.chosen.occluder = {56, 112, 90};
  in.picture = scene::picture("p0.png", 112);
  scene::decide(workspace, in, 1.0);
  REQUIRE(workspace.chosen.occluder == core::Occluder{28, 56, 45});
}
