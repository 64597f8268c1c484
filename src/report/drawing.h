// A plot as a list of shapes with the roles of their colours, made once and then drawn by Cairo to a PNG or written as
// SVG text. Coordinates are in pixels of the plot, y down. Colours are roles, so that the same drawing fits a light and
// a dark page. Nothing here knows an analysis. Plain values; any thread.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "study/series_style.h"

namespace report {

enum class Ink {
  text,
  faint,  // secondary text, axes
  grid,
  series,    // of the series with this number
  baseline,  // rules and chance
  strong,    // what is marked: cut-offs
  positive,  // of matrices, by opacity
  negative
};
struct Paint {
  Ink ink = Ink::text;
  int series = 0;
  double opacity = 1.0;
};

struct Line {
  double x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  Paint paint;
  double width = 1.0;
  bool dashed = false;
};
struct Box {
  double x = 0, y = 0, width = 0, height = 0;
  Paint paint;
  bool hatched = false;  // lines instead of a plain fill
  std::string tooltip;
};
struct Mark {
  double x = 0, y = 0;
  study::Marker marker = study::Marker::circle;
  double size = 8.0;  // across
  Paint paint;
  std::string tooltip;
  std::string link;  // the name of an anchor on the same page; may be empty
};
enum class Align { left, middle, right };
struct Text {
  double x = 0, y = 0;  // of the base line
  std::string text;
  double size = 12.0;
  Align align = Align::left;
  Paint paint;
  bool bold = false;
  bool upright = false;  // read from below
};

struct Drawing {
  double width = 0, height = 0;
  std::string title;  // for those who cannot see it
  std::vector<study::SeriesStyle> styles;
  std::vector<std::variant<Line, Box, Mark, Text>> shapes;
};

// How wide a text is in the font of the plots, in pixels.
double text_width(std::string_view text, double size, bool bold = false);
// Lines of at most this width, broken at spaces; a longer word has a line of its own.
std::vector<std::string> wrapped(std::string_view text, double size, double width);

// PNG bytes on white, `scale` pixels for each of the drawing's.
std::vector<std::byte> to_png(const Drawing& drawing, double scale);
// An <svg> element for an HTML page that defines the colours of the roles (palette_css).
std::string to_svg(const Drawing& drawing);
// Custom properties for the roles, as a light and as a dark page have them: "--text:#222;…".
std::string palette_css(const std::vector<study::SeriesStyle>& styles, bool dark);
// Text of anyone's files as it can be shown: bytes that are no UTF-8 become U+FFFD, control characters spaces.
std::string cleaned(std::string_view text);
// The same with & < > and quotes as entities.
std::string escaped(std::string_view text);

// sRGB of a role on a light or dark page.
std::array<double, 3> colour_of(Ink ink, int series, const std::vector<study::SeriesStyle>& styles, bool dark);

}  // namespace report
