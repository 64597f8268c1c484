// An analysis as files: one self-contained HTML page that needs no script and no network, a CSV file for each table and
// a PNG for each plot. The same analysis gives the same bytes (of PNGs: with the same fonts). Any thread.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "report/figures.h"
#include "report/tables.h"

namespace report {

inline constexpr const char* kGenerator = "<meta name=\"generator\" content=\"unitscope\">";  // near the page's start

// The page's text. `title` stands at its top.
std::string html_page(const std::string& title, const study::Analysis& analysis, const std::vector<Figure>& figures,
                      const std::vector<Table>& tables);

// The names of the files that write_report writes, the page first.
std::vector<std::string> file_names(const std::vector<Figure>& figures, const std::vector<Table>& tables);

// Makes the folder if it is not there and writes report.html, *.csv and *.png into it, each as a whole or not at all.
// Returns the paths. The error names the file.
base::Result<std::vector<std::filesystem::path>> write_report(const std::filesystem::path& folder,
                                                              const std::string& title, const study::AnalysisData& data,
                                                              const study::Analysis& analysis);

// Whether the folder holds a report of ours, which may be replaced.
bool is_report(const std::filesystem::path& folder);

}  // namespace report
