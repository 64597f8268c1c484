#include "engine/answers.h"

#include <algorithm>
#include <set>
#include <span>
#include <system_error>
#include <utility>

#include "base/hash.h"
#include "core/csv.h"
#include "core/file.h"

namespace engine {
namespace {

namespace fs = std::filesystem;
using core::StepOutcome;

constexpr const char* kTrials = "trials.json";
constexpr std::size_t kMostBytes = study::kMostImportBytes;
constexpr std::size_t kMostTrialsBytes = std::size_t{512} << 20;  // of an experiment
constexpr std::size_t kMostFiles = 100000;
constexpr std::size_t kMostSentences = 20;  // about files of a folder that were left out
constexpr int kMostDepth = 4;               // of folders below the one that was named

base::Result<std::string> read_text(const fs::path& path, std::size_t most, const std::string& what) {
  const auto bytes = core::read_file(path, most, what);
  if (!bytes) return bytes.error();
  return std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size());
}

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

// What kind of document of ours a text is, from its beginning; empty if none.
std::string kind_of(const std::string& text) {
  const std::string head = text.substr(0, 400);
  for (const char* kind : {"unitscope session", "unitscope experiment"})
    if (head.find('"' + std::string(kind) + '"') != std::string::npos) return kind;
  return "";
}

bool is_our_table(const std::string& text) {
  const auto header = core::parse_csv(text.substr(0, std::min(text.find('\n'), text.size())));
  if (header.empty()) return false;
  const auto& columns = study::answer_columns();
  return std::all_of(columns.begin(), columns.end(), [&](const std::string& column) {
    return std::find(header.front().begin(), header.front().end(), column) != header.front().end();
  });
}

// What lies beside answers and holds none: documents of ours of another kind, and the files of the published layout.
bool is_known_otherwise(const std::string& text) {
  const std::string head = text.substr(0, 400);
  for (const char* sign : {"\"unitscope ", "\"n_reference_images\"", "\"tasks\""})
    if (head.find(sign) != std::string::npos) return true;
  return false;
}

base::Error in_file(base::Error error, const fs::path& path) {
  error.what = path.string() + ": " + error.what;
  return error;
}

// A session that was left and went on another day was exported both times.
bool holds_more(const study::Session& session, const study::Session& other) {
  return std::pair(session.end.complete, session.answers.size()) > std::pair(other.end.complete, other.answers.size());
}

// "a.json, b.json and 3 more".
std::string listed(const std::vector<std::string>& names) {
  std::string text;
  const std::size_t most = 4;
  for (std::size_t i = 0; i < std::min(most, names.size()); ++i) text += (i == 0 ? "" : ", ") + names[i];
  return names.size() > most ? text + " and " + std::to_string(names.size() - most) + " more" : text;
}

}  // namespace

ReadAnswers::ReadAnswers(AnswersAsked asked) : asked_(std::move(asked)) {}

StepOutcome ReadAnswers::step() {
  const auto failed = [&](const base::Status& status) {
    if (!status) error_ = status.error();
    return !status;
  };
  if (!begun_) {
    begun_ = true;
    return failed(begin()) ? StepOutcome::done : StepOutcome::more;
  }
  if (next_ < files_.size()) {
    const File& file = files_[next_++];
    return failed(read(file)) ? StepOutcome::done : StepOutcome::more;
  }
  finish();
  return StepOutcome::done;
}

base::Status ReadAnswers::begin() {
  if (asked_.columns) {
    const auto text = read_text(*asked_.columns, std::size_t{1} << 20, "The mapping of columns");
    if (!text) return text.error();
    auto mapping = study::column_mapping_from_json(*text);
    if (!mapping) return mapping.error();
    mapping_ = *std::move(mapping);
  }
  for (const fs::path& experiment : asked_.experiments) {
    std::error_code ignored;
    const fs::path file = fs::is_directory(experiment, ignored) ? experiment / kTrials : experiment;
    if (const auto added = add_experiment(file); !added) return added;
  }
  named_experiments_ = data_.experiments.size();
  for (const fs::path& path : asked_.paths) {
    std::error_code ignored;
    if (!fs::is_directory(path, ignored)) {
      files_.push_back({path, true});
    } else if (const auto found = find_files(path); !found) {
      return found;
    }
  }
  // Experiments first, so that records find their trials; sessions in JSON before the same ones in CSV.
  const auto order = [](const File& file) {
    return std::pair(file.path.filename() != kTrials, file.path.extension() == ".csv");
  };
  std::stable_sort(files_.begin(), files_.end(), [&](const File& a, const File& b) { return order(a) < order(b); });
  return {};
}

