// The flags of `unitscope`, as plain values. Any thread.
#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "base/result.h"
#include "core/image.h"
#include "study/session_plan.h"

namespace app {

struct SessionOptions {  // of --pilot and --real
  std::filesystem::path experiment;
  std::filesystem::path results;  // empty: a folder in the experiment's
  study::SessionAsk ask;
};

struct Options {
  std::filesystem::path model;    // empty: the last one, else the embedded one
  std::filesystem::path images;   // empty: the last folder, else the starter pictures
  std::filesystem::path analyse;  // a folder of answers to analyse at once
  bool offscreen = false;
  std::filesystem::path script;  // empty: none
  std::filesystem::path out;     // where a script's pictures go
  core::Size size{1280, 800};
  bool size_given = false;
  int pixel_scale = 1;
  bool practice = false;  // begin with questions about units that stand out
  bool validation = false;
  bool bench = false;
  bool quick = false;
  bool json = false;
  std::optional<SessionOptions> session;
  std::optional<std::string> answer;  // of --help and --version: print it and stop
};

base::Result<Options> parse_options(int argc, const char* const* argv);

// "1280x800".
base::Result<core::Size> parse_size(const std::string& text);

}  // namespace app
