// unitscope-cli compare: one finding about one unit, repeated over many pictures and several networks, and where it
// holds. The first network is what the others are compared with.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>

#include "base/log.h"
#include "cli/commands.h"
#include "cli/flags.h"
#include "cli/output.h"
#include "cli/session.h"
#include "cli/square_flags.h"
#include "core/occluder.h"
#include "data/collection.h"
#include "net/names.h"
#include "net/occlusion_sweep.h"
#include "study/statistics.h"

namespace cli {
namespace {

constexpr const char* kCommand = "unitscope-cli compare";
constexpr double kHolds = 0.5;  // rank correlation from which two maps or rankings count as alike
constexpr int kStride_px = 16;

struct Participant {
  std::shared_ptr<const net::Model> model;
  std::unique_ptr<net::Network> network;
  core::Unit unit;
  std::string explanation;
  core::OcclusionSpec occlusion;
};

// What one network says of one picture: its activation, and under occlusion the map of every position.
struct Finding {
  float activation = 0.0F;
  core::OcclusionMap map;
};

base::Result<std::vector<Participant>> open_participants(const CompareRequest& request) {
  if (request.models.size() < 2)
    return base::Error{std::string(kCommand) + " needs two models or more",
                       request.models.empty() ? "none was given" : "only " + request.models.front() + " was given",
                       "Name them after --models"};
  if (request.units.size() != 1 && request.units.size() != request.models.size())
    return base::Error{std::string(kCommand) + " needs a unit",
                       "it was given " + std::to_string(request.units.size()) + " for " +
                           std::to_string(request.models.size()) + " models",
                       "Give one --unit for all models, or one for each in their order"};
  std::vector<Participant> participants;
  for (std::size_t i = 0; i < request.models.size(); ++i) {
    core::FileName name;
    auto model = model_asked(request.models[i], name, request.feeding);
    if (!model) return model.error();
    const std::string& written = request.units[request.units.size() == 1 ? 0 : i];
    auto unit = net::understand_unit(**model, written);
    if (!unit) return unit.error();
    auto network = start_network(request.machine, *model);
    if (!network) return network.error();
    core::OcclusionSpec spec;
    spec.unit = unit->unit;
    spec.stride_px = kStride_px;
    const core::Size crop = (*model)->input.framing.crop;
    if (const auto applied = apply_square(request.square, crop, /*from_file=*/false, spec); !applied)
      return applied.error();
    participants.push_back({*model, std::move(*network), unit->unit, unit->explanation, std::move(spec)});
  }
  return participants;
}

// Nothing when it was interrupted.
base::Result<std::optional<Finding>> find(bool ranking, Participant& one, const core::Image& picture) {
  if (ranking) {
    const auto response = one.network->respond(picture, one.unit, &interrupt_flag());
    if (!response && response.error().what == net::kStopped) return std::optional<Finding>();
    if (!response) return response.error();
    return std::optional(Finding{response->activation, {}});
  }
  auto sweep = net::OcclusionSweep::create(*one.network, picture, one.occlusion);
  if (!sweep) return sweep.error();
  const Outcome outcome = run_to_end(**sweep, [] {});
  if (const base::Error* failed = (*sweep)->error()) return *failed;
  if (outcome == Outcome::interrupted) return std::optional<Finding>();
  const auto answer = (*sweep)->snapshot();
  if (const auto range = extremes_of(answer->map.values, answer->map.baseline, one.unit); !range) return range.error();
  return std::optional(Finding{answer->map.baseline, answer->map});
}

// The picture as each network sees it; nothing where it cannot be read, which is logged.
std::optional<std::vector<engine::PicturePointer>> pictures_of(const std::vector<Participant>& participants,
                                                               const std::filesystem::path& file) {
  std::vector<engine::PicturePointer> pictures;
  for (const Participant& one : participants) {
    auto picture = open_picture({file.string(), ""}, *one.model);
    if (!picture) {
      base::log_warning("skipped: " + picture.error().sentence());
      return std::nullopt;
    }
    pictures.push_back(std::move(*picture));
  }
  return pictures;
}

std::vector<double> doubles(const std::vector<float>& values) {
  return {values.begin(), values.end()};
}

// Null where there is nothing to compare: one side does not vary.
Json alike(const std::vector<double>& a, const std::vector<double>& b) {
  const auto correlation = study::spearman(a, b);
  return correlation ? Json(correlation->rho) : Json(nullptr);
}

// The map on a grid of another size, bilinear: networks that see another size of the picture have other positions.
core::Map on_grid_of(const core::Map& grid, const core::Map& map) {
  if (map.rows == grid.rows && map.cols == grid.cols) return map;
  core::Map result = core::make_map(grid.rows, grid.cols, 0.0F);
  const auto place = [](int at, int of, int in) {
    return of > 1 ? static_cast<float>(at) * static_cast<float>(in - 1) / static_cast<float>(of - 1) : 0.0F;
  };
  for (int row = 0; row < grid.rows; ++row)
    for (int col = 0; col < grid.cols; ++col) {
      const float y = place(row, grid.rows, map.rows), x = place(col, grid.cols, map.cols);
      const int top = static_cast<int>(y), left = static_cast<int>(x);
      const int bottom = std::min(top + 1, map.rows - 1), right = std::min(left + 1, map.cols - 1);
      const float down = y - static_cast<float>(top), across = x - static_cast<float>(left);
      result.at(row, col) = std::lerp(std::lerp(map.at(top, left), map.at(top, right), across),
                                      std::lerp(map.at(bottom, left), map.at(bottom, right), across), down);
    }
  return result;
}

Json occlusion_json(const Finding& finding) {
  const core::Extremes extremes = core::extremes(finding.map.values).value();
  const auto place = [&](const core::Extreme& extreme) -> Json {
    const core::Occluder occluder = finding.map.occluder_at(extreme.row, extreme.col);
    return {{"value", decimal(extreme.value)}, {"x_px", occluder.x_px}, {"y_px", occluder.y_px}};
  };
  return {{"baseline", decimal(finding.activation)},
          {"lowest", place(extremes.lowest)},
          {"highest", place(extremes.highest)},
          {"effect", decimal(extremes.highest.value - extremes.lowest.value)}};
}

// True or false, and null where there was nothing to compare.
Json holds(const Json& correlation) {
  return correlation.is_number() ? Json(correlation.get<double>() >= kHolds) : Json(nullptr);
}

bool is_ranking(const CompareRequest& request) {
  return request.finding.value_or("occlusion") == "best";
}

class Comparison {
 public:
  Comparison(const CompareRequest& request, std::size_t models)
      : is_ranking_(is_ranking(request)), holds_(models, 0), comparable_(models, 0), values_(models) {}

