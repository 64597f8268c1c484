#include <cairo.h>

#include <cmath>
#include <cstddef>
#include <memory>
#include <numbers>

#include "base/check.h"
#include "report/drawing.h"

// The only place that names Cairo: how wide texts are, and drawings as PNG.

namespace report {
namespace {

struct DestroySurface {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
struct DestroyContext {
  void operator()(cairo_t* context) const { cairo_destroy(context); }
};
using Surface = std::unique_ptr<cairo_surface_t, DestroySurface>;
using Context = std::unique_ptr<cairo_t, DestroyContext>;

struct Canvas {
  Surface surface;
  Context context;
  Canvas(int width_px, int height_px)
      : surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width_px, height_px)),
        context(cairo_create(surface.get())) {
    CHECK(cairo_status(context.get()) == CAIRO_STATUS_SUCCESS, "Cairo has no memory for a plot");
    // Advances that do not depend on the scale: what fits when it is measured fits when it is drawn.
    cairo_font_options_t* options = cairo_font_options_create();
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_set_font_options(context.get(), options);
    cairo_font_options_destroy(options);
  }
};

void set_font(cairo_t* to, double size, bool bold) {
  cairo_select_font_face(to, "Inter", CAIRO_FONT_SLANT_NORMAL,
                         bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(to, size);
}

double width_of(cairo_t* in, const std::string& text) {
  cairo_text_extents_t extents{};
  cairo_text_extents(in, text.c_str(), &extents);
  return extents.x_advance;
}

class Painter {
 public:
  Painter(cairo_t* to, const std::vector<study::SeriesStyle>& styles) : to_(to), styles_(styles) {}

  void operator()(const Line& line) const {
    set(line.paint);
    cairo_set_line_width(to_, line.width);
    const double dashes[] = {4.0, 3.0};
    cairo_set_dash(to_, dashes, line.dashed ? 2 : 0, 0.0);
    cairo_move_to(to_, line.x0, line.y0);
    cairo_line_to(to_, line.x1, line.y1);
    cairo_stroke(to_);
    cairo_set_dash(to_, nullptr, 0, 0.0);
  }

  void operator()(const Box& box) const {
    set(box.paint);
    cairo_rectangle(to_, box.x, box.y, box.width, box.height);
    if (!box.hatched) {
      cairo_fill(to_);
      return;
    }
    cairo_set_line_width(to_, 1.0);
    cairo_stroke(to_);
    cairo_save(to_);
    cairo_rectangle(to_, box.x, box.y, box.width, box.height);
    cairo_clip(to_);
    // From a common origin, so that the hatches of neighbours meet.
    for (double offset = std::floor((box.x - box.height) / 4.0) * 4.0; offset < box.x + box.width; offset += 4.0) {
      cairo_move_to(to_, offset, box.y + box.height);
      cairo_line_to(to_, offset + box.height, box.y);
    }
    cairo_stroke(to_);
    cairo_restore(to_);
  }

  void operator()(const Mark& mark) const {
    const double r = 0.5 * mark.size;
    const auto polygon = [&](std::initializer_list<std::pair<double, double>> corners) {
      for (const auto& [x, y] : corners) cairo_line_to(to_, mark.x + r * x, mark.y + r * y);
      cairo_close_path(to_);
    };
    set(mark.paint);
    switch (mark.marker) {
      case study::Marker::circle:
        cairo_arc(to_, mark.x, mark.y, r, 0.0, 2.0 * std::numbers::pi);
        break;
      case study::Marker::square:
        polygon({{-0.9, -0.9}, {0.9, -0.9}, {0.9, 0.9}, {-0.9, 0.9}});
        break;
      case study::Marker::triangle:
        polygon({{0.0, -1.1}, {1.1, 0.9}, {-1.1, 0.9}});
        break;
      case study::Marker::triangle_down:
        polygon({{0.0, 1.1}, {1.1, -0.9}, {-1.1, -0.9}});
        break;
      case study::Marker::diamond:
        polygon({{0.0, -1.2}, {1.2, 0.0}, {0.0, 1.2}, {-1.2, 0.0}});
        break;
      case study::Marker::cross:
        stroke_lines(mark, {{-0.9, -0.9, 0.9, 0.9}, {-0.9, 0.9, 0.9, -0.9}});
        return;
      case study::Marker::plus:
        stroke_lines(mark, {{-1.0, 0.0, 1.0, 0.0}, {0.0, -1.0, 0.0, 1.0}});
        return;
    }
    cairo_fill_preserve(to_);
    set({Ink::text, 0, 0.45 * mark.paint.opacity});
    cairo_set_line_width(to_, 0.75);
    cairo_stroke(to_);
  }

  void operator()(const Text& text) const {
    set(text.paint);
    set_font(to_, text.size, text.bold);
    const std::string shown = cleaned(text.text);  // one byte that is no UTF-8 would end Cairo's drawing
    const double width = text.align == Align::left ? 0.0 : width_of(to_, shown);
    const double shift = text.align == Align::middle ? -0.5 * width : -width;
    cairo_save(to_);
    cairo_translate(to_, text.x, text.y);
    if (text.upright) cairo_rotate(to_, -0.5 * std::numbers::pi);
    cairo_move_to(to_, shift, 0.0);
    cairo_show_text(to_, shown.c_str());
    cairo_restore(to_);
  }

 private:
  struct Stroke {
    double x0, y0, x1, y1;
  };
  void stroke_lines(const Mark& mark, std::initializer_list<Stroke> strokes) const {
    cairo_set_line_width(to_, 0.22 * mark.size);
    for (const Stroke& one : strokes) {
      cairo_move_to(to_, mark.x + 0.5 * mark.size * one.x0, mark.y + 0.5 * mark.size * one.y0);
      cairo_line_to(to_, mark.x + 0.5 * mark.size * one.x1, mark.y + 0.5 * mark.size * one.y1);
    }
    cairo_stroke(to_);
  }
  void set(const Paint& paint) const {
    const auto colour = colour_of(paint.ink, paint.series, styles_, /*dark=*/false);
    cairo_set_source_rgba(to_, colour[0], colour[1], colour[2], paint.opacity);
  }

  cairo_t* to_;
  const std::vector<study::SeriesStyle>& styles_;
};

cairo_status_t append(void* closure, const unsigned char* data, unsigned int length) {
  auto& bytes = *static_cast<std::vector<std::byte>*>(closure);
  const auto* first = reinterpret_cast<const std::byte*>(data);
  bytes.insert(bytes.end(), first, first + length);
  return CAIRO_STATUS_SUCCESS;
}

}  // namespace

double text_width(std::string_view text, double size, bool bold) {
  thread_local const Canvas canvas(1, 1);
  set_font(canvas.context.get(), size, bold);
  return width_of(canvas.context.get(), cleaned(text));
}

std::vector<std::byte> to_png(const Drawing& drawing, double scale) {
  const Canvas canvas(static_cast<int>(std::ceil(drawing.width * scale)),
                      static_cast<int>(std::ceil(drawing.height * scale)));
  cairo_t* to = canvas.context.get();
  cairo_set_source_rgb(to, 1.0, 1.0, 1.0);
  cairo_paint(to);
  cairo_scale(to, scale, scale);
  const Painter painter(to, drawing.styles);
  for (const auto& shape : drawing.shapes) std::visit(painter, shape);
  std::vector<std::byte> bytes;
  const cairo_status_t status = cairo_surface_write_to_png_stream(canvas.surface.get(), append, &bytes);
  CHECK(status == CAIRO_STATUS_SUCCESS, cairo_status_to_string(status));
  return bytes;
}

}  // namespace report
