// Analyses for the window: reading answers a file a step, then the numbers; and reports written of them.
#include <system_error>
#include <utility>

#include "engine/answers.h"
#include "engine/disk_jobs.h"
#include "engine/once.h"
#include "report/report.h"

namespace engine {
namespace {

namespace fs = std::filesystem;
using core::StepOutcome;

class AnalysisJob final : public SlotJob<AnalysisRequest, AnalysisSnapshot> {
 public:
  explicit AnalysisJob(const AnalysisRequest& request) : reading_(request.asked) { answer_.request = request; }

  void change(const AnalysisRequest& /*the same one again*/) override {}

  StepOutcome step(const core::StopFlag& /*a file, or a second of numbers*/) override {
    if (answer_.data) {
      auto analysis = study::analyse(*answer_.data, answer_.request.options);
      if (analysis)
        answer_.analysis = std::make_shared<study::Analysis>(*std::move(analysis));
      else
        answer_.error = analysis.error();
      return StepOutcome::done;
    }
    const StepOutcome outcome = reading_.step();
    answer_.read = reading_.done();
    answer_.total = reading_.total();
    if (outcome == StepOutcome::more) return outcome;
    if (reading_.error()) {
      answer_.error = reading_.error();
      return StepOutcome::done;
    }
    answer_.data = std::make_shared<study::AnalysisData>(reading_.take());
    return StepOutcome::more;
  }

  std::shared_ptr<const AnalysisSnapshot> snapshot() const override {
    return std::make_shared<AnalysisSnapshot>(answer_);
  }

 private:
  ReadAnswers reading_;
  AnalysisSnapshot answer_;
};

// Nothing that somebody else put there is replaced.
base::Status may_write(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::exists(folder, ignored) || report::is_report(folder)) return {};
  if (fs::is_directory(folder, ignored) && fs::is_empty(folder, ignored)) return {};
  return base::Error{"The report cannot be written into " + folder.string(),
                     "there is something else than a report already", "Choose a folder that is not there yet"};
}

std::shared_ptr<const ReportSnapshot> write(const ReportRequest& request) {
  auto answer = std::make_shared<ReportSnapshot>();
  answer->number = request.number;
  if (!request.analysis || !request.analysis->analysis) {
    answer->error =
        base::Error{"There is no analysis to report", "no answers have been read", "Choose a folder of answers first"};
    return answer;
  }
  if (const auto allowed = may_write(request.folder); !allowed) {
    answer->error = allowed.error();
    return answer;
  }
  const fs::path& answers = request.analysis->request.asked.paths.front();
  const std::string name =
      answers.filename().empty() ? answers.parent_path().filename().string() : answers.filename().string();
  const auto files =
      report::write_report(request.folder, "Answers in " + name, *request.analysis->data, *request.analysis->analysis);
  if (files) {
    answer->page = files->front();
    answer->files = files->size();
  } else {
    answer->error = files.error();
  }
  return answer;
}

}  // namespace

SlotRules<AnalysisRequest, AnalysisSnapshot> analysis_rules() {
  SlotRules<AnalysisRequest, AnalysisSnapshot> rules;
  rules.same_job = [](const AnalysisRequest& a, const AnalysisRequest& b) { return a.number == b.number; };
  rules.make =
      [](const AnalysisRequest& request) -> base::Result<std::unique_ptr<SlotJob<AnalysisRequest, AnalysisSnapshot>>> {
    return {std::make_unique<AnalysisJob>(request)};
  };
  rules.failed = [](const AnalysisRequest& request, base::Error error) {
    auto snapshot = std::make_shared<AnalysisSnapshot>();
    snapshot->request = request;
    snapshot->error = std::move(error);
    return snapshot;
  };
  rules.publish_interval = std::chrono::milliseconds(50);
  return rules;
}

SlotRules<ReportRequest, ReportSnapshot> report_rules() {
  auto rules = once<ReportRequest, ReportSnapshot>(write);
  rules.failed = [](const ReportRequest& request, base::Error error) {
    auto snapshot = std::make_shared<ReportSnapshot>();
    snapshot->number = request.number;
    snapshot->error = std::move(error);
    return snapshot;
  };
  return rules;
}

}  // namespace engine
