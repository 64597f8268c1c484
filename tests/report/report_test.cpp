#include "report/report.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "catch.h"
#include "core/csv.h"
#include "core/image_io.h"
#include "report/plot.h"
#include "synthetic_study.h"

namespace {

namespace fs = std::filesystem;

const study::AnalysisData& data() {
  static const study::AnalysisData made = synthetic::synthetic_study();
  return made;
}
const study::Analysis& analysis() {
  static const study::Analysis made = [] {
    study::AnalysisOptions options;
    options.resamples = 200;
    return *study::analyse(data(), options);
  }();
  return made;
}
const std::string& page() {
  static const std::string text =
      report::html_page("A study", analysis(), report::figures(data(), analysis()), report::tables(data(), analysis()));
  return text;
}

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

struct TemporaryFolder {
  fs::path path = fs::temp_directory_path() / ("unitscope-report-" + std::to_string(::getpid()));
  ~TemporaryFolder() { fs::remove_all(path); }
};

// All values of an attribute such as href="…".
std::vector<std::string> attributes(const std::string& text, const std::string& name) {
  std::vector<std::string> values;
  const std::string opening = " " + name + "=\"";
  for (std::size_t at = text.find(opening); at != std::string::npos; at = text.find(opening, at)) {
    at += opening.size();
    values.push_back(text.substr(at, text.find('"', at) - at));
  }
  return values;
}

study::AnalysisData hostile(const std::string& condition) {
  study::AnalysisData made;
  for (const char* name : {"p1", "p2"}) {
    study::Participation session;
    session.participant = session.session = session.group = name;
    session.condition = {condition};
    for (int i = 0; i < 4; ++i) {
      study::Response response;
      response.correct = i != 0;
      response.unit = condition;
      session.responses.push_back(response);
    }
    made.sessions.push_back(session);
  }
  return made;
}

}  // namespace

TEST_CASE("The page needs no network and no script, and every link leads to something on it") {
  for (const char* forbidden : {"http://", "https://", "<script", "src=", "@import", "url(\""})
    REQUIRE(page().find(forbidden) == std::string::npos);
  const auto ids = attributes(page(), "id");
  const std::set<std::string> anchors(ids.begin(), ids.end());
  REQUIRE(anchors.size() == ids.size());
  int trials = 0;
  for (const std::string& link : attributes(page(), "href")) {
    REQUIRE(link.starts_with("#"));
    REQUIRE(anchors.contains(link.substr(1)));
    trials += link.starts_with("#trial-") ? 1 : 0;
  }
  REQUIRE(trials > 900);  // a point for each trial and condition, in each plot of difficulty
}

TEST_CASE("The page fits a dark and a narrow screen") {
  REQUIRE(page().find("prefers-color-scheme:dark") != std::string::npos);
  REQUIRE(page().find("width=device-width") != std::string::npos);
  for (const report::Figure& figure : report::figures(data(), analysis()))
    if (figure.section != report::Section::agreement) REQUIRE(figure.drawing.width <= report::kPlotWidth);
}

TEST_CASE("Every plot says who was kept and what was rejected, and every shape lies inside it") {
  for (const report::Figure& figure : report::figures(data(), analysis())) {
    const report::Drawing& drawing = figure.drawing;
    std::string words;
    for (const auto& shape : drawing.shapes) {
      const auto inside = [&](double x, double y) {
        INFO(figure.name << " at " << x << ", " << y);
        REQUIRE((x >= -0.5 && x <= drawing.width + 0.5 && y >= -0.5 && y <= drawing.height + 0.5));
      };
      if (const auto* text = std::get_if<report::Text>(&shape)) {
        words += text->text + " ";
        const double width = report::text_width(text->text, text->size, text->bold);
        const double left = text->align == report::Align::left ? 0.0 : text->align == report::Align::middle ? 0.5 : 1.0;
        INFO(figure.name << ": " << text->text);
        if (text->upright) {
          inside(text->x, text->y + left * width);
          inside(text->x, text->y - (1.0 - left) * width);
        } else {
          inside(text->x - left * width, text->y);
          inside(text->x + (1.0 - left) * width, text->y);
        }
      } else if (const auto* mark = std::get_if<report::Mark>(&shape)) {
        inside(mark->x, mark->y);
      } else if (const auto* box = std::get_if<report::Box>(&shape)) {
        inside(box->x, box->y);
        inside(box->x + box->width, box->y + box->height);
      } else if (const auto* line = std::get_if<report::Line>(&shape)) {
        inside(line->x0, line->y0);
        inside(line->x1, line->y1);
      }
    }
    REQUIRE(words.find("sessions excluded") != std::string::npos);
    REQUIRE(words.find("rejected") != std::string::npos);
  }
}

