// unitscope: the window, a script without one, or the bench. Exit codes: 0 done, 1 the window or its device failed,
// 2 something asked for cannot be done.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include <unistd.h>

#include "app/bench.h"
#include "app/gui.h"
#include "app/host.h"
#include "app/interact.h"
#include "app/options.h"
#include "app/play.h"
#include "app/settings.h"
#include "base/log.h"
#include "core/image_io.h"
#include "data/collection.h"
#include "data/user_folders.h"
#include "engine/bench.h"
#include "net/model.h"

namespace app {
namespace {

constexpr int kFailed = 1;
constexpr int kRefused = 2;

int refuse(const base::Error& error, int code = kRefused) {
  std::fprintf(stderr, "%s\n", error.sentence().c_str());
  return code;
}

// OpenMP's threads spin while they wait, which steals the window's core; it reads its environment when it is loaded,
// so the program starts itself once more. On two cores the engine uses one thread and has none to spin.
void start_again_with_passive_waits(char** argv) {
  if (std::thread::hardware_concurrency() <= 2 || std::getenv("OMP_WAIT_POLICY") != nullptr) return;
  setenv("OMP_WAIT_POLICY", "PASSIVE", 1);
  execv("/proc/self/exe", argv);  // returns only when it fails; then the window is merely less smooth
}

Opening opening_of(const Options& options, const Settings& settings) {
  std::error_code ignored;
  const auto remembered = [&](const std::filesystem::path& path) {
    return !path.empty() && std::filesystem::exists(path, ignored);
  };
  Opening opening;
  if (options.session) {
    opening.session.emplace();
    opening.session->ask = options.session->ask;
    opening.session->experiment_folder = options.session->experiment;
    opening.session->results_folder =
        options.session->results.empty() ? options.session->experiment / "results" : options.session->results;
  }
  opening.preferences = settings.preferences;
  opening.practice = options.practice;
  opening.analyse = !options.analyse.empty();
  opening.answers = opening.analyse                ? options.analyse
                    : remembered(settings.answers) ? settings.answers
                                                   : std::filesystem::path();
  opening.model = !options.model.empty()       ? options.model
                  : remembered(settings.model) ? settings.model
                                               : net::embedded_model_path();
  opening.embedded_model = net::embedded_model_path();
  opening.lucid_model = data::models_folder() / "InceptionV1.pb";
  opening.images = !options.images.empty()       ? options.images
                   : remembered(settings.images) ? settings.images
                                                 : data::starter_folder();
  // A unit is only a name in the network that it was chosen in.
  const auto unit = core::parse_unit(settings.unit);
  if (unit && std::filesystem::absolute(opening.model) == settings.model) opening.unit = *unit;
  return opening;
}

Application::MakeRenderer renderer_for(Host& host, bool validation) {
  return [&host, validation] {
    gpu::DeviceOptions device = host.device_options();
    device.validation = validation;
    return Renderer::create(device, host.framebuffer_size());
  };
}

int play_script(Application& application, Host& host, const Options& options, const Script& script) {
  Played played;
  const base::Status ended = play(application, host, script, options.out, played);
  const base::Status saved = save_summary(options.out, options.script, application, played, ended);
  if (!ended) return refuse(ended.error());
  if (!saved) return refuse(saved.error());
  const std::size_t messages = application.renderer().validation().messages().size();
  std::printf("%zu pictures and a summary are in %s.\n", played.shots.size(), options.out.string().c_str());
  return messages == 0 ? 0
                       : refuse({"The Vulkan validation layer found faults", std::to_string(messages), ""}, kFailed);
}

// No settings are read or written, so that it does the same everywhere.
int run_offscreen(const Options& options, const Script& script) {
  const Gui gui;
  OffscreenHost host(options.size, options.pixel_scale);
  auto application =
      Application::create(opening_of(options, {}), renderer_for(host, options.validation), [&] { host.ring(); });
  if (!application) return refuse(application.error());
  return play_script(**application, host, options, script);
}

// A folder with one made-up picture, gone at the end: the bench measures the same wherever it runs.
class BenchFolder {
 public:
  BenchFolder() : path_(std::filesystem::temp_directory_path() / ("unitscope-bench-" + std::to_string(getpid()))) {
    std::error_code ignored;  // without the picture the bench says what is missing
    std::filesystem::create_directories(path_, ignored);
    static_cast<void>(core::save_png(path_ / "made-up.png", engine::made_up_picture({256, 256})));
  }
  ~BenchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  BenchFolder(const BenchFolder&) = delete;
  BenchFolder& operator=(const BenchFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

int run_bench(const Options& options) {
  const BenchFolder folder;
  Options with_picture = options;
  with_picture.images = folder.path();
  const Gui gui;
  std::unique_ptr<Window> window;
  if (!options.offscreen && (std::getenv("DISPLAY") != nullptr || std::getenv("WAYLAND_DISPLAY") != nullptr)) {
    auto opened = Window::open(options.size, "unitscope bench");
    if (!opened) return refuse(opened.error(), kFailed);
    window = std::move(*opened);
  }
  std::unique_ptr<Host> host;
  if (window)
    host = std::make_unique<WindowHost>(*window);
  else
    host = std::make_unique<OffscreenHost>(options.size, options.pixel_scale, OffscreenHost::Time::real);
  const auto make_renderer = [&]() -> base::Result<std::unique_ptr<Renderer>> {
    auto renderer = renderer_for(*host, options.validation)();
    if (renderer) (*renderer)->present_when_drawn();
    return renderer;
  };
  auto application = Application::create(opening_of(with_picture, {}), make_renderer, [&] { host->ring(); });
  if (!application) return refuse(application.error());
  const auto bench = measure_window(**application, *host, options.quick);
  if (!bench) return refuse(bench.error());
  std::fputs((options.json ? to_json(*bench) : to_text(*bench)).c_str(), stdout);
  return 0;
}

void remember(const std::filesystem::path& file, const Window& window, Application& application) {
  Settings settings;
  const engine::Snapshots& in = application.snapshots();
  const ui::Workspace& workspace = application.workspace();
  settings.window = window.design_size();
  if (in.model && !in.model->error) settings.model = std::filesystem::absolute(in.model->path);
  if (in.collection && !in.collection->error) settings.images = in.collection->folder;
  if (workspace.chosen.unit) settings.unit = core::to_string(*workspace.chosen.unit);
  settings.answers = workspace.analysing.answers;
  settings.preferences = workspace.preferences;
  if (auto status = save_settings(file, settings); !status) base::log_warning(status.error().sentence());
}

int run_window(const Options& options, const Script& script) {
  const bool plays = !options.script.empty();
  const std::filesystem::path file = settings_file();
  const Settings settings = plays ? Settings{} : load_settings(file);
  const Gui gui;
  auto window = Window::open(plays || options.size_given ? options.size : settings.window, "unitscope");
  if (!window) return refuse(window.error(), kFailed);
  WindowHost host(**window);
  Opening opening = opening_of(options, settings);
  if (!plays) opening.practice_results = data::user_folder("XDG_DATA_HOME", ".local/share") / "practice.sqlite";
  auto application = Application::create(opening, renderer_for(host, options.validation), Window::wake);
  if (!application) return refuse(application.error(), kFailed);
  if (plays) return play_script(**application, host, options, script);

  const base::Status ended = interact(**application, host, **window);
  if (!options.session) remember(file, **window, **application);
  return ended ? 0 : refuse(ended.error(), kFailed);
}

// What was named is there: a window could say so later, a script would have gone on without.
base::Status named_is_there(const Options& options) {
  std::error_code ignored;
  for (const auto& [flag, path] : {std::pair("--model", options.model), std::pair("--images", options.images),
                                   std::pair("--analyse", options.analyse)})
    if (!path.empty() && !std::filesystem::exists(path, ignored))
      return base::Error{"unitscope cannot open " + path.string(), "there is nothing of that name",
                         std::string("Name another with ") + flag + ", or leave it away"};
  return {};
}

int run(int argc, char** argv) {
  const auto options = parse_options(argc, argv);
  if (!options) return refuse(options.error());
  if (options->answer) {
    std::fputs(options->answer->c_str(), stdout);
    return 0;
  }
  if (const auto there = named_is_there(*options); !there) return refuse(there.error());
  Script script;
  if (!options->script.empty()) {
    auto loaded = load_script(options->script);
    if (!loaded) return refuse(loaded.error());
    script = std::move(*loaded);
  }
  start_again_with_passive_waits(argv);
  if (options->bench) return run_bench(*options);
  return options->offscreen ? run_offscreen(*options, script) : run_window(*options, script);
}

}  // namespace
}  // namespace app

int main(int argc, char** argv) {
  return app::run(argc, argv);
}
