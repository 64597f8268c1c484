// Workspace: what the user has chosen and how the window stands; plain values, owned by the app, changed by panels and
// actions through ui/choice.h. decide() (ui/decide.cpp) compares it with the snapshots and asks for what is missing,
// each thing once. It computes no numbers of the network and draws nothing. UI thread.
#pragma once
#include <array>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/geometry.h"
#include "engine/messages.h"
#include "ui/analysing.h"
#include "ui/beside.h"
#include "ui/graph_view.h"
#include "ui/opening.h"
#include "ui/practice.h"
#include "ui/preferences.h"
#include "ui/session.h"
#include "ui/trial_maker.h"

namespace ui {

// What undo and redo go over.
struct Chosen {
  std::optional<core::Unit> unit;
  std::filesystem::path picture;
  core::Occluder occluder{67, 67, 90};
  core::Fill fill = core::Fill::patch_mean;
  bool operator==(const Chosen&) const = default;
};

struct History {
  std::vector<Chosen> past;
  std::vector<Chosen> future;
  std::optional<Chosen> present;  // the last that was recorded
  double recorded_s = -1.0;
};

struct VisualizationRun {
  std::string preset = "lucid";
  core::VisualizeSpec spec;  // model, unit and seed are filled in when it is asked for
  engine::Run run = engine::Run::running;
  int single_steps = 0;
  int restarts = 0;
};

// What the hand is doing.
struct Hand {
  bool dragging = false;
  core::Point grab_px;           // from the occluder's corner to the hand, in picture pixels
  double moved_s = -1e9;         // when the occluder moved last
  bool acted = false;            // the user has chosen something: nothing is chosen for them any more
  core::Size picture{224, 224};  // that the occluder was placed in; a picture of another size scales it
};

// What was asked last, so that each thing is asked once.
struct Asked {
  std::filesystem::path picture;
  engine::ModelPointer picture_model;
  std::optional<engine::DragRequest> drag;
  std::optional<engine::ClassesRequest> classes;
  std::optional<engine::ContactSheetRequest> contact_sheet;
  std::optional<engine::SweepRequest> sweep;
  std::array<std::optional<engine::VisualizeRequest>, engine::kVisualizationSlots> visualize;
  std::optional<engine::ScanRequest> scan;
  std::vector<std::filesystem::path> thumbnails;
  double thumbnails_s = -1e9;
};

struct TracePoint {
  double time_s = 0.0;
  float value = 0.0F;
};
struct Trace {
  std::deque<TracePoint> points;
  std::shared_ptr<const engine::DragSnapshot> newest;  // the answer that the last point came from
};

// The pictures of the folder by the chosen unit; kept until unit or scan change.
struct Ranking {
  std::shared_ptr<const engine::ScanSnapshot> scan;
  std::optional<core::Unit> unit;
  std::vector<engine::RankedPicture> best;
};

// The map as it is drawn; kept until the sweep or what is shown of it changes.
struct ShownMap {
  std::shared_ptr<const engine::SweepAnswer> sweep;
  MapValues values = MapValues::value;
  core::Map map;
};
struct ShownSheet {
  std::shared_ptr<const engine::ContactSheetSnapshot> sheet;
  core::Map atlas;
  int columns = 0;
  std::shared_ptr<const engine::ContactSheetSnapshot> followed_sheet;  // scrolled to show this unit
  int followed = -1;
};

// How the window stands: what is open, what was typed, where things are.
struct Standing {
  bool panels_hidden = false;
  bool picture_alone = false;  // by the action; V held does the same
  bool help_open = false;
  bool more_controls = false;  // of the visualization
  bool search_open = false;
  bool focus_search = false;
  std::string search_text;
  int search_chosen = 0;
  std::string notice;  // "Copied."
  bool notice_is_error = false;
  double notice_until_s = -1.0;
  int save_told = 0;  // the number of the save that the notice spoke of
  std::shared_ptr<const engine::RefusalSnapshot> refusal_told;
  double started_s = -1.0;

  std::string without_unit;  // what the stage says where there is no unit; empty: that one is measured
  std::optional<core::Rect> stage_picture;
  std::optional<core::Rect> map;
  std::optional<core::Range> shared_range;  // of the colours of two maps side by side
  float theme_scale = 0.0F;
  bool layout_wanted = true;  // the default layout is loaded before the next frame
  bool layout_own = false;    // the user has moved or resized a panel
  core::Size layout_window;
  float layout_scale = 0.0F;
  bool layout_compares = false;
  int frames_since_layout = 0;

  std::map<std::uint32_t, float> moving;  // eased values by id (ui/motion.h)
  bool in_motion = false;
  std::optional<double> wake_s;  // the time at which something is due without an event
};

// The ways of working; the top bar's right end chooses among the first three. A session is begun on the command line;
// the graph of the model and two models side by side are reached from the model's menu and by keys.
enum class Screen { explore, practice, analyse, session, graph, beside };

struct Workspace {
  Screen screen = Screen::explore;
  std::optional<Session> session;  // where the screen is one
  Chosen chosen;
  std::optional<std::string> wanted_layer;  // its unit is chosen when the contact sheet says which is strongest
  std::map<std::string, int> last_channel;  // by layer: coming back finds the unit that was left
  std::uint64_t seed = 0;
  std::array<VisualizationRun, engine::kVisualizationSlots> visualizations;
  bool comparing = false;  // three runs from one seed: naive pixels, regularized pixels, Fourier
  int controlled = 0;      // the run that the inspector's controls act on
  Preferences preferences;
  std::filesystem::path export_folder = "unitscope-export";
  int saves = 0;
  Analysing analysing;
  Practice practice;
  TrialMaker maker;
  Opening opening;
  GraphView graph;
  Beside beside;

  Hand hand;
  History history;
  Asked asked;
  Trace trace;
  Ranking ranking;
  ShownMap shown_map;
  ShownSheet shown_sheet;
  Standing standing;
};

// Fills the requests for what the workspace wants and has not asked for yet; takes in what snapshots settle (the first
// choice, the strongest unit of a layer, the trace, undo). Once a frame, after the panels.
void decide(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out, double now_s,
            engine::Clock::time_point input_time);

// The part of it for a stage with its map: the picture, the hand's value and classes, the sweep.
void decide_stage(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out, double now_s,
                  engine::Clock::time_point input_time);

}  // namespace ui
