// The window's frame times, asked of the program next to this one, so that unitscope-cli links nothing that draws.
// Main thread.
#pragma once
#include <filesystem>

#include "cli/output.h"

namespace cli {

// What `unitscope --bench --json` beside this program says under "ui_frame_ms": {"p50", "p99", "max"}; null where it is
// not installed, cannot draw, or takes longer than two minutes.
Json frame_times_of_window(const std::filesystem::path& model);

}  // namespace cli
