#include <algorithm>
#include <array>
#include <utility>

#include "report/plot.h"
#include "report/report.h"

namespace report {
namespace {

constexpr std::size_t kFoldedRows = 24;  // longer tables are folded away until they are wanted

constexpr std::array<std::pair<Section, const char*>, 8> kSections = {
    {{Section::accuracy, "Accuracy"},
     {Section::parts, "By group, unit, layer, branch, size and image set"},
     {Section::difficulty, "Accuracy per trial and predicted difficulty"},
     {Section::confidence, "Confidence"},
     {Section::reaction_time, "Reaction time"},
     {Section::agreement, "Agreement"},
     {Section::exclusions, "Who was left out"},
     {Section::pictures, "Pictures and trials"}}};

constexpr const char* kStyle = R"(
:root{color-scheme:light dark;--paper:#fff;--card:#f6f7f9}
@media (prefers-color-scheme:dark){:root{--paper:#14161b;--card:#1b1e25}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1400px;padding:16px;background:var(--paper);color:var(--text);
 font:15px/1.5 Inter,system-ui,-apple-system,"Segoe UI",sans-serif}
h1{font-size:24px;line-height:1.25;margin:8px 0}
h2{font-size:19px;margin:36px 0 12px;padding-top:12px;border-top:1px solid var(--grid)}
h3{font-size:15px;margin:20px 0 6px}
p{margin:6px 0}
a{color:inherit}
nav{display:flex;flex-wrap:wrap;gap:4px 16px;margin:12px 0}
.lead{color:var(--faint);font-size:13px}
.answers{display:flex;flex-wrap:wrap;gap:8px;margin:16px 0;padding:0;list-style:none}
.answers li{background:var(--card);border-radius:8px;padding:8px 14px;border-left:4px solid var(--faint)}
.answers b{display:block;font-size:20px;font-variant-numeric:tabular-nums}
.answers span{font-size:13px;color:var(--faint)}
.plots{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,400px),1fr));gap:16px;align-items:start}
figure{margin:0;background:var(--card);border-radius:8px;padding:8px}
figure.wide{grid-column:1/-1}
figure div{overflow-x:auto}
figure:not(.wide) svg{width:100%;height:auto;max-width:520px;display:block;margin:0 auto}
figure.wide svg{display:block;margin:0 auto}
figcaption{font-size:13px;color:var(--faint);padding:4px 8px}
svg text{font-family:Inter,system-ui,-apple-system,"Segoe UI",sans-serif}
svg .m{stroke:var(--text);stroke-opacity:.45;stroke-width:.75}
svg a .m:hover{stroke-opacity:1;stroke-width:2}
.table{overflow:auto;max-height:32em;max-width:max-content;margin:8px 0;border:1px solid var(--grid);border-radius:8px}
table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums}
th,td{padding:3px 10px;text-align:left;white-space:nowrap;border-bottom:1px solid var(--grid)}
td.n,th.n{text-align:right}
td.r{white-space:normal;min-width:16em}
th{position:sticky;top:0;background:var(--card);font-weight:600}
tr:target td{background:var(--card);box-shadow:inset 0 2px var(--strong),inset 0 -2px var(--strong)}
summary{cursor:pointer;font-weight:600;margin:8px 0}
@media print{.table{max-height:none}}
)";

std::string id_of(Section section) {
  return "part-" + std::to_string(static_cast<int>(section));
}

std::string table_html(const Table& table) {
  std::string html = "<div class=\"table\" tabindex=\"0\"><table><thead><tr>";
  const auto numeric = [&](std::size_t column) {
    return std::any_of(table.rows.begin(), table.rows.end(), [&](const auto& row) { return row[column].is_number; });
  };
  std::vector<std::string> classes;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const std::string& name = table.columns[c];
    const bool remark = name == "remark" || name == "reasons" || name == "reason";
    classes.emplace_back(numeric(c) ? " class=\"n\"" : remark ? " class=\"r\"" : "");
    std::string heading = name;
    std::replace(heading.begin(), heading.end(), '_', ' ');
    html += "<th scope=\"col\"" + classes.back() + ">" + escaped(heading) + "</th>";
  }
  html += "</tr></thead>\n<tbody>\n";
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    html += table.anchors.empty() ? "<tr>" : "<tr id=\"" + escaped(table.anchors[r]) + "\">";
    for (std::size_t c = 0; c < table.columns.size(); ++c)
      html += "<td" + classes[c] + ">" + escaped(shown(table.rows[r][c])) + "</td>";
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

