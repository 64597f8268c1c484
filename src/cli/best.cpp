// unitscope-cli best: the pictures of a folder that a unit answers most strongly.
#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/commands.h"
#include "cli/flags.h"
#include "cli/output.h"
#include "cli/scan.h"
#include "cli/session.h"
#include "engine/scan.h"

namespace cli {
namespace {

// The scan keeps the mean of every channel of the unit layers, before and after the ReLU, and nothing else.
base::Status is_scanned(const net::Model& model, const core::Unit& unit) {
  if (unit.neuron)
    return base::Error{"The pictures cannot be ranked for " + core::to_string(unit),
                       "they are ranked by the mean over the whole map", "Leave @y,x away"};
  std::vector<std::string> layers;
  for (const int node : engine::scanned_nodes(model))
    layers.push_back(model.graph.nodes[static_cast<std::size_t>(node)].name);
  if (std::find(layers.begin(), layers.end(), unit.layer) != layers.end()) return {};
  return base::Error{"The pictures cannot be ranked for " + core::to_string(unit), "its layer is not a layer of units",
                     "Choose " + either_of(layers)};
}

Json to_document(const std::vector<engine::RankedPicture>& best, const engine::CollectionSnapshot& collection) {
  Json document = Json::array();
  for (const engine::RankedPicture& ranked : best)
    document.push_back({{"image", collection.pictures[ranked.picture].path.string()},
                        {"activation", decimal(ranked.activation)},
                        {"rank", ranked.rank}});
  return document;
}

std::string to_text(const std::vector<engine::RankedPicture>& best, const engine::ScanSnapshot& scan) {
  std::vector<std::vector<std::string>> rows = {{"picture", "activation", "rank of " + std::to_string(scan.scanned)}};
  for (const engine::RankedPicture& ranked : best)
    rows.push_back({scan.request.collection->pictures[ranked.picture].name, rounded(ranked.activation),
                    std::to_string(ranked.rank)});
  return table(rows);
}

}  // namespace

void declare(CLI::App& app, BestRequest& request) {
  add_unit(app, request.unit);
  add_text(app, "--images", request.images, "DIR", "a folder of PNG and JPEG files");
  add_number(app, "--top", request.top, "how many to list (9)", {1, 1000000});
  add_model(app, request.model);
  add_feeding(app, request.feeding);
  add_machine(app, request.machine);
  add_talk(app, request.talk);
  app.footer(
      "Pictures are ranked by the mean of the unit's map. What was computed is remembered in the user's cache folder.\n"
      "Example:\n  unitscope-cli best --unit mixed4a_pre_relu:7 --images FOLDER --top 9 --json");
}

base::Result<Outcome> run(const BestRequest& request) {
  constexpr const char* kCommand = "unitscope-cli best";
  core::FileName name;
  const auto model = model_asked(request.model, name, request.feeding);
  if (!model) return model.error();
  const auto unit = unit_asked(request.unit, {}, **model, kCommand);
  if (!unit) return unit.error();
  if (const auto is_kept = is_scanned(**model, *unit); !is_kept) return is_kept.error();
  if (!request.images)
    return base::Error{std::string(kCommand) + " needs a folder of pictures", "--images was not given",
                       "Give one, for example --images photos"};
  const auto scanned = scan_folder(request.machine, *model, *request.images, /*first_choice=*/false);
  if (!scanned) return scanned.error();
  if (!scanned->answer) return Outcome::interrupted;
  const engine::ScanSnapshot& answer = *scanned->answer;

  const auto best = answer.best(*unit, request.top.value_or(9));
  if (request.talk.json)
    print_json(to_document(best, *answer.request.collection));
  else
    print_text(to_text(best, answer));
  return Outcome::done;
}

}  // namespace cli
