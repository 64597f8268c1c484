// The commands of unitscope-cli as plain values: what was asked on the command line, before anything is opened.
// For each one: declare() says its flags, help and example to CLI11, run() does it and writes to stdout and files. What
// several commands share is in session.h (opening things) and output.h (saying things). Main thread only.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "core/specs.h"
#include "net/model.h"
#include "net/network.h"

namespace CLI {
class App;
}

namespace cli {

enum class Outcome { done, interrupted };

struct Talk {  // every command
  bool json = false;
  bool verbose = false;
};
struct Machine {  // commands that run the network
  std::optional<int> threads;
  net::Device device = net::Device::cpu;
};
struct Destination {  // commands that write files
  std::optional<std::string> path;
  bool force = false;
};

struct HelpRequest {
  std::string text;
};

struct Feeding {  // how a model without a sidecar is fed
  std::optional<std::string> preset;
  std::optional<int> side_px;  // of an input whose size the file leaves open
};

struct InfoRequest {
  Talk talk;
  Feeding feeding;
  std::optional<std::string> model;
};

struct UnitsRequest {
  Talk talk;
  Feeding feeding;
  std::optional<std::string> model, layer;
  bool all = false;
};

struct RespondRequest {
  Talk talk;
  Machine machine;
  Destination out;
  Feeding feeding;
  std::optional<std::string> model, spec_file, image, unit, tensor;
  bool all = false;       // every layer's maps, of a tensor
  bool gradient = false;  // the gradient of the activation, too
};

struct SquareFlags {
  std::optional<std::string> size, fill;
  std::optional<int> stride_px;
  std::optional<std::uint64_t> seed;
};

struct OccludeRequest {
  Talk talk;
  Machine machine;
  Destination out;
  Feeding feeding;
  std::optional<std::string> model, spec_file, image, unit;
  SquareFlags square;
};

// Settings that may change while a visualization runs, each absent unless its flag was given.
struct SettingFlags {
  std::optional<double> sign, learning_rate, scale_spread, diversity, l2, total_variation, blur;
  std::optional<int> pad_px, jitter_px, scale_choices, rotate_deg, rotate_extra_zeros, jitter_after_px, redirect_steps;
};
struct VisualizeRequest {
  Talk talk;
  Machine machine;
  Destination out;
  Feeding feeding;
  std::optional<std::string> model, spec_file, unit, preset;
  std::optional<int> size_px, margin_px, batch, steps;
  std::optional<bool> pixels, correlated;
  std::optional<std::uint64_t> seed;
  SettingFlags settings;
};

struct BestRequest {
  Talk talk;
  Machine machine;
  Feeding feeding;
  std::optional<std::string> model, unit, images;
  std::optional<int> top;
};

struct CompareRequest {
  Talk talk;
  Machine machine;
  Feeding feeding;
  std::vector<std::string> models, units;
  std::optional<std::string> images, finding;
  SquareFlags square;
};

struct StarterRequest {
  Talk talk;
  std::string folder;
  std::optional<int> pictures;
  std::optional<std::uint64_t> seed;
};

struct ScanRequest {
  Talk talk;
  Machine machine;
  std::optional<std::string> model;
  std::string folder;
};

struct BenchRequest {
  Talk talk;
  Machine machine;
  std::optional<std::string> model;
  bool quick = false;
};

struct UnitsSampleRequest {
  Talk talk;
  Destination out;
  std::optional<std::string> model;
  std::optional<int> per_layer;
  std::optional<std::uint64_t> seed;
};

struct TrialsMakeRequest {
  Talk talk;
  Destination out;
  std::optional<int> threads;
  std::optional<std::string> model, units_file, images, tier, size, fill;
  std::vector<std::string> references;  // NAME=FOLDER
  std::optional<int> image_sets, tasks;
  std::optional<double> least_effect, least_difference, most_difference;
  std::optional<std::uint64_t> seed;
  bool as_published = false, intuitiveness = false, estimate = false, sweep_all = false;
};

struct TrialsCheckRequest {
  Talk talk;
  std::string folder;
};

struct TrialsSimulateRequest {
  Talk talk;
  Destination out;
  std::string folder;
  std::optional<std::string> observer, condition;
  std::optional<int> participants;
  std::optional<double> noise;
  std::optional<std::uint64_t> seed;
};

struct PracticeRequest {
  Talk talk;
  Machine machine;
  std::optional<std::string> model, images, unit, size;
  std::optional<int> questions;
  std::optional<std::uint64_t> seed;
  std::vector<std::string> observers;
};

struct AnalyseRequest {
  Talk talk;
  Destination out;
  std::vector<std::string> paths, experiments;
  std::optional<std::string> columns;
  bool as_published = false;
  bool keep_all = false;
  std::optional<std::uint64_t> seed;
};

void declare(CLI::App& app, InfoRequest& request);
void declare(CLI::App& app, UnitsRequest& request);
void declare(CLI::App& app, RespondRequest& request);
void declare(CLI::App& app, OccludeRequest& request);
void declare(CLI::App& app, VisualizeRequest& request);
void declare(CLI::App& app, BestRequest& request);
void declare(CLI::App& app, CompareRequest& request);
void declare(CLI::App& app, StarterRequest& request);
void declare(CLI::App& app, ScanRequest& request);
void declare(CLI::App& app, AnalyseRequest& request);
void declare(CLI::App& app, BenchRequest& request);
void declare(CLI::App& app, UnitsSampleRequest& request);
void declare(CLI::App& app, TrialsMakeRequest& request);
void declare(CLI::App& app, TrialsCheckRequest& request);
void declare(CLI::App& app, TrialsSimulateRequest& request);
void declare(CLI::App& app, PracticeRequest& request);

base::Result<Outcome> run(const HelpRequest& request);
base::Result<Outcome> run(const InfoRequest& request);
base::Result<Outcome> run(const UnitsRequest& request);
base::Result<Outcome> run(const RespondRequest& request);
base::Result<Outcome> respond_to_tensor(const RespondRequest& request);  // run() where --tensor was given
base::Result<Outcome> run(const OccludeRequest& request);
base::Result<Outcome> run(const VisualizeRequest& request);
base::Result<Outcome> run(const BestRequest& request);
base::Result<Outcome> run(const CompareRequest& request);
base::Result<Outcome> run(const StarterRequest& request);
base::Result<Outcome> run(const ScanRequest& request);
base::Result<Outcome> run(const AnalyseRequest& request);
base::Result<Outcome> run(const BenchRequest& request);
base::Result<Outcome> run(const UnitsSampleRequest& request);
base::Result<Outcome> run(const TrialsMakeRequest& request);
base::Result<Outcome> run(const TrialsCheckRequest& request);
base::Result<Outcome> run(const TrialsSimulateRequest& request);
base::Result<Outcome> run(const PracticeRequest& request);

using Request =
    std::variant<HelpRequest, InfoRequest, UnitsRequest, RespondRequest, OccludeRequest, VisualizeRequest, BestRequest,
                 StarterRequest, ScanRequest, BenchRequest, UnitsSampleRequest, TrialsMakeRequest, TrialsCheckRequest,
                 TrialsSimulateRequest, AnalyseRequest, CompareRequest, PracticeRequest>;

// The spec that flags and spec file ask for together, and the model it is about: opened, names understood, fractions of
// a size turned into pixels. The picture is named, not read yet.
template <class Spec>
struct Asked {
  Spec spec;
  std::shared_ptr<const net::Model> model;
};
base::Result<Asked<core::RespondSpec>> asked(const RespondRequest& request);
base::Result<Asked<core::OcclusionSpec>> asked(const OccludeRequest& request);
base::Result<Asked<core::VisualizeSpec>> asked(const VisualizeRequest& request);

}  // namespace cli
