// A pilot that the window starts: this program once more, with the flags of a session, in a process of its own, so that
// it has the screen, a store and a clean memory to itself. Nobody waits for it: the loop asks once a turn. It lives on
// when this object goes. UI thread.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace app {

class PilotProcess {
 public:
  base::Status start(const std::vector<std::string>& flags);
  [[nodiscard]] bool runs() const { return process_.has_value(); }
  // The exit code, once, when it has ended; a negative signal where it was killed.
  std::optional<int> take_end();

 private:
  std::optional<int> process_;  // its id
};

}  // namespace app
