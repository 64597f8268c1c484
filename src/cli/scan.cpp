// unitscope-cli collection scan: every unit on every picture of a folder, so that the window knows it when it starts.
#include "cli/scan.h"

#include <CLI/CLI.hpp>

#include "base/log.h"
#include "cli/flags.h"
#include "cli/output.h"
#include "cli/session.h"
#include "data/activation_index.h"
#include "engine/open.h"
#include "engine/scan.h"

namespace cli {
namespace {

base::Error no_pictures(const std::string& folder, const std::string& why) {
  return {"The folder " + folder + " has nothing to measure", why, "Choose a folder of pictures"};
}

Json to_document(const std::string& folder, const engine::ScanSnapshot& scan) {
  Json choice = nullptr;
  if (scan.first_choice)
    choice = {{"unit", core::to_string(scan.first_choice->second)},
              {"image", scan.request.collection->pictures[scan.first_choice->first].path.string()}};
  return {{"folder", folder},
          {"pictures", scan.scanned},
          {"skipped", scan.request.collection->skipped.size() + scan.skipped.size()},
          {"first_choice", std::move(choice)}};
}

std::string to_text(const engine::ScanSnapshot& scan) {
  std::string text = std::to_string(scan.scanned) + " pictures measured";
  if (scan.first_choice)
    text += "; to begin with: " + core::to_string(scan.first_choice->second) + " on " +
            scan.request.collection->pictures[scan.first_choice->first].name;
  return text + "\n";
}

}  // namespace

base::Result<Scanned> scan_folder(const Machine& machine, const std::shared_ptr<const net::Model>& model,
                                  const std::string& folder, bool first_choice) {
  engine::ScanRequest request;
  request.collection = engine::open_collection({folder});
  if (request.collection->error) return *request.collection->error;
  if (request.collection->pictures.empty()) return no_pictures(folder, "it holds no PNG or JPEG file");
  auto network = start_network(machine, model);
  if (!network) return network.error();

  engine::Scan scan(*std::move(network), request, {data::default_index_file(), first_choice});
  Outcome outcome = Outcome::done;
  {
    Progress progress;
    outcome = run_to_end(scan, [&] {
      if (!progress.due()) return;
      const auto now = scan.snapshot();
      progress.show(now->scanned, now->total, "pictures");
    });
  }
  auto answer = scan.snapshot();
  if (answer->error) return *answer->error;
  if (outcome == Outcome::interrupted) return Scanned{};
  for (const auto* skipped : {&request.collection->skipped, &answer->skipped})
    for (const engine::SkippedEntry& entry : *skipped) base::log_warning("skipped: " + entry.reason.sentence());
  if (answer->scanned == 0) return no_pictures(folder, "none of its files can be read");
  return Scanned{std::move(answer)};
}

void declare(CLI::App& app, ScanRequest& request) {
  app.add_option("DIR", request.folder, "a folder of PNG and JPEG files")->required();
  add_model(app, request.model);
  add_machine(app, request.machine);
  add_talk(app, request.talk);
  app.footer(
      "What was computed is remembered in the user's cache folder: the window then ranks the pictures and chooses what "
      "to\n"
      "begin with at once.\n"
      "Example:\n  unitscope-cli collection scan pictures");
}

base::Result<Outcome> run(const ScanRequest& request) {
  core::FileName name;
  const auto model = model_asked(request.model, name);
  if (!model) return model.error();
  const auto scanned = scan_folder(request.machine, *model, request.folder, /*first_choice=*/true);
  if (!scanned) return scanned.error();
  if (!scanned->answer) return Outcome::interrupted;
  if (request.talk.json)
    print_json(to_document(request.folder, *scanned->answer));
  else
    print_text(to_text(*scanned->answer));
  return Outcome::done;
}

}  // namespace cli
