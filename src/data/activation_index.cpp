#include "data/activation_index.h"

#include <sqlite3.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <span>

#include "base/hash.h"
#include "base/log.h"
#include "data/user_folders.h"

namespace data {
namespace {

namespace fs = std::filesystem;

constexpr int kBusy_ms = 5000;
// The version is part of the schema: a file of another version is set aside like a damaged one, for it is only a cache.
constexpr int kVersion = 1;
constexpr const char* kSchema =
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = NORMAL;"
    "CREATE TABLE IF NOT EXISTS activations ("
    "  model TEXT NOT NULL, layers TEXT NOT NULL, picture TEXT NOT NULL,"
    "  float32 BLOB NOT NULL, hash INTEGER NOT NULL,"
    "  PRIMARY KEY (model, layers, picture)) WITHOUT ROWID;"
    "PRAGMA user_version = 1;";

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;
using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

bool is_damage(int code) {
  return code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
}

std::int64_t checksum(std::span<const std::byte> bytes) {
  return static_cast<std::int64_t>(base::hash64(bytes));
}

base::Error refused(const fs::path& file, const std::string& why) {
  return {"The activation index " + file.string() + " cannot be used", why,
          "Free some space or make the folder writable; without it the pictures are only scanned anew."};
}

// Moves the file and its log out of the way under a name that is free.
void set_aside(const fs::path& file) {
  std::error_code error;
  fs::path aside;
  for (int i = 1; aside.empty() || fs::exists(aside, error); ++i)
    aside = file.string() + ".damaged-" + std::to_string(i);
  fs::rename(file, aside, error);
  for (const char* companion : {"-wal", "-shm"}) fs::remove(file.string() + companion, error);
  base::log_warning("The activation index was damaged; it is now " + aside.string() + " and a new one was begun.");
}

// An order of all floats: NaN comes last.
bool is_better(float a, float b) {
  return !std::isnan(a) && (std::isnan(b) || a > b);
}

}  // namespace

struct ActivationIndex::State {
  fs::path file;
  Database database;
  Statement find;
  Statement store;

