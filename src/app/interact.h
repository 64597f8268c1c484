// The life of the window: draws while something happens, sleeps while nothing does, until it is closed. UI thread.
#pragma once
#include <functional>

#include "app/application.h"
#include "app/host.h"
#include "app/window.h"
#include "base/result.h"

namespace app {

base::Status interact(Application& application, WindowHost& host, Window& window);

// One turn of that loop: sleeps until something is due, at most for longest_s; then `act` does what came from outside,
// and a frame is drawn. `now_s` is the window's time, of the last turn and of this.
base::Status turn(Application& application, Host& host, double longest_s, double& now_s,
                  const std::function<void()>& act);

}  // namespace app
