#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "study/import.h"
#include "study/json_object.h"

// What the published page (jsPsych) stores: a list of records, of which those with the trial type below are answers and
// the others tell when reading and practice ended (protocol 1.10, 1.11).

namespace study {
namespace {

constexpr const char* kOcclusionTrial = "cf-image-confidence-response";
constexpr const char* kChoiceTrial =
    "2afc-image-confidence-response";  // of the replication: labels 1 2 3 on both sides
constexpr std::size_t kMostValues = 5'000'000;
constexpr int kMostDepth = 32;
constexpr double kMostMs = 1e10;

// Parses with limits on depth and count, so that a small file of brackets cannot fill the memory.
Json parse_limited(std::string_view text) {
  std::size_t values = 0;
  const auto limit = [&](int depth, Json::parse_event_t, Json&) {
    if (depth > kMostDepth) throw Refusal{"it is nested deeper than " + std::to_string(kMostDepth) + " levels", ""};
    if (++values > kMostValues) throw Refusal{"it holds more than " + std::to_string(kMostValues) + " values", ""};
    return true;
  };
  return Json::parse(text, limit);
}

bool is_answer(const Json& record) {
  if (!record.is_object()) return false;
  const auto type = record.find("trial_type");
  return type != record.end() && type->is_string() && (*type == kOcclusionTrial || *type == kChoiceTrial);
}

std::string text_of(const Json& record, const char* key) {
  const auto found = record.find(key);
  return found != record.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool truth_of(const Json& record, const char* key) {
  const auto found = record.find(key);
  return found != record.end() && found->is_boolean() && found->get<bool>();
}

class Record {
 public:
  Record(const Json& json, std::size_t number) : json_(json), number_(number) {}

  [[nodiscard]] const Json& json() const { return json_; }
  [[noreturn]] void refuse(const std::string& why, const std::string& what_to_do) const {
    throw Refusal{"record " + std::to_string(number_) + ", " + why, what_to_do};
  }
  [[nodiscard]] int button() const {
    const auto found = json_.find("button_pressed");
    int button = -1;
    if (found != json_.end() && found->is_number()) {
      const double value = found->get<double>();
      if (value >= 0.0 && value < kButtons && value == std::floor(value)) button = static_cast<int>(value);
    } else if (found != json_.end() && found->is_string()) {
      const auto text = found->get<std::string>();
      if (text.size() == 1 && text[0] >= '0' && text[0] < '0' + kButtons) button = text[0] - '0';
    }
    if (button < 0) refuse("\"button_pressed\" is not a button from 0 to 5", "Use the file as the page stored it");
    return button;
  }
  [[nodiscard]] std::optional<double> ms(const char* key) const {
    const auto found = json_.find(key);
    if (found == json_.end() || found->is_null()) return std::nullopt;
    const double value = found->is_number() ? found->get<double>() : -1.0;
    if (!(value >= 0.0 && value <= kMostMs))
      refuse("\"" + std::string(key) + "\" is not a time in milliseconds", "Use the file as the page stored it");
    return value;
  }

 private:
  const Json& json_;
  std::size_t number_;  // from 1
};

// "…/natural_9_references/task_3/trials/trial_7/queries/min.png" as its parts.
struct Address {
  std::string condition, task;
  int trial = 0;
};

Address address_of(const std::string& path) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= path.size() && parts.size() < 100;) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    parts.push_back(path.substr(at, end - at));
    at = end + 1;
  }
  Address address;
  const auto trials = std::find(parts.begin(), parts.end(), "trials");
  if (trials == parts.end() || trials + 1 == parts.end() || !(trials + 1)->starts_with("trial_")) return address;
  const std::string number = (trials + 1)->substr(6);
  std::from_chars(number.data(), number.data() + number.size(), address.trial);
  if (trials != parts.begin()) address.task = *(trials - 1);
  if (trials - parts.begin() >= 2) address.condition = *(trials - 2);
  return address;
}

std::string condition_name(const std::string& code) {
  for (const Condition& known : published_conditions())
    if (known.code == code) return known.name;
  return code;
}

// Where the trial of an address is at hand, what is known of it.
struct FoundTrial {
  std::size_t experiment = 0;
  const Trial* trial = nullptr;
};