  // SQLite's code; SQLITE_OK when everything is ready.
  int connect() {
    close();
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    database.reset(opened);
    if (code != SQLITE_OK) return code;
    sqlite3_busy_timeout(opened, kBusy_ms);
    if (const int version = user_version(); version != 0 && version != kVersion)
      return version < 0 ? sqlite3_errcode(opened) : SQLITE_NOTADB;
    if (const int made = sqlite3_exec(opened, kSchema, nullptr, nullptr, nullptr); made != SQLITE_OK) return made;
    const auto prepare = [&](Statement& statement, const char* sql) {
      sqlite3_stmt* prepared = nullptr;
      const int result = sqlite3_prepare_v3(opened, sql, -1, SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
      statement.reset(prepared);
      return result;
    };
    const int ready =
        prepare(find, "SELECT float32, hash FROM activations WHERE model = ?1 AND layers = ?2 AND picture = ?3");
    if (ready != SQLITE_OK) return ready == SQLITE_ERROR ? SQLITE_NOTADB : ready;  // a table of another shape
    return prepare(store, "INSERT OR REPLACE INTO activations VALUES (?1, ?2, ?3, ?4, ?5)");
  }

  void close() {
    find.reset();
    store.reset();
    database.reset();
  }

  int user_version() {
    sqlite3_stmt* prepared = nullptr;
    const int code = sqlite3_prepare_v2(database.get(), "PRAGMA user_version", -1, &prepared, nullptr);
    const Statement statement(prepared);
    return code == SQLITE_OK && sqlite3_step(prepared) == SQLITE_ROW ? sqlite3_column_int(prepared, 0) : -1;
  }

  base::Status open_or_begin_anew() {
    int code = connect();
    if (is_damage(code)) {
      close();
      set_aside(file);
      code = connect();
    }
    return code == SQLITE_OK ? base::Status() : refused(file, reason(code));
  }

  std::string reason(int code) const { return database ? sqlite3_errmsg(database.get()) : sqlite3_errstr(code); }

  static void bind_key(sqlite3_stmt* statement, const std::string& model, const std::string& layers,
                       const std::string& picture) {
    sqlite3_reset(statement);
    int place = 0;
    for (const std::string* text : {&model, &layers, &picture})
      sqlite3_bind_text(statement, ++place, text->data(), static_cast<int>(text->size()), SQLITE_STATIC);
  }
};

base::Result<std::unique_ptr<ActivationIndex>> ActivationIndex::open(const fs::path& file) {
  std::error_code error;
  if (file.has_parent_path()) fs::create_directories(file.parent_path(), error);
  if (error) return refused(file, error.message());
  auto state = std::make_unique<State>();
  state->file = file;
  if (const auto status = state->open_or_begin_anew(); !status) return status.error();
  return std::unique_ptr<ActivationIndex>(new ActivationIndex(std::move(state)));
}

ActivationIndex::ActivationIndex(std::unique_ptr<State> state) : state_(std::move(state)) {}
ActivationIndex::~ActivationIndex() = default;

base::Result<std::optional<std::vector<float>>> ActivationIndex::find(const std::string& model_sha256,
                                                                      const std::string& layers_key,
                                                                      const std::string& picture_sha256) {
  using Found = std::optional<std::vector<float>>;
  sqlite3_stmt* statement = state_->find.get();
  State::bind_key(statement, model_sha256, layers_key, picture_sha256);
  const int code = sqlite3_step(statement);
  if (is_damage(code)) {
    // Found only now, deep inside the file: what it knew is lost, what comes is kept.
    state_->close();
    set_aside(state_->file);
    if (const auto status = state_->open_or_begin_anew(); !status) return status.error();
    return Found();
  }
  if (code != SQLITE_ROW && code != SQLITE_DONE) return refused(state_->file, state_->reason(code));
  Found found;
  if (code == SQLITE_ROW) {
    const auto* blob = static_cast<const std::byte*>(sqlite3_column_blob(statement, 0));
    const std::span bytes(blob, blob == nullptr ? 0 : static_cast<std::size_t>(sqlite3_column_bytes(statement, 0)));
    // SQLite notices damage of its structure, not of a value: a row whose bytes have changed is as good as none.
    if (bytes.size() % sizeof(float) == 0 && checksum(bytes) == sqlite3_column_int64(statement, 1)) {
      found.emplace(bytes.size() / sizeof(float));
      if (!bytes.empty()) std::memcpy(found->data(), bytes.data(), bytes.size());
    }
  }
  sqlite3_reset(statement);
  return found;
}

base::Status ActivationIndex::store(const std::string& model_sha256, const std::string& layers_key,
                                    const std::string& picture_sha256, const std::vector<float>& values) {
  const auto bytes = std::as_bytes(std::span(values));
  const auto write = [&] {
    sqlite3_stmt* statement = state_->store.get();
    State::bind_key(statement, model_sha256, layers_key, picture_sha256);
    // A null pointer would mean NULL rather than an empty blob.
    sqlite3_bind_blob64(statement, 4, values.empty() ? "" : static_cast<const void*>(bytes.data()), bytes.size(),
                        SQLITE_STATIC);
    sqlite3_bind_int64(statement, 5, checksum(bytes));
    const int code = sqlite3_step(statement);
    sqlite3_reset(statement);
    return code;
  };
  int code = write();
  if (is_damage(code)) {
    state_->close();
    set_aside(state_->file);
    if (const auto status = state_->open_or_begin_anew(); !status) return status;
    code = write();
  }
  return code == SQLITE_DONE ? base::Status() : refused(state_->file, state_->reason(code));
}

std::filesystem::path default_index_file() {
  return user_folder("XDG_CACHE_HOME", ".cache") / "activations.sqlite";
}

std::optional<std::size_t> UnitTable::column(const std::string& layer, int channel) const {
  std::size_t first = 0;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (layers[i] == layer)
      return channel >= 0 && channel < channels[i] ? std::optional(first + static_cast<std::size_t>(channel))
                                                   : std::nullopt;
    first += static_cast<std::size_t>(channels[i]);
  }
  return std::nullopt;
}

std::vector<Ranked> best_pictures(const UnitTable& table, std::size_t column, int top) {
  std::vector<Ranked> ranked;
  for (std::size_t i = 0; i < table.values.size(); ++i)
    if (column < table.values[i].size()) ranked.push_back({static_cast<int>(i), table.values[i][column], 0});
  std::ranges::stable_sort(ranked, is_better, &Ranked::activation);
  for (std::size_t i = 0; i < ranked.size(); ++i) ranked[i].rank = static_cast<int>(i) + 1;
  if (top > 0 && static_cast<std::size_t>(top) < ranked.size()) ranked.resize(static_cast<std::size_t>(top));
  return ranked;
}

std::optional<Ranked> best_picture(const UnitTable& table, std::size_t column) {
  std::optional<Ranked> best;
  for (std::size_t i = 0; i < table.values.size(); ++i) {
    if (column >= table.values[i].size()) continue;
    const float activation = table.values[i][column];
    if (!best || is_better(activation, best->activation)) best = Ranked{static_cast<int>(i), activation, 1};
  }
  return best;
}

Spread spread(const UnitTable& table, std::size_t column) {
  // Two passes, because a large mean would swallow a small spread in one.
  double sum = 0.0, squares = 0.0;
  int pictures = 0;
  for (const auto& row : table.values) {
    if (column >= row.size()) continue;
    sum += row[column];
    ++pictures;
  }
  if (pictures == 0) return {};
  const double mean = sum / pictures;
  for (const auto& row : table.values)
    if (column < row.size()) squares += (row[column] - mean) * (row[column] - mean);
  return {static_cast<float>(mean), static_cast<float>(std::sqrt(squares / pictures)), pictures};
}

}  // namespace data
