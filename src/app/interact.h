// The life of the window: draws while something happens, sleeps while nothing does, until it is closed. UI thread.
#pragma once
#include "app/application.h"
#include "app/host.h"
#include "app/window.h"
#include "base/result.h"

namespace app {

base::Status interact(Application& application, WindowHost& host, Window& window);

}  // namespace app
