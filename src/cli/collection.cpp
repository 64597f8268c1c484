// unitscope-cli collection starter: the pictures that unitscope opens at first start.
#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/flags.h"
#include "cli/output.h"
#include "cli/session.h"
#include "data/collection.h"

namespace cli {
namespace {

Json skipped_json(const std::vector<data::Skipped>& skipped) {
  Json list = Json::array();
  for (const data::Skipped& file : skipped)
    list.push_back({{"file", file.path.string()}, {"reason", file.reason.sentence()}});
  return list;
}

}  // namespace

void declare(CLI::App& app, StarterRequest& request) {
  app.add_option("DIR", request.folder, "the folder; what is there of the same collection is kept and completed")
      ->required();
  add_number(app, "--pictures", request.pictures, "how many pictures to make (480)", {1, 100000});
  add_seed(app, request.seed, "of all choices; the same seed gives the same bytes (0)");
  add_talk(app, request.talk);
  app.footer(
      "Photographed objects cut out of their background, on crops of photographs, and plain crops, 224 px.\n"
      "Example:\n  unitscope-cli collection starter pictures");
}

base::Result<Outcome> run(const StarterRequest& request) {
  data::StarterOptions options;
  options.folder = request.folder;
  if (request.pictures) options.pictures = *request.pictures;
  if (request.seed) options.seed = *request.seed;
  const auto job = data::make_starter(options);
  if (!job) return job.error();
  Outcome outcome = Outcome::done;
  {
    Progress progress;
    outcome = run_to_end(**job, [&] {
      if (!progress.due()) return;
      const auto now = (*job)->snapshot();
      progress.show(now->made, now->total, "pictures");
    });
  }
  const auto end = (*job)->snapshot();
  if (end->error) return *end->error;
  if (outcome == Outcome::interrupted) return outcome;
  if (request.talk.json)
    print_json({{"folder", request.folder},
                {"pictures", end->made},
                {"seed", options.seed},
                {"skipped", skipped_json(end->skipped)}});
  else
    print_text(std::to_string(end->made) + " pictures in " + request.folder + ", " +
               std::to_string(end->skipped.size()) + " source files skipped\n");
  return outcome;
}

}  // namespace cli
