#include "ui/trial_maker.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <system_error>

#include "ui/sentences.h"
#include "ui/workspace.h"

namespace ui {
namespace {

constexpr const char* kHandPicked = "unit,hand_picked";

base::Error missing(const std::string& why, const std::string& what_to_do) {
  return {"Trials cannot be made yet", why, what_to_do};
}

std::string for_shell(const std::string& text) {
  const bool plain = !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.' || c == '/';
  });
  if (plain) return text;
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

std::string short_number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

// The whole text is the number.
template <class Value>
std::optional<Value> number_in(const std::string& text) {
  Value value{};
  const char* const end = text.data() + text.size();
  const auto [stopped, problem] = std::from_chars(text.data(), end, value);
  return problem == std::errc{} && stopped == end ? std::optional(value) : std::nullopt;
}

std::string hand_picked_row(const core::Unit& unit) {
  return core::to_string(unit) + ",true";
}

std::filesystem::path absolute_of(const std::string& folder) {
  std::error_code failed;
  const auto absolute = std::filesystem::absolute(folder, failed);
  return failed ? std::filesystem::path(folder) : absolute.lexically_normal();
}

base::Status add_units(const Workspace& workspace, engine::MakeTrialsRequest& request) {
  const TrialMaker& maker = workspace.maker;
  request.per_layer = maker.per_layer;
  if (maker.units == MakerUnits::this_unit) {
    if (!workspace.chosen.unit) return missing("no unit is chosen", "Choose one in the explorer.");
    request.units_csv = std::string(kHandPicked) + "\n" + hand_picked_row(*workspace.chosen.unit) + "\n";
  }
  if (maker.units == MakerUnits::file) {
    if (maker.units_file.empty()) return missing("no list of units is named", "Write the path of a units.csv.");
    request.units_file = maker.units_file;
  }
  return {};
}

// The folder as well: what is finished in it costs no time any more.
bool same_trials(const engine::MakeTrialsRequest& a, const engine::MakeTrialsRequest& b) {
  return a.model == b.model && a.collection == b.collection && a.units_csv == b.units_csv &&
         a.units_file == b.units_file && a.per_layer == b.per_layer && a.tier == b.tier && a.size == b.size &&
         a.seed == b.seed && a.least_effect == b.least_effect && a.folder == b.folder;
}

std::string made_words(const engine::MakeTrialsSnapshot& snapshot) {
  const study::Experiment& made = *snapshot.experiment;
  const auto count = [&](study::Role role) { return std::ranges::count(made.trials, role, &study::Trial::role); };
  return "*" + thousands(count(study::Role::main)) + "* main trials, *" + thousands(count(study::Role::catch_trial)) +
         "* catch and *" + thousands(count(study::Role::obvious_practice) + count(study::Role::less_obvious_practice)) +
         "* practice trials are in *" + absolute_of(snapshot.request.folder.string()).string() + "*. " +
         (made.rejected.empty() ? std::string("None was rejected.")
                                : "*" + thousands(static_cast<long long>(made.rejected.size())) +
                                      "* were rejected, listed with the reason at the end.");
}

PilotStart pilot_of(const TrialMaker& maker) {
  return {maker.asked && maker.asked->model ? maker.asked->folder : absolute_of(maker.folder), maker.participant,
          maker.group, maker.condition};
}

}  // namespace

base::Result<engine::MakeTrialsRequest> making_request(const Workspace& workspace, const engine::Snapshots& in) {
  const TrialMaker& maker = workspace.maker;
  if (!in.model || in.model->error) return missing("no model is open", "Open a model first.");
  if (!in.collection || in.collection->error) return missing("no folder of pictures is open", "Open one first.");
  if (maker.folder.empty()) return missing("no folder for them is named", "Write one, such as experiment.");
  engine::MakeTrialsRequest request;
  request.model = in.model;
  request.collection = in.collection;
  if (const auto units = add_units(workspace, request); !units) return units.error();
  const auto seed = number_in<std::uint64_t>(maker.seed);
  if (!seed) return missing("\"" + maker.seed + "\" is no seed", "Write a whole number, such as 0.");
  const auto least_effect = number_in<double>(maker.least_effect);
  if (!least_effect || !std::isfinite(*least_effect) || *least_effect < 0.0)
    return missing("\"" + maker.least_effect + "\" is no least effect",
                   "Write a number of standard deviations, such as 0.1.");
  request.seed = *seed;
  request.least_effect = *least_effect;
  request.tier = maker.tier;
  request.size = maker.size;
  request.asks_intuitiveness = maker.asks_intuitiveness;
  request.folder = absolute_of(maker.folder);
  return request;
}

std::string making_command(const Workspace& workspace, const engine::Snapshots& in) {
  const TrialMaker& maker = workspace.maker;
  const std::string seed = for_shell(maker.seed);
  std::string before;
  std::string units = maker.units_file;
  if (maker.units == MakerUnits::sampled) {
    units = "units.csv";
    before = "unitscope-cli units sample --per-layer " + std::to_string(maker.per_layer) + " --seed " + seed;
    if (in.model && !in.model->error) before += " --model " + for_shell(in.model->path.string());
    before += " --out units.csv && ";
  } else if (maker.units == MakerUnits::this_unit && workspace.chosen.unit) {
    units = "units.csv";
    before = std::string("printf '%s\\n' ") + for_shell(kHandPicked) + " " +
             for_shell(hand_picked_row(*workspace.chosen.unit)) + " > units.csv && ";
  }
  std::string command = before + "unitscope-cli trials make --units " + for_shell(units);
  if (in.collection && !in.collection->error) command += " --images " + for_shell(in.collection->folder.string());
  command += " --out " + for_shell(absolute_of(maker.folder).string()) + " --seed " + seed + " --tier " +
             std::string(study::to_string(maker.tier)) + " --size " + short_number(maker.size) + " --least-effect " +
             for_shell(maker.least_effect);
  if (maker.asks_intuitiveness) command += " --intuitiveness";
  if (in.model && !in.model->error) command += " --model " + for_shell(in.model->path.string());
  return command;
}

