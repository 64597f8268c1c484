#include "cli/output.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <iostream>

namespace cli {
namespace {

// Columns of a UTF-8 text: bytes that do not continue a character.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace

void print_json(const Json& document) {
  std::cout << document.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

void print_text(std::string_view text) {
  std::cout << text;
}

void print_refusal(const base::Error& error) {
  std::cerr << error.sentence() << '\n';
}

void print_note(std::string_view note) {
  std::cerr << note << '\n';
}

base::Status finish_output() {
  if (std::cout.flush()) return {};
  return base::Error{"The answer could not be written to stdout", "the file or pipe behind it takes no more", ""};
}

double decimal(float value) {
  if (!std::isfinite(value)) return value;
  char text[32];
  const auto written = std::to_chars(std::begin(text), std::end(text), value);
  double result = value;
  std::from_chars(std::begin(text), written.ptr, result);
  return result;
}

std::string rounded(double value) {
  if (std::isnan(value)) return "–";
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

std::string table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string padding(widths[i] - width_of(row[i]), ' ');
      if (i == 0)
        text += row[i] + padding;
      else
        text += "  " + padding + row[i];
    }
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  }
  return text;
}

Progress::Progress() : on_terminal_(isatty(STDERR_FILENO) == 1), next_(std::chrono::steady_clock::now()) {}

Progress::~Progress() {
  if (drawn_) std::cerr << "\r\x1b[K" << std::flush;
}

bool Progress::due() const {
  return on_terminal_ && std::chrono::steady_clock::now() >= next_;
}

void Progress::say(std::string_view what) {
  if (!on_terminal_) return;
  std::cerr << '\r' << what << "\x1b[K" << std::flush;
  drawn_ = true;
}

void Progress::show(int done, int total, std::string_view things) {
  next_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(100);
  constexpr int kCells = 30;
  const int full =
      total > 0 ? std::clamp(static_cast<int>(static_cast<long long>(done) * kCells / total), 0, kCells) : 0;
  std::string bar;
  for (int i = 0; i < kCells; ++i) bar += i < full ? "█" : "░";
  std::cerr << '\r' << bar << ' ' << done << " of " << total << ' ' << things << "\x1b[K" << std::flush;
  drawn_ = true;
}

}  // namespace cli
