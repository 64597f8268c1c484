// The results store: what people answered, in one SQLite file, so that nothing that was acknowledged is ever lost. Each
// call is one transaction that is on the disk when it returns (WAL, synchronous FULL); killing the program at any
// moment leaves a store that opens and holds all of them. What the texts mean (study's JSON) it does not know. One
// program at a time may hold a store; one thread an instance.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

namespace data {

struct StoredPage {
  std::string name;
  double at_ms = 0.0;  // since the session began
  bool operator==(const StoredPage&) const = default;
};
struct StoredSession {
  std::string name;
  std::string header, end;           // as they were put last
  std::vector<std::string> answers;  // in their places' order
  std::vector<StoredPage> pages;     // in the order of time
  bool operator==(const StoredSession&) const = default;
};

class ResultsStore {
 public:
  // Opens or makes the file and its folder. One sentence where another program holds it, the folder cannot be written,
  // the file is damaged (it is left as it is) or comes from a newer program.
  static base::Result<std::unique_ptr<ResultsStore>> open(const std::filesystem::path& file);
  ~ResultsStore();

  // A new session, or a newer header and end of one that is there.
  base::Status put_session(const std::string& name, const std::string& header, const std::string& end);
  // The answer at this place (from 0) and the session's end as of now, both or none. The same answer again is no error,
  // so that a call whose outcome is unknown may be repeated; another answer at that place is refused.
  base::Status add_answer(const std::string& name, int place, const std::string& answer, const std::string& end);
  base::Status put_end(const std::string& name, const std::string& end);
  base::Status add_page(const std::string& name, const StoredPage& page);

  // In the order in which they began.
  base::Result<std::vector<StoredSession>> sessions();

 private:
  struct State;
  explicit ResultsStore(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace data
