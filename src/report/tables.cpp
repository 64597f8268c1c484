#include "report/tables.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "core/csv.h"
#include "report/plot.h"

namespace report {
namespace {

using study::Analysis;

constexpr int kProbabilityDecimals = 4;

Cell count(int value) {
  return number(static_cast<double>(value), 0);
}

std::string exact(double value) {
  std::array<char, 64> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
  return {text.data(), end.ptr};
}

class Tables {
 public:
  Tables(const study::AnalysisData& data, const Analysis& analysis) : data_(data), analysis_(analysis) {}

  std::vector<Table> all() {
    accuracy();
    breakdown();
    between();
    within();
    relations();
    trials();
    confidence("confidence", "Confidence as people saw it", analysis_.confidence);
    confidence("confidence_as_published", "Confidence as the published page stored it", analysis_.published_confidence);
    reaction_times();
    baselines();
    kappa();
    intuitiveness();
    sessions();
    histograms();
    overlap();
    consistency();
    rejected();
    return std::move(list_);
  }

 private:
  Table& add(const char* name, const char* title, Section section, std::vector<std::string> columns) {
    list_.push_back({name, title, section, std::move(columns), {}, {}});
    return list_.back();
  }
  [[nodiscard]] Cell series(int index) const { return words(analysis_.series[static_cast<std::size_t>(index)].label); }
  [[nodiscard]] Cell series(std::optional<int> index) const { return index ? series(*index) : words("all"); }

  static void append(std::vector<Cell>& row, const study::Accuracy& accuracy) {
    row.insert(row.end(),
               {count(accuracy.participants), count(accuracy.trials), count(accuracy.correct), number(accuracy.mean, 3),
                number(accuracy.two_sem, 3), number(accuracy.ci95.low, 3), number(accuracy.ci95.high, 3),
                number(accuracy.p_chance, 4),
                words(accuracy.over_trials ? "one participant: binomial interval over trials, no error" : "")});
  }
  static std::vector<std::string> with_accuracy(std::vector<std::string> first) {
    first.insert(first.end(), {"participants", "trials", "correct", "mean", "two_sem", "ci95_low", "ci95_high",
                               "p_binomial_50", "remark"});
    return first;
  }
  static void append_nobody(std::vector<Cell>& row) {
    row.insert(row.end(), {count(0), count(0), count(0)});
    for (int i = 0; i < 5; ++i) row.push_back(number({}, 3));
    row.push_back(words("no session is left"));
  }

  void accuracy() {
    Table& table =
        add("accuracy", "Accuracy by condition", Section::accuracy, with_accuracy({"condition", "trials_of"}));
    for (const auto& [what, values] :
         {std::pair("main", &analysis_.accuracy), std::pair("catch", &analysis_.catch_accuracy)})
      for (std::size_t s = 0; s < values->size(); ++s) {
        std::vector<Cell> row = {series(static_cast<int>(s)), words(what)};
        if ((*values)[s])
          append(row, *(*values)[s]);
        else if (values == &analysis_.accuracy)
          append_nobody(row);
        else
          continue;
        table.rows.push_back(std::move(row));
      }
  }

  void breakdown() {
    Table& table = add("breakdown", "Accuracy by group, unit, layer, branch, size and image set", Section::parts,
                       with_accuracy({"by", "value", "condition"}));
    for (const study::BreakdownCell& cell : analysis_.breakdown) {
      std::vector<Cell> row = {words(std::string(study::to_string(cell.factor))), words(cell.value),
                               series(cell.series)};
      append(row, cell.accuracy);
      table.rows.push_back(std::move(row));
    }
  }

  void between() {
    Table& table = add("between", "Differences between participants: permutation tests, Bonferroni", Section::accuracy,
                       {"a", "b", "difference", "p", "p_bonferroni", "remark"});
    for (const study::BetweenTest& test : analysis_.between) {
      std::vector<Cell> row = {series(test.a), series(test.b)};
      if (test.test)
        row.insert(row.end(),
                   {number(test.test->difference, 3), number(test.test->p, 4), number(test.p_corrected, 4),
                    words(std::string(test.test->exact ? "all groupings" : "random groupings") +
                          (test.left_out > 0 ? "; " + std::to_string(test.left_out) + " participants in both left out"
                                             : ""))});
      else
        row.insert(row.end(), {number({}, 3), number({}, 4), number({}, 4), words(test.why_not)});
      table.rows.push_back(std::move(row));
    }
  }

