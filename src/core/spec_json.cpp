#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/spec_fields.h"

namespace core {
namespace {

using Json = nlohmann::ordered_json;
constexpr int kVersion = 1;
constexpr std::size_t kMaxScheduleEntries = 4096;

// Reading stops at the first thing that is wrong; the exception never leaves this file.
struct Refusal {
  std::string why;
  std::string what_to_do;
};

std::string range_text(double low, double high) {
  return "from " + number_text(low) + " to " + number_text(high);
}

// An object whose keys are taken one by one; what is left at the end is unknown.
class Object {
 public:
  Object(const Json& json, std::string place) : json_(json), place_(std::move(place)) {
    if (!json.is_object()) throw Refusal{place_ + " is not an object", "Write it in braces."};
  }
  const Json& take(const char* key) {
    taken_.emplace_back(key);
    const auto found = json_.find(key);
    if (found == json_.end())
      throw Refusal{"\"" + std::string(key) + "\" is missing in " + place_, "All keys are written out; add it."};
    return *found;
  }
  void allow(const char* key) { taken_.emplace_back(key); }
  void nothing_else() const {
    for (const auto& [key, value] : json_.items()) {
      if (std::ranges::find(taken_, key) != taken_.end()) continue;
      std::string valid;
      for (const std::string& known : taken_) valid += (valid.empty() ? "" : ", ") + known;
      throw Refusal{"\"" + key + "\" in " + place_ + " is not known", "The keys are " + valid + "."};
    }
  }

  std::string text(const char* key) {
    const Json& value = take(key);
    if (!value.is_string()) throw Refusal{quoted(key) + " is not text", "Write it in quotes."};
    return value.get<std::string>();
  }
  bool truth(const char* key) {
    const Json& value = take(key);
    if (!value.is_boolean()) throw Refusal{quoted(key) + " is neither true nor false", "Write true or false."};
    return value.get<bool>();
  }
  int whole(const char* key, double low, double high) {
    const Json& value = take(key);
    if (!value.is_number_integer() || value.get<double>() < low || value.get<double>() > high)
      throw Refusal{quoted(key) + " is " + shown(value), "Write a whole number " + range_text(low, high) + "."};
    return value.get<int>();
  }
  double number(const char* key, double low, double high) {
    const Json& value = take(key);
    if (!value.is_number() || !(value.get<double>() >= low && value.get<double>() <= high))
      throw Refusal{quoted(key) + " is " + shown(value), "Write a number " + range_text(low, high) + "."};
    return value.get<double>();
  }
  std::uint64_t seed() {
    const Json& value = take("seed");
    if (!value.is_number_unsigned())
      throw Refusal{"\"seed\" is " + shown(value), "Write a whole number from 0 to 18446744073709551615."};
    return value.get<std::uint64_t>();
  }
  template <class Spec, std::size_t N>
  void fields(Spec& spec, const Field<Spec> (&table)[N]) {
    for (const Field<Spec>& field : table) {
      if (const auto* member = std::get_if<int Spec::*>(&field.member))
        spec.*(*member) = whole(field.key, field.low, field.high);
      else
        spec.*std::get<double Spec::*>(field.member) = number(field.key, field.low, field.high);
    }
  }

 private:
  // Lists and objects are not shown: they may be nested deeper than the stack is.
  static std::string shown(const Json& value) {
    if (value.is_structured()) return value.is_array() ? "a list" : "an object";
    return value.dump(-1, ' ', true, Json::error_handler_t::replace).substr(0, 40);
  }
  static std::string quoted(const char* key) { return '"' + std::string(key) + '"'; }

