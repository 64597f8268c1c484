// An experiment: the units, trials, image sets and tasks that were made together, and the spec that made them. One JSON
// text (trials.json of the experiment's folder) holds all of it; the pictures lie beside it. Pure values; any thread.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/specs.h"
#include "study/trial.h"

namespace study {

enum class Tier { quick, standard, full };
std::string_view to_string(Tier tier);
base::Result<Tier> parse_tier(std::string_view text);
// The published study's quirks (protocol 1.14), or what its authors meant.
enum class Fidelity { as_intended, as_published };
std::string_view to_string(Fidelity fidelity);
base::Result<Fidelity> parse_fidelity(std::string_view text);

struct UnitEntry {
  core::Unit unit;
  Role role = Role::main;
  bool hand_picked = false;  // a column of units.csv; the rest was drawn
  std::string layer_name;    // short: "mixed4a"
  int layer_number = 0;      // order among the experiment's layers, from 0
  std::string branch;        // "3x3", "pool", …; empty where the layer has none
  double mean = 0.0;         // over the collection
  double spread = 0.0;       // standard deviation over the collection
  double best = 0.0;         // highest activation in the collection
  bool operator==(const UnitEntry&) const = default;
};

struct OwnReferences {  // --references NAME=FOLDER
  std::string name;
  std::string folder;
  std::string hash = {};  // SHA-256 over its pictures' names and hashes, in order
  bool operator==(const OwnReferences&) const = default;
};

// What trials may be kept, said before anyone is asked.
struct Filter {
  double least_effect = 0.1;  // the floor of the truth, in the unit's standard deviations: effect_in_spreads
  std::optional<double> least_relative_difference;
  std::optional<double> most_relative_difference;
  bool operator==(const Filter&) const = default;
};

struct ExperimentSpec {
  core::FileName model;
  std::string images;       // the folder's name, for people
  std::string images_hash;  // SHA-256 over the pictures' names and hashes, in order
  std::string units;        // units.csv as text
  Tier tier = Tier::quick;
  Fidelity fidelity = Fidelity::as_intended;
  std::vector<double> sizes = {0.4};  // shares of the side; the published experiment asked with 0.4 only
  core::Fill fill = core::Fill::patch_mean;
  int image_sets = 1;  // batches
  int tasks = 50;      // a condition
  std::uint64_t seed = 0;
  std::vector<OwnReferences> own_references;
  Filter filter;
  bool sweeps_all = false;  // also what the program ships complete sweeps of
  bool operator==(const ExperimentSpec&) const = default;
};

struct Rejected {
  std::string id;  // of the trial that it would have been
  core::Unit unit;
  int batch = 0;
  std::string reason;  // one sentence
  bool operator==(const Rejected&) const = default;
};

// The bins that a unit's references and queries come from (protocol 1.3), for small collections made smaller.
struct BinsUsed {
  core::Unit unit;
  int bins = 10;
  int pictures_a_bin = 20;
  bool operator==(const BinsUsed&) const = default;
};

// One participant's set: trials by id, in the order of showing.
struct Task {
  std::string name;  // "natural_9_references/task_1"
  std::string condition;
  int number = 1;  // from 1
  int batch = 0;
  std::vector<std::string> trials;  // main and catch, mixed
  bool operator==(const Task&) const = default;
};

enum class ResumePolicy { resume, restart };  // what happens to a session that was cut off
std::string_view to_string(ResumePolicy policy);
base::Result<ResumePolicy> parse_resume_policy(std::string_view text);

struct Experiment {
  ExperimentSpec spec;
  std::vector<Condition> conditions;
  std::vector<UnitEntry> units;
  std::vector<BinsUsed> bins;
  std::vector<Trial> trials;  // main, catch and practice
  std::vector<Rejected> rejected;
  std::vector<Task> tasks;
  std::vector<std::string> remarks;  // said aloud: "only 480 pictures: bins of 2 from the top 5 %"
  bool asks_intuitiveness = false;
  ResumePolicy resume = ResumePolicy::resume;
  int resume_within_hours = 24;  // older ones begin anew

  [[nodiscard]] const Trial* find(std::string_view trial_id) const;
  [[nodiscard]] const Condition* condition(std::string_view name_or_code) const;
  [[nodiscard]] const Task* task(std::string_view condition, int number) const;
  bool operator==(const Experiment&) const = default;
};

// kind "unitscope experiment", versioned, all fields written out, equal experiments give equal bytes. Reading is
// strict: an unknown key, a newer version, a trial that a task names but that is not there, is one sentence.
std::string to_json(const Experiment& experiment);
base::Result<Experiment> experiment_from_json(std::string_view text);

}  // namespace study
