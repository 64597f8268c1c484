// A whole pilot, from the folder of an experiment to the exported rows, through the window's own loop without a window.

#include "../core/test_files.h"
#include "../study/made_up_trials.h"
#include "app/gui.h"
#include "app/host.h"
#include "app/play.h"
#include "base/rng.h"
#include "catch.h"
#include "core/image_io.h"
#include "study/answer.h"
#include "study/assignment.h"
#include "ui/question.h"

namespace {

namespace fs = std::filesystem;

core::Image noise(std::uint64_t seed) {
  base::Rng rng(seed);
  core::Image image = core::make_image({224, 224});
  for (auto& byte : image.rgb) byte = static_cast<std::uint8_t>(rng.below(256));
  return image;
}

// Noise, so that a smoothed or shifted pixel is seen.
void write_experiment(const fs::path& folder) {
  study::Experiment made = made_up::experiment(3, 1, 2);
  made.asks_intuitiveness = true;
  made.tasks = study::assign_tasks(made);
  fs::create_directories(folder);
  REQUIRE(core::save_text(folder / "trials.json", study::to_json(made)).ok());
  std::uint64_t seed = 1;
  const auto write = [&](const std::string& name) {
    fs::create_directories((folder / name).parent_path());
    REQUIRE(core::save_png(folder / name, noise(seed++)).ok());
  };
  for (const study::Trial& trial : made.trials) {
    write(trial.base_file);
    write(trial.min_file);
    write(trial.max_file);
  }
  write(made.trials.front().references.front().pictures.front().file);
}

app::Opening opening_of(const TestFolder& folder, const std::string& condition) {
  app::Opening opening;
  opening.session.emplace();
  opening.session->ask = {study::Mode::pilot, "p01", "expert", condition, std::nullopt};
  opening.session->experiment_folder = folder / "experiment";
  opening.session->results_folder = folder / "results";
  return opening;
}

// Plays the script at this size and gives the pictures' folder.
void play(const TestFolder& folder, const std::string& condition, int pixel_scale, const std::string& script_text) {
  const app::Gui gui;
  app::OffscreenHost host({1280, 800}, pixel_scale);
  const auto script = app::parse_script(script_text);
  INFO((script ? "" : script.error().sentence()));
  REQUIRE(script);
  auto application = app::Application::create(
      opening_of(folder, condition),
      [&] {
        gpu::DeviceOptions device = host.device_options();
        device.validation = true;
        return app::Renderer::create(device, host.framebuffer_size());
      },
      [&] { host.ring(); });
  REQUIRE(application);
  app::Played played;
  const auto status = app::play(**application, host, *script, folder / "shots", played);
  INFO((status ? "" : status.error().sentence()));
  REQUIRE(status);
  REQUIRE((*application)->renderer().validation().messages() == std::vector<std::string>{});
}

// Fourteen instruction pages, the full screen, six trials without references, the slider, the comment.
std::string whole_session() {
  std::string text = R"([{"wait": "idle"}, {"do": "continue"})";
  for (int i = 0; i < 14; ++i) text += R"(, {"do": "key Enter"})";
  text += R"(, {"do": "key Enter"}, {"wait": "idle"}, {"shot": "first"})";
  const char* keys[] = {"s", "d", "f", "j", "k", "l"};
  for (const char* key : keys)
    text += std::string(R"(, {"do": "key )") + key +
            R"("}, {"wait": "idle"}, {"wait": "seconds 0.5"}, {"do": "key Enter"}, {"wait": "idle"})";
  text += R"(, {"do": "intuitiveness -40"}, {"do": "continue"}, {"do": "comment all well"}, {"do": "continue"})";
  return text + R"(, {"wait": "idle"}, {"shot": "end"}])";
}

}  // namespace

TEST_CASE("A pilot that is played offscreen exports the rows of what was answered, by the labels on the buttons") {
  const TestFolder folder;
  write_experiment(folder / "experiment");
  play(folder, "none", 1, whole_session());
  std::vector<fs::path> csvs;
  for (const auto& entry : fs::directory_iterator(folder / "results"))
    if (entry.path().extension() == ".csv") csvs.push_back(entry.path());
  REQUIRE(csvs.size() == 1);
  REQUIRE(csvs[0].filename().string().find("pilot-p01-none-task1") == 0);
  const auto sessions = study::sessions_from_csv(*core::load_text(csvs[0]));
  INFO((sessions ? "" : sessions.error().sentence()));
  REQUIRE(sessions);
  const study::Session& session = sessions->front();
  REQUIRE(session.end.complete);
  REQUIRE(session.end.intuitiveness == -40);
  REQUIRE(session.end.comment == "all well");
  REQUIRE(session.header.present_method == "offscreen");
  REQUIRE(session.header.image_scale == 1);
  REQUIRE(session.answers.size() == 6);
  const int labels[] = {3, 2, 1, 1, 2, 3};
  for (std::size_t i = 0; i < 6; ++i) {
    const study::Answer& answer = session.answers[i];
    REQUIRE(answer.button == static_cast<int>(i));
    REQUIRE(answer.confidence == labels[i]);
    REQUIRE(answer.device == study::Device::keyboard);
    REQUIRE(answer.rt_ms > 0.0);
    REQUIRE(answer.rt_ms < 60'000.0);
  }
}

TEST_CASE("The pictures of a question reach the screen pixel for pixel, at twice the size as well") {
  for (const int scale : {1, 2}) {
    const TestFolder folder;
    write_experiment(folder / "experiment");
    std::string text = R"([{"wait": "idle"}, {"do": "continue"})";
    for (int i = 0; i < 15; ++i) text += R"(, {"do": "key Enter"})";
    play(folder, "none", scale, text + R"(, {"wait": "idle"}, {"shot": "trial"}])");
    const auto shot = core::load_image(folder / "shots/trial.png");
    REQUIRE(shot);
    ui::QuestionSpace space;
    const auto units = static_cast<float>(scale);
    space.place = {{14 * units, 24 * units}, {1266 * units, 800 * units - 6 * units}};
    space.references = 0;
    space.scale = units;
    const ui::QuestionLayout layout = ui::lay_out_question(space);
    REQUIRE(layout.image_scale == scale);
    study::Experiment experiment = *study::experiment_from_json(*core::load_text(folder / "experiment/trials.json"));
    const study::Trial& trial = *experiment.find(experiment.tasks[0].trials[0]);
    const auto drawn = [&](const core::Rect& where) {
      return core::crop(*shot, static_cast<int>(where.min.x), static_cast<int>(where.min.y),
                        {224 * scale, 224 * scale});
    };
    const auto file = [&](const std::string& name) {
      return core::repeated(*core::load_image(folder / "experiment" / name), scale);
    };
    REQUIRE(drawn(layout.base) == file(trial.base_file));
    const bool switched = study::switched_queries(experiment.tasks[0].name, 0);
    REQUIRE(drawn(layout.left) == file(switched ? trial.max_file : trial.min_file));
    REQUIRE(drawn(layout.right) == file(switched ? trial.min_file : trial.max_file));
  }
}
