// What can be asked. A spec determines a result: the window edits it, the command line parses it, caches compare it,
// the log prints it and every saved picture, map and table carries it. Plain values, == comparable; any thread.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/occluder.h"
#include "core/unit.h"

namespace core {

// A file named by place and content. Compared by hash alone, so that a moved file is still the same file.
struct FileName {
  std::string path;    // as given, or relative to the file that holds the spec
  std::string sha256;  // of its bytes (a model's covers its sidecar too); may be empty before the file was read
  bool operator==(const FileName& other) const {
    return sha256.empty() || other.sha256.empty() ? path == other.path : sha256 == other.sha256;
  }
};

struct RespondSpec {
  FileName model;
  FileName picture;
  Unit unit;
  bool operator==(const RespondSpec&) const = default;
};

struct OcclusionSpec {
  FileName model;
  FileName picture;
  Unit unit;
  int side_px = 90;
  int stride_px = 2;  // of the finest grid: 16, 8, 4 or 2
  Fill fill = Fill::patch_mean;
  std::uint64_t seed = 0;  // of the noise fill
  bool operator==(const OcclusionSpec&) const = default;
};

enum class Parameterization { pixels, fourier };

// What may change while a visualization runs. Lucid's words (features 5.4).
struct VisualizeSettings {
  double sign = 1.0;            // +1 excites, -1 inhibits
  double learning_rate = 0.05;  // Adam
  int pad_px = 12;              // constant mid-grey around the picture before jitter
  int jitter_px = 8;            // first jitter
  double scale_spread = 0.10;   // scales evenly spaced in 1 ± spread
  int scale_choices = 11;
  int rotate_deg = 10;         // whole degrees in ± rotate_deg …
  int rotate_extra_zeros = 5;  // … plus this many zeros
  int jitter_after_px = 4;     // second jitter
  double diversity = 0.0;      // this times the likeness between the batch's pictures is subtracted (Lucid: 100)
  double l2 = 0.0;             // weight of the squared distance from mid-grey
  double total_variation = 0.0;
  double blur = 0.0;        // weight of the difference from the picture's own 3×3 blur
  int redirect_steps = 16;  // gradients pass dead ReLUs in these first steps
  bool operator==(const VisualizeSettings&) const = default;
};

struct ScheduleEntry {
  int from_step = 0;
  VisualizeSettings settings;
  bool operator==(const ScheduleEntry&) const = default;
};

struct VisualizeSpec {
  // Identity: changing one of these begins anew.
  FileName model;
  Unit unit;
  int size_px = 128;  // the side of the square picture that is optimized and kept
  int margin_px = 0;  // optimized around it and cut off at the end (the study: 16)
  Parameterization parameterization = Parameterization::fourier;
  bool decorrelated = true;  // colours in Lucid's decorrelated space
  int batch = 1;             // 1 … 9
  std::uint64_t seed = 0;
  // What may change while it runs; the first entry is from step 0.
  std::vector<ScheduleEntry> schedule = std::vector<ScheduleEntry>(1);
  int steps = 512;  // exactly this many updates

  bool operator==(const VisualizeSpec&) const = default;
};

bool same_identity(const VisualizeSpec& a, const VisualizeSpec& b);
// The settings in force at a step.
const VisualizeSettings& settings_at(const VisualizeSpec& spec, int step);
// These settings hold from from_step on: entries of that step and later ones are replaced.
void change_settings(VisualizeSpec& spec, int from_step, const VisualizeSettings& settings);

// "naive", "regularized", "lucid", "study" (features 5.4). Sets everything but model, unit and seed.
struct Preset {
  std::string name;     // of the flag
  std::string meaning;  // one line for people
  VisualizeSpec spec;
};
const std::vector<Preset>& presets();
base::Result<VisualizeSpec> preset(std::string_view name);

struct ScanSpec {  // the mean activation of every channel of every unit layer, over a folder
  FileName model;
  std::filesystem::path folder;
  bool operator==(const ScanSpec&) const = default;
};

// Whether every number is in its range and fits the others; says which is not. For specs made of flags or by hand;
// those of the window and of JSON are valid.
base::Status validate(const OcclusionSpec& spec);
base::Status validate(const VisualizeSpec& spec);

// JSON with "kind" and "version", all defaults written out. An unknown key, another kind, a newer version, a
// value of the wrong type or out of its range is an error. "made_by" may stand there and is not read.
std::string to_json(const RespondSpec& spec);
std::string to_json(const OcclusionSpec& spec);
std::string to_json(const VisualizeSpec& spec);
base::Result<RespondSpec> respond_spec_from_json(std::string_view text);
base::Result<OcclusionSpec> occlusion_spec_from_json(std::string_view text);
base::Result<VisualizeSpec> visualize_spec_from_json(std::string_view text);

// The unitscope-cli line that asks for the same, quoted for a POSIX shell. Only what differs from the nearest preset is
// said; the embedded model (an empty path, or models/inception-mini.onnx) is the default of --model.
std::string to_command(const RespondSpec& spec);
std::string to_command(const OcclusionSpec& spec);
std::string to_command(const VisualizeSpec& spec);
// The units of a layer; and one finding about a unit in each of several models, over a folder of pictures, with an
// occluder whose side is this share of the pictures' shorter one.
std::string units_command(const FileName& model, const std::string& layer);
std::string compare_command(const std::vector<FileName>& models, const std::vector<Unit>& units,
                            const std::string& pictures, double size);

}  // namespace core
