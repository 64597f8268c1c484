// unitscope-cli bench: the numbers that decide whether dragging feels live on this machine.
#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/flags.h"
#include "cli/frame_times.h"
#include "cli/output.h"
#include "cli/session.h"
#include "engine/bench.h"

namespace cli {
namespace {

Json to_json(const engine::Percentiles& times_ms) {
  return {{"p50", times_ms.p50}, {"p99", times_ms.p99}};
}

Json to_document(const engine::BenchReport& report, const Json& frame_times) {
  Json layers = Json::array();
  for (const engine::LayerBench& layer : report.layers)
    layers.push_back({{"layer", layer.layer},
                      {"forward_ms", layer.forward_ms},
                      {"visualization_steps_per_s", layer.visualization_steps_per_s},
                      {"drag_ms", to_json(layer.drag_ms)},
                      {"drags", layer.drags},
                      {"first_map_ms", layer.first_map_ms},
                      {"full_map_s", layer.full_map_s ? Json(*layer.full_map_s) : Json(nullptr)}});
  return {{"hardware", {{"cpu", report.cpu}, {"cores", report.cores}}},
          {"threads", report.threads},
          {"precision", report.precision},
          {"libtorch", report.libtorch},
          {"layers", std::move(layers)},
          {"cancel_ms", to_json(report.cancel_ms)},
          {"cancels", report.cancels},
          {"ui_frame_ms", frame_times}};
}

std::string frame_text(const Json& frame_times) {
  if (!frame_times.is_object()) return "frames were not measured: the window's program is not here or cannot draw";
  std::string text = "frame";
  for (const auto& [name, value] : frame_times.items())
    if (value.is_number()) text += " " + name + " " + rounded(value.get<double>()) + " ms";
  return text;
}

std::string to_text(const engine::BenchReport& report, const Json& frame_times) {
  std::vector<std::vector<std::string>> rows = {
      {"layer", "forward ms", "steps/s", "drag p50 ms", "drag p99 ms", "first map ms", "full map s"}};
  for (const engine::LayerBench& layer : report.layers)
    rows.push_back({layer.layer, rounded(layer.forward_ms), rounded(layer.visualization_steps_per_s),
                    rounded(layer.drag_ms.p50), rounded(layer.drag_ms.p99), rounded(layer.first_map_ms),
                    layer.full_map_s ? rounded(*layer.full_map_s) : "–"});
  return report.cpu + ", " + std::to_string(report.cores) + " cores; LibTorch " + report.libtorch + ", " +
         report.precision + ", " + std::to_string(report.threads) + " thread(s) for each kind of work\n\n" +
         table(rows) + "\ncancel p50 " + rounded(report.cancel_ms.p50) + " ms p99 " + rounded(report.cancel_ms.p99) +
         " ms; " + frame_text(frame_times) + "\n";
}

}  // namespace

void declare(CLI::App& app, BenchRequest& request) {
  app.add_flag("--quick", request.quick, "under a minute: fewer repetitions and no full maps");
  add_model(app, request.model);
  add_machine(app, request.machine);
  add_talk(app, request.talk);
  app.footer(
      "Drags are measured while a visualization and a sweep run; the window's frames by its own program.\n"
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
  Json frame_times;
  base::Result<engine::BenchReport> report = engine::BenchReport{};
  {
    Progress progress;
    options.progress = [&](const std::string& what) { progress.say(what); };
    report = engine::run_bench(options);
    progress.say("frames of the window");
    if (report) frame_times = frame_times_of_window(options.model);
  }
  if (interrupt_flag().stop_requested()) return Outcome::interrupted;
  if (!report) return report.error();
  if (request.talk.json)
    print_json(to_document(*report, frame_times));
  else
    print_text(to_text(*report, frame_times));
  return Outcome::done;
}

}  // namespace cli
