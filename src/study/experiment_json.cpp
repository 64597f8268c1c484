// One list of fields a struct, walked by a writer and by a strict reader, so that the two cannot disagree.
#include <algorithm>
#include <cctype>
#include <concepts>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <type_traits>

#include "study/experiment.h"
#include "study/json_object.h"

namespace study {
namespace {

constexpr int kVersion = 1;
constexpr std::size_t kMaxEntries = 200000;  // of a list
constexpr int kMaxWhole = 1000000000;

base::Result<Role> parsed(std::string_view text, Role) {
  return parse_role(text);
}
base::Result<ReferenceKind> parsed(std::string_view text, ReferenceKind) {
  return parse_reference_kind(text);
}
base::Result<Tier> parsed(std::string_view text, Tier) {
  return parse_tier(text);
}
base::Result<Fidelity> parsed(std::string_view text, Fidelity) {
  return parse_fidelity(text);
}
base::Result<ResumePolicy> parsed(std::string_view text, ResumePolicy) {
  return parse_resume_policy(text);
}
base::Result<core::Fill> parsed(std::string_view text, core::Fill) {
  return core::parse_fill(text);
}
base::Result<TrialType> parsed(std::string_view text, TrialType) {
  if (text == "occlusion") return TrialType::occlusion;
  return base::Error{"\"" + std::string(text.substr(0, 40)) + "\" is not a type of trials", "it has no such word",
                     "Choose occlusion"};
}
std::string_view to_string(TrialType) {
  return "occlusion";
}

template <class T>
concept Enumeration = std::is_enum_v<T>;
template <class T>
concept Struct = std::is_class_v<T>;

class Writer {
 public:
  Json json = Json::object();

  void operator()(const char* key, std::string& value) { json[key] = value; }
  void operator()(const char* key, bool& value) { json[key] = value; }
  void operator()(const char* key, int& value) { json[key] = value; }
  void operator()(const char* key, double& value) { json[key] = value; }
  void operator()(const char* key, std::uint64_t& value) { json[key] = value; }
  void operator()(const char* key, core::Unit& value) { json[key] = core::to_string(value); }
  void operator()(const char* key, Enumeration auto& value) { json[key] = std::string(to_string(value)); }
  template <class T>
  void operator()(const char* key, std::optional<T>& value) {
    if (value)
      (*this)(key, *value);
    else
      json[key] = nullptr;
  }
  template <class T>
  void operator()(const char* key, std::vector<T>& values) {
    json[key] = Json::array();
    for (T& value : values) {
      Writer entry;
      entry("", value);
      json[key].push_back(std::move(entry.json[""]));
    }
  }
  void later(const char* key, auto& value) { (*this)(key, value); }
  void operator()(const char* key, Struct auto& value) {
    Writer inner;
    fields(inner, value);
    json[key] = std::move(inner.json);
  }
};

class Reader {
 public:
  explicit Reader(JsonObject& in) : in_(in) {}

  void operator()(const char* key, std::string& value) { value = in_.text(key); }
  void operator()(const char* key, bool& value) { value = in_.truth(key); }
  void operator()(const char* key, int& value) { value = in_.whole(key, -kMaxWhole, kMaxWhole); }
  void operator()(const char* key, double& value) { value = in_.number(key); }
  void operator()(const char* key, std::uint64_t& value) { value = in_.seed(key); }
  void operator()(const char* key, core::Unit& value) { value = accepted(core::parse_unit(in_.text(key))); }
  template <Enumeration E>
  void operator()(const char* key, E& value) {
    value = accepted(parsed(in_.text(key), E{}));
  }
  void operator()(const char* key, std::optional<double>& value) { value = in_.optional_number(key); }
  void operator()(const char* key, std::optional<int>& value) {
    value = in_.optional_whole(key, -kMaxWhole, kMaxWhole);
  }
  template <Struct T>
  void operator()(const char* key, std::optional<T>& value) {
    const Json& json = in_.take(key);
    if (json.is_null()) return value.reset();
    value.emplace();
    read(json, key, *value);
  }
  void operator()(const char* key, std::vector<std::string>& values) { values = in_.texts(key, kMaxEntries); }
  void operator()(const char* key, std::vector<double>& values) {
    values.clear();
    for (const Json& entry : in_.list(key, kMaxEntries)) {
      if (!entry.is_number()) throw Refusal{"\"" + std::string(key) + "\" holds something else", "Write numbers"};
      values.push_back(entry.get<double>());
    }
  }
  template <Struct T>
  void operator()(const char* key, std::vector<T>& values) {
    values.clear();
    int number = 0;
    for (const Json& entry : in_.list(key, kMaxEntries))
      read(entry, "entry " + std::to_string(++number) + " of \"" + key + '"', values.emplace_back());
  }
  void operator()(const char* key, Struct auto& value) { read(in_.take(key), key, value); }
  // A key that experiments made before it lack.
  void later(const char* key, auto& value) {
    if (in_.has(key)) (*this)(key, value);
  }