  void within() {
    Table& table =
        add("within",
            "Differences within participants: repeated-measures analysis of variance, then t tests "
            "with its error, Bonferroni",
            Section::accuracy,
            {"test", "participants", "difference", "statistic", "degrees_of_freedom", "p", "p_bonferroni", "remark"});
    const study::WithinTest& test = analysis_.within;
    if (!test.anova) {
      table.rows.push_back({words("F"), count(test.participants), number({}, 3), number({}, 3), words("–"),
                            number({}, 4), number({}, 4), words(test.why_not)});
      return;
    }
    const study::RepeatedAnova& anova = *test.anova;
    const std::string left_out =
        test.left_out > 0 ? std::to_string(test.left_out) + " participants are not in all conditions and left out" : "";
    table.rows.push_back({words("F, all conditions"), count(test.participants), words(""), number(anova.f, 3),
                          words(std::to_string(anova.numerator) + ", " + std::to_string(anova.denominator)),
                          number(anova.p, 4), words(""), words(left_out)});
    for (const study::PairwiseT& pair : anova.pairs)
      table.rows.push_back({words("t, " + series(test.series[static_cast<std::size_t>(pair.a)]).text + " - " +
                                  series(test.series[static_cast<std::size_t>(pair.b)]).text),
                            count(test.participants), number(pair.difference, 3), number(pair.t, 3),
                            words(std::to_string(anova.denominator)), number(pair.p, 4), number(pair.p_corrected, 4),
                            words("")});
  }

  void relations() {
    Table& table = add(
        "relations", "Accuracy per trial against predicted difficulty: Spearman's correlation, five bins",
        Section::difficulty,
        {"difficulty", "condition", "trials", "rho", "p", "bin", "from", "to", "bin_trials", "mean", "sd", "remark"});
    for (const study::Relation& relation : analysis_.relations) {
      const Cell name = words(std::string(study::key_of(relation.difficulty)));
      const auto rho = relation.correlation ? std::optional(relation.correlation->rho) : std::nullopt;
      const auto p = relation.correlation ? std::optional(relation.correlation->p) : std::nullopt;
      table.rows.push_back({name, series(relation.series), count(relation.points), number(rho, 3), number(p, 4),
                            words(""), words(""), words(""), words(""), words(""), words(""), words(relation.why_not)});
      for (std::size_t i = 0; i < relation.bins.size(); ++i) {
        const study::Bin& bin = relation.bins[i];
        table.rows.push_back({name, series(relation.series), words(""), words(""), words(""),
                              count(static_cast<int>(i) + 1), number(bin.low, 3), number(bin.high, 3), count(bin.count),
                              number(bin.count > 0 ? std::optional(bin.mean) : std::nullopt, 3),
                              number(bin.standard_deviation, 3), words(bin.count > 0 ? "" : "no trial lies in it")});
      }
    }
  }

  void trials() {
    std::vector<std::string> columns = {"trial", "unit", "image_set", "picture"};
    for (const study::Difficulty difficulty : study::kDifficulties) columns.emplace_back(study::key_of(difficulty));
    for (const study::Series& one : analysis_.series) {
      columns.push_back(one.label + ": answers");
      columns.push_back(one.label + ": right");
    }
    Table& table = add("trials", "Trials", Section::difficulty, columns);
    std::map<std::string, std::size_t> at;
    for (const study::TrialPoint& point : analysis_.points) {
      const std::string anchor = trial_anchor(point);
      const auto [place, is_new] = at.emplace(anchor, table.rows.size());
      if (is_new) {
        const study::Trial& trial = *data_.experiments[point.experiment]->experiment.find(point.trial_id);
        std::vector<Cell> row = {words(trial.id), words(core::to_string(trial.unit)), count(trial.batch),
                                 words(trial.picture)};
        for (const auto& value : point.difficulty) row.push_back(number(value, 3));
        for (std::size_t s = 0; s < 2 * analysis_.series.size(); ++s) row.push_back(count(0));
        table.rows.push_back(std::move(row));
        table.anchors.push_back(anchor);
      }
      const std::size_t first = 4 + study::kDifficulties.size() + 2 * static_cast<std::size_t>(point.series);
      table.rows[place->second][first] = count(point.answers);
      table.rows[place->second][first + 1] = count(point.correct);
    }
  }

