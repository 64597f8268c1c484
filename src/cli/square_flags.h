// The flags of the square that covers a part of the picture, the same for every command that has one. Main thread.
#pragma once
#include "base/result.h"
#include "cli/commands.h"
#include "core/specs.h"

namespace cli {

void add_square(CLI::App& app, SquareFlags& flags, int stride_px);
// What was given goes into the spec; `crop` is the picture as the network sees it. A size that was not given is the
// spec's where a file gave that, and 0.4 of the shorter side otherwise.
base::Status apply_square(const SquareFlags& flags, core::Size crop, bool from_file, core::OcclusionSpec& spec);

}  // namespace cli