std::string section_html(Section section, const char* heading, const std::vector<Figure>& figures,
                         const std::vector<Table>& tables) {
  std::string plots, numbers;
  for (const Figure& figure : figures) {
    if (figure.section != section) continue;
    const bool wide = figure.drawing.width > kPlotWidth + 1.0;
    plots += "<figure" + std::string(wide ? " class=\"wide\"" : "") + "><div>" + to_svg(figure.drawing) +
             "</div><figcaption>" + escaped(figure.caption) + "</figcaption></figure>\n";
  }
  for (const Table& table : tables) {
    if (table.section != section || table.rows.empty()) continue;
    // Rows that plots point at must be there to be pointed at.
    const bool folded = table.rows.size() > kFoldedRows && table.anchors.empty();
    const std::string title = escaped(table.title) + " <span class=\"lead\">" + std::to_string(table.rows.size()) +
                              " rows, " + escaped(table.name) + ".csv</span>";
    numbers += folded ? "<details><summary>" + title + "</summary>" + table_html(table) + "</details>\n"
                      : "<h3>" + title + "</h3>\n" + table_html(table);
  }
  if (plots.empty() && numbers.empty()) return "";
  return "<section id=\"" + id_of(section) + "\"><h2>" + heading + "</h2>\n" +
         (plots.empty() ? "" : "<div class=\"plots\">\n" + plots + "</div>\n") + numbers + "</section>\n";
}

std::string answers_html(const study::Analysis& analysis) {
  std::string html = "<ul class=\"answers\">\n";
  for (std::size_t s = 0; s < analysis.series.size(); ++s) {
    const auto& accuracy = analysis.accuracy[s];
    std::string value = "–", rest = "no session is left";
    if (accuracy) {
      value = accuracy->two_sem ? plus_minus(accuracy->mean, *accuracy->two_sem) : percent(accuracy->mean);
      rest = accuracy->participants == 1
                 ? "n = 1, 95 % over trials " + percent(accuracy->ci95.low) + " to " + percent(accuracy->ci95.high)
                 : std::to_string(accuracy->participants) + " participants";
      rest += ", " + std::to_string(accuracy->trials) + " trials";
    }
    html += "<li style=\"border-color:var(--s" + std::to_string(s) + ")\"><span>" + escaped(analysis.series[s].label) +
            "</span><b>" + value + "</b><span>" + rest + "</span></li>\n";
  }
  return html + "</ul>\n";
}

}  // namespace

std::string html_page(const std::string& title, const study::Analysis& analysis, const std::vector<Figure>& figures,
                      const std::vector<Table>& tables) {
  const auto styles = study::styles_of(analysis.series);
  std::string html =
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n" + std::string(kGenerator) +
      "\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" + escaped(title) +
      "</title>\n<style>\n:root{" + palette_css(styles, false) + "}\n@media (prefers-color-scheme:dark){:root{" +
      palette_css(styles, true) + "}}" + kStyle +
      "</style>\n</head>\n<body>\n"
      // One pattern for the hatched bars of all plots.
      "<svg width=\"0\" height=\"0\" style=\"position:absolute\" aria-hidden=\"true\"><defs><pattern id=\"hatch\" "
      "width=\"4\" height=\"4\" patternUnits=\"userSpaceOnUse\"><path d=\"M-1 1L1 -1M0 4L4 0M3 5L5 3\" "
      "stroke=\"var(--strong)\"/></pattern></defs></svg>\n";
  html += "<h1>" + escaped(title) + "</h1>\n<p class=\"lead\">" + escaped(analysis.footnote) + "</p>\n";
  html += answers_html(analysis);
  std::string sections, links;
  for (const auto& [section, heading] : kSections) {
    const std::string text = section_html(section, heading, figures, tables);
    if (text.empty()) continue;
    sections += text;
    links += "<a href=\"#" + id_of(section) + "\">" + heading + "</a>\n";
  }
  html += "<nav>" + links + "</nav>\n";
  for (const std::string& note : analysis.notes) html += "<p>" + escaped(note) + "</p>\n";
  return html + sections + "</body>\n</html>\n";
}

}  // namespace report
