#include <algorithm>
#include <map>

#include "study/analysis_parts.h"

namespace study {
namespace {

// Bootstraps of thousands of participants take fewer draws, so that the whole stays a matter of seconds.
constexpr int kMostDraws = 20'000'000;

struct Layers {  // order of layers, by the experiments that know one
  std::map<std::string, int> number;
  explicit Layers(const AnalysisData& data) {
    for (const auto& loaded : data.experiments)
      for (const UnitEntry& unit : loaded->experiment.units) {
        number.emplace(unit.layer_name, unit.layer_number);
        number.emplace(unit.unit.layer, unit.layer_number);
      }
  }
  [[nodiscard]] int of(const std::string& layer) const {
    const auto found = number.find(layer);
    return found == number.end() ? 1 << 20 : found->second;
  }
};

std::string value_of(Factor factor, const Scored& scored) {
  const Response& response = *scored.response;
  switch (factor) {
    case Factor::group:
      return scored.session->group;
    case Factor::unit:
      return response.unit;
    case Factor::layer:
      return response.layer;
    case Factor::branch:
      return response.branch;
    case Factor::size:
      return response.side_px ? std::to_string(*response.side_px) + " px" : "";
    case Factor::image_set:
      return response.image_set ? std::to_string(*response.image_set) : "";
  }
  CHECK(false, "a factor lacks its value");
}

struct Tally {
  int trials = 0, correct = 0;
};

// Over participants: the mean of `share` of each.
std::optional<double> two_sem_of(const std::vector<Tally>& tallies) {
  std::vector<double> shares;
  for (const Tally& tally : tallies) shares.push_back(static_cast<double>(tally.correct) / tally.trials);
  return two_sem(shares);
}

ConfidenceCell confidence_cell(std::span<const Scored> series, int index, int confidence, int participants) {
  ConfidenceCell cell;
  cell.series = index;
  cell.confidence = confidence;
  ByParticipant<Tally> chosen(participants), right(participants);
  int with_confidence = 0;
  for (const Scored& scored : series) {
    if (!scored.response->confidence) continue;
    ++with_confidence;
    const bool this_one = *scored.response->confidence == confidence;
    Tally& of_all = chosen[scored.participant];
    ++of_all.trials;
    if (!this_one) continue;
    ++of_all.correct;
    Tally& of_these = right[scored.participant];
    ++of_these.trials;
    of_these.correct += scored.response->correct ? 1 : 0;
    ++cell.trials;
    cell.correct += scored.response->correct ? 1 : 0;
  }
  cell.share = with_confidence == 0 ? 0.0 : static_cast<double>(cell.trials) / with_confidence;
  cell.share_two_sem = two_sem_of(chosen.present());
  if (cell.trials > 0) cell.accuracy = static_cast<double>(cell.correct) / cell.trials;
  cell.accuracy_two_sem = two_sem_of(right.present());
  return cell;
}

std::vector<int> confidences(std::span<const Scored> scored) {
  std::vector<int> values;
  for (const Scored& one : scored)
    if (one.response->confidence) values.push_back(*one.response->confidence);
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  constexpr std::size_t kMostRatings = 20;  // more is no scale of ratings
  if (values.size() > kMostRatings) values.clear();
  return values;
}

}  // namespace

bool natural_less(const std::string& a, const std::string& b) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  std::size_t i = 0, k = 0;
  while (i < a.size() && k < b.size()) {
    if (digit(a[i]) && digit(b[k])) {
      const auto number_end = [&](const std::string& text, std::size_t from) {
        while (from < text.size() && digit(text[from])) ++from;
        return from;
      };
      const auto without_zeros = [](const std::string& text, std::size_t from, std::size_t to) {
        while (from + 1 < to && text[from] == '0') ++from;
        return text.substr(from, to - from);
      };
      const std::size_t end_a = number_end(a, i), end_b = number_end(b, k);
      const std::string x = without_zeros(a, i, end_a), y = without_zeros(b, k, end_b);
      if (x.size() != y.size()) return x.size() < y.size();
      if (x != y) return x < y;
      i = end_a;
      k = end_b;
    } else {
      if (a[i] != b[k]) return a[i] < b[k];
      ++i;
      ++k;
    }
  }
  if (a.size() - i != b.size() - k) return a.size() - i < b.size() - k;
  return a < b;
}

std::string_view to_string(Factor factor) {
  switch (factor) {
    case Factor::group:
      return "group";
    case Factor::unit:
      return "unit";
    case Factor::layer:
      return "layer";
    case Factor::branch:
      return "branch";
    case Factor::size:
      return "size";
    case Factor::image_set:
      return "image set";
  }
  CHECK(false, "a factor lacks its word");
}

std::string_view to_string(Which which) {
  return which == Which::all ? "all" : which == Which::correct ? "correct" : "incorrect";
}

std::vector<Scored> of_series(std::span<const Scored> scored, int series) {
  std::vector<Scored> list;
  std::copy_if(scored.begin(), scored.end(), std::back_inserter(list),
               [&](const Scored& one) { return one.series == series; });
  return list;
}

