// The parts of the table of ui/actions.h, one a file, and how arguments are read. UI thread.
#pragma once
#include <optional>

#include "ui/actions.h"

namespace ui {

std::vector<Action> unit_actions();   // units, layers, pictures
std::vector<Action> model_actions();  // opening, and how pictures are fed
std::vector<Action> graph_actions();
std::vector<Action> beside_actions();
std::vector<Action> occluder_actions();
std::vector<Action> visualization_actions();
std::vector<Action> window_actions();  // heat maps too
std::vector<Action> session_actions();
std::vector<Action> practice_actions();
std::vector<Action> analysis_actions();
std::vector<Action> screen_actions();  // from one way of working to another

// "0.4", "40 %", "40%"; an error that names the action and shows the form.
base::Result<double> number_argument(std::string_view action, std::string_view argument, double low, double high);
base::Result<bool> switch_argument(std::string_view action, std::string_view argument, bool present);  // on, off, ""
base::Error needs(std::string_view action, std::string_view why, std::string_view what_to_do);

}  // namespace ui
