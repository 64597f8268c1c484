#include "data/results_store.h"

#include <sqlite3.h>

#include <cstring>
#include <functional>
#include <initializer_list>

#include "data/fresh_file.h"

namespace data {
namespace {

namespace fs = std::filesystem;

constexpr int kVersion = 1;
constexpr int kBusy_ms = 250;
// Exclusive locking comes before WAL: the lock is held from the first access to the end of the program, however it
// ends, and there is no shared-memory file that could outlive it.
constexpr const char* kHold =
    "PRAGMA locking_mode = EXCLUSIVE;"
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA foreign_keys = ON;"
    "BEGIN EXCLUSIVE; COMMIT;";
constexpr const char* kSchema =
    "BEGIN;"
    "CREATE TABLE IF NOT EXISTS sessions ("
    "  number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, header TEXT NOT NULL, end TEXT NOT NULL);"
    "CREATE TABLE IF NOT EXISTS answers ("
    "  session TEXT NOT NULL REFERENCES sessions (name), place INTEGER NOT NULL, answer TEXT NOT NULL,"
    "  PRIMARY KEY (session, place)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS pages ("
    "  number INTEGER PRIMARY KEY, session TEXT NOT NULL REFERENCES sessions (name), name TEXT NOT NULL,"
    "  at_ms REAL NOT NULL);"
    "PRAGMA user_version = 1;"
    "COMMIT;";

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;
using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

std::string what_to_do(int code) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "End the other unitscope that takes answers there, or name another folder with --results";
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return "It was left as it is: move it away together with its -wal file, and begin a new one";
    default:
      return "Free some space or make the folder writable and try again, or name another folder with --results";
  }
}

std::string why(int code, sqlite3* database) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another program writes to it";
    case SQLITE_FULL:
      return "the disk is full";
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return "the file is damaged";
    default:
      break;
  }
  std::string text = database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code);
  const int system = database != nullptr ? sqlite3_system_errno(database) : 0;
  if (system != 0) text += std::string(" (") + std::strerror(system) + ")";
  return text;
}

base::Error refused(const fs::path& file, int code, sqlite3* database) {
  return {"The answers in " + file.string() + " cannot be written", why(code, database), what_to_do(code)};
}

std::string column_text(sqlite3_stmt* statement, int column) {
  const auto* text = static_cast<const char*>(sqlite3_column_blob(statement, column));
  return text == nullptr ? std::string()
                         : std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
}

}  // namespace

struct ResultsStore::State {
  fs::path file;
  Database database;

  [[nodiscard]] int execute(const char* sql) const {
    return sqlite3_exec(database.get(), sql, nullptr, nullptr, nullptr);
  }
  [[nodiscard]] base::Error refusal(int code) const { return refused(file, code, database.get()); }

  Statement prepare(const char* sql, int& code) const {
    sqlite3_stmt* made = nullptr;
    code = sqlite3_prepare_v2(database.get(), sql, -1, &made, nullptr);
    return Statement(made);
  }