base::Status ReadAnswers::find_files(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code problem;
  fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied, problem);
  for (; !problem && entry != fs::recursive_directory_iterator(); entry.increment(problem)) {
    std::error_code ignored;
    if (entry->is_directory(ignored) && entry.depth() + 1 >= kMostDepth) entry.disable_recursion_pending();
    const fs::path extension = entry->path().extension();
    if ((extension == ".json" || extension == ".csv") && entry->is_regular_file(ignored))
      found.push_back(entry->path());
    if (found.size() > kMostFiles)
      return base::Error{"The folder " + folder.string() + " cannot be analysed",
                         "it holds more than " + std::to_string(kMostFiles) + " JSON and CSV files",
                         "Name the folder that holds the sessions"};
  }
  if (problem)
    return base::Error{"The folder " + folder.string() + " cannot be read", problem.message(), "Check the path"};
  std::sort(found.begin(), found.end());
  for (fs::path& path : found) files_.push_back({std::move(path), false});
  return {};
}

base::Status ReadAnswers::add_experiment(const fs::path& trials_json) {
  const auto text = read_text(trials_json, kMostTrialsBytes, "The experiment");
  if (!text) return text.error();
  const std::string hash = base::sha256_hex(std::as_bytes(std::span(*text)));
  if (study::experiment_of_hash(data_, hash)) return {};
  auto experiment = study::experiment_from_json(*text);
  if (!experiment) {
    return in_file(experiment.error(), trials_json);
  }
  std::error_code ignored;
  const fs::path folder = fs::absolute(trials_json, ignored).lexically_normal().parent_path();
  data_.experiments.push_back(std::make_shared<study::LoadedExperiment>(
      study::LoadedExperiment{folder.filename().string(), folder.string(), hash, *std::move(experiment)}));
  return {};
}

base::Status ReadAnswers::read_table(const File& file, const std::string& text) {
  if (is_our_table(text)) {
    auto sessions = study::sessions_from_csv(text);
    if (!sessions) return in_file(sessions.error(), file.path);
    std::move(sessions->begin(), sessions->end(), std::back_inserter(sessions_));
    return {};
  }
  if (mapping_) return study::import_csv(data_, text, *mapping_, file.path.filename().string());
  return base::Error{"The table " + file.path.string() + " cannot be read",
                     "its columns are not those of unitscope, and no mapping says what they mean",
                     "Name a mapping with --columns columns.json"};
}

// A file that was named must be read; one that only lies in the folder is left out with its own sentence.
base::Status ReadAnswers::leave_out_aloud(const File& file, const base::Error& error) {
  if (file.named) return error;
  if (++sentences_ <= kMostSentences)
    data_.notes.push_back("Left out " + file.path.filename().string() + ": " + error.sentence());
  else
    left_out_.push_back(file.path.filename().string());
  return {};
}

