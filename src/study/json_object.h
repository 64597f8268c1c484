// Strict reading of the JSON that this program wrote: an object whose keys are taken one by one, and whatever is left
// at the end is refused by name. Reading stops at the first thing that is wrong, by an exception that read_document
// turns into one sentence; it never leaves study. Private to study's .cpp files. Any thread.
#pragma once
#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace study {

using Json = nlohmann::ordered_json;

struct Refusal {
  std::string why;
  std::string what_to_do;
};

class JsonObject {
 public:
  // `place` for sentences: "trial 12". Throws Refusal if it is no object.
  JsonObject(const Json& json, std::string place);

  const Json& take(const std::string& key);  // throws where the key is missing
  bool has(const std::string& key) const;
  void allow(const std::string& key);  // known, but of no interest
  void nothing_else() const;           // throws if a key is left that was neither taken nor allowed

  std::string text(const std::string& key);
  bool truth(const std::string& key);
  int whole(const std::string& key, int low, int high);
  double number(const std::string& key);  // finite
  std::optional<double> optional_number(const std::string& key);
  std::optional<int> optional_whole(const std::string& key, int low, int high);
  std::uint64_t seed(const std::string& key);
  // A list of at most `most` entries; throws otherwise.
  const Json& list(const std::string& key, std::size_t most);
  std::vector<std::string> texts(const std::string& key, std::size_t most);

  const std::string& place() const { return place_; }

 private:
  [[noreturn]] void refuse(const std::string& key, const Json& value, const std::string& wanted) const;

  const Json& json_;
  std::string place_;
  std::vector<std::string> taken_;
};

// Throws the refusal of a Result's error; returns its value.
template <class T>
T accepted(base::Result<T> result) {
  if (!result) throw Refusal{result.error().what + ": " + result.error().why, result.error().what_to_do};
  return std::move(*result);
}

// Parses the text, checks "kind" and "version" (from 1 to `version`; "made_by" may be there), calls `read` and refuses
// what it left. `what` opens the sentence of the error: "The file of the experiment cannot be read".
base::Status read_document(std::string_view text, const std::string& kind, int version, const std::string& what,
                           const std::function<void(JsonObject&)>& read);
// {"kind": kind, "version": version}, to be filled.
Json document(const std::string& kind, int version);
// Indented; bytes that are no UTF-8 are replaced rather than refused.
std::string json_text(const Json& json);

}  // namespace study
