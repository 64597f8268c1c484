// unitscope-cli occlude: the occlusion map of a unit, complete at the stride that was asked.
#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/flags.h"
#include "cli/output.h"
#include "cli/session.h"
#include "cli/square_flags.h"
#include "core/occluder.h"
#include "engine/export.h"
#include "net/names.h"
#include "net/occlusion_sweep.h"

namespace cli {
namespace {

constexpr const char* kCommand = "unitscope-cli occlude";

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
  add_square(app, request.square, core::OcclusionSpec{}.stride_px);
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
  auto ask = unit_on_picture_asked<core::OcclusionSpec>(request, core::occlusion_spec_from_json, kCommand);
  if (!ask) return ask.error();
  const core::Size crop = ask->model->input.framing.crop;
  if (const auto applied = apply_square(request.square, crop, request.spec_file.has_value(), ask->spec); !applied)
    return applied.error();
  return ask;
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
