// What only the window can measure, asked of the program next to this one, so that unitscope-cli links nothing that
// draws. Main thread.
#pragma once
#include <filesystem>

#include "cli/output.h"

namespace cli {

// What `unitscope --bench --json` beside this program says (app/bench.h): "layers" with their "drag_ms", "ui_frame_ms"
// and more; null where it is not installed, cannot draw, or takes longer than ten minutes.
Json bench_of_window(const std::filesystem::path& model, bool quick);

}  // namespace cli
