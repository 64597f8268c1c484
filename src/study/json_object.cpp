#include "study/json_object.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

namespace study {
namespace {

// Lists and objects are not shown: they may be nested deeper than the stack is.
std::string shown(const Json& value) {
  if (value.is_structured()) return value.is_array() ? "a list" : "an object";
  return value.dump(-1, ' ', true, Json::error_handler_t::replace).substr(0, 40);
}

}  // namespace

JsonObject::JsonObject(const Json& json, std::string place) : json_(json), place_(std::move(place)) {
  if (!json.is_object()) throw Refusal{place_ + " is not an object", "Write it in braces"};
}

const Json& JsonObject::take(const std::string& key) {
  taken_.push_back(key);
  const auto found = json_.find(key);
  if (found == json_.end())
    throw Refusal{"\"" + key + "\" is missing in " + place_, "All keys are written out; add it"};
  return *found;
}

bool JsonObject::has(const std::string& key) const {
  return json_.contains(key);
}

void JsonObject::allow(const std::string& key) {
  taken_.push_back(key);
}

void JsonObject::nothing_else() const {
  for (const auto& [key, value] : json_.items()) {
    if (std::ranges::find(taken_, key) != taken_.end()) continue;
    std::string valid;
    for (const std::string& known : taken_) valid += (valid.empty() ? "" : ", ") + known;
    throw Refusal{"\"" + key.substr(0, 40) + "\" in " + place_ + " is not known", "The keys are " + valid};
  }
}

void JsonObject::refuse(const std::string& key, const Json& value, const std::string& wanted) const {
  throw Refusal{"\"" + key + "\" in " + place_ + " is " + shown(value), "Write " + wanted};
}

std::string JsonObject::text(const std::string& key) {
  const Json& value = take(key);
  if (!value.is_string()) refuse(key, value, "a text in quotes");
  return value.get<std::string>();
}

bool JsonObject::truth(const std::string& key) {
  const Json& value = take(key);
  if (!value.is_boolean()) refuse(key, value, "true or false");
  return value.get<bool>();
}

int JsonObject::whole(const std::string& key, int low, int high) {
  const Json& value = take(key);
  if (!value.is_number_integer() || value.get<double>() < low || value.get<double>() > high)
    refuse(key, value, "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
  return value.get<int>();
}

double JsonObject::number(const std::string& key) {
  const Json& value = take(key);
  if (!value.is_number() || !std::isfinite(value.get<double>())) refuse(key, value, "a number");
  return value.get<double>();
}

std::optional<double> JsonObject::optional_number(const std::string& key) {
  if (!take(key).is_null()) return number(key);
  return std::nullopt;
}

std::optional<int> JsonObject::optional_whole(const std::string& key, int low, int high) {
  if (!take(key).is_null()) return whole(key, low, high);
  return std::nullopt;
}

std::uint64_t JsonObject::seed(const std::string& key) {
  const Json& value = take(key);
  if (!value.is_number_unsigned()) refuse(key, value, "a whole number from 0 to 18446744073709551615");
  return value.get<std::uint64_t>();
}

const Json& JsonObject::list(const std::string& key, std::size_t most) {
  const Json& value = take(key);
  if (!value.is_array()) refuse(key, value, "a list");
  if (value.size() > most)
    throw Refusal{"\"" + key + "\" in " + place_ + " has " + std::to_string(value.size()) + " entries",
                  "Write at most " + std::to_string(most)};
  return value;
}

std::vector<std::string> JsonObject::texts(const std::string& key, std::size_t most) {
  std::vector<std::string> texts;
  for (const Json& entry : list(key, most)) {
    if (!entry.is_string()) refuse(key, entry, "texts in quotes");
    texts.push_back(entry.get<std::string>());
  }
  return texts;
}

base::Status read_document(std::string_view text, const std::string& kind, int version, const std::string& what,
                           const std::function<void(JsonObject&)>& read) {
  try {
    const Json json = Json::parse(text);
    JsonObject in(json, "the document");
    if (const std::string found = in.text("kind"); found != kind)
      throw Refusal{"its kind is \"" + found.substr(0, 40) + "\" instead of \"" + kind + "\"", "Choose another file"};
    if (const int found = in.whole("version", 1, 1000000000); found > version)
      throw Refusal{"its version " + std::to_string(found) + " is newer than this program",
                    "Use a newer unitscope, or version " + std::to_string(version)};
    in.allow("made_by");
    read(in);
    in.nothing_else();
    return {};
  } catch (const Refusal& refusal) {
    return base::Error{what, refusal.why, refusal.what_to_do};
  } catch (const Json::parse_error& error) {
    return base::Error{what, "it is not JSON at byte " + std::to_string(error.byte),
                       "Compare it with one that unitscope wrote"};
  } catch (const Json::exception&) {
    return base::Error{what, "it is not JSON that can be held", "Compare it with one that unitscope wrote"};
  }
}

Json document(const std::string& kind, int version) {
  return Json{{"kind", kind}, {"version", version}};
}

std::string json_text(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace study
