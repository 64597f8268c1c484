// The typefaces: Inter from the system with digits of one width, other sans-serifs for what it lacks, Dear ImGui's own
// where there is none. UI thread, once after the context is made.
#pragma once
#include "ui/theme.h"

namespace app {

ui::Fonts load_fonts();

}  // namespace app