base::Status begin_making(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out,
                          bool only_estimate) {
  auto request = making_request(workspace, in);
  if (!request) return request.error();
  request->only_estimate = only_estimate;
  request->number = ++workspace.maker.number;
  workspace.maker.asked = *request;
  out.make_trials = *std::move(request);
  return {};
}

void cancel_making(Workspace& workspace, engine::Requests& out) {
  if (!workspace.maker.asked || !workspace.maker.asked->model) return;
  workspace.maker.asked = engine::MakeTrialsRequest{};
  out.make_trials = workspace.maker.asked;
}

const engine::MakeTrialsSnapshot* making_answer(const Workspace& workspace, const engine::Snapshots& in) {
  const auto& asked = workspace.maker.asked;
  const bool answers = asked && asked->model && in.make_trials && in.make_trials->request.number == asked->number;
  return answers ? in.make_trials.get() : nullptr;
}

bool is_making(const Workspace& workspace, const engine::Snapshots& in) {
  if (!workspace.maker.asked || !workspace.maker.asked->model) return false;
  const engine::MakeTrialsSnapshot* answer = making_answer(workspace, in);
  return answer == nullptr || (!answer->done && !answer->error);
}

std::optional<double> estimate_s(const Workspace& workspace, const engine::Snapshots& in) {
  const engine::MakeTrialsSnapshot* answer = making_answer(workspace, in);
  if (answer == nullptr || answer->error || !answer->done || !answer->request.only_estimate) return std::nullopt;
  const auto wanted = making_request(workspace, in);
  return wanted && same_trials(*wanted, answer->request) ? answer->estimate_s : std::nullopt;
}

std::optional<double> ease_of(const study::Trial& trial, TrialOrder order) {
  switch (order) {
    case TrialOrder::effect:
      return study::effect_in_spreads(trial);
    case TrialOrder::relative_difference: {
      const auto difference = study::relative_difference(trial);
      return difference ? std::optional(std::fabs(*difference)) : std::nullopt;
    }
    case TrialOrder::apart:
      return study::squares_apart_px(trial);
  }
  return std::nullopt;
}

std::vector<const study::Trial*> in_order(const study::Experiment& experiment, TrialOrder order, bool hardest_first) {
  std::vector<const study::Trial*> trials;
  for (const study::Trial& trial : experiment.trials) trials.push_back(&trial);
  // Those without a number last, either way.
  std::ranges::stable_sort(trials, [&](const study::Trial* a, const study::Trial* b) {
    const auto ease_a = ease_of(*a, order), ease_b = ease_of(*b, order);
    if (!ease_a || !ease_b) return ease_a.has_value() && !ease_b.has_value();
    return hardest_first ? *ease_a < *ease_b : *ease_a > *ease_b;
  });
  return trials;
}

std::string about(double seconds) {
  const auto whole = std::max(0LL, std::llround(seconds));
  if (whole < 90) return "about " + std::to_string(whole) + " s";
  if (whole < 5400) return "about " + std::to_string((whole + 30) / 60) + " min";
  return "about " + std::to_string((whole + 1800) / 3600) + " h";
}

std::string making_words(const engine::MakeTrialsSnapshot& snapshot) {
  if (snapshot.error) return snapshot.error->sentence();
  if (snapshot.done && snapshot.experiment) return made_words(snapshot);
  if (snapshot.done && snapshot.estimate_s)
    return "Making them takes *" + about(*snapshot.estimate_s) +
           "*, in the background; it can be cancelled and goes on "
           "from there the next time.";
  std::string words = snapshot.doing.empty() ? "Beginning…" : snapshot.doing;
  if (snapshot.resumed) words = "Going on where it was interrupted: " + words;
  if (snapshot.remaining_s) words += " · *" + about(*snapshot.remaining_s) + "* left";
  return words;
}

std::vector<std::string> pilot_flags(const PilotStart& pilot) {
  std::vector<std::string> flags = {"--pilot", pilot.folder.string(), "--participant", pilot.participant};
  if (!pilot.group.empty()) flags.insert(flags.end(), {"--group", pilot.group});
  flags.insert(flags.end(), {"--condition", pilot.condition});
  return flags;
}

base::Status take_pilot(Workspace& workspace, const engine::Snapshots& in) {
  TrialMaker& maker = workspace.maker;
  const auto refused = [](const std::string& why, const std::string& what_to_do) {
    return base::Error{"The pilot cannot begin", why, what_to_do};
  };
  const engine::MakeTrialsSnapshot* answer = making_answer(workspace, in);
  if (answer == nullptr || !answer->experiment) return refused("no trials are made yet", "Make them first.");
  if (maker.participant.empty()) return refused("the participant has no name", "Write one, such as p01.");
  if (maker.pilot_runs) return refused("another one runs in its own window", "Finish it first.");
  if (answer->experiment->condition(maker.condition) == nullptr)
    return refused("the condition " + maker.condition + " was not made", "Choose another one.");
  maker.pilot = pilot_of(maker);
  return {};
}

std::string pilot_command(const TrialMaker& maker) {
  std::string command = "unitscope";
  for (const std::string& flag : pilot_flags(pilot_of(maker))) command += " " + for_shell(flag);
  return command;
}

}  // namespace ui
