// unitscope-cli occlude: the occlusion map of a unit, complete at the stride that was asked.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>

#include "cli/commands.h"
#include "cli/flags.h"
#include "cli/output.h"
#include "cli/session.h"
#include "core/occluder.h"
#include "engine/export.h"
#include "net/names.h"
#include "net/occlusion_sweep.h"

namespace cli {
namespace {

constexpr const char* kCommand = "unitscope-cli occlude";
constexpr double kDefaultSize = 0.4;  // of the shorter side: the study's main experiment

// "0.4" is a share of the picture's shorter side, "90" is pixels.
base::Result<int> side_from_text(const std::string& text, core::Size picture) {
  double value = 0.0;
  const char* end = text.data() + text.size();
  const auto [stopped, problem] = std::from_chars(text.data(), end, value);
  const bool is_share = text.find('.') != std::string::npos;
  const int shorter_px = std::min(picture.width_px, picture.height_px);
  const bool is_number = problem == std::errc{} && stopped == end;
  const bool fits = is_share ? value > 0.0 && value <= 1.0 : value >= 1.0 && value <= shorter_px;
  if (!is_number || !fits || (!is_share && value != static_cast<int>(value)))
    return base::Error{"The value of --size cannot be used", "\"" + text + "\" is no side of a square in the picture",
                       "Give a share of its shorter side with a point (0.4; at most 1.0), or pixels (1 to " +
                           std::to_string(shorter_px) + ")"};
  return is_share ? core::side_from_fraction(value, picture) : static_cast<int>(value);
}

base::Status apply_flags(const OccludeRequest& request, core::Size crop, core::OcclusionSpec& spec) {
  if (request.size || !request.spec_file) {
    const auto side = request.size ? side_from_text(*request.size, crop)
                                   : base::Result<int>(core::side_from_fraction(kDefaultSize, crop));
    if (!side) return side.error();
    spec.side_px = *side;
  }
  if (request.fill) {
    const auto fill = core::parse_fill(*request.fill);
    if (!fill) return fill.error();
    spec.fill = *fill;
  }
  spec.stride_px = request.stride_px.value_or(spec.stride_px);
  spec.seed = request.seed.value_or(spec.seed);
  return core::validate(spec);
}

Json place_json(const core::OcclusionMap& map, const core::Extreme& place) {
  const core::Occluder occluder = map.occluder_at(place.row, place.col);
  return {{"value", decimal(place.value)}, {"x_px", occluder.x_px}, {"y_px", occluder.y_px}};
}

std::string place_text(const core::OcclusionMap& map, const core::Extreme& place) {
  const core::Occluder occluder = map.occluder_at(place.row, place.col);
  return rounded(place.value) + " with the square at x " + std::to_string(occluder.x_px) + ", y " +
         std::to_string(occluder.y_px) + "\n";
}

Json to_document(const core::OcclusionSpec& spec, const core::OcclusionMap& map, const core::Extremes& extremes) {
  return {{"unit", core::to_string(spec.unit)},
          {"baseline", decimal(map.baseline)},
          {"min", place_json(map, extremes.lowest)},
          {"max", place_json(map, extremes.highest)},
          {"rows", map.values.rows},
          {"cols", map.values.cols},
          {"side_px", spec.side_px},
          {"stride_px", spec.stride_px},
          {"fill", core::to_string(spec.fill)},
          {"seed", spec.seed},
          {"image", {{"path", spec.picture.path}, {"sha256", spec.picture.sha256}}}};
}

std::string to_text(const core::OcclusionSpec& spec, const core::OcclusionMap& map, const core::Extremes& extremes,
                    const std::string& description) {
  return core::to_string(spec.unit) + " (" + description + ")\nwithout occluder " + rounded(map.baseline) +
         "\nlowest " + place_text(map, extremes.lowest) + "highest " + place_text(map, extremes.highest) +
         std::to_string(map.values.rows) + "×" + std::to_string(map.values.cols) + " positions of a square of " +
         std::to_string(spec.side_px) + " px, every " + std::to_string(spec.stride_px) + " px\n";
}

}  // namespace

void declare(CLI::App& app, OccludeRequest& request) {
  add_image(app, request.image);
  add_unit(app, request.unit);
  add_text(app, "--size", request.size, "SIZE",
           "side of the square: a share of the picture's shorter side (0.4, the default) or pixels (90)");
  add_number(app, "--stride", request.stride_px, "pixels between positions: 16, 8, 4 or 2 (2)");
  std::vector<std::string> fills;
  for (const core::Fill fill : core::kFills) fills.emplace_back(core::to_string(fill));
  add_text(app, "--fill", request.fill, "FILL", "what the square shows: " + either_of(fills) + " (patch-mean)");
  add_seed(app, request.seed, "of the noise fill (0)");
  add_destination(app, request.out, "DIR",
                  "write map.npy, map.csv, map.png, lowest.png, highest.png and spec.json to this folder");
  add_spec_file(app, request.spec_file);
  add_model(app, request.model);
  add_feeding(app, request.feeding);
  add_machine(app, request.machine);
  add_talk(app, request.talk);
  app.footer(
      "Row r and column c of the map are the square with its top left corner at y = r·stride, x = c·stride.\n"
      "Example:\n  unitscope-cli occlude --image photo.jpg --unit mixed4a_pre_relu:7 --size 0.4 --stride 16 --out DIR");
}

base::Result<Asked<core::OcclusionSpec>> asked(const OccludeRequest& request) {
  const auto start = spec_from_file(request.spec_file, core::OcclusionSpec{}, core::occlusion_spec_from_json);
  if (!start) return start.error();
  core::OcclusionSpec spec = *start;
  const auto picture = picture_asked(request.image, spec.picture, kCommand);
  if (!picture) return picture.error();
  spec.picture = *picture;
  const auto model = model_asked(request.model, spec.model, request.feeding);
  if (!model) return model.error();
  const auto unit = unit_asked(request.unit, spec.unit, **model, kCommand);
  if (!unit) return unit.error();
  spec.unit = *unit;
  if (const auto applied = apply_flags(request, (*model)->input.framing.crop, spec); !applied) return applied.error();
  return Asked<core::OcclusionSpec>{std::move(spec), *model};
}

base::Result<Outcome> run(const OccludeRequest& request) {
  auto ask = asked(request);
  if (!ask) return ask.error();
  auto& [spec, model] = *ask;
  auto picture = open_picture(spec.picture, *model);
  if (!picture) return picture.error();
  spec.picture = (*picture)->file;
  if (request.out.path)
    if (const auto ready =
            may_write_into(request.out, {"map.npy", "map.csv", "map.png", "lowest.png", "highest.png", "spec.json"},
                           (*picture)->file.path);
        !ready)
      return ready.error();
  auto network = start_network(request.machine, model);
  if (!network) return network.error();
  auto sweep = net::OcclusionSweep::create(**network, (*picture)->image, spec);
  if (!sweep) return sweep.error();
  Outcome outcome = Outcome::done;
  {
    Progress progress;
    outcome = run_to_end(**sweep, [&] {
      if (!progress.due()) return;
      const auto now = (*sweep)->snapshot();
      progress.show(now->map.exact_cells, now->map.values.rows * now->map.values.cols, "positions");
    });
  }
  if (const base::Error* failed = (*sweep)->error()) return *failed;
  if (outcome == Outcome::interrupted) return outcome;

  const auto answer = (*sweep)->snapshot();
  const auto extremes = extremes_of(answer->map.values, answer->map.baseline, spec.unit);
  if (!extremes) return extremes.error();
  const engine::MadeBy made = made_by(request.machine);
  Json document = to_document(spec, answer->map, *extremes);
  document["made_by"] = Json::parse(engine::to_json(made));
  if (request.out.path) {
    const auto files = engine::write_occlusion(*request.out.path, *answer, (*picture)->image, made);
    if (!files) return files.error();
    document["files"] = names(*files);
  }
  if (request.talk.json)
    print_json(document);
  else
    print_text(to_text(spec, answer->map, *extremes, net::describe(*model, spec.unit)));
  return Outcome::done;
}

}  // namespace cli