base::Status ReadAnswers::read(const File& file) {
  // What only lies in the folder need not be an answer; what was named must be.
  const auto leave_out = [&](const base::Error& error) -> base::Status {
    if (file.named) return error;
    left_out_.push_back(file.path.filename().string());
    return {};
  };
  std::error_code ignored;
  if (!file.named && asked_.columns && fs::equivalent(file.path, *asked_.columns, ignored)) return {};
  if (file.path.filename() == kTrials && !file.named) {
    const auto added = add_experiment(file.path);
    return added ? added : leave_out(added.error());
  }
  const auto text = read_text(file.path, kMostBytes, "The answers in");
  if (!text) return leave_out(text.error());
  const auto [first, is_new] =
      read_.emplace(base::sha256_hex(std::as_bytes(std::span(*text))), file.path.filename().string());
  const auto read_before = [&] {
    if (!is_new)
      data_.notes.push_back(file.path.filename().string() + " holds the same bytes as " + first->second +
                            ", and is counted once.");
    return !is_new;
  };
  if (file.path.extension() == ".csv") {
    const bool should_be_answers = mapping_ || is_our_table(*text);
    if (should_be_answers && read_before()) return {};
    const auto done = read_table(file, *text);
    if (done) return done;
    return should_be_answers ? leave_out_aloud(file, done.error()) : leave_out(done.error());
  }
  const std::string kind = kind_of(*text);
  if (kind == "unitscope session") {
    if (read_before()) return {};
    auto session = study::session_from_json(*text);
    if (!session) return leave_out_aloud(file, in_file(session.error(), file.path));
    sessions_.push_back(*std::move(session));
    return {};
  }
  if (study::is_published_json(*text)) {
    if (read_before()) return {};
    const auto done = study::import_published(data_, *text, file.path.filename().string(), named_experiments_);
    return done ? done : leave_out_aloud(file, done.error());
  }
  if (kind == "unitscope experiment") {
    const auto added = add_experiment(file.path);
    return added ? added : leave_out(added.error());
  }
  if (!file.named && is_known_otherwise(*text)) return {};
  return leave_out({"The file " + file.path.string() + " cannot be analysed",
                    "it holds neither a session of unitscope nor records of the published page",
                    "Name the folder or the files of sessions"});
}

// Experiments lie beside the sessions' folder, in it, or where the program was started; a header's name says which.
void ReadAnswers::find_experiments() {
  std::set<fs::path> places;
  std::error_code ignored;
  for (const fs::path& path : asked_.paths) {
    fs::path at = fs::absolute(path, ignored).lexically_normal();
    if (at.filename().empty()) at = at.parent_path();
    for (int up = 0; up < 3; ++up, at = at.parent_path()) places.insert(at);
  }
  places.insert(fs::current_path(ignored));
  std::set<std::string> sought;
  for (const study::Session& session : sessions_) {
    const auto& header = session.header;
    if (study::experiment_of_hash(data_, header.experiment_hash) || !sought.insert(header.experiment_hash).second)
      continue;
    // The name comes from a file: it may name a folder here, not lead elsewhere.
    const fs::path name = fs::path(header.experiment).filename();
    for (const fs::path& place : places) {
      for (const fs::path& file : {place / name / kTrials, place / kTrials})
        if (!study::experiment_of_hash(data_, header.experiment_hash) && is_there(file))
          if (const auto bytes = core::read_file(file, kMostTrialsBytes);
              bytes && base::sha256_hex(*bytes) == header.experiment_hash)
            static_cast<void>(add_experiment(file));
    }
  }
}

void ReadAnswers::finish() {
  find_experiments();
  std::map<std::string, std::size_t> place_of;  // in `kept`, by name
  std::vector<const study::Session*> kept;
  std::size_t twice = 0;
  for (const study::Session& session : sessions_) {
    const auto [known, is_new] = place_of.emplace(session.header.session, kept.size());
    if (is_new || session.header.session.empty()) {
      kept.push_back(&session);
      continue;
    }
    ++twice;
    if (holds_more(session, *kept[known->second])) kept[known->second] = &session;
  }
  for (const study::Session* session : kept) study::add_session(data_, *session);
  study::flag_repeats(data_);
  if (twice > 0)
    data_.notes.push_back(std::to_string(twice) + (twice == 1 ? " session is" : " sessions are") +
                          " there more than once, and counted once.");
  if (!left_out_.empty())
    data_.notes.push_back(std::to_string(left_out_.size()) + (left_out_.size() == 1 ? " file is" : " files are") +
                          " no answers and left out: " + listed(left_out_) + ".");
}

}  // namespace engine
