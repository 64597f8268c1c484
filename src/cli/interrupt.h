// Ctrl+C as a stop flag: long work sees it between two steps and ends with nothing half-written. A second Ctrl+C ends
// the program at once. Main thread.
#pragma once
#include "core/job.h"

namespace cli {

// Installs the handlers on the first call; the flag is set by SIGINT and SIGTERM.
const core::StopFlag& interrupt_flag();
// From here on Ctrl+C ends the program at once: for short work that cannot be stopped between two steps.
void stop_watching_interrupts();
// 128 + the signal that came: 130 for Ctrl+C.
int interrupt_exit_code();

}  // namespace cli