  void confidence(const char* name, const char* title, const std::vector<study::ConfidenceCell>& cells) {
    Table& table =
        add(name, title, Section::confidence,
            {"condition", "confidence", "trials", "share", "share_two_sem", "correct", "accuracy", "accuracy_two_sem"});
    for (const study::ConfidenceCell& cell : cells)
      table.rows.push_back({series(cell.series), count(cell.confidence), count(cell.trials), number(cell.share, 3),
                            number(cell.share_two_sem, 3), count(cell.correct), number(cell.accuracy, 3),
                            number(cell.accuracy_two_sem, 3)});
  }

  void reaction_times() {
    Table& table = add("reaction_times", "Reaction times in seconds", Section::reaction_time,
                       {"condition", "trials_of", "trials", "mean_s", "two_sem_s", "median_s"});
    for (const study::ReactionTime& time : analysis_.reaction_times)
      table.rows.push_back({series(time.series), words(std::string(study::to_string(time.which))), count(time.trials),
                            number(time.mean_s, 2), number(time.two_sem_s, 2), number(time.median_s, 2)});
  }

  void baselines() {
    Table& table = add("baselines", "Rules that look at the squares only, on the trials that were answered",
                       Section::accuracy, {"rule", "trials", "mean", "two_sem", "remark"});
    for (const study::BaselineAccuracy& baseline : analysis_.baselines)
      table.rows.push_back({words(study::baseline_label(baseline.rule)), count(baseline.trials),
                            number(baseline.mean, 3), number(baseline.two_sem, 3), words(baseline.why_not)});
  }

  void kappa() {
    Table& table = add("kappa", "Cohen's kappa on right and wrong answers", Section::agreement,
                       {"a", "b", "pairs", "by_definition", "mean", "two_sem", "times_100", "remark"});
    const study::KappaMatrix& matrix = analysis_.kappa;
    for (std::size_t i = 0; i < matrix.names.size(); ++i)
      for (std::size_t k = i; k < matrix.names.size(); ++k) {
        const study::KappaCell& cell = matrix.at(i, k);
        table.rows.push_back({words(matrix.names[i]), words(matrix.names[k]), count(cell.pairs),
                              count(cell.by_definition), number(cell.mean, 3), number(cell.two_sem, 3),
                              words(study::kappa_text(cell, analysis_.options.fidelity)), words(cell.why_not)});
      }
  }

  void intuitiveness() {
    if (analysis_.intuitiveness.empty()) return;
    Table& table = add("intuitiveness", "Intuitiveness, -100 to 100", Section::confidence,
                       {"condition", "sessions", "mean", "two_sem"});
    for (const study::Intuitiveness& one : analysis_.intuitiveness)
      table.rows.push_back({series(one.series), count(one.participants), number(one.mean, 1), number(one.two_sem, 1)});
  }

  void sessions() {
    Table& table = add("sessions", "Sessions", Section::exclusions,
                       {"session", "participant", "group", "condition", "mode", "observer", "excluded", "reasons",
                        "instruction_s", "total_s", "practice_rounds"});
    for (const study::Judged& judged : analysis_.sessions) {
      const study::Participation& session = data_.sessions[judged.session];
      std::string reasons;
      for (const std::string& reason : judged.reasons) reasons += (reasons.empty() ? "" : "; ") + reason;
      const auto rounds = session.practice_rounds ? std::optional<double>(*session.practice_rounds) : std::nullopt;
      table.rows.push_back({words(session.session), words(session.participant), words(session.group),
                            series(judged.series), words(std::string(study::mode_name(session.mode))),
                            words(session.observer), words(judged.excluded ? "excluded" : "kept"), words(reasons),
                            number(session.instruction_s, 1), number(session.total_s, 1), number(rounds, 0)});
    }
  }

