#include "ui/motion.h"

#include <cmath>

namespace ui {

float eased_from(Workspace& workspace, std::uint32_t id, float from, float target, float dt_s) {
  auto [place, is_new] = workspace.standing.moving.try_emplace(id, from);
  float& value = place->second;
  const float distance = target - value;
  // There is no way from or to what is no number, and the window would never sleep.
  if (!workspace.preferences.motion || !std::isfinite(distance)) return value = target;
  // Exponential: 95 % of the way after 120 ms; the rest is jumped so that an idle window sleeps.
  const float next = value + distance * (1.0F - std::exp(-3.0F * dt_s / kMotion_s));
  const bool arrived = std::fabs(target - next) <= 0.004F * std::fmax(std::fabs(target), 0.1F);
  value = arrived ? target : next;
  if (value != target) workspace.standing.in_motion = true;
  return value;
}

float eased(Workspace& workspace, std::uint32_t id, float target, float dt_s) {
  return eased_from(workspace, id, target, target, dt_s);
}

void forget_motion(Workspace& workspace, std::uint32_t id) {
  workspace.standing.moving.erase(id);
}

}  // namespace ui