// The pages of all our experiments have the same addresses, so that one must be meant, not the first.
FoundTrial find_trial(const AnalysisData& data, std::size_t named, const Address& address) {
  const std::string name = address.condition + "/" + address.task;
  FoundTrial found;
  std::string all;
  const auto look_in = [&](std::size_t from, std::size_t to) {
    for (std::size_t e = from; e < to; ++e) {
      const Experiment& experiment = data.experiments[e]->experiment;
      for (const Task& task : experiment.tasks)
        if (task.name == name && address.trial >= 1 && static_cast<std::size_t>(address.trial) <= task.trials.size()) {
          found = {e, experiment.find(task.trials[static_cast<std::size_t>(address.trial) - 1])};
          all += (all.empty() ? "" : ", ") + data.experiments[e]->folder;
          if (all != data.experiments[e]->folder)
            throw Refusal{"its task " + name + " is in more than one experiment: " + all,
                          "Name the one that was answered, and no other, with --experiment"};
        }
    }
  };
  look_in(0, named);
  if (found.trial == nullptr) look_in(named, data.experiments.size());
  return found;
}

void describe_trial(const AnalysisData& data, std::size_t named, Participation& session, Response& response,
                    const Address& address) {
  response.trial_key = address.condition + "/" + address.task + "/" + std::to_string(address.trial);
  if (response.practice) return;  // its address is of the practice pool
  const FoundTrial found = find_trial(data, named, address);
  if (found.trial == nullptr) return;
  const LoadedExperiment& loaded = *data.experiments[found.experiment];
  session.experiment = found.experiment;
  response.trial_id = found.trial->id;
  response.trial_key = loaded.hash + "/" + found.trial->id;
  response.unit = core::to_string(found.trial->unit);
  response.layer = found.trial->unit.layer;
  response.side_px = found.trial->max.place.side_px;
  response.image_set = found.trial->batch;
  for (const UnitEntry& unit : loaded.experiment.units)
    if (unit.unit == found.trial->unit) {
      response.layer = unit.layer_name;
      response.branch = unit.branch;
    }
}

Response response_of(const Record& record) {
  const Json& json = record.json();
  Response response;
  const int button = record.button();
  const bool occlusion = text_of(json, "trial_type") == kOcclusionTrial;
  response.published_confidence = published_confidence(button);
  response.confidence = occlusion ? label_of_button(button) : published_confidence(button);
  response.chose_left = is_left(button);
  response.catch_trial = truth_of(json, "catch_trial");
  response.practice = truth_of(json, "is_demo");
  if (const auto rt_ms = record.ms("rt")) response.reaction_time_s = *rt_ms / 1000.0;
  const std::string choice = text_of(json, "choice");
  const auto correct = json.find("correct");
  if (correct != json.end() && correct->is_boolean())
    response.correct = correct->get<bool>();
  else if (choice == "a" || choice == "b")
    response.correct = choice == "b";
  else
    record.refuse("neither \"correct\" nor \"choice\" says how it was answered", "Use the file as the page stored it");
  const auto switched = json.find("switched_queries");
  if (occlusion && switched != json.end() && switched->is_boolean() &&
      response.correct != (is_left(button) == switched->get<bool>()))
    record.refuse("\"correct\" contradicts \"button_pressed\" and \"switched_queries\"",
                  "Use the file as the page stored it");
  return response;
}

void read_times(Participation& session, const Json& records) {
  std::optional<std::size_t> first, first_practice, last_practice;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (!is_answer(records[i])) continue;
    if (!first) first = i;
    if (!truth_of(records[i], "is_demo")) continue;
    if (!first_practice) first_practice = i;
    last_practice = i;
  }
  // Without the pages around the trials, the times of reading and of the whole are not known.
  if (!first || *first == 0) return;
  const auto seconds_at = [&](std::size_t i) -> std::optional<double> {
    if (!records[i].is_object()) return std::nullopt;
    const auto ms = Record(records[i], i + 1).ms("time_elapsed");
    return ms ? std::optional(*ms / 1000.0) : std::nullopt;
  };
  session.instruction_s = seconds_at(*first - 1);
  session.total_s = seconds_at(records.size() - 1);
  session.practice_rounds = 0;
  if (!first_practice) return;
  // Each round after the first begins with a draw, which is a record of its own.
  session.practice_rounds = 1;
  for (std::size_t i = *first_practice; i < *last_practice; ++i)
    if (records[i].is_object() && text_of(records[i], "trial_type") == "call-function") ++*session.practice_rounds;
}

