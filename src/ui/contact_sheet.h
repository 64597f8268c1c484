// The contact sheet as one map: every unit's activation map of a layer in one atlas, strongest first, so that it is one
// texture. Pure; any thread.
#pragma once
#include "core/map.h"
#include "engine/messages.h"

namespace ui {

inline constexpr int kMaxTileCells = 28;  // larger maps are averaged down: a tile is small on screen

// `columns` tiles a row; each tile on its own range, 0 … 1 (a flat one is 0). Tiles beyond the last are NaN. Empty if
// the maps differ in size.
core::Map contact_atlas(const engine::ContactSheetSnapshot& sheet, int columns);

}  // namespace ui
