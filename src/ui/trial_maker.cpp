#include "ui/trial_maker.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "ui/sentences.h"
#include "ui/workspace.h"

namespace ui {
namespace {

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

}  // namespace

base::Result<engine::MakeTrialsRequest> making_request(const Workspace& workspace, const engine::Snapshots& in) {
  const TrialMaker& maker = workspace.maker;
  if (!in.model || in.model->error) return missing("no model is open", "Open a model first.");
  if (!in.collection || in.collection->error) return missing("no folder of pictures is open", "Open one first.");
  if (maker.folder.empty()) return missing("no folder for them is named", "Write one, such as experiment.");
  engine::MakeTrialsRequest request;
  request.model = in.model;
  request.collection = in.collection;
  request.per_layer = maker.per_layer;
  if (maker.units == MakerUnits::this_unit) {
    if (!workspace.chosen.unit) return missing("no unit is chosen", "Choose one in the explorer.");
    request.units_csv = "unit,hand_picked\n" + core::to_string(*workspace.chosen.unit) + ",true\n";
  }
  if (maker.units == MakerUnits::file) {
    if (maker.units_file.empty()) return missing("no list of units is named", "Write the path of a units.csv.");
    request.units_file = maker.units_file;
  }
  request.tier = maker.tier;
  request.size = maker.size;
  request.seed = static_cast<std::uint64_t>(std::max(0, maker.seed));
  request.least_effect = static_cast<double>(maker.least_effect);
  request.folder = maker.folder;
  return request;
}

std::string making_command(const Workspace& workspace, const engine::Snapshots& in) {
  const TrialMaker& maker = workspace.maker;
  const std::string seed = std::to_string(std::max(0, maker.seed));
  std::string before;
  std::string units = maker.units_file;
  if (maker.units == MakerUnits::sampled) {
    units = "units.csv";
    before = "unitscope-cli units sample --per-layer " + std::to_string(maker.per_layer) + " --seed " + seed +
             " --out units.csv && ";
  } else if (maker.units == MakerUnits::this_unit && workspace.chosen.unit) {
    units = "units.csv";
    before = "printf 'unit\\n" + core::to_string(*workspace.chosen.unit) + "\\n' > units.csv && ";
  }
  std::string command = before + "unitscope-cli trials make --units " + for_shell(units);
  if (in.collection && !in.collection->error) command += " --images " + for_shell(in.collection->folder.string());
  command += " --out " + for_shell(maker.folder) + " --seed " + seed + " --tier " +
             std::string(study::to_string(maker.tier)) + " --size " + short_number(maker.size) + " --least-effect " +
             short_number(static_cast<double>(maker.least_effect));
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
  if (snapshot.error) return "Error: " + snapshot.error->sentence();
  if (snapshot.done && snapshot.experiment) {
    return "*" + thousands(static_cast<long long>(snapshot.experiment->trials.size())) + "* trials are in *" +
           snapshot.request.folder.string() + "*; " +
           thousands(static_cast<long long>(snapshot.experiment->rejected.size())) + " were rejected.";
  }
  if (snapshot.done && snapshot.estimate_s) return "Making them takes *" + about(*snapshot.estimate_s) + "*.";
  std::string words = snapshot.doing.empty() ? "Beginning…" : snapshot.doing;
  if (snapshot.resumed) words = "Going on where it was interrupted: " + words;
  if (snapshot.remaining_s) words += " · *" + about(*snapshot.remaining_s) + "* left";
  return words;
}

std::string pilot_command(const TrialMaker& maker) {
  return "unitscope --pilot " + for_shell(maker.folder) + " --participant " + for_shell(maker.participant) +
         " --condition natural";
}

}  // namespace ui
