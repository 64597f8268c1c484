#include "report/report.h"

#include <fstream>
#include <span>
#include <system_error>

#include "core/file.h"

namespace report {
namespace {

constexpr double kPngScale = 2.0;  // sharp on screens of two pixels a point, and in print

std::string file_safe(const std::string& name) {
  std::string result = name;
  for (char& c : result) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    if (!plain) c = '_';
  }
  return result;
}

}  // namespace

bool is_report(const std::filesystem::path& folder) {
  std::ifstream page(folder / "report.html", std::ios::binary);
  std::string head(400, '\0');
  page.read(head.data(), static_cast<std::streamsize>(head.size()));
  return head.find(kGenerator) != std::string::npos;
}

std::vector<std::string> file_names(const std::vector<Figure>& figures, const std::vector<Table>& tables) {
  std::vector<std::string> names = {"report.html"};
  for (const Table& table : tables) names.push_back(file_safe(table.name) + ".csv");
  for (const Figure& figure : figures) names.push_back(file_safe(figure.name) + ".png");
  return names;
}

base::Result<std::vector<std::filesystem::path>> write_report(const std::filesystem::path& folder,
                                                              const std::string& title, const study::AnalysisData& data,
                                                              const study::Analysis& analysis) {
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (problem)
    return base::Error{"The folder " + folder.string() + " cannot be made", problem.message(),
                       "Choose a place that you may write to"};
  const auto all_figures = figures(data, analysis);
  const auto all_tables = tables(data, analysis);
  const auto names = file_names(all_figures, all_tables);
  std::vector<std::filesystem::path> written;
  const auto write = [&](std::span<const std::byte> bytes) {
    written.push_back(folder / names[written.size()]);
    return core::write_file(written.back(), bytes);
  };
  const auto write_text = [&](const std::string& text) { return write(std::as_bytes(std::span(text))); };
  if (const auto done = write_text(html_page(title, analysis, all_figures, all_tables)); !done) return done.error();
  for (const Table& table : all_tables)
    if (const auto done = write_text(to_csv(table)); !done) return done.error();
  for (const Figure& figure : all_figures)
    if (const auto done = write(to_png(figure.drawing, kPngScale)); !done) return done.error();
  return written;
}

}  // namespace report
