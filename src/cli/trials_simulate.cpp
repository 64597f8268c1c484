// unitscope-cli trials simulate: sessions of an artificial observer, one JSON file each, as people's are exported.
#include <CLI/CLI.hpp>
#include <map>
#include <memory>

#include "cli/commands.h"
#include "cli/flags.h"
#include "cli/output.h"
#include "cli/session.h"
#include "core/image_io.h"
#include "engine/experiment_folder.h"
#include "study/simulate.h"

namespace cli {
namespace {

namespace fs = std::filesystem;
constexpr const char* kCommand = "unitscope-cli trials simulate";

struct Counted {
  int sessions = 0, complete = 0, right = 0, trials = 0;
};

void count(Counted& counted, const study::Session& session) {
  ++counted.sessions;
  counted.complete += session.end.complete ? 1 : 0;
  for (const study::Answer& answer : session.answers) {
    if (answer.is_demo || answer.catch_trial) continue;
    ++counted.trials;
    counted.right += answer.correct ? 1 : 0;
  }
}

// A file with the same session is no loss; any other is only replaced with --force.
base::Status write(const Destination& out, const study::Session& session, std::vector<std::string>& files) {
  const fs::path file = fs::path(*out.path) / (session.header.session + ".json");
  const std::string text = study::to_json(session);
  std::error_code ignored;
  if (!out.force && fs::exists(file, ignored)) {
    const auto there = core::load_text(file);
    if (!there || *there != text)
      return base::Error{"The file " + file.string() + " is not replaced", "it is there, with another session",
                         "Choose another --out, or add --force"};
  }
  files.push_back(file.string());
  return core::save_text(file, text);
}

}  // namespace

void declare(CLI::App& app, TrialsSimulateRequest& request) {
  app.add_option("DIR", request.folder, "the experiment's folder")->required();
  add_text(app, "--observer", request.observer, "NAME",
           "chance, centre, centre-as-published, variance, saliency, object, oracle or nearest-reference");
  add_number(app, "--participants", request.participants, "how many (50)", {1, 100000});
  add_text(app, "--condition", request.condition, "NAME", "of the experiment (natural)");
  add_number(app, "--noise", request.noise, "of the oracle, in the unit's standard deviations (0.5)");
  add_seed(app, request.seed, "of the answers; the same seed gives the same bytes (0)");
  add_text(app, "--out", request.out.path, "DIR", "the folder of the sessions");
  app.add_flag("--force", request.out.force, "replace other sessions of the same names");
  add_talk(app, request.talk);
  app.footer(
      "The nearest-reference observer is informed: it compares pictures in the network's own features, which the "
      "truth\n"
      "is made of, too, and is no stand-in for people.\n"
      "Example:\n  unitscope-cli trials simulate experiment --observer centre --participants 50 --seed 0 --out "
      "sessions");
}

base::Result<Outcome> run(const TrialsSimulateRequest& request) {
  if (!request.observer)
    return base::Error{std::string(kCommand) + " needs an observer", "--observer was not given",
                       "Give one, for example --observer centre"};
  if (!request.out.path)
    return base::Error{std::string(kCommand) + " needs a folder to write to", "--out was not given",
                       "Give one, for example --out sessions"};
  const auto rule = study::parse_rule(*request.observer);
  if (!rule) return rule.error();
  const auto read = engine::read_experiment(request.folder);
  if (!read) return read.error();
  std::error_code failed;
  fs::create_directories(*request.out.path, failed);
  if (failed)
    return base::Error{"The folder " + *request.out.path + " cannot be made", failed.message(), "Choose another --out"};
  const auto experiment = std::make_shared<const study::Experiment>(read->experiment);
  const std::string name = fs::absolute(fs::path(request.folder)).lexically_normal().filename().string();
  study::SimulateAsk ask;
  ask.observer = {*rule, request.noise.value_or(0.5)};
  ask.condition = request.condition.value_or("natural");
  ask.seed = request.seed.value_or(0);
  Counted counted;
  std::vector<std::string> files;
  for (int participant = 1; participant <= request.participants.value_or(50); ++participant) {
    ask.participant = participant;
    const auto session = study::simulate(experiment, name, read->hash, ask);
    if (!session) return session.error();
    if (const auto written = write(request.out, *session, files); !written) return written.error();
    count(counted, *session);
  }
  if (request.talk.json)
    print_json({{"folder", *request.out.path},
                {"observer", *request.observer},
                {"condition", ask.condition},
                {"sessions", counted.sessions},
                {"complete", counted.complete},
                {"main_trials", counted.trials},
                {"main_right", counted.right}});
  else
    print_text(std::to_string(counted.sessions) + " sessions in " + *request.out.path + ", " +
               std::to_string(counted.right) + " of " + std::to_string(counted.trials) + " main trials right\n");
  return Outcome::done;
}

}  // namespace cli