  void histograms() {
    Table& table = add("histograms", "Times in bins", Section::exclusions,
                       {"what", "from_s", "to_s", "kept", "excluded", "remark"});
    for (const study::Histogram& histogram : analysis_.histograms) {
      if (!histogram.why_not.empty())
        table.rows.push_back({words(histogram.title), number({}, 1), number({}, 1), number({}, 0), number({}, 0),
                              words(histogram.why_not)});
      for (std::size_t i = 0; i < histogram.kept.size(); ++i)
        table.rows.push_back({words(histogram.title), number(histogram.edges[i], 1), number(histogram.edges[i + 1], 1),
                              count(histogram.kept[i]), count(histogram.excluded[i]), words("")});
    }
  }

  void overlap() {
    if (analysis_.label_overlap.empty()) return;
    Table& table = add("label_overlap", "References that bear the query's label", Section::pictures,
                       {"experiment", "condition", "references", "trials"});
    for (const study::LabelOverlap& overlap : analysis_.label_overlap)
      for (std::size_t i = 0; i < overlap.trials_with.size(); ++i)
        table.rows.push_back({words(data_.experiments[overlap.experiment]->name), words(overlap.condition),
                              count(static_cast<int>(i)), count(overlap.trials_with[i])});
  }

  void consistency() {
    if (analysis_.consistency.empty()) return;
    Table& table = add("query_consistency", "Top-five classes of the base picture that the queries keep",
                       Section::pictures, {"experiment", "trials", "share_min_query", "share_max_query"});
    for (const study::QueryConsistency& one : analysis_.consistency)
      table.rows.push_back({words(data_.experiments[one.experiment]->name), count(one.trials), number(one.share_min, 3),
                            number(one.share_max, 3)});
  }

  void rejected() {
    const bool any = std::any_of(data_.experiments.begin(), data_.experiments.end(),
                                 [](const auto& loaded) { return !loaded->experiment.rejected.empty(); });
    if (!any) return;
    Table& table = add("rejected_trials", "Trials that were rejected before anyone was asked", Section::pictures,
                       {"experiment", "trial", "unit", "image_set", "reason"});
    for (const auto& loaded : data_.experiments)
      for (const study::Rejected& one : loaded->experiment.rejected)
        table.rows.push_back({words(loaded->name), words(one.id), words(core::to_string(one.unit)), count(one.batch),
                              words(one.reason)});
  }

  const study::AnalysisData& data_;
  const Analysis& analysis_;
  std::vector<Table> list_;
};

}  // namespace

Cell words(std::string text) {
  Cell cell;
  cell.text = std::move(text);
  return cell;
}

Cell number(std::optional<double> value, int decimals) {
  Cell cell;
  cell.number = value;
  cell.decimals = decimals;
  cell.is_number = true;
  return cell;
}

std::vector<Table> tables(const study::AnalysisData& data, const Analysis& analysis) {
  return Tables(data, analysis).all();
}

std::string to_csv(const Table& table) {
  std::string csv = core::csv_row(table.columns);
  for (const std::vector<Cell>& row : table.rows) {
    std::vector<std::string> cells;
    for (const Cell& cell : row) cells.push_back(cell.is_number ? (cell.number ? exact(*cell.number) : "") : cell.text);
    csv += core::csv_row(cells);
  }
  return csv;
}

std::string shown(const Cell& cell) {
  if (!cell.is_number) return cell.text;
  if (!cell.number) return "–";
  const std::string text = fixed(*cell.number, cell.decimals);
  // A probability is never nothing.
  const bool tiny = *cell.number > 0.0 && cell.decimals == kProbabilityDecimals &&
                    text.find_first_of("123456789") == std::string::npos;
  return tiny ? "< 0.0001" : text;
}

}  // namespace report
