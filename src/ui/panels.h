// The panels of the window: free functions that draw into the present Dear ImGui window and ask. They compute nothing
// of the network and own nothing; what is chosen is in the Workspace, what is known in the Snapshots. UI thread.
#pragma once
#include "ui/actions.h"
#include "ui/textures.h"
#include "ui/window.h"
#include "ui/workspace.h"

namespace ui {

struct View {  // what a panel sees
  Workspace& workspace;
  const engine::Snapshots& in;
  engine::Requests& out;
  Textures& textures;
  const Frame& frame;
};

// The explorer: the dockable panels, or its three pictures alone. `share` is how far the pictures are on their way from
// their panels (0) into the whole window (1). The dockspace is kept while another screen is shown, so that the panels
// come back where they were.
inline constexpr int kFramesToDock = 4;  // Dear ImGui needs a few to dock what the ini text says
void draw_dockspace(View& view, bool panels_shown);
void draw_docked_panels(View& view);
void draw_pictures_alone(View& view, float share);

// Practice: which of two squares leaves the unit more active?
void draw_practice(View& view);

// A pilot or a real session: the whole window, without bars.
void draw_session(View& view);

// The layers of the model and how they are joined; two models side by side.
void draw_graph(View& view);
void draw_beside(View& view);

void draw_top_bar(View& view);
void draw_status_line(View& view);
void draw_layers_panel(View& view);
void draw_units_of_layer(View& view);  // its contact sheet
void draw_stage(View& view);
void draw_best_pictures(View& view);
void draw_trace(View& view);
void draw_visualizations(View& view);
void draw_occlusion_panel(View& view);
void draw_objective(View& view);
void draw_inspector(View& view);
void draw_suggestions(View& view);  // under the search box, over everything
void draw_help(View& view);
void draw_make_trials(View& view);  // over everything, where it is open
void draw_model_menu(View& view);   // the popup of the top bar
// The rows of models that can be opened, in any popup; `beside`: as the second of two.
void draw_model_choices(View& view, bool beside);
void draw_path_box(View& view);        // a path to open, over everything
void draw_feeding_dialog(View& view);  // how pictures are fed, where a model asks

// ---- shared by panels ----------------------------------------------------------------------------------------------

core::Rect to_rect(ImVec2 min, ImVec2 max);
// Where the present Dear ImGui window has room.
core::Rect content_rect();
// The layers of a model as rows, scrolled to the chosen one (−1: none); the one that was clicked.
std::optional<int> layer_list(const engine::ModelSnapshot& model, int chosen, float height);
// One sentence in the middle of a panel, for nothing yet, working and failed.
void draw_state(const core::Rect& place, const struct State& state);
// A button over a picture's upper right corner, shown while `hovered`: puts the command on the clipboard.
void copy_over_picture(View& view, const core::Rect& picture, bool hovered, const std::string& command);
void copy(Workspace& workspace, const std::string& command, double now_s);
void notify(Workspace& workspace, std::string sentence, bool is_error, double now_s);

// How the occlusion map is coloured now, range included; and the map that is shown (kept while nothing changes).
core::MapStyle occlusion_style(const MapLook& look, core::Range of_map);
const core::Map& shown_occlusion_map(Workspace& workspace, const engine::Snapshots& in);
core::Map values_to_show(const core::OcclusionMap& map, MapValues values);
core::Range shown_range(const MapLook& look, const core::Map& map);
// A map as texture at the size of this rectangle on the framebuffer.
ImTextureRef map_texture(View& view, const core::Map& map, const core::MapStyle& style, const core::Rect& shown);

}  // namespace ui
