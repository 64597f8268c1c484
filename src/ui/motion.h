// What appears, moves or changes range does so in 120 ms, easing out; at once where the preferences say no motion.
// UI thread, inside a frame.
#pragma once
#include <cstdint>

#include "ui/workspace.h"

namespace ui {

inline constexpr float kMotion_s = 0.12F;

// The value on its way to `target`, remembered under `id`. The first time it is the target itself.
float eased(Workspace& workspace, std::uint32_t id, float target, float dt_s);
// The same, but the first time it starts from `from`: for what appears.
float eased_from(Workspace& workspace, std::uint32_t id, float from, float target, float dt_s);
// Forgets a value, so that it appears again next time.
void forget_motion(Workspace& workspace, std::uint32_t id);

}  // namespace ui
