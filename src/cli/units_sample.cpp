// unitscope-cli units sample: units of a model, drawn by a seed, as a file that trials make reads.
#include <CLI/CLI.hpp>
#include <system_error>

#include "cli/commands.h"
#include "cli/flags.h"
#include "cli/output.h"
#include "cli/session.h"
#include "core/image_io.h"
#include "engine/units_file.h"
#include "net/names.h"

namespace cli {
namespace {

namespace fs = std::filesystem;

// A file of the same units is no loss; any other is only replaced with --force.
base::Status may_write(const Destination& out, const std::string& text) {
  std::error_code ignored;
  if (out.force || !fs::exists(*out.path, ignored)) return {};
  const auto there = core::load_text(*out.path, 16U << 20);
  if (there && *there == text) return {};
  return base::Error{"The file " + *out.path + " is not replaced", "it is there, with other units",
                     "Choose another --out, or add --force"};
}

Json to_document(const std::vector<engine::UnitChoice>& units, const net::Model& model) {
  Json document = Json::array();
  for (const engine::UnitChoice& choice : units)
    document.push_back({{"unit", core::to_string(choice.unit)},
                        {"branch", net::branch_of(model, choice.unit)},
                        {"hand_picked", choice.hand_picked}});
  return document;
}

}  // namespace

void declare(CLI::App& app, UnitsSampleRequest& request) {
  add_number(app, "--per-layer", request.per_layer, "how many units of each layer (2)", {1, 1000});
  add_seed(app, request.seed, "of the draw (0)");
  add_text(app, "--out", request.out.path, "FILE", "the CSV file; without it the units are printed");
  app.add_flag("--force", request.out.force, "replace a file that holds other units");
  add_model(app, request.model);
  add_talk(app, request.talk);
  app.footer(
      "Drawn are the layers that join branches, from the 3x3 and the pool branch in turn, as the study drew its\n"
      "eighteen; of other networks every layer. Units that you choose yourself are added as rows with hand_picked "
      "true.\n"
      "Example:\n  unitscope-cli units sample --per-layer 2 --seed 0 --out units.csv");
}

base::Result<Outcome> run(const UnitsSampleRequest& request) {
  const auto model = open_model({request.model.value_or(""), ""});
  if (!model) return model.error();
  const auto units = engine::sample_units(**model, request.per_layer.value_or(2), request.seed.value_or(0));
  if (!units) return units.error();
  const std::string text = engine::units_csv(*units, **model);
  if (request.out.path) {
    if (const auto may = may_write(request.out, text); !may) return may.error();
    if (const auto saved = core::save_text(*request.out.path, text); !saved) return saved.error();
  }
  if (request.talk.json)
    print_json(to_document(*units, **model));
  else if (request.out.path)
    print_text(std::to_string(units->size()) + " units in " + *request.out.path + "\n");
  else
    print_text(text);
  return Outcome::done;
}

}  // namespace cli
