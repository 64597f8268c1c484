// A script's pictures carry what they show.
#include "app/play.h"

#include "../core/test_files.h"
#include "app/gui.h"
#include "app/host.h"
#include "catch.h"
#include "core/image_io.h"
#include "net/model.h"

namespace {

namespace fs = std::filesystem;

// The spec in the one picture of a script, played in this folder with a model and a picture of its own.
std::string spec_of_shot(const fs::path& folder) {
  fs::create_directories(folder / "models");
  fs::create_directories(folder / "pictures");
  const fs::path embedded = net::embedded_model_path();
  fs::copy_file(embedded, folder / "models/m.onnx");
  fs::copy_file(net::sidecar_path(embedded), folder / "models/m.json");
  REQUIRE(core::save_png(folder / "pictures/p.png", core::make_image({256, 256}, 90, 60, 30)).ok());

  const app::Gui gui;
  app::OffscreenHost host({1280, 800}, 1);
  app::Opening opening;
  opening.model = folder / "models/m.onnx";
  opening.images = folder / "pictures";
  opening.unit = core::Unit{"conv2d2_pre_relu", 3, std::nullopt};
  const auto script = app::parse_script(R"([{"wait": "map 5x5", "timeout_s": 300}, {"shot": "map"}])");
  REQUIRE(script);
  auto application = app::Application::create(
      opening, [&] { return app::Renderer::create(host.device_options(), host.framebuffer_size()); },
      [&] { host.ring(); });
  REQUIRE(application);
  app::Played played;
  const auto status = app::play(**application, host, *script, folder / "shots", played);
  INFO((status ? "" : status.error().sentence()));
  REQUIRE(status);
  const auto spec = core::read_png_spec(folder / "shots/map.png");
  REQUIRE(spec);
  REQUIRE(*spec);
  return **spec;
}

}  // namespace

TEST_CASE("the pictures of a script name their files as seen from their folder, so that any machine writes the same") {
  const TestFolder one, other;
  const std::string spec = spec_of_shot(one.path());
  REQUIRE(spec.find(one.path().string()) == std::string::npos);
  REQUIRE(spec.find("../pictures/p.png") != std::string::npos);
  REQUIRE(spec.find("../models/m.onnx") != std::string::npos);
  REQUIRE(spec == spec_of_shot(other.path() / "deeper"));
}