 private:
  template <class T>
  static void read(const Json& json, const std::string& place, T& value) {
    JsonObject object(json, place);
    Reader reader(object);
    fields(reader, value);
    object.nothing_else();
  }
  JsonObject& in_;
};

void fields(auto& a, core::Occluder& place) {
  a("x_px", place.x_px), a("y_px", place.y_px), a("side_px", place.side_px);
}

void fields(auto& a, core::FileName& file) {
  a("path", file.path), a("sha256", file.sha256);
}

void fields(auto& a, ReferencePicture& picture) {
  a("kind", picture.kind), a("file", picture.file), a("source", picture.source), a("label", picture.label);
  a("activation", picture.activation), a("share_of_best", picture.share_of_best), a("window", picture.window);
}

void fields(auto& a, ReferenceSet& set) {
  a("condition", set.condition), a("pictures", set.pictures);
  a("likeness_min", set.likeness_min), a("likeness_max", set.likeness_max);
}

void fields(auto& a, Occlusion& occlusion) {
  a("place", occlusion.place), a("activation", occlusion.activation);
  a("centre_distance_px", occlusion.centre_distance_px);
  a("published_centre_distance", occlusion.published_centre_distance);
  a("standard_deviation", occlusion.standard_deviation), a("saliency", occlusion.saliency);
  a("object_share", occlusion.object_share);
}

void fields(auto& a, Trial& trial) {
  a("id", trial.id), a("type", trial.type), a("role", trial.role), a("unit", trial.unit), a("batch", trial.batch);
  a("picture", trial.picture), a("label", trial.label), a("fill", trial.fill), a("base_file", trial.base_file);
  a("min_file", trial.min_file), a("max_file", trial.max_file), a("map_file", trial.map_file);
  a("foreign_min_file", trial.foreign_min_file);
  a("min", trial.min), a("max", trial.max), a("base_activation", trial.base_activation);
  a("lowest", trial.lowest), a("highest", trial.highest), a("unit_spread", trial.unit_spread);
  a("query_rank", trial.query_rank), a("top5_kept_min", trial.top5_kept_min);
  a("top5_kept_max", trial.top5_kept_max), a("references", trial.references);
}

void fields(auto& a, Condition& condition) {
  a("name", condition.name), a("code", condition.code), a("references", condition.references);
}

void fields(auto& a, UnitEntry& entry) {
  a("unit", entry.unit), a("role", entry.role), a("hand_picked", entry.hand_picked);
  a("layer_name", entry.layer_name), a("layer_number", entry.layer_number), a("branch", entry.branch);
  a("mean", entry.mean), a("spread", entry.spread), a("best", entry.best);
}

void fields(auto& a, OwnReferences& own) {
  a("name", own.name), a("folder", own.folder), a.later("hash", own.hash);
}

void fields(auto& a, Filter& filter) {
  a("least_effect", filter.least_effect), a("least_relative_difference", filter.least_relative_difference);
  a("most_relative_difference", filter.most_relative_difference);
}

void fields(auto& a, ExperimentSpec& spec) {
  a("model", spec.model), a("images", spec.images), a("images_hash", spec.images_hash), a("units", spec.units);
  a("tier", spec.tier), a("fidelity", spec.fidelity), a("sizes", spec.sizes), a("fill", spec.fill);
  a("image_sets", spec.image_sets), a("tasks", spec.tasks), a("seed", spec.seed);
  a("own_references", spec.own_references), a("filter", spec.filter), a.later("sweeps_all", spec.sweeps_all);
}

void fields(auto& a, Rejected& rejected) {
  a("id", rejected.id), a("unit", rejected.unit), a("batch", rejected.batch), a("reason", rejected.reason);
}

void fields(auto& a, BinsUsed& bins) {
  a("unit", bins.unit), a("bins", bins.bins), a("pictures_a_bin", bins.pictures_a_bin);
}

void fields(auto& a, Task& task) {
  a("name", task.name), a("condition", task.condition), a("number", task.number), a("batch", task.batch);
  a("trials", task.trials);
}

void fields(auto& a, Experiment& experiment) {
  a("spec", experiment.spec), a("conditions", experiment.conditions), a("units", experiment.units);
  a("bins", experiment.bins), a("trials", experiment.trials), a("rejected", experiment.rejected);
  a("tasks", experiment.tasks), a("remarks", experiment.remarks);
  a("asks_intuitiveness", experiment.asks_intuitiveness), a("resume", experiment.resume);
  a("resume_within_hours", experiment.resume_within_hours);
}

template <class T>
std::string written(T value, const char* kind) {
  Writer writer;
  fields(writer, value);
  Json json = document(kind, kVersion);
  json.update(writer.json);
  return json_text(json) + '\n';
}

// ---- what a text of the right shape may still get wrong ---------------------------------------------------------

// Files are opened by these names: they must not lead out of the experiment's folder.
void check_file(const std::string& file, const std::string& place) {
  const std::filesystem::path path(file);
  const bool inside = path.is_relative() && file.find('\\') == std::string::npos &&
                      std::ranges::none_of(path, [](const auto& part) { return part == ".."; });
  if (!inside)
    throw Refusal{place + " names the file \"" + file.substr(0, 80) + '"', "Name files inside the experiment's folder"};
}

void check_place(const core::Occluder& place, const std::string& of) {
  constexpr int kMaxSide_px = 16384;
  const auto in_range = [](int value) { return value >= 0 && value <= kMaxSide_px; };
  if (!in_range(place.x_px) || !in_range(place.y_px) || !in_range(place.side_px))
    throw Refusal{of + " has a square that lies nowhere", "Write places from 0 to " + std::to_string(kMaxSide_px)};
}

void check(const Trial& trial) {
  const std::string place = "the trial \"" + trial.id.substr(0, 80) + '"';
  if (trial.id.empty()) throw Refusal{"a trial has no id", "Give every trial its own"};
  for (const std::string* file :
       {&trial.base_file, &trial.min_file, &trial.max_file, &trial.map_file, &trial.foreign_min_file})
    check_file(*file, place);
  check_place(trial.min.place, place);
  check_place(trial.max.place, place);
  if (trial.min.place.side_px == 0 || trial.min.place.side_px != trial.max.place.side_px)
    throw Refusal{place + " has squares of different sizes, or of none", "Write one side_px for both"};
  if (trial.min.activation > trial.max.activation)
    throw Refusal{place + " has a lowest activation above its highest", "Make the experiment again"};
  for (const ReferenceSet& set : trial.references)
    for (const ReferencePicture& picture : set.pictures) {
      check_file(picture.file, place);
      if (picture.window) check_place(*picture.window, place);
    }
}

// Its code is the name of a folder that is replaced when the experiment is made again.
void check(const Condition& condition) {
  const auto is_plain = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-'; };
  if (condition.code.empty() || !std::ranges::all_of(condition.code, is_plain) ||
      !condition.code.ends_with("_references"))
    throw Refusal{
        "the condition \"" + condition.name.substr(0, 40) + "\" has the code \"" + condition.code.substr(0, 40) + '"',
        "Write letters, digits, _ and -, with _references at the end"};
}

void check(const Experiment& experiment) {
  std::set<std::string, std::less<>> ids;
  for (const Trial& trial : experiment.trials) {
    check(trial);
    if (!ids.insert(trial.id).second)
      throw Refusal{"the trial \"" + trial.id.substr(0, 80) + "\" is there twice", "Give every trial its own id"};
  }
  for (const Condition& condition : experiment.conditions) check(condition);
  for (const Task& task : experiment.tasks) {
    const std::string place = "the task \"" + task.name.substr(0, 80) + '"';
    check_file(task.name, place);
    if (experiment.condition(task.condition) == nullptr)
      throw Refusal{place + " is of the condition \"" + task.condition.substr(0, 40) + "\", which is not there",
                    "Choose one of the conditions"};
    for (const std::string& id : task.trials)
      if (!ids.contains(id))
        throw Refusal{place + " names the trial \"" + id.substr(0, 80) + "\", which is not there",
                      "Make the experiment again"};
  }
}

template <class T>
base::Result<T> read(std::string_view text, const char* kind, const std::string& what) {
  T value;
  const base::Status status = read_document(text, kind, kVersion, what, [&](JsonObject& in) {
    Reader reader(in);
    fields(reader, value);
    check(value);
  });
  if (!status) return status.error();
  return value;
}

}  // namespace

std::string to_json(const Experiment& experiment) {
  return written(experiment, "unitscope experiment");
}

base::Result<Experiment> experiment_from_json(std::string_view text) {
  return read<Experiment>(text, "unitscope experiment", "The experiment cannot be read");
}

std::string to_json(const Trial& trial) {
  return written(trial, "unitscope trial");
}

base::Result<Trial> trial_from_json(std::string_view text) {
  return read<Trial>(text, "unitscope trial", "The trial cannot be read");
}

}  // namespace study