std::optional<Accuracy> accuracy_of(std::span<const Scored> scored, int resamples, std::uint64_t seed) {
  if (scored.empty()) return std::nullopt;
  std::map<int, Score> scores;
  Accuracy result;
  for (const Scored& one : scored) {
    Score& score = scores[one.participant];
    ++score.trials;
    score.correct += one.response->correct ? 1 : 0;
  }
  std::vector<Score> participants;
  std::vector<double> shares;
  for (const auto& [participant, score] : scores) {
    participants.push_back(score);
    shares.push_back(static_cast<double>(score.correct) / score.trials);
    result.trials += score.trials;
    result.correct += score.correct;
  }
  result.participants = static_cast<int>(participants.size());
  result.mean = static_cast<double>(result.correct) / result.trials;
  result.two_sem = two_sem(shares);
  result.over_trials = participants.size() == 1;
  result.ci95 =
      result.over_trials
          ? binomial_95(result.correct, result.trials)
          : bootstrap_95(participants, std::min(resamples, std::max(100, kMostDraws / result.participants)), seed);
  result.p_chance = binomial_test(result.correct, result.trials, 0.5);
  return result;
}

std::vector<BreakdownCell> break_down(const Selection& selection) {
  const Layers layers(*selection.data);
  const int resamples = std::max(1, selection.options.resamples / 5);
  std::vector<BreakdownCell> cells;
  for (const Factor factor : kFactors) {
    std::map<std::string, std::map<int, std::vector<Scored>>> parts;
    std::map<std::string, int> layer_of;
    for (const Scored& scored : selection.main) {
      const std::string value = value_of(factor, scored);
      if (value.empty()) continue;
      parts[value][scored.series].push_back(scored);
      layer_of.emplace(value, layers.of(scored.response->layer));
    }
    std::vector<std::string> order;
    for (const auto& [value, part] : parts) order.push_back(value);
    const bool by_layer = factor == Factor::unit || factor == Factor::layer;
    std::sort(order.begin(), order.end(), [&](const std::string& a, const std::string& b) {
      if (by_layer && layer_of[a] != layer_of[b]) return layer_of[a] < layer_of[b];
      return natural_less(a, b);
    });
    for (const std::string& value : order)
      for (const auto& [series, scored] : parts[value])
        cells.push_back({factor, value, series, *accuracy_of(scored, resamples, selection.options.seed)});
  }
  return cells;
}

std::vector<ConfidenceCell> confidence_cells(const Selection& selection) {
  std::vector<ConfidenceCell> cells;
  const auto values = confidences(selection.main);
  for (int series = 0; series < selection.series; ++series) {
    const auto scored = of_series(selection.main, series);
    for (const int confidence : values)
      cells.push_back(confidence_cell(scored, series, confidence, selection.participants));
  }
  return cells;
}

// As the published notebook draws them: confidences as stored, and error bars over the participants of all conditions,
// those of other conditions entering as 0 (protocol 1.12).
std::vector<ConfidenceCell> published_confidence_cells(const Selection& selection) {
  std::vector<Response> stored;
  stored.reserve(selection.main.size());
  Selection published = selection;
  for (Scored& scored : published.main) {
    stored.push_back(*scored.response);
    stored.back().confidence = scored.response->published_confidence;
    scored.response = &stored.back();
  }
  std::vector<ConfidenceCell> cells = confidence_cells(published);
  for (ConfidenceCell& cell : cells) {
    ByParticipant<Tally> everyone(selection.participants);
    for (const Scored& scored : published.main) {
      if (!scored.response->confidence) continue;
      Tally& tally = everyone[scored.participant];
      if (scored.series != cell.series) continue;
      ++tally.trials;
      tally.correct += *scored.response->confidence == cell.confidence ? 1 : 0;
    }
    std::vector<double> shares;
    for (const Tally& tally : everyone.present())
      shares.push_back(tally.trials == 0 ? 0.0 : static_cast<double>(tally.correct) / tally.trials);
    cell.share_two_sem = two_sem(shares);
  }
  return cells;
}

std::vector<ReactionTime> reaction_times(const Selection& selection) {
  std::vector<ReactionTime> list;
  for (int series = 0; series < selection.series; ++series)
    for (const Which which : {Which::all, Which::correct, Which::incorrect}) {
      std::vector<double> times;
      struct Sum {
        double seconds = 0.0;
        int trials = 0;
      };
      ByParticipant<Sum> sums(selection.participants);
      for (const Scored& scored : selection.main) {
        if (scored.series != series || !scored.response->reaction_time_s) continue;
        if (which != Which::all && scored.response->correct != (which == Which::correct)) continue;
        times.push_back(*scored.response->reaction_time_s);
        Sum& sum = sums[scored.participant];
        sum.seconds += times.back();
        ++sum.trials;
      }
      if (times.empty()) continue;
      std::vector<double> means;
      for (const Sum& sum : sums.present()) means.push_back(sum.seconds / sum.trials);
      list.push_back({series, which, static_cast<int>(times.size()), mean(times),
                      quantile(times, 0.5, QuantileRule::linear), two_sem(means)});
    }
  return list;
}

}  // namespace study
