#include <array>
#include <cstdio>
#include <initializer_list>
#include <utility>

#include "report/drawing.h"

namespace report {
namespace {

// Half-pixels are what the eye sees; more digits are only bytes.
std::string number(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f", value);
  std::string result = text.data();
  if (result.ends_with(".0")) result.resize(result.size() - 2);
  return result == "-0" ? "0" : result;
}

std::string attribute(const char* name, double value) {
  return std::string(" ") + name + "=\"" + number(value) + "\"";
}

std::string colour(const Paint& paint) {
  switch (paint.ink) {
    case Ink::text:
      return "var(--text)";
    case Ink::faint:
      return "var(--faint)";
    case Ink::grid:
      return "var(--grid)";
    case Ink::series:
      return "var(--s" + std::to_string(paint.series) + ")";
    case Ink::baseline:
      return "var(--baseline)";
    case Ink::strong:
      return "var(--strong)";
    case Ink::positive:
      return "var(--positive)";
    case Ink::negative:
      return "var(--negative)";
  }
  return "";
}

std::string opacity(const Paint& paint) {
  if (paint.opacity >= 1.0) return "";
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), " opacity=\"%.2f\"", paint.opacity);
  return text.data();
}

struct Writer {
  std::string operator()(const Line& line) const {
    return "<line" + attribute("x1", line.x0) + attribute("y1", line.y0) + attribute("x2", line.x1) +
           attribute("y2", line.y1) + " stroke=\"" + colour(line.paint) + "\"" + attribute("stroke-width", line.width) +
           (line.dashed ? " stroke-dasharray=\"4 3\"" : "") + opacity(line.paint) + "/>";
  }

  std::string operator()(const Box& box) const {
    const std::string place = attribute("x", box.x) + attribute("y", box.y) + attribute("width", box.width) +
                              attribute("height", box.height) + opacity(box.paint);
    const std::string paint = box.hatched ? " fill=\"url(#hatch)\" stroke=\"" + colour(box.paint) + "\""
                                          : " fill=\"" + colour(box.paint) + "\"";
    return with_title("rect", place + paint, box.tooltip);
  }

  std::string operator()(const Mark& mark) const {
    std::string element = shape_of(mark);
    return mark.link.empty() ? element : "<a href=\"#" + escaped(mark.link) + "\">" + element + "</a>";
  }

  std::string operator()(const Text& text) const {
    std::string anchor;
    if (text.align != Align::left)
      anchor = std::string(" text-anchor=\"") + (text.align == Align::middle ? "middle" : "end") + "\"";
    const std::string turn =
        text.upright ? " transform=\"rotate(-90 " + number(text.x) + " " + number(text.y) + ")\"" : "";
    return "<text" + attribute("x", text.x) + attribute("y", text.y) + attribute("font-size", text.size) + anchor +
           (text.bold ? " font-weight=\"600\"" : "") + " fill=\"" + colour(text.paint) + "\"" + opacity(text.paint) +
           turn + ">" + escaped(text.text) + "</text>";
  }

 private:
  static std::string with_title(const std::string& element, const std::string& attributes, const std::string& tooltip) {
    if (tooltip.empty()) return "<" + element + attributes + "/>";
    return "<" + element + attributes + "><title>" + escaped(tooltip) + "</title></" + element + ">";
  }

  static std::string points(const Mark& mark, std::initializer_list<std::pair<double, double>> corners) {
    std::string list;
    for (const auto& [x, y] : corners)
      list +=
          (list.empty() ? "" : " ") + number(mark.x + 0.5 * mark.size * x) + "," + number(mark.y + 0.5 * mark.size * y);
    return " points=\"" + list + "\"";
  }

  static std::string shape_of(const Mark& mark) {
    const double r = 0.5 * mark.size;
    const std::string filled = " class=\"m\" fill=\"" + colour(mark.paint) + "\"" + opacity(mark.paint);
    const std::string stroked = " fill=\"none\" stroke=\"" + colour(mark.paint) + "\"" +
                                attribute("stroke-width", 0.22 * mark.size) + opacity(mark.paint);
    const auto polygon = [&](std::initializer_list<std::pair<double, double>> corners) {
      return with_title("polygon", points(mark, corners) + filled, mark.tooltip);
    };
    const auto path = [&](double x0, double y0, double x1, double y1, double x2, double y2, double x3, double y3) {
      const auto at = [&](double x, double y) { return number(mark.x + r * x) + " " + number(mark.y + r * y); };
      return with_title("path",
                        " d=\"M" + at(x0, y0) + "L" + at(x1, y1) + "M" + at(x2, y2) + "L" + at(x3, y3) + "\"" + stroked,
                        mark.tooltip);
    };
    switch (mark.marker) {
      case study::Marker::circle:
        return with_title("circle", attribute("cx", mark.x) + attribute("cy", mark.y) + attribute("r", r) + filled,
                          mark.tooltip);
      case study::Marker::square:
        return polygon({{-0.9, -0.9}, {0.9, -0.9}, {0.9, 0.9}, {-0.9, 0.9}});
      case study::Marker::triangle:
        return polygon({{0.0, -1.1}, {1.1, 0.9}, {-1.1, 0.9}});
      case study::Marker::triangle_down:
        return polygon({{0.0, 1.1}, {1.1, -0.9}, {-1.1, -0.9}});
      case study::Marker::diamond:
        return polygon({{0.0, -1.2}, {1.2, 0.0}, {0.0, 1.2}, {-1.2, 0.0}});
      case study::Marker::cross:
        return path(-0.9, -0.9, 0.9, 0.9, -0.9, 0.9, 0.9, -0.9);
      case study::Marker::plus:
        return path(-1.0, 0.0, 1.0, 0.0, 0.0, -1.0, 0.0, 1.0);
    }
    return "";
  }
};

}  // namespace

std::string to_svg(const Drawing& drawing) {
  std::string svg = "<svg viewBox=\"0 0 " + number(drawing.width) + " " + number(drawing.height) + "\"" +
                    attribute("width", drawing.width) + attribute("height", drawing.height) +
                    " role=\"img\" aria-label=\"" + escaped(drawing.title) + "\">\n";
  for (const auto& shape : drawing.shapes) svg += std::visit(Writer{}, shape) + "\n";
  return svg + "</svg>\n";
}

}  // namespace report
