// The nouns of a trial: one picture, two occlusions of it, the reference pictures that one may learn from, and what is
// known of all of them. "Which of the two leaves the unit more active?" Truth and difficulty are numbers that were
// measured when the trial was made; nothing here computes them or knows a screen. Plain values; any thread.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/occluder.h"
#include "core/unit.h"

namespace study {

enum class TrialType { occlusion };  // the two-alternative task of protocol §2 may follow
enum class Role { main, catch_trial, obvious_practice, less_obvious_practice };
std::string_view to_string(Role role);  // "main", "catch", "obvious", "less-obvious": the words of JSON
base::Result<Role> parse_role(std::string_view text);

enum class ReferenceKind { natural, synthetic, blurred, own };  // own: of --references NAME=FOLDER
std::string_view to_string(ReferenceKind kind);
base::Result<ReferenceKind> parse_reference_kind(std::string_view text);

// The published conditions (protocol 1.7), or one of the user's own.
struct Condition {
  std::string name;    // of flags and plots: "none", "natural", "synthetic", "mixed", "blur", or the user's NAME
  std::string code;    // of the published files: "natural_9_references"
  int references = 9;  // shown at most; 0 for none
  bool operator==(const Condition&) const = default;
};
const std::vector<Condition>& published_conditions();

struct ReferencePicture {
  ReferenceKind kind = ReferenceKind::natural;
  std::string file;                      // relative to the experiment's folder, with '/'
  std::string source;                    // the picture's file name in the collection; empty for synthetic ones
  std::string label;                     // of the collection; may be empty
  std::optional<double> activation;      // of the very bytes that are shown
  std::optional<double> share_of_best;   // that by the highest activation of the collection; absent where that is <= 0
  std::optional<core::Occluder> window;  // blurred: the part that was left sharp
  bool operator==(const ReferencePicture&) const = default;
};

// What is shown beside the question in one condition, best last (the screen shows the last ones in a drawn order).
struct ReferenceSet {
  std::string condition;  // Condition::name
  std::vector<ReferencePicture> pictures;
  // How alike each query image is to its nearest reference in the network's own features (engine/likeness.h), in
  // standard deviations. For the informed observer only: it shares features with the truth.
  std::optional<double> likeness_min;
  std::optional<double> likeness_max;
  bool operator==(const ReferenceSet&) const = default;
};

// One of the two occlusions, and what an observer without the network can see of it.
struct Occlusion {
  core::Occluder place;
  double activation = 0.0;                 // of the 8-bit picture that is shown, CPU float32
  double centre_distance_px = 0.0;         // from the square's centre to the picture's, as intended
  double published_centre_distance = 0.0;  // the published code's value, which ignores the column (protocol 1.14)
  double standard_deviation = 0.0;         // of all covered pixels and channels, in grey levels (ddof 0)
  double saliency = 0.0;                   // mean of our saliency map (engine) over the covered pixels
  std::optional<double> object_share;      // share of the object's pixels that are covered; absent without a mask
  bool operator==(const Occlusion&) const = default;
};

struct Trial {
  std::string id;  // unique in the experiment: "mixed4a_pre_relu-104-b0"
  TrialType type = TrialType::occlusion;
  Role role = Role::main;
  core::Unit unit;
  int batch = 0;        // image set
  std::string picture;  // the query's file name in the collection
  std::string label;    // may be empty
  core::Fill fill = core::Fill::patch_mean;
  std::string base_file, min_file, max_file;  // relative to the experiment's folder
  std::string map_file;  // the whole occlusion map (NPY), for after the answer; the same folder; may be empty
  // Catch trials of the condition without references: a query of another photograph takes min's place (protocol 1.9).
  std::string foreign_min_file;
  Occlusion min;                 // the place with the lowest activation
  Occlusion max;                 // the place with the highest; the right answer
  double base_activation = 0.0;  // unoccluded
  double lowest = 0.0;           // over all positions and the base
  double highest = 0.0;
  double unit_spread = 0.0;  // standard deviation of the unit over the collection
  int query_rank = 0;        // of the picture in the collection for this unit; 1 is best
  // Query consistency (protocol 1.12): how many of the network's five likeliest classes of the base image stay.
  std::optional<int> top5_kept_min;
  std::optional<int> top5_kept_max;
  std::vector<ReferenceSet> references;  // one a condition
  bool operator==(const Trial&) const = default;

  [[nodiscard]] const ReferenceSet* references_of(std::string_view condition) const;
};

// One trial as JSON on its own (kind "unitscope trial"), strict: what was made is found again by it.
std::string to_json(const Trial& trial);
base::Result<Trial> trial_from_json(std::string_view text);

// ---- predicted difficulty (larger differences: easier) -----------------------------------------------------------

// (highest − lowest over all positions and the base) / base, as published: negative where the base is; nothing where
// |base| < 1e-3 of the spread.
std::optional<double> relative_difference(const Trial& trial);
// (max − min) / |base|: larger is easier, whatever the sign of the base.
std::optional<double> plain_relative_difference(const Trial& trial);
// (max − min) / standard deviation of the unit over the collection; 0 where that is 0.
double effect_in_spreads(const Trial& trial);
double squares_apart_px(const Trial& trial);  // between the centres of the two squares

}  // namespace study
