// What a command says: one JSON document or a short text on stdout, one sentence on stderr when something is refused,
// a progress bar on stderr if that is a terminal. Main thread.
#pragma once
#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace cli {

using Json = nlohmann::ordered_json;  // keys in the order they were written

// NaN and infinity become null; bytes that are not UTF-8 become U+FFFD.
void print_json(const Json& document);
void print_text(std::string_view text);
void print_refusal(const base::Error& error);
void print_note(std::string_view note);  // on stderr, too
// Fails if stdout did not take everything (a full disk).
base::Status finish_output();

// The double whose shortest decimal is the float's: 0.1F is printed as 0.1 and still reads back as 0.1F.
double decimal(float value);
// For people: four significant digits.
std::string rounded(double value);

// Columns padded to their widest cell; the first is left-aligned, the others right-aligned. Rows are equally long.
std::string table(const std::vector<std::vector<std::string>>& rows);

class Progress {
 public:
  Progress();
  ~Progress();  // wipes the bar
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Whether it is worth asking what to show: on a terminal, ten times a second.
  [[nodiscard]] bool due() const;
  // A line without a bar.
  void say(std::string_view what);
  // "3 of 400 pictures"
  void show(int done, int total, std::string_view things);

 private:
  bool on_terminal_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point next_;
};

}  // namespace cli