  static void bind(sqlite3_stmt* statement, int place, const std::string& text) {
    sqlite3_bind_text64(statement, place, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
  }

  // One statement that gives no rows; its texts are bound in order, whatever else there is by `more`.
  int write(
      const char* sql, std::initializer_list<const std::string*> texts,
      const std::function<void(sqlite3_stmt*, int)>& more = [](sqlite3_stmt*, int) {}) const {
    int code = SQLITE_OK;
    const Statement statement = prepare(sql, code);
    if (code != SQLITE_OK) return code;
    int place = 0;
    for (const std::string* text : texts) bind(statement.get(), ++place, *text);
    more(statement.get(), place + 1);
    code = sqlite3_step(statement.get());
    return code == SQLITE_DONE ? SQLITE_OK : code;
  }

  // All of `writes`, or none.
  base::Status in_one_transaction(const std::function<int()>& writes) const {
    int code = execute("BEGIN IMMEDIATE");
    if (code == SQLITE_OK) code = writes();
    if (code == SQLITE_OK) code = execute("COMMIT");
    if (code == SQLITE_OK) return {};
    const base::Error error = refusal(code);
    if (sqlite3_get_autocommit(database.get()) == 0) static_cast<void>(execute("ROLLBACK"));
    return error;
  }

  base::Status connect() {
    sqlite3* opened = nullptr;
    int code = sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    database.reset(opened);
    if (code == SQLITE_OK) {
      sqlite3_extended_result_codes(opened, 1);
      sqlite3_busy_timeout(opened, kBusy_ms);
      code = execute(kHold);
    }
    if (code != SQLITE_OK) return refusal(code);
    const int version = user_version();
    if (version < 0) return refusal(sqlite3_errcode(opened));
    if (version > kVersion)
      return base::Error{"The answers in " + file.string() + " cannot be written",
                         "they were begun by a newer unitscope", "Use that one, or name another folder with --results"};
    if (version == kVersion) return check_shape();
    code = execute(kSchema);
    if (code != SQLITE_OK) return refusal(code);
    sync_folder(file.parent_path());
    return {};
  }

  // A store has our tables: another program's database is not written to.
  [[nodiscard]] base::Status check_shape() const {
    for (const char* sql :
         {"SELECT number, name, header, end FROM sessions", "SELECT session, place, answer FROM answers",
          "SELECT number, session, name, at_ms FROM pages"}) {
      int code = SQLITE_OK;
      const Statement statement = prepare(sql, code);
      if (code == SQLITE_ERROR) code = SQLITE_NOTADB;
      if (code != SQLITE_OK) return refusal(code);
    }
    return {};
  }

  [[nodiscard]] int user_version() const {
    int code = SQLITE_OK;
    const Statement statement = prepare("PRAGMA user_version", code);
    return code == SQLITE_OK && sqlite3_step(statement.get()) == SQLITE_ROW ? sqlite3_column_int(statement.get(), 0)
                                                                            : -1;
  }

  // Calls `row` for each row; a code of SQLite.
  int read(const char* sql, const std::string* key, const std::function<void(sqlite3_stmt*)>& row) const {
    int code = SQLITE_OK;
    const Statement statement = prepare(sql, code);
    if (code != SQLITE_OK) return code;
    if (key != nullptr) bind(statement.get(), 1, *key);
    while ((code = sqlite3_step(statement.get())) == SQLITE_ROW) row(statement.get());
    return code == SQLITE_DONE ? SQLITE_OK : code;
  }

  [[nodiscard]] std::string answer_at(const std::string& name, int place) const {
    std::string found;
    static_cast<void>(read("SELECT answer, place FROM answers WHERE session = ?1", &name, [&](sqlite3_stmt* row) {
      if (sqlite3_column_int(row, 1) == place) found = column_text(row, 0);
    }));
    return found;
  }
};

base::Result<std::unique_ptr<ResultsStore>> ResultsStore::open(const fs::path& file) {
  std::error_code error;
  if (file.has_parent_path()) fs::create_directories(file.parent_path(), error);
  if (error)
    return base::Error{"The answers in " + file.string() + " cannot be written", error.message(),
                       what_to_do(SQLITE_CANTOPEN)};
  auto state = std::make_unique<State>();
  state->file = file;
  if (auto status = state->connect(); !status) return status.error();
  return std::unique_ptr<ResultsStore>(new ResultsStore(std::move(state)));
}

ResultsStore::ResultsStore(std::unique_ptr<State> state) : state_(std::move(state)) {}
ResultsStore::~ResultsStore() = default;

base::Status ResultsStore::put_session(const std::string& name, const std::string& header, const std::string& end) {
  return state_->in_one_transaction([&] {
    return state_->write(
        "INSERT INTO sessions (name, header, end) VALUES (?1, ?2, ?3) "
        "ON CONFLICT (name) DO UPDATE SET header = excluded.header, end = excluded.end",
        {&name, &header, &end});
  });
}

base::Status ResultsStore::add_answer(const std::string& name, int place, const std::string& answer,
                                      const std::string& end) {
  bool differs = false;
  const base::Status done = state_->in_one_transaction([&] {
    int code = state_->write("INSERT INTO answers (session, answer, place) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                             {&name, &answer},
                             [&](sqlite3_stmt* statement, int next) { sqlite3_bind_int(statement, next, place); });
    if (code != SQLITE_OK) return code;
    differs = sqlite3_changes(state_->database.get()) == 0 && state_->answer_at(name, place) != answer;
    if (differs) return SQLITE_CONSTRAINT;
    return state_->write("UPDATE sessions SET end = ?2 WHERE name = ?1", {&name, &end});
  });
  if (differs)
    return base::Error{"An answer of " + name + " was not stored",
                       "another one already stands at place " + std::to_string(place), "Begin the session again"};
  return done;
}

base::Status ResultsStore::put_end(const std::string& name, const std::string& end) {
  return state_->in_one_transaction([&] {
    return state_->write("UPDATE sessions SET end = ?2 WHERE name = ?1", {&name, &end});
  });
}

base::Status ResultsStore::add_page(const std::string& name, const StoredPage& page) {
  return state_->in_one_transaction([&] {
    return state_->write("INSERT INTO pages (session, name, at_ms) VALUES (?1, ?2, ?3)", {&name, &page.name},
                         [&](sqlite3_stmt* statement, int next) { sqlite3_bind_double(statement, next, page.at_ms); });
  });
}

base::Result<std::vector<StoredSession>> ResultsStore::sessions() {
  std::vector<StoredSession> found;
  int code = state_->read("SELECT name, header, end FROM sessions ORDER BY number", nullptr, [&](sqlite3_stmt* row) {
    found.push_back({column_text(row, 0), column_text(row, 1), column_text(row, 2), {}, {}});
  });
  for (StoredSession& session : found) {
    if (code == SQLITE_OK)
      code = state_->read("SELECT answer FROM answers WHERE session = ?1 ORDER BY place", &session.name,
                          [&](sqlite3_stmt* row) { session.answers.push_back(column_text(row, 0)); });
    if (code == SQLITE_OK)
      code = state_->read("SELECT name, at_ms FROM pages WHERE session = ?1 ORDER BY number", &session.name,
                          [&](sqlite3_stmt* row) {
                            session.pages.push_back({column_text(row, 0), sqlite3_column_double(row, 1)});
                          });
  }
  if (code != SQLITE_OK) {
    base::Error error = state_->refusal(code);
    error.what = "The answers in " + state_->file.string() + " cannot be read";
    return error;
  }
  return found;
}

}  // namespace data
