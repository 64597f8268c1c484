// unitscope-cli respond: one unit, one picture, one number and the map behind it.
#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/flags.h"
#include "cli/output.h"
#include "cli/session.h"
#include "engine/export.h"
#include "net/names.h"

namespace cli {

void declare(CLI::App& app, RespondRequest& request) {
  add_image(app, request.image);
  add_unit(app, request.unit);
  add_destination(app, request.out, "DIR", "write map.npy, map.png and spec.json to this folder");
  add_spec_file(app, request.spec_file);
  add_text(app, "--tensor", request.tensor, "FILE",
           "instead of a picture: float32 [1, channels, rows, columns] in an NPY file, fed as it is");
  app.add_flag("--all", request.all, "of a tensor: the maps of every layer, each to a file in --out");
  app.add_flag("--gradient", request.gradient,
               "write gradient.npy, too: how the activation changes with each value of the input");
  add_model(app, request.model);
  add_feeding(app, request.feeding);
  add_machine(app, request.machine);
  add_talk(app, request.talk);
  app.footer("Example:\n  unitscope-cli respond --image photo.jpg --unit mixed4a_pre_relu:7 --json");
}

base::Result<Asked<core::RespondSpec>> asked(const RespondRequest& request) {
  return unit_on_picture_asked<core::RespondSpec>(request, core::respond_spec_from_json, "unitscope-cli respond");
}

base::Result<Outcome> run(const RespondRequest& request) {
  if (request.tensor) return respond_to_tensor(request);
  if (request.all)
    return base::Error{"unitscope-cli respond was given --all", "every layer is written of a tensor only",
                       "Give one with --tensor x.npy"};
  if (request.gradient && !request.out.path)
    return base::Error{"unitscope-cli respond was given --gradient", "a gradient is a file and there is no --out",
                       "Give a folder with --out DIR"};
  auto ask = asked(request);
  if (!ask) return ask.error();
  auto& [spec, model] = *ask;
  auto picture = open_picture(spec.picture, *model);
  if (!picture) return picture.error();
  spec.picture = (*picture)->file;
  if (request.out.path)
    if (const auto ready =
            may_write_into(request.out, {"map.npy", "map.png", "spec.json", "gradient.npy"}, (*picture)->file.path);
        !ready)
      return ready.error();
  auto network = start_network(request.machine, model);
  if (!network) return network.error();
  const auto response = (*network)->respond((*picture)->image, spec.unit, &interrupt_flag());
  if (!response && response.error().what == net::kStopped) return Outcome::interrupted;
  if (!response) return response.error();

  const auto range = extremes_of(response->map, response->activation, spec.unit);
  if (!range) return range.error();
  const engine::MadeBy made = made_by(request.machine);
  Json document = {{"unit", core::to_string(spec.unit)},
                   {"description", net::describe(*model, spec.unit)},
                   {"activation", decimal(response->activation)},
                   {"map",
                    {{"rows", response->map.rows},
                     {"cols", response->map.cols},
                     {"min", decimal(range->lowest.value)},
                     {"max", decimal(range->highest.value)}}},
                   {"image", {{"path", spec.picture.path}, {"sha256", spec.picture.sha256}}},
                   {"made_by", Json::parse(engine::to_json(made))}};
  std::optional<net::Activations> gradient;
  if (request.gradient) {
    auto computed = (*network)->input_gradient((*picture)->image, spec.unit, &interrupt_flag());
    if (!computed && computed.error().what == net::kStopped) return Outcome::interrupted;
    if (!computed) return computed.error();
    gradient = std::move(*computed);
  }
  if (request.out.path) {
    const auto files = engine::write_response(*request.out.path, spec, response->map, made);
    if (!files) return files.error();
    document["files"] = names(*files);
    const auto file = std::filesystem::path(*request.out.path) / "gradient.npy";
    if (const auto saved = save_or_remove(file, gradient); !saved) return saved.error();
    if (gradient) document["files"].push_back(file.string());
  }
  if (request.talk.json)
    print_json(document);
  else
    print_text(core::to_string(spec.unit) + " (" + net::describe(*model, spec.unit) + ")\nactivation " +
               rounded(response->activation) + ", map " + std::to_string(response->map.rows) + "×" +
               std::to_string(response->map.cols) + " from " + rounded(range->lowest.value) + " to " +
               rounded(range->highest.value) + "\n");
  return Outcome::done;
}

}  // namespace cli
