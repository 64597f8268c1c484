// unitscope-cli trials make: an experiment from a list of units and a folder of pictures.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <cmath>
#include <thread>

#include "base/log.h"
#include "cli/commands.h"
#include "cli/flags.h"
#include "cli/output.h"
#include "cli/session.h"
#include "core/image_io.h"
#include "data/activation_index.h"
#include "engine/experiment_folder.h"
#include "engine/open.h"
#include "engine/trial_making.h"

namespace cli {
namespace {

constexpr const char* kCommand = "unitscope-cli trials make";
constexpr std::size_t kMaxUnitsBytes = 16U << 20;

std::string duration(double seconds) {
  const auto whole = std::llround(seconds);
  if (whole < 60) return std::to_string(whole) + " s";
  if (whole < 3600) return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
  return std::to_string(whole / 3600) + " h " + std::to_string(whole / 60 % 60) + " min";
}

base::Error missing(const std::string& what, const std::string& example) {
  return {std::string(kCommand) + " needs " + what, "it was not given", "Give it, for example " + example};
}

// NAME=FOLDER.
base::Result<study::OwnReferences> own_references(const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::string name = text.substr(0, equals);
  const auto is_plain = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-'; };
  const auto& published = study::published_conditions();
  if (equals == std::string::npos || name.empty() || equals + 1 == text.size() || !std::ranges::all_of(name, is_plain))
    return base::Error{"The value of --references cannot be used", "\"" + text + "\" is not NAME=FOLDER",
                       "Give a name of letters, digits, _ and -, such as --references mine=folder"};
  if (std::ranges::find(published, name, &study::Condition::name) != published.end())
    return base::Error{"The value of --references cannot be used", "\"" + name + "\" is a condition of the study",
                       "Choose another name"};
  return study::OwnReferences{name, text.substr(equals + 1)};
}

base::Status apply_flags(const TrialsMakeRequest& request, engine::TrialMakingRequest& making) {
  study::ExperimentSpec& spec = making.spec;
  if (request.tier) {
    const auto tier = study::parse_tier(*request.tier);
    if (!tier) return tier.error();
    spec.tier = *tier;
  }
  engine::apply_tier(making);
  if (request.as_published) spec.fidelity = study::Fidelity::as_published;
  spec.seed = request.seed.value_or(0);
  spec.image_sets = request.image_sets.value_or(spec.image_sets);
  spec.tasks = request.tasks.value_or(spec.tasks);
  spec.filter.least_effect = request.least_effect.value_or(spec.filter.least_effect);
  spec.filter.least_relative_difference = request.least_difference;
  spec.filter.most_relative_difference = request.most_difference;
  if (request.size) {
    const auto share = share_of_side(*request.size);
    if (!share) return share.error();
    spec.sizes = {*share};
  }
  if (request.fill) {
    const auto fill = core::parse_fill(*request.fill);
    if (!fill) return fill.error();
    spec.fill = *fill;
  }
  for (const std::string& text : request.references) {
    auto own = own_references(text);
    if (!own) return own.error();
    spec.own_references.push_back(*std::move(own));
  }
  return {};
}

// Opens what the flags name and puts the job's request together.
base::Result<engine::TrialMakingRequest> asked(const TrialsMakeRequest& request) {
  if (!request.units_file)
    return missing("a file of units", "--units units.csv (unitscope-cli units sample makes one)");
  if (!request.images) return missing("a folder of pictures", "--images photos");
  if (!request.out.path && !request.estimate) return missing("a folder to write to", "--out experiment");
  engine::TrialMakingRequest making;
  if (const auto applied = apply_flags(request, making); !applied) return applied.error();
  const auto model = model_asked(request.model, making.spec.model);
  if (!model) return model.error();
  making.model = engine::open_model((*model)->path, net::Device::cpu, 1);
  if (making.model->error) return *making.model->error;
  const auto text = core::load_text(*request.units_file, kMaxUnitsBytes);
  if (!text) return text.error();
  std::vector<std::string> said;
  auto units = engine::read_units(*text, **model, &said);
  if (!units)
    return base::Error{"The file " + *request.units_file + " cannot be used", units.error().why,
                       units.error().what_to_do};
  for (const std::string& sentence : said) print_note(sentence);
  making.units = *std::move(units);
  making.spec.units = *text;
  making.collection = engine::open_collection({*request.images});
  if (making.collection->error) return *making.collection->error;
  making.spec.images = making.collection->name;
  making.folder = request.out.path.value_or("");
  making.index_file = data::default_index_file();
  making.spec.sweeps_all = request.sweep_all;
  if (!request.sweep_all) making.known_sweeps = engine::shipped_sweeps();
  const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  making.threads = request.threads.value_or(std::min(2, cores));
  making.nice = 0;
  making.only_estimate = request.estimate;
  making.asks_intuitiveness = request.intuitiveness;
  return making;
}

Json to_document(const study::Experiment& experiment, const std::string& folder, double elapsed_s) {
  const auto count = [&](study::Role role) {
    return std::ranges::count_if(experiment.trials, [&](const study::Trial& trial) { return trial.role == role; });
  };
  Json rejected = Json::array();
  for (const study::Rejected& trial : experiment.rejected)
    rejected.push_back({{"id", trial.id}, {"reason", trial.reason}});
  return {{"folder", folder},
          {"main", count(study::Role::main)},
          {"catch", count(study::Role::catch_trial)},
          {"obvious", count(study::Role::obvious_practice)},
          {"less_obvious", count(study::Role::less_obvious_practice)},
          {"rejected", std::move(rejected)},
          {"remarks", experiment.remarks},
          {"elapsed_s", elapsed_s}};
}

void say(const TrialsMakeRequest& request, const engine::TrialMakingSnapshot& end) {
  const study::Experiment& experiment = *end.experiment;
  if (request.talk.json) return print_json(to_document(experiment, *request.out.path, end.elapsed_s));
  std::string text = std::to_string(experiment.trials.size()) + " trials in " + *request.out.path + ", made in " +
                     duration(end.elapsed_s) + "\n";
  for (const std::string& remark : experiment.remarks) text += "  " + remark + "\n";
  for (const study::Rejected& trial : experiment.rejected)
    text += "  not kept: " + trial.id + ": " + trial.reason + "\n";
  print_text(text);
}

}  // namespace

void declare(CLI::App& app, TrialsMakeRequest& request) {
  add_text(app, "--units", request.units_file, "FILE", "a CSV with a column \"unit\", or the study's own columns");
  add_text(app, "--images", request.images, "DIR", "a folder of PNG and JPEG files");
  add_text(app, "--out", request.out.path, "DIR",
           "the experiment's folder; one that was begun with the same flags goes on");
  app.add_flag("--force", request.out.force, "replace another experiment in that folder");
  add_text(
      app, "--tier", request.tier, "NAME",
      "quick (none, natural; one image set; the default), standard (synthetic and mixed too), full (as published)");
  add_seed(app, request.seed, "of all choices; the same seed gives the same bytes (0)");
  add_text(app, "--size", request.size, "SHARE", "of the square, by the picture's shorter side (0.4)");
  add_text(app, "--fill", request.fill, "FILL", "patch-mean (the default), image-mean, grey, black, noise or blur");
  add_number(app, "--image-sets", request.image_sets, "how many, as far as the bins hold (by tier 1, 5, 10)", {1, 20});
  add_number(app, "--tasks", request.tasks, "sets of trials for participants, a condition (by tier 10, 20, 50)",
             {1, 10000});
  app.add_option_function<std::vector<std::string>>(
         "--references", [&request](const std::vector<std::string>& values) { request.references = values; },
         "a condition of your own: FOLDER holds a folder of PNGs for each unit, named LAYER-CHANNEL")
      ->type_name("NAME=FOLDER")
      ->expected(1)
      ->take_all();
  add_number(app, "--least-effect", request.least_effect,
             "the least difference of the two queries, in the unit's standard deviations (0.1)");
  add_number(app, "--least-difference", request.least_difference, "the least relative activation difference");
  add_number(app, "--most-difference", request.most_difference, "the most relative activation difference");
  app.add_flag("--as-published", request.as_published, "with the published study's quirks instead of what it intended");
  app.add_flag("--intuitiveness", request.intuitiveness, "ask how intuitive the references were, -100 to 100");
  app.add_flag("--estimate", request.estimate, "say how long it would take, and make nothing");
  app.add_flag("--sweep-all", request.sweep_all, "compute the sweeps that ship with unitscope, too");
  add_number(app, "--threads", request.threads, "threads, each with a network of its own (2)", {1, 64});
  add_model(app, request.model);
  add_talk(app, request.talk);
  app.footer(
      "Example:\n  unitscope-cli units sample --per-layer 2 --seed 0 --out units.csv\n"
      "  unitscope-cli trials make --units units.csv --images FOLDER --out experiment --seed 0 --tier quick");
}

base::Result<Outcome> run(const TrialsMakeRequest& request) {
  const auto making = asked(request);
  if (!making) return making.error();
  if (!request.estimate) {
    const auto state = engine::prepare_folder(*making, request.out.force);
    if (!state) return state.error();
    if (*state == engine::FolderState::finished) {
      print_note("the experiment in " + *request.out.path + " is made already; it was left as it is");
      const auto there = engine::read_experiment(*request.out.path);
      if (!there) return there.error();
      engine::TrialMakingSnapshot end;
      end.experiment = std::make_shared<study::Experiment>(there->experiment);
      say(request, end);
      return Outcome::done;
    }
    if (*state == engine::FolderState::resumes)
      print_note("going on with the experiment in " + *request.out.path + ", where it was interrupted");
  }
  engine::TrialMaking job(*making);
  Outcome outcome = Outcome::done;
  {
    bool told = false;
    Progress progress;
    outcome = run_to_end(job, [&] {
      const bool due = progress.due();
      if (told && !due) return;
      const auto now = job.snapshot();
      if (!told && now->estimate_s) {
        told = true;
        print_note("this will take about " + duration(*now->estimate_s) + " from here");
      }
      if (due) progress.say(now->doing + (now->remaining_s ? " · " + duration(*now->remaining_s) + " left" : ""));
    });
  }
  const auto end = job.snapshot();
  if (end->error) return *end->error;
  if (outcome == Outcome::interrupted) return outcome;
  for (const engine::SkippedEntry& entry : end->skipped) base::log_warning("skipped: " + entry.reason.sentence());
  if (!request.estimate) {
    say(request, *end);
  } else if (request.talk.json) {
    print_json({{"estimate_s", *end->estimate_s}});
  } else {
    print_text("about " + duration(*end->estimate_s) + ", after the pictures were ranked\n");
  }
  return Outcome::done;
}

}  // namespace cli
