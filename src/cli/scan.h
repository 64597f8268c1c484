// One pass over a folder for the commands that need it: every unit on every picture, remembered in the user's cache
// folder as the window does. Main thread.
#pragma once
#include <memory>
#include <string>

#include "base/result.h"
#include "cli/commands.h"
#include "engine/messages.h"

namespace cli {

struct Scanned {
  std::shared_ptr<const engine::ScanSnapshot> answer;  // null: interrupted
};
// Files that cannot be read are warned about; a folder with nothing to read is refused. `first_choice`: also chooses,
// and remembers, a picture and a unit to begin with.
base::Result<Scanned> scan_folder(const Machine& machine, const std::shared_ptr<const net::Model>& model,
                                  const std::string& folder, bool first_choice);

}  // namespace cli