void read_records(AnalysisData& data, std::size_t named, const Json& records, const std::string& participant) {
  Participation session;
  session.participant = session.session = participant;
  std::string code;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (!is_answer(records[i])) continue;
    const Record record(records[i], i + 1);
    Response response = response_of(record);
    const Address address = address_of(text_of(records[i], "base_query"));
    if (!response.practice && code.empty()) code = address.condition;
    describe_trial(data, named, session, response, address);
    session.responses.push_back(std::move(response));
  }
  if (session.responses.empty())
    throw Refusal{"it has no record of the type " + std::string(kOcclusionTrial), "Name a file that the page stored"};
  session.condition = {code.empty() ? "all" : condition_name(code)};
  read_times(session, records);
  data.sessions.push_back(std::move(session));
}

// The records of an object of a response; they may be stored as a text that holds JSON.
Json records_of(const Json& response) {
  for (const char* key : {"raw_data", "main_data"}) {
    const auto found = response.find(key);
    if (found == response.end() || found->is_null()) continue;
    Json records = found->is_string() ? parse_limited(found->get_ref<const std::string&>()) : *found;
    if (!records.is_array()) throw Refusal{"\"" + std::string(key) + "\" is no list of records", ""};
    return records;
  }
  throw Refusal{"it has neither \"raw_data\" nor \"main_data\"", "Name a file that the page stored"};
}

std::string participant_of(const Json& response, const std::string& otherwise) {
  for (const char* key : {"worker_id", "workerId", "participant"})
    if (const std::string name = text_of(response, key); !name.empty()) return name;
  return otherwise;
}

void read_all(AnalysisData& data, std::size_t named, const Json& json, const std::string& file) {
  const std::string stem = file.substr(0, file.rfind('.'));
  const auto is_response = [](const Json& entry) {
    return entry.is_object() && (entry.contains("raw_data") || entry.contains("main_data"));
  };
  if (is_response(json)) return read_records(data, named, records_of(json), participant_of(json, stem));
  if (!json.is_array() || json.empty()) throw Refusal{"it is no list of records", "Name a file that the page stored"};
  if (!is_response(json.front())) return read_records(data, named, json, stem);
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (!is_response(json[i])) throw Refusal{"response " + std::to_string(i + 1) + " has no records", ""};
    read_records(data, named, records_of(json[i]), participant_of(json[i], stem + "-" + std::to_string(i + 1)));
  }
}

}  // namespace

base::Status import_published(AnalysisData& data, std::string_view json, const std::string& file, std::size_t named) {
  const std::string what = "The records in " + file + " cannot be read";
  if (json.size() > kMostImportBytes)
    return base::Error{what, "it is larger than " + std::to_string(kMostImportBytes >> 20) + " MiB", "Split it"};
  AnalysisData read;  // so that half a file leaves nothing behind
  read.experiments = data.experiments;
  try {
    read_all(read, named, parse_limited(json), file);
  } catch (const Refusal& refusal) {
    return base::Error{what, refusal.why, refusal.what_to_do};
  } catch (const Json::parse_error& error) {
    return base::Error{what, "it is not JSON at byte " + std::to_string(error.byte),
                       "Name a file that the page stored"};
  } catch (const Json::exception&) {
    return base::Error{what, "it is not JSON that can be held", "Name a file that the page stored"};
  }
  data.sessions.insert(data.sessions.end(), std::make_move_iterator(read.sessions.begin()),
                       std::make_move_iterator(read.sessions.end()));
  return {};
}

bool is_published_json(std::string_view text) {
  return text.find("image-confidence-response") != std::string_view::npos &&
         text.substr(0, 200).find("\"kind\"") == std::string_view::npos;
}

}  // namespace study