  const Json& json_;
  std::string place_;
  std::vector<std::string> taken_;
};

Json file_json(const FileName& file) {
  return Json{{"path", file.path}, {"sha256", file.sha256}};
}

FileName read_file_name(Object& in, const char* key) {
  Object object(in.take(key), "\"" + std::string(key) + "\"");
  FileName file{object.text("path"), object.text("sha256")};
  object.nothing_else();
  const bool is_digest =
      file.sha256.size() == 64 && file.sha256.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!file.sha256.empty() && !is_digest)
    throw Refusal{"the \"sha256\" of \"" + std::string(key) + "\" is not one",
                  "Write 64 hexadecimal digits in lower case, or nothing."};
  return file;
}

Unit read_unit(Object& in) {
  const auto unit = parse_unit(in.text("unit"));
  if (!unit) throw Refusal{unit.error().what + ": " + unit.error().why, unit.error().what_to_do};
  return *unit;
}

template <class Spec, std::size_t N>
void write_fields(Json& json, const Spec& spec, const Field<Spec> (&table)[N]) {
  for (const Field<Spec>& field : table) std::visit([&](auto member) { json[field.key] = spec.*member; }, field.member);
}

Json header(const char* kind) {
  return Json{{"kind", kind}, {"version", kVersion}};
}

// A path may hold bytes that are no UTF-8; they are replaced rather than refused.
std::string text_of(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

template <class Spec, class Read>
base::Result<Spec> read_spec(std::string_view text, const char* kind, const Read& read) {
  const std::string what = "The spec of kind \"" + std::string(kind) + "\" cannot be read";
  try {
    const Json json = Json::parse(text);
    Object in(json, "the spec");
    if (const std::string found = in.text("kind"); found != kind)
      throw Refusal{"its kind is \"" + found + "\"", "Use the command for that kind."};
    if (const int version = in.whole("version", 1, 1e9); version > kVersion)
      throw Refusal{"its version " + std::to_string(version) + " is newer than this program",
                    "Use a newer unitscope, or version " + std::to_string(kVersion) + "."};
    in.allow("made_by");
    Spec spec = read(in);
    in.nothing_else();
    return spec;
  } catch (const Refusal& refusal) {
    return base::Error{what, refusal.why, refusal.what_to_do};
  } catch (const Json::parse_error& error) {
    return base::Error{what, "it is not JSON at byte " + std::to_string(error.byte),
                       "Compare it with one that unitscope wrote."};
  } catch (const Json::exception&) {
    return base::Error{what, "it is not JSON that can be held", "Compare it with one that unitscope wrote."};
  }
}

std::vector<ScheduleEntry> read_schedule(Object& in) {
  const Json& list = in.take("schedule");
  if (!list.is_array() || list.empty() || list.size() > kMaxScheduleEntries)
    throw Refusal{"\"schedule\" is not a list of 1 to 4096 entries", "Write at least the settings from step 0."};
  std::vector<ScheduleEntry> schedule;
  for (const Json& item : list) {
    Object entry(item, "an entry of the schedule");
    ScheduleEntry read;
    read.from_step = entry.whole("from_step", 0, 1e6);
    Object settings(entry.take("settings"), "\"settings\"");
    settings.fields(read.settings, kSettingsFields);
    settings.nothing_else();
    entry.nothing_else();
    schedule.push_back(read);
  }
  return schedule;
}

template <class Spec, std::size_t N>
base::Status in_range(const Spec& spec, const Field<Spec> (&table)[N], const char* what) {
  for (const Field<Spec>& field : table) {
    const double value = value_of(spec, field);
    if (!(value >= field.low && value <= field.high))
      return base::Error{std::string(what) + " cannot be done",
                         std::string(field.flag + 2) + " is " + number_text(value),
                         "Choose one " + range_text(field.low, field.high) + "."};
  }
  return {};
}

template <class Spec>
base::Result<Spec> validated(base::Result<Spec> spec) {
  if (spec)
    if (const base::Status valid = validate(*spec); !valid) return valid.error();
  return spec;
}

}  // namespace

std::string_view to_string(Parameterization parameterization) {
  return parameterization == Parameterization::pixels ? "pixels" : "fourier";
}

std::string number_text(double value) {
  char text[32];
  // Whole numbers in digits: 1e+06 is no whole number to a flag that takes one.
  const bool whole = std::abs(value) < 1e15 && value == std::floor(value);
  const auto [end, error] = whole ? std::to_chars(text, text + sizeof text, value, std::chars_format::fixed)
                                  : std::to_chars(text, text + sizeof text, value);
  return {text, end};
}

base::Status validate(const OcclusionSpec& spec) {
  if (spec.stride_px != 2 && spec.stride_px != 4 && spec.stride_px != 8 && spec.stride_px != 16)
    return base::Error{"This occlusion map cannot be done", "stride is " + std::to_string(spec.stride_px),
                       "Choose 2, 4, 8 or 16."};
  return in_range(spec, kOcclusionFields, "This occlusion map");
}

base::Status validate(const VisualizeSpec& spec) {
  constexpr const char* kWhat = "This visualization";
  if (const auto status = in_range(spec, kVisualizeFields, kWhat); !status) return status;
  const auto refuse = [&](const char* why, const char* what_to_do) {
    return base::Error{std::string(kWhat) + " cannot be done", why, what_to_do};
  };
  if (spec.schedule.empty() || spec.schedule.front().from_step != 0)
    return refuse("its schedule does not begin at step 0", "Give the settings from step 0.");
  for (std::size_t i = 0; i < spec.schedule.size(); ++i) {
    const ScheduleEntry& entry = spec.schedule[i];
    if (i > 0 && entry.from_step <= spec.schedule[i - 1].from_step)
      return refuse("its schedule does not go forward in steps", "Order the entries by from_step, each step once.");
    if (const auto status = in_range(entry.settings, kSettingsFields, kWhat); !status) return status;
    if (std::abs(entry.settings.sign) != 1.0) return refuse("its sign is neither 1 nor -1", "Choose 1 or -1.");
    if (entry.settings.learning_rate == 0.0)
      return refuse("its learning rate is 0", "Choose one above 0, such as 0.05.");
  }
  return {};
}

std::string to_json(const RespondSpec& spec) {
  Json json = header("respond");
  json["model"] = file_json(spec.model);
  json["picture"] = file_json(spec.picture);
  json["unit"] = to_string(spec.unit);
  return text_of(json);
}

std::string to_json(const OcclusionSpec& spec) {
  Json json = header("occlude");
  json["model"] = file_json(spec.model);
  json["picture"] = file_json(spec.picture);
  json["unit"] = to_string(spec.unit);
  write_fields(json, spec, kOcclusionFields);
  json["fill"] = to_string(spec.fill);
  json["seed"] = spec.seed;
  return text_of(json);
}

std::string to_json(const VisualizeSpec& spec) {
  Json json = header("visualize");
  json["model"] = file_json(spec.model);
  json["unit"] = to_string(spec.unit);
  json["parameterization"] = to_string(spec.parameterization);
  json["decorrelated"] = spec.decorrelated;
  json["seed"] = spec.seed;
  write_fields(json, spec, kVisualizeFields);
  json["schedule"] = Json::array();
  for (const ScheduleEntry& entry : spec.schedule) {
    Json settings;
    write_fields(settings, entry.settings, kSettingsFields);
    json["schedule"].push_back(Json{{"from_step", entry.from_step}, {"settings", settings}});
  }
  return text_of(json);
}

base::Result<RespondSpec> respond_spec_from_json(std::string_view text) {
  return read_spec<RespondSpec>(text, "respond", [](Object& in) {
    RespondSpec spec;
    spec.model = read_file_name(in, "model");
    spec.picture = read_file_name(in, "picture");
    spec.unit = read_unit(in);
    return spec;
  });
}

base::Result<OcclusionSpec> occlusion_spec_from_json(std::string_view text) {
  return validated(read_spec<OcclusionSpec>(text, "occlude", [](Object& in) {
    OcclusionSpec spec;
    spec.model = read_file_name(in, "model");
    spec.picture = read_file_name(in, "picture");
    spec.unit = read_unit(in);
    in.fields(spec, kOcclusionFields);
    const auto fill = parse_fill(in.text("fill"));
    if (!fill) throw Refusal{"\"fill\" names none that is known", fill.error().what_to_do};
    spec.fill = *fill;
    spec.seed = in.seed();
    return spec;
  }));
}

base::Result<VisualizeSpec> visualize_spec_from_json(std::string_view text) {
  return validated(read_spec<VisualizeSpec>(text, "visualize", [](Object& in) {
    VisualizeSpec spec;
    spec.model = read_file_name(in, "model");
    spec.unit = read_unit(in);
    const std::string parameterization = in.text("parameterization");
    if (parameterization != "pixels" && parameterization != "fourier")
      throw Refusal{"\"parameterization\" is \"" + parameterization + "\"", "Choose pixels or fourier."};
    spec.parameterization = parameterization == "pixels" ? Parameterization::pixels : Parameterization::fourier;
    spec.decorrelated = in.truth("decorrelated");
    spec.seed = in.seed();
    in.fields(spec, kVisualizeFields);
    spec.schedule = read_schedule(in);
    return spec;
  }));
}

}  // namespace core
