#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "report/drawing.h"

namespace report {
namespace {

using Colour = std::array<double, 3>;

constexpr Colour rgb(int hex) {
  return {((hex >> 16) & 255) / 255.0, ((hex >> 8) & 255) / 255.0, (hex & 255) / 255.0};
}

// Dark pages need lighter lines: halfway to white, so that the darkest published colour keeps its hue.
Colour lighter(const Colour& colour, double share) {
  Colour result{};
  for (std::size_t i = 0; i < 3; ++i) result[i] = colour[i] + share * (1.0 - colour[i]);
  return result;
}

Colour of_bytes(const std::array<std::uint8_t, 3>& bytes) {
  return {bytes[0] / 255.0, bytes[1] / 255.0, bytes[2] / 255.0};
}

std::string hex(const Colour& colour) {
  std::array<char, 8> text{};
  const auto byte = [&](std::size_t i) { return static_cast<unsigned>(std::lround(255.0 * colour[i])) & 255U; };
  std::snprintf(text.data(), text.size(), "#%02x%02x%02x", byte(0), byte(1), byte(2));
  return text.data();
}

}  // namespace

std::array<double, 3> colour_of(Ink ink, int series, const std::vector<study::SeriesStyle>& styles, bool dark) {
  switch (ink) {
    case Ink::text:
      return dark ? rgb(0xe3e6eb) : rgb(0x1d2129);
    case Ink::faint:
      return dark ? rgb(0x9aa3b0) : rgb(0x5b6472);
    case Ink::grid:
      return dark ? rgb(0x2d3441) : rgb(0xdfe3e9);
    case Ink::series: {
      const Colour own = of_bytes(styles.at(static_cast<std::size_t>(series)).colour);
      return dark ? lighter(own, 0.3) : own;
    }
    case Ink::baseline: {
      const Colour own = of_bytes(study::kBaselineStyle.colour);
      return dark ? lighter(own, 0.3) : own;
    }
    case Ink::strong:
      return dark ? rgb(0xff7b72) : rgb(0xc0362c);
    case Ink::positive:
      return dark ? rgb(0x4c9be8) : rgb(0x2f6fb0);
    case Ink::negative:
      return dark ? rgb(0xe0874a) : rgb(0xd06a2c);
  }
  return {};
}

std::string palette_css(const std::vector<study::SeriesStyle>& styles, bool dark) {
  std::string css;
  const auto add = [&](const std::string& name, Ink ink, int series = 0) {
    css += "--" + name + ":" + hex(colour_of(ink, series, styles, dark)) + ";";
  };
  add("text", Ink::text);
  add("faint", Ink::faint);
  add("grid", Ink::grid);
  add("baseline", Ink::baseline);
  add("strong", Ink::strong);
  add("positive", Ink::positive);
  add("negative", Ink::negative);
  for (std::size_t i = 0; i < styles.size(); ++i) add("s" + std::to_string(i), Ink::series, static_cast<int>(i));
  return css;
}

std::string cleaned(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    const auto first = static_cast<unsigned char>(text[i]);
    if (first < 0x80) {
      result += first < 0x20 || first == 0x7f ? ' ' : text[i];
      ++i;
      continue;
    }
    const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    const std::string_view bytes = text.substr(i, length);
    const auto second = static_cast<unsigned char>(bytes.size() > 1 ? bytes[1] : 0);
    const bool whole = first >= 0xc2 && first < 0xf5 && bytes.size() == length &&
                       std::all_of(bytes.begin() + 1, bytes.end(), [](char c) { return (c & 0xc0) == 0x80; }) &&
                       // No longer form than needed, no surrogates, nothing beyond U+10FFFF.
                       !(first == 0xe0 && second < 0xa0) && !(first == 0xed && second >= 0xa0) &&
                       !(first == 0xf0 && second < 0x90) && !(first == 0xf4 && second >= 0x90);
    result += whole ? std::string(bytes) : "\xEF\xBF\xBD";
    i += whole ? length : 1;
  }
  return result;
}

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : cleaned(text)) {
    if (c == '&')
      result += "&amp;";
    else if (c == '<')
      result += "&lt;";
    else if (c == '>')
      result += "&gt;";
    else if (c == '"')
      result += "&quot;";
    else if (c == '\'')
      result += "&#39;";
    else
      result += c;
  }
  return result;
}

std::vector<std::string> wrapped(std::string_view text, double size, double width) {
  std::vector<std::string> lines;
  std::string line;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string word(text.substr(at, end - at));
    at = end + 1;
    if (word.empty()) continue;
    const std::string longer = line.empty() ? word : line + " " + word;
    if (!line.empty() && text_width(longer, size) > width) {
      lines.push_back(std::move(line));
      line = word;
    } else {
      line = longer;
    }
  }
  if (!line.empty()) lines.push_back(std::move(line));
  return lines;
}

}  // namespace report
