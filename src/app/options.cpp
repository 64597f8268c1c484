#include "app/options.h"

#include <CLI/CLI.hpp>
#include <cstdio>

namespace app {
namespace {

constexpr int kMinSide_px = 320;
constexpr int kMaxSide_px = 8192;
constexpr const char* kVersion = "unitscope " UNITSCOPE_VERSION;

base::Error refused(const std::string& why) {
  return {"unitscope cannot start", why, "unitscope --help lists the flags."};
}

// What the flags of a session are read into, before it is known whether there is one.
struct SessionFlags {
  std::string pilot, real, results, participant, group, condition;
  int task = 0;
};

void add_session_flags(CLI::App& flags, SessionFlags& session) {
  flags.add_option("--pilot", session.pilot, "Take part in an experiment, as a try: the folder of its trials")
      ->type_name("DIR");
  flags.add_option("--real", session.real, "Take part in an experiment whose answers count")->type_name("DIR");
  flags.add_option("--participant", session.participant, "Who takes part, such as p01")->type_name("NAME");
  flags.add_option("--group", session.group, "The group of the participant, such as expert or lay")->type_name("NAME");
  flags.add_option("--condition", session.condition, "The references shown: none, natural, synthetic, mixed, blur")
      ->type_name("NAME");
  flags.add_option("--task", session.task, "The set of trials, from 1; the next free one if left out")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  flags.add_option("--results", session.results, "Where answers are kept; the experiment's folder results if left out")
      ->type_name("DIR");
}

base::Result<std::optional<SessionOptions>> session_of(const SessionFlags& flags) {
  std::optional<SessionOptions> session;
  if (flags.pilot.empty() && flags.real.empty()) {
    if (!flags.participant.empty() || !flags.condition.empty() || flags.task > 0)
      return refused(
          "--participant, --condition and --task say who takes part, but not in what: give --pilot or --real");
    return session;
  }
  if (!flags.pilot.empty() && !flags.real.empty()) return refused("a session is either --pilot or --real, not both");
  if (flags.participant.empty()) return refused("a session needs --participant NAME, such as p01");
  if (flags.condition.empty()) return refused("a session needs --condition NAME, such as natural");
  session.emplace();
  session->experiment = flags.pilot.empty() ? flags.real : flags.pilot;
  session->results = flags.results;
  session->ask = {flags.pilot.empty() ? study::Mode::real : study::Mode::pilot, flags.participant, flags.group,
                  flags.condition, std::nullopt};
  if (flags.task > 0) session->ask.task = flags.task;
  return session;
}

base::Status check_together(const Options& options) {
  if (!options.script.empty() && options.out.empty())
    return refused("--script needs --out DIR, the folder for its pictures");
  if (options.offscreen && options.script.empty() && !options.bench)
    return refused("--offscreen without --script FILE or --bench would show nothing");
  return {};
}

}  // namespace

base::Result<core::Size> parse_size(const std::string& text) {
  core::Size size;
  char rest = 0;
  const bool two_numbers = std::sscanf(text.c_str(), "%5dx%5d%c", &size.width_px, &size.height_px, &rest) == 2;
  const auto fits = [](int side) { return side >= kMinSide_px && side <= kMaxSide_px; };
  if (two_numbers && fits(size.width_px) && fits(size.height_px)) return size;
  return refused("the size \"" + text + "\" is not WIDTHxHEIGHT with sides of " + std::to_string(kMinSide_px) + " to " +
                 std::to_string(kMaxSide_px) + " pixels, such as 1280x800");
}

base::Result<Options> parse_options(int argc, const char* const* argv) {
  Options options;
  std::string size;
  SessionFlags session;
  CLI::App flags("Shows what one unit of a convolutional network responds to, live.", "unitscope");
  flags.set_version_flag("--version", kVersion);
  flags.add_option("--model", options.model, "The network, an .onnx or .pb file; the embedded one if left out")
      ->type_name("FILE");
  flags.add_option("--images", options.images, "A folder of PNG and JPEG pictures; the starter pictures if left out")
      ->type_name("DIR");
  flags.add_flag("--practice", options.practice,
                 "Begin with practice: which of two squares leaves a unit more active?");
  flags.add_option("--analyse", options.analyse, "A folder of answers: begin with what they say")->type_name("DIR");
  flags.add_flag("--offscreen", options.offscreen, "Draw into pictures instead of a window");
  flags.add_option("--script", options.script, "Play a script: a JSON list of do, wait and shot")->type_name("FILE");
  flags.add_option("--out", options.out, "Where a script's pictures and summary go")->type_name("DIR");
  flags.add_option("--size", size, "The window's size, such as 1280x800")->type_name("WxH");
  flags.add_option("--pixel-scale", options.pixel_scale, "Offscreen: pixels for each pixel of the size, 1 to 4")
      ->type_name("N");
  flags.add_flag("--validation", options.validation, "Watch Vulkan calls with the validation layer");
  flags.add_flag("--bench", options.bench, "Measure drags, frames and cancelling, in a window where there is a screen");
  flags.add_flag("--quick", options.quick, "With --bench: fewer repetitions");
  flags.add_flag("--json", options.json, "With --bench: print JSON");
  add_session_flags(flags, session);
  try {
    flags.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    options.answer = flags.help();
    return options;
  } catch (const CLI::CallForVersion&) {
    options.answer = std::string(kVersion) + "\n";
    return options;
  } catch (const CLI::ParseError& error) {
    return refused(error.what());
  }
  if (!size.empty()) {
    const auto parsed = parse_size(size);
    if (!parsed) return parsed.error();
    options.size = *parsed;
    options.size_given = true;
  }
  if (options.pixel_scale < 1 || options.pixel_scale > 4)
    return refused("--pixel-scale is " + std::to_string(options.pixel_scale) + " but must be 1, 2, 3 or 4");
  auto asked = session_of(session);
  if (!asked) return asked.error();
  options.session = std::move(*asked);
  if (auto status = check_together(options); !status) return status.error();
  return options;
}

}  // namespace app
