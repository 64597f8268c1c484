// unitscope-cli bench: the numbers that decide whether dragging feels live on this machine.
#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/flags.h"
#include "cli/output.h"
#include "cli/session.h"
#include "cli/window_bench.h"
#include "engine/bench.h"

namespace cli {
namespace {

Json to_json(const engine::Percentiles& times_ms) {
  return {{"p50", times_ms.p50}, {"p99", times_ms.p99}};
}

// p50 and p99 of the window's own measurement; null where it has none.
Json two_of(const Json& times_ms) {
  if (!times_ms.is_object()) return nullptr;
  return {{"p50", times_ms.value("p50", 0.0)}, {"p99", times_ms.value("p99", 0.0)}};
}

Json drag_of(const Json& window, const std::string& layer) {
  if (!window.is_object()) return nullptr;
  for (const Json& drags : window["layers"])
    if (drags.value("layer", "") == layer) return two_of(drags.value("drag_ms", Json(nullptr)));
  return nullptr;
}

// What is measured where, in the words of the design: see app/bench.h and engine/bench.h.
constexpr const char* kDragIs =
    "drag_ms: input callback to present returned, in the window's own loop while a visualization and a sweep run; "
    "answer_ms: the engine's part, request posted to value published, with no window drawn";

Json to_document(const engine::BenchReport& report, const Json& window) {
  Json layers = Json::array();
  for (const engine::LayerBench& layer : report.layers)
    layers.push_back({{"layer", layer.layer},
                      {"forward_ms", layer.forward_ms},
                      {"visualization_steps_per_s", layer.visualization_steps_per_s},
                      {"drag_ms", drag_of(window, layer.layer)},
                      {"answer_ms", to_json(layer.answer_ms)},
                      {"first_map_ms", layer.first_map_ms},
                      {"full_map_s", layer.full_map_s ? Json(*layer.full_map_s) : Json(nullptr)}});
  return {{"hardware", {{"cpu", report.cpu}, {"cores", report.cores}, {"libtorch", report.libtorch}}},
          {"threads", report.threads},
          {"precision", report.precision},
          {"layers", std::move(layers)},
          {"cancel_ms", to_json(report.cancel_ms)},
          {"ui_frame_ms", window.is_object() ? window["ui_frame_ms"] : Json(nullptr)},
          {"measured_as", kDragIs},
          {"window", window}};
}

std::string frame_text(const Json& window) {
  if (!window.is_object()) return "The window was not measured: its program is not here or cannot draw.";
  std::string text = "frame";
  for (const auto& [name, value] : window["ui_frame_ms"].items())
    if (value.is_number()) text += " " + name + " " + rounded(value.get<double>()) + " ms";
  return text + ", drawn by " + window.value("device", "") + ", " + window.value("presented", "");
}

std::string to_text(const engine::BenchReport& report, const Json& window) {
  std::vector<std::vector<std::string>> rows = {{"layer", "forward ms", "steps/s", "drag p50 ms", "drag p99 ms",
                                                 "answer p50 ms", "answer p99 ms", "first map ms", "full map s"}};
  for (const engine::LayerBench& layer : report.layers) {
    const Json drag = drag_of(window, layer.layer);
    const auto cell = [&](const char* of) { return drag.is_object() ? rounded(drag[of].get<double>()) : "–"; };
    rows.push_back({layer.layer, rounded(layer.forward_ms), rounded(layer.visualization_steps_per_s), cell("p50"),
                    cell("p99"), rounded(layer.answer_ms.p50), rounded(layer.answer_ms.p99),
                    rounded(layer.first_map_ms), layer.full_map_s ? rounded(*layer.full_map_s) : "–"});
  }
  return report.cpu + ", " + std::to_string(report.cores) + " cores; LibTorch " + report.libtorch + ", " +
         report.precision + ", " + std::to_string(report.threads) + " thread(s) for each kind of work\n\n" +
         table(rows) +
         "\ndrag: input to present of the frame that shows its value, in the window; answer: the engine's "
         "part, with no window\ncancel p50 " +
         rounded(report.cancel_ms.p50) + " ms p99 " + rounded(report.cancel_ms.p99) + " ms; " + frame_text(window) +
         "\n";
}

}  // namespace

void declare(CLI::App& app, BenchRequest& request) {
  app.add_flag("--quick", request.quick, "under a minute: fewer repetitions and no full maps");
  add_model(app, request.model);
  add_machine(app, request.machine);
  add_talk(app, request.talk);
  app.footer(
      "Drags are measured while a visualization and a sweep run, in the window's own program; without a screen it "
      "draws\n"
      "offscreen.\n"
      "Example:\n  unitscope-cli bench --quick");
}

base::Result<Outcome> run(const BenchRequest& request) {
  core::FileName name;
  const auto model = model_asked(request.model, name);
  if (!model) return model.error();
  engine::BenchOptions options;
  options.model = (*model)->path;
  options.cuda = request.machine.device == net::Device::cuda;
  options.threads = request.machine.threads.value_or(0);
  options.quick = request.quick;
  options.stop = &interrupt_flag();
  Json window;
  base::Result<engine::BenchReport> report = engine::BenchReport{};
  {
    Progress progress;
    options.progress = [&](const std::string& what) { progress.say(what); };
    report = engine::run_bench(options);
    progress.say("drags and frames of the window");
    if (report) window = bench_of_window(options.model, options.quick);
  }
  if (interrupt_flag().stop_requested()) return Outcome::interrupted;
  if (!report) return report.error();
  if (request.talk.json)
    print_json(to_document(*report, window));
  else
    print_text(to_text(*report, window));
  return Outcome::done;
}

}  // namespace cli