TEST_CASE("Points have their numbers as tooltips, and no two series share a marker and a colour") {
  const auto styles = study::styles_of(analysis().series);
  for (std::size_t i = 0; i < styles.size(); ++i)
    for (std::size_t k = i + 1; k < styles.size(); ++k) REQUIRE(styles[i].marker != styles[k].marker);
  for (const report::Figure& figure : report::figures(data(), analysis())) {
    if (!figure.name.starts_with("trials_")) continue;
    const std::string svg = report::to_svg(figure.drawing);
    REQUIRE(svg.find("<title>") != std::string::npos);
    REQUIRE(svg.find(" right at ") != std::string::npos);
  }
}

TEST_CASE("Names from anyone's files cannot break the page, the plots or the tables") {
  for (const std::string& name : {std::string("</svg><script>alert(1)</script>"), std::string("a\"b'c&d"),
                                  std::string("\xff\xfe broken \xc3"), std::string("\xed\xa0\x80 half a pair"),
                                  std::string(5000, 'x'), std::string("line\nbreak, comma"), std::string(" ")}) {
    const study::AnalysisData made = hostile(name);
    const auto result = study::analyse(made, {});
    REQUIRE(result);
    const auto figures = report::figures(made, *result);
    const auto tables = report::tables(made, *result);
    const std::string html = report::html_page(name, *result, figures, tables);
    REQUIRE(html.find("<script") == std::string::npos);
    for (const report::Figure& figure : figures) REQUIRE(report::to_png(figure.drawing, 1.0).size() > 1000);
    for (const report::Table& table : tables)
      for (const auto& row : core::parse_csv(report::to_csv(table))) REQUIRE(row.size() == table.columns.size());
  }
}

TEST_CASE("A number that is not known is a dash for people, nothing in files, and its row says why") {
  study::AnalysisData made = hostile("natural");
  made.sessions.pop_back();
  const auto result = study::analyse(made, {});
  int remarks = 0;
  for (const report::Table& table : report::tables(made, *result)) {
    const auto remark = std::find(table.columns.begin(), table.columns.end(), "remark");
    for (const auto& row : table.rows) {
      REQUIRE(row.size() == table.columns.size());
      for (const report::Cell& cell : row)
        if (cell.is_number && !cell.number) REQUIRE(report::shown(cell) == "–");
      const bool unknown =
          std::any_of(row.begin(), row.end(), [](const report::Cell& cell) { return cell.is_number && !cell.number; });
      if (remark == table.columns.end() || !unknown) continue;
      REQUIRE(!row[static_cast<std::size_t>(remark - table.columns.begin())].text.empty());
      ++remarks;
    }
  }
  REQUIRE(remarks > 5);
}

TEST_CASE("A report is written as a page, tables and pictures, twice with the same bytes") {
  const TemporaryFolder folder;
  const auto first = report::write_report(folder.path / "a", "Title", data(), analysis());
  const auto second = report::write_report(folder.path / "b", "Title", data(), analysis());
  REQUIRE(first);
  REQUIRE(second);
  REQUIRE(first->size() == second->size());
  REQUIRE(first->front().filename() == "report.html");
  for (std::size_t i = 0; i < first->size(); ++i) {
    REQUIRE(!bytes_of((*first)[i]).empty());
    REQUIRE(bytes_of((*first)[i]) == bytes_of((*second)[i]));
    if ((*first)[i].extension() == ".png") REQUIRE(core::load_image((*first)[i]));
  }
  REQUIRE(report::is_report(folder.path / "a"));
  REQUIRE(!report::is_report(folder.path));
  REQUIRE(fs::exists(folder.path / "a" / "accuracy.csv"));
}

TEST_CASE("Numbers in CSV files read back exactly") {
  for (const report::Table& table : report::tables(data(), analysis())) {
    if (table.name != "accuracy") continue;
    const auto rows = core::parse_csv(report::to_csv(table));
    REQUIRE(rows.size() == table.rows.size() + 1);
    REQUIRE(std::stod(rows[1][5]) == analysis().accuracy[0]->mean);
  }
}

TEST_CASE("Ticks are round numbers inside the range") {
  REQUIRE(report::ticks(0.0, 1.0, 6) == std::vector<double>{0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0});
  REQUIRE(report::ticks(13.0, 87.0, 5).front() == 20.0);
  REQUIRE(report::ticks(5.0, 5.0, 5).size() == 1);
  REQUIRE(report::tick_text(0.25, 0.05) == "0.25");
  REQUIRE(report::fixed(-0.001, 1) == "0.0");
}