  void add(const std::string& picture, const std::vector<Finding>& findings) {
    Json row = {{"image", picture}, {"models", Json::array()}};
    for (std::size_t i = 0; i < findings.size(); ++i) {
      values_[i].push_back(static_cast<double>(findings[i].activation));
      if (is_ranking_) {
        row["models"].push_back({{"activation", decimal(findings[i].activation)}});
        continue;
      }
      Json one = occlusion_json(findings[i]);
      if (i > 0) {
        const core::Map& first = findings[0].map.values;
        one["correlation"] = alike(doubles(first.values), doubles(on_grid_of(first, findings[i].map.values).values));
        one["holds"] = holds(one["correlation"]);
        comparable_[i] += one["holds"].is_boolean() ? 1 : 0;
        holds_[i] += one["holds"] == true ? 1 : 0;
      }
      row["models"].push_back(std::move(one));
    }
    pictures_.push_back(std::move(row));
  }

  [[nodiscard]] Json result(const std::vector<Participant>& participants) const {
    Json models = Json::array();
    for (std::size_t i = 0; i < participants.size(); ++i) {
      const Participant& one = participants[i];
      Json model = {{"model", one.model->path.string()},
                    {"name", one.model->name},
                    {"sha256", one.model->sha256},
                    {"unit", core::to_string(one.unit)},
                    {"description", one.explanation}};
      if (i > 0 && is_ranking_) {
        model["correlation"] = alike(values_[0], values_[i]);
        model["holds"] = holds(model["correlation"]);
      }
      if (i > 0 && !is_ranking_) {
        model["holds_in"] = holds_[i];
        model["comparable"] = comparable_[i];
      }
      models.push_back(std::move(model));
    }
    return {{"finding", is_ranking_ ? "best" : "occlusion"},
            {"holds_from_correlation", kHolds},
            {"pictures_compared", pictures_.size()},
            {"models", std::move(models)},
            {"pictures", pictures_}};
  }

