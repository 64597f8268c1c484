// Opening what a command names: the model, the picture, the spec file, the network; and where its files go.
// Every refusal is one sentence. Main thread.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "core/job.h"
#include "core/map.h"
#include "core/specs.h"
#include "engine/export.h"
#include "engine/messages.h"
#include "net/model.h"
#include "net/network.h"

namespace cli {

// An empty path means the embedded model; so does a path that is gone, if the embedded model has the hash asked for.
// A hash that does not agree is refused.
base::Result<std::shared_ptr<const net::Model>> open_model(const core::FileName& name,
                                                           const net::OpenOptions& options = {});
net::OpenOptions options_of(const Feeding& feeding);
// The model of a flag, or of a spec when there was no flag. `name` becomes what the spec says: with the hash, and with
// no path for the embedded model.
base::Result<std::shared_ptr<const net::Model>> model_asked(const std::optional<std::string>& flag,
                                                            core::FileName& name, const Feeding& feeding = {});

// Framed for the model: the bytes that are fed.
base::Result<engine::PicturePointer> open_picture(const core::FileName& name, const net::Model& model);

base::Result<std::unique_ptr<net::Network>> start_network(const Machine& machine,
                                                          std::shared_ptr<const net::Model> model);
engine::MadeBy made_by(const Machine& machine);
Json names(const engine::Files& files);

// The JSON text of a spec file: the file itself, or what a PNG carries.
base::Result<std::string> read_spec_text(const std::filesystem::path& file);
// The file as it can be opened from here: a relative path in a spec starts at the spec's own folder.
core::FileName found_from(const std::filesystem::path& spec_file, core::FileName name);

// The spec of --spec with its files as they can be opened from here, or `otherwise` when there was none.
template <class Spec, class FromJson>
base::Result<Spec> spec_from_file(const std::optional<std::string>& file, const Spec& otherwise,
                                  const FromJson& from_json) {
  if (!file) return otherwise;
  const auto text = read_spec_text(*file);
  if (!text) return text.error();
  auto spec = from_json(*text);
  if (!spec) return base::Error{"The spec in " + *file + " cannot be used", spec.error().why, spec.error().what_to_do};
  spec->model = found_from(*file, spec->model);
  if constexpr (requires { spec->picture; }) spec->picture = found_from(*file, spec->picture);
  return spec;
}

// The canonical unit of a flag, or of a spec when there was no flag.
base::Result<core::Unit> unit_asked(const std::optional<std::string>& flag, const core::Unit& of_spec,
                                    const net::Model& model, const std::string& command);
// The picture of a flag, or of a spec when there was no flag.
base::Result<core::FileName> picture_asked(const std::optional<std::string>& flag, const core::FileName& of_spec,
                                           const std::string& command);

// The spec of a question about one unit and one picture, and its model: a flag goes before what the spec file says.
template <class Spec, class Request, class FromJson>
base::Result<Asked<Spec>> unit_on_picture_asked(const Request& request, const FromJson& from_json,
                                                const std::string& command) {
  const auto start = spec_from_file(request.spec_file, Spec{}, from_json);
  if (!start) return start.error();
  Spec spec = *start;
  const auto picture = picture_asked(request.image, spec.picture, command);
  if (!picture) return picture.error();
  spec.picture = *picture;
  const auto model = model_asked(request.model, spec.model, request.feeding);
  if (!model) return model.error();
  const auto unit = unit_asked(request.unit, spec.unit, **model, command);
  if (!unit) return unit.error();
  spec.unit = *unit;
  return Asked<Spec>{std::move(spec), *model};
}

base::Status save_npy(const std::filesystem::path& file, const net::Activations& activations);
// Without any, an earlier answer's file goes, so that it does not lie beside another spec.
base::Status save_or_remove(const std::filesystem::path& file, const std::optional<net::Activations>& activations);
// Fails where the network computed no number, neither in the map nor as the unit's activation, which a model with huge
// weights can do.
base::Result<core::Extremes> extremes_of(const core::Map& map, float activation, const core::Unit& unit);

// Whether these files may be written once the work is done; makes nothing yet. Files that unitscope wrote may be
// replaced, others only with --force, and the picture that is read never. `batch`: so many pictures are optimized.
base::Status may_write_picture(const Destination& out, int batch);
base::Status may_write_into(const Destination& out, const std::vector<std::string>& file_names,
                            const std::filesystem::path& input);

// Steps a job until it is done or Ctrl+C came; `show` is called after every step.
template <class Snapshot, class Show>
Outcome run_to_end(core::Job<Snapshot>& job, const Show& show) {
  while (true) {
    const core::StepOutcome outcome = job.step(interrupt_flag());
    if (outcome == core::StepOutcome::done) return Outcome::done;
    if (outcome == core::StepOutcome::stopped || interrupt_flag().stop_requested()) return Outcome::interrupted;
    show();
  }
}

}  // namespace cli
