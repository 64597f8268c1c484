// From the words of a command line to a request, and from a request to an exit code. Parsing opens no file, so that
// tests and near-miss sentences need none. Main thread only.
#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/commands.h"

namespace cli {

// `words` without the program's name. A refusal is one sentence with the valid choices or near misses.
base::Result<Request> parse(const std::vector<std::string>& words);

// Parses, runs, writes one sentence to stderr if something was refused. Returns the exit code: 0 done, 2 refused,
// 130 stopped by Ctrl+C.
int run(const std::vector<std::string>& words);

}  // namespace cli