 private:
  bool is_ranking_;
  std::vector<int> holds_, comparable_;      // pictures, a model each
  std::vector<std::vector<double>> values_;  // activations, a model each
  Json pictures_ = Json::array();
};

std::string to_text(const Json& result) {
  const bool is_ranking = result["finding"] == "best";
  std::vector<std::vector<std::string>> rows = {{"model", "unit", is_ranking ? "rank correlation" : "maps alike"}};
  const auto& models = result["models"];
  for (std::size_t i = 0; i < models.size(); ++i) {
    std::string verdict = "–";
    if (i > 0 && is_ranking)
      verdict = models[i]["correlation"].is_number() ? rounded(models[i]["correlation"].get<double>()) : "–";
    if (i > 0 && !is_ranking)
      verdict = std::to_string(models[i]["holds_in"].get<int>()) + " of " +
                std::to_string(models[i]["comparable"].get<int>()) + " pictures";
    rows.push_back({models[i]["name"].get<std::string>(), models[i]["unit"].get<std::string>(), verdict});
  }
  return table(rows) + "alike: a rank correlation of " + rounded(kHolds) + " or more with the first model's\n";
}

}  // namespace

void declare(CLI::App& app, CompareRequest& request) {
  app.add_option("--models", request.models, "two model files or more; the first is what the others are compared with")
      ->type_name("FILES")
      ->expected(1, 64);
  app.add_option("--unit", request.units, "the unit in every model, or one for each in their order")
      ->type_name("UNIT")
      ->expected(1, 64);
  add_text(app, "--images", request.images, "DIR", "a folder of PNG and JPEG files");
  app.add_option_function<std::string>(
         "--finding",
         [&request](const std::string& text) {
           if (text != "occlusion" && text != "best")
             throw CLI::ValidationError("The value of --finding cannot be used: \"" + text +
                                        "\" is not occlusion or best.");
           request.finding = text;
         },
         "occlusion: the map of every position of a square (the default); best: the order of the pictures")
      ->type_name("NAME");
  add_square(app, request.square, kStride_px);
  add_feeding(app, request.feeding);
  add_machine(app, request.machine);
  add_talk(app, request.talk);
  app.footer(
      "Two maps or rankings are alike from a rank correlation of 0.5 on; every correlation is in the JSON. Maps of\n"
      "different size are compared on the first one's positions; a map that does not vary is not counted.\n"
      "Example:\n  unitscope-cli compare --models A.onnx B.onnx --unit mixed4a:7 --images FOLDER");
}

base::Result<Outcome> run(const CompareRequest& request) {
  if (!request.images)
    return base::Error{std::string(kCommand) + " needs a folder of pictures", "--images was not given",
                       "Give one, for example --images photos"};
  auto participants = open_participants(request);
  if (!participants) return participants.error();
  const auto collection = data::open_collection(*request.images);
  if (!collection) return collection.error();
  Comparison comparison(request, participants->size());
  int compared = 0;
  {
    Progress progress;
    for (const data::Picture& picture : collection->pictures) {
      const auto pictures = pictures_of(*participants, picture.path);
      if (!pictures) continue;
      std::vector<Finding> findings;
      for (std::size_t i = 0; i < participants->size(); ++i) {
        auto finding = find(is_ranking(request), (*participants)[i], (*pictures)[i]->image);
        if (!finding) return finding.error();
        if (!*finding) return Outcome::interrupted;
        findings.push_back(std::move(**finding));
      }
      comparison.add(picture.name, findings);
      ++compared;
      if (progress.due()) progress.show(compared, static_cast<int>(collection->pictures.size()), "pictures");
    }
  }
  if (compared == 0)
    return base::Error{"The folder " + *request.images + " has nothing to compare", "none of its pictures can be used",
                       "Choose a folder of PNG and JPEG files with --images"};
  const Json result = comparison.result(*participants);
  if (request.talk.json)
    print_json(result);
  else
    print_text(to_text(result));
  return Outcome::done;
}

}  // namespace cli
