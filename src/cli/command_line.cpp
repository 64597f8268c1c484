#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

#include "base/log.h"
#include "cli/flags.h"
#include "cli/interrupt.h"
#include "cli/output.h"

namespace cli {
namespace {

constexpr const char* kProgram = "unitscope-cli";

template <class Flags>
CLI::App& add_command(CLI::App& app, const std::string& name, const std::string& description,
                      std::optional<Request>& into) {
  CLI::App* command = app.add_subcommand(name, description);
  auto flags = std::make_shared<Flags>();
  declare(*command, *flags);
  command->allow_extras();  // so that the sentence about them is ours
  command->callback([&into, flags, command] {
    if (command->get_subcommands().empty()) into = *flags;
  });
  return *command;
}

// A word that only groups commands.
CLI::App& add_group(CLI::App& app, const std::string& name, const std::string& description) {
  CLI::App* group = app.add_subcommand(name, description);
  group->allow_extras();
  return *group;
}

void add_commands(CLI::App& app, std::optional<Request>& into) {
  add_command<InfoRequest>(app, "info", "what a model file holds: input, layers, labels, operators", into);
  CLI::App& units =
      add_command<UnitsRequest>(app, "units", "the layers whose units can be studied, or the units of one layer", into);
  add_command<UnitsSampleRequest>(units, "sample", "draw units for an experiment", into);
  add_command<RespondRequest>(app, "respond", "a unit's activation and activation map for one picture", into);
  add_command<VisualizeRequest>(app, "visualize", "optimize a picture that excites (or inhibits) a unit", into);
  add_command<OccludeRequest>(app, "occlude", "a unit's activation for every place of an occluding square", into);
  add_command<BestRequest>(app, "best", "the pictures of a folder that a unit answers most strongly", into);
  add_command<CompareRequest>(app, "compare", "one finding about a unit over many pictures and several models", into);
  CLI::App& collection = add_group(app, "collection", "make and measure collections of pictures");
  add_command<StarterRequest>(collection, "starter", "make the starter collection in a folder", into);
  add_command<ScanRequest>(collection, "scan", "measure every unit on every picture of a folder, and remember it",
                           into);
  CLI::App& trials = add_group(app, "trials", "make experiments, look at them, let artificial observers take them");
  add_command<TrialsMakeRequest>(trials, "make", "make an experiment of units and pictures", into);
  add_command<TrialsCheckRequest>(trials, "check", "what an experiment holds, how difficult it is, what is missing",
                                  into);
  add_command<TrialsSimulateRequest>(trials, "simulate", "let an artificial observer take an experiment", into);
  add_command<PracticeRequest>(app, "practice", "practice questions answered by artificial observers", into);
  add_command<AnalyseRequest>(app, "analyse", "accuracies, differences and agreement of answers, as a report", into);
  add_command<BenchRequest>(app, "bench", "how fast this machine drags, sweeps and visualizes", into);
}

std::string command_of(const CLI::App& app) {
  return app.get_parent() == nullptr ? kProgram : command_of(*app.get_parent()) + " " + app.get_name();
}

// The innermost command that was named.
const CLI::App& chosen_command(const CLI::App& app) {
  const auto parsed = app.get_subcommands();
  return parsed.empty() ? app : chosen_command(*parsed.front());
}

std::vector<std::string> flags_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

std::vector<std::string> commands_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

// What to say about a word that a command does not know.
base::Error unknown_word(const CLI::App& app, const std::string& word) {
  const std::string command = command_of(app);
  const bool is_flag = word.starts_with('-');
  const bool wants_command = !is_flag && !commands_of(app).empty();
  const auto names = wants_command ? commands_of(app) : flags_of(app);
  const auto near = near_misses(word.substr(0, word.find('=')), names);
  std::string advice = command + " --help lists what it knows";
  if (!near.empty())
    advice = "The nearest is " + either_of(near);
  else if (wants_command)
    advice = "Choose " + either_of(names);
  const std::string why = wants_command ? "it has no such command"
                          : is_flag     ? "it has no such flag"
                                        : "it takes no word there without a flag";
  return {command + " was given \"" + word + "\"", why, advice};
}

// Words that CLI11 left over, in the command where it met them.
std::optional<base::Error> left_over(const CLI::App& app) {
  if (const auto words = app.remaining(); !words.empty()) return unknown_word(app, words.front());
  for (const CLI::App* command : app.get_subcommands())
    if (auto error = left_over(*command)) return error;
  return std::nullopt;
}

base::Error no_command(const CLI::App& app) {
  return {command_of(app) + " needs to know what to do", "no command was given",
          "Choose " + either_of(commands_of(app)) + "; " + command_of(app) + " --help explains them"};
}

base::Result<Outcome> perform(const Request& request) {
  interrupt_flag();  // from here on Ctrl+C is a wish
  return std::visit(
      [](const auto& what) {
        if constexpr (requires { what.talk; })
          if (!what.talk.verbose) base::log_only_warnings();
        return run(what);
      },
      request);
}

}  // namespace

base::Result<Request> parse(const std::vector<std::string>& words) {
  std::optional<Request> request;
  CLI::App app("See what the units of a convolutional network respond to, without a window.", kProgram);
  app.footer(
      "Exit codes: 0 done, 2 refused (one sentence on stderr says why), 130 stopped by Ctrl+C.\n"
      "Example:\n  unitscope-cli respond --image photo.jpg --unit mixed4a_pre_relu:7 --json");
  app.set_version_flag("--version", "unitscope " UNITSCOPE_VERSION);
  app.allow_extras();
  add_commands(app, request);
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));  // CLI11 takes the last word first
  } catch (const CLI::CallForHelp&) {
    return Request(HelpRequest{app.help()});
  } catch (const CLI::CallForVersion& version) {
    return Request(HelpRequest{std::string(version.what()) + "\n"});
  } catch (const CLI::ValidationError& refused) {  // our own sentences, from flags.cpp
    return base::Error{refused.what(), "", ""};
  } catch (const CLI::ParseError& refused) {
    const std::string command = command_of(chosen_command(app));
    return base::Error{"The command line cannot be read", refused.what(), command + " --help shows the flags"};
  }
  if (auto error = left_over(app)) return *error;
  if (!request) return no_command(chosen_command(app));
  return *request;
}

base::Result<Outcome> run(const HelpRequest& request) {
  print_text(request.text);
  return Outcome::done;
}

int run(const std::vector<std::string>& words) {
  try {
    const auto request = parse(words);
    auto outcome = request ? perform(*request) : base::Result<Outcome>(request.error());
    if (outcome)
      if (const auto printed = finish_output(); !printed) outcome = printed.error();
    if (!outcome) {
      print_refusal(outcome.error());
      return 2;
    }
    if (*outcome == Outcome::done) return 0;
    print_note("stopped");
    return interrupt_exit_code();
  } catch (const std::exception& failure) {  // of a library: memory, the file system
    print_refusal({"unitscope-cli cannot go on", failure.what(), ""});
    return 2;
  }
}

}  // namespace cli
