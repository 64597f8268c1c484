// unitscope-cli visualize: a feature visualization of exactly so many steps.
#include <CLI/CLI.hpp>
#include <chrono>

#include "cli/commands.h"
#include "cli/flags.h"
#include "cli/output.h"
#include "cli/session.h"
#include "engine/export.h"
#include "net/names.h"
#include "net/visualization.h"

namespace cli {
namespace {

using Clock = std::chrono::steady_clock;

void apply(const SettingFlags& flags, core::VisualizeSettings& settings) {
  const auto set = [](auto& setting, const auto& flag) { setting = flag.value_or(setting); };
  set(settings.sign, flags.sign);
  set(settings.learning_rate, flags.learning_rate);
  set(settings.pad_px, flags.pad_px);
  set(settings.jitter_px, flags.jitter_px);
  set(settings.scale_spread, flags.scale_spread);
  set(settings.scale_choices, flags.scale_choices);
  set(settings.rotate_deg, flags.rotate_deg);
  set(settings.rotate_extra_zeros, flags.rotate_extra_zeros);
  set(settings.jitter_after_px, flags.jitter_after_px);
  set(settings.diversity, flags.diversity);
  set(settings.l2, flags.l2);
  set(settings.total_variation, flags.total_variation);
  set(settings.blur, flags.blur);
  set(settings.redirect_steps, flags.redirect_steps);
}

// A preset says everything but the model, the unit and the seed.
base::Status apply_preset(const std::string& name, core::VisualizeSpec& spec) {
  auto chosen = core::preset(name);
  if (!chosen) return chosen.error();
  chosen->model = spec.model;
  chosen->unit = spec.unit;
  chosen->seed = spec.seed;
  spec = *std::move(chosen);
  return {};
}

base::Status apply_flags(const VisualizeRequest& request, core::VisualizeSpec& spec) {
  if (request.preset)
    if (const auto applied = apply_preset(*request.preset, spec); !applied) return applied;
  spec.size_px = request.size_px.value_or(spec.size_px);
  spec.margin_px = request.margin_px.value_or(spec.margin_px);
  spec.batch = request.batch.value_or(spec.batch);
  spec.steps = request.steps.value_or(spec.steps);
  spec.seed = request.seed.value_or(spec.seed);
  if (request.pixels)
    spec.parameterization = *request.pixels ? core::Parameterization::pixels : core::Parameterization::fourier;
  if (request.correlated) spec.decorrelated = !*request.correlated;
  for (core::ScheduleEntry& entry : spec.schedule) apply(request.settings, entry.settings);
  return core::validate(spec);
}

void declare_settings(CLI::App& app, SettingFlags& flags) {
  add_number(app, "--sign", flags.sign, "1 excites the unit, -1 inhibits it");
  add_number(app, "--learning-rate", flags.learning_rate, "of Adam");
  add_number(app, "--pad", flags.pad_px, "mid-grey pixels around the picture before the first jitter");
  add_number(app, "--jitter", flags.jitter_px, "pixels of the first jitter");
  add_number(app, "--scale-spread", flags.scale_spread, "scales lie in 1 ± this");
  add_number(app, "--scale-choices", flags.scale_choices, "how many scales there are");
  add_number(app, "--rotate", flags.rotate_deg, "whole degrees of rotation, either way");
  add_number(app, "--rotate-extra-zeros", flags.rotate_extra_zeros, "so many more chances of no rotation");
  add_number(app, "--jitter-after", flags.jitter_after_px, "pixels of the second jitter");
  add_number(app, "--diversity", flags.diversity, "weight of the difference between the pictures of a batch");
  add_number(app, "--l2", flags.l2, "weight against distance from mid-grey");
  add_number(app, "--total-variation", flags.total_variation, "weight against differences of neighbouring pixels");
  add_number(app, "--blur", flags.blur, "weight against what a blur removes");
  add_number(app, "--redirect-steps", flags.redirect_steps, "first steps in which gradients pass dead ReLUs");
}

// What is the same in words and in JSON.
struct Timing {
  double elapsed_s = 0.0;
  int steps = 0;
  [[nodiscard]] double steps_per_s() const { return elapsed_s > 0.0 ? steps / elapsed_s : 0.0; }
};

Json to_document(const core::VisualizationSnapshot& answer, const Timing& timing) {
  const core::ObjectivePoint last = answer.history.empty() ? core::ObjectivePoint{} : answer.history.back();
  return {{"unit", core::to_string(answer.spec.unit)},
          {"objective", decimal(last.total)},
          {"activation", decimal(last.activation)},
          {"diversity", decimal(last.diversity)},
          {"priors", decimal(last.priors)},
          {"steps", answer.step},
          {"steps_per_s", timing.steps_per_s()},
          {"elapsed_s", timing.elapsed_s},
          {"batch", answer.spec.batch},
          {"size_px", answer.spec.size_px},
          {"seed", answer.spec.seed}};
}

std::string to_text(const core::VisualizationSnapshot& answer, const Timing& timing, const std::string& description) {
  const float activation = answer.history.empty() ? 0.0F : answer.history.back().activation;
  return core::to_string(answer.spec.unit) + " (" + description + ")\n" + std::to_string(answer.step) +
         " steps, activation " + rounded(activation) + ", " + rounded(timing.steps_per_s()) + " steps per second\n";
}

}  // namespace

void declare(CLI::App& app, VisualizeRequest& request) {
  add_unit(app, request.unit);
  std::string presets;
  for (const core::Preset& preset : core::presets()) presets += "\n" + preset.name + ": " + preset.meaning;
  add_text(app, "--preset", request.preset, "NAME", "start from these settings (lucid):" + presets);
  add_number(app, "--steps", request.steps, "exactly so many updates");
  add_seed(app, request.seed, "of the first picture and of all transformations (0)");
  add_number(app, "--size", request.size_px, "side of the square picture in pixels");
  add_number(app, "--margin", request.margin_px, "pixels that are optimized around it and cut off at the end");
  add_number(app, "--batch", request.batch, "pictures that are optimized together, 1 to 9");
  add_either(app, "--pixels", "--fourier", request.pixels, "optimize pixels", "optimize a Fourier spectrum");
  add_either(app, "--correlated", "--decorrelated", request.correlated, "colours as they are",
             "colours in Lucid's decorrelated space");
  declare_settings(app, request.settings);
  add_destination(app, request.out, "FILE.png",
                  "write the picture; a batch becomes one sheet and the pictures FILE-1.png, FILE-2.png, …");
  add_spec_file(app, request.spec_file);
  add_model(app, request.model);
  add_feeding(app, request.feeding);
  add_machine(app, request.machine);
  add_talk(app, request.talk);
  app.footer(
      "Flags not given are the preset's. A PNG carries its spec: --spec unit.png makes the same picture again.\n"
      "Example:\n  unitscope-cli visualize --unit mixed4a_pre_relu:7 --preset lucid --steps 256 --seed 0 --out "
      "unit.png");
}

base::Result<Asked<core::VisualizeSpec>> asked(const VisualizeRequest& request) {
  const auto start = spec_from_file(request.spec_file, core::VisualizeSpec{}, core::visualize_spec_from_json);
  if (!start) return start.error();
  core::VisualizeSpec spec = *start;
  const auto model = model_asked(request.model, spec.model, request.feeding);
  if (!model) return model.error();
  const auto unit = unit_asked(request.unit, spec.unit, **model, "unitscope-cli visualize");
  if (!unit) return unit.error();
  spec.unit = *unit;
  if (const auto applied = apply_flags(request, spec); !applied) return applied.error();
  return Asked<core::VisualizeSpec>{std::move(spec), *model};
}

base::Result<Outcome> run(const VisualizeRequest& request) {
  const auto ask = asked(request);
  if (!ask) return ask.error();
  const core::VisualizeSpec& spec = ask->spec;
  if (request.out.path)
    if (const auto allowed = may_write_picture(request.out, spec.batch); !allowed) return allowed.error();
  auto network = start_network(request.machine, ask->model);
  if (!network) return network.error();
  auto visualization = net::Visualization::create(**network, spec);
  if (!visualization) return visualization.error();

  const auto begin = Clock::now();
  Outcome outcome = Outcome::done;
  {
    Progress progress;
    int steps = 0;
    outcome = run_to_end(**visualization, [&] {
      ++steps;
      if (progress.due()) progress.show(steps, spec.steps, "steps");
    });
  }
  if (const base::Error* failed = (*visualization)->error()) return *failed;
  if (outcome == Outcome::interrupted) return outcome;

  const auto answer = (*visualization)->snapshot();
  const Timing timing{std::chrono::duration<double>(Clock::now() - begin).count(), answer->step};
  Json document = to_document(*answer, timing);
  document["made_by"] = Json::parse(engine::to_json(made_by(request.machine)));
  if (request.out.path) {
    const auto files = engine::write_visualization(*request.out.path, *answer);
    if (!files) return files.error();
    document["files"] = names(*files);
  }
  if (request.talk.json)
    print_json(document);
  else
    print_text(to_text(*answer, timing, net::describe(*ask->model, spec.unit)));
  return Outcome::done;
}

}  // namespace cli
