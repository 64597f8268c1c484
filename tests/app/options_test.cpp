#include "app/options.h"

#include <vector>

#include "catch.h"

namespace {

base::Result<app::Options> parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "unitscope");
  return app::parse_options(static_cast<int>(arguments.size()), arguments.data());
}

}  // namespace

TEST_CASE("without flags there is a window of 1280 x 800") {
  const auto options = parse({});
  REQUIRE(options);
  REQUIRE(!options->offscreen);
  REQUIRE(options->size == core::Size{1280, 800});
  REQUIRE(options->pixel_scale == 1);
  REQUIRE(!options->answer);
}

TEST_CASE("a session is read with all that says who takes part in what") {
  const auto pilot = parse({"--pilot", "experiment", "--participant", "p01", "--group", "expert", "--condition",
                            "natural", "--task", "3", "--results", "answers"});
  REQUIRE(pilot);
  REQUIRE(pilot->session);
  REQUIRE(pilot->session->experiment == "experiment");
  REQUIRE(pilot->session->results == "answers");
  REQUIRE(pilot->session->ask == study::SessionAsk{study::Mode::pilot, "p01", "expert", "natural", 3});
  const auto real = parse({"--real", "experiment", "--participant", "p01", "--condition", "none"});
  REQUIRE(real->session->ask == study::SessionAsk{study::Mode::real, "p01", "", "none", std::nullopt});
  REQUIRE(!parse({})->session);
}

TEST_CASE("a session that lacks who or what is refused") {
  REQUIRE(!parse({"--pilot", "e", "--condition", "natural"}));
  REQUIRE(!parse({"--pilot", "e", "--participant", "p01"}));
  REQUIRE(!parse({"--pilot", "e", "--real", "e", "--participant", "p01", "--condition", "natural"}));
  REQUIRE(!parse({"--participant", "p01"}));
  REQUIRE(!parse({"--pilot", "e", "--participant", "p01", "--condition", "natural", "--task", "0"}));
}

TEST_CASE("every flag is read") {
  const auto options = parse({"--offscreen", "--script", "tour.json", "--out", "shots", "--size", "1600x900",
                              "--pixel-scale", "2", "--model", "m.onnx", "--images", "photos", "--analyse", "sessions",
                              "--validation", "--bench", "--quick", "--json"});
  REQUIRE(options);
  REQUIRE(options->offscreen);
  REQUIRE(options->script == "tour.json");
  REQUIRE(options->out == "shots");
  REQUIRE(options->size == core::Size{1600, 900});
  REQUIRE(options->pixel_scale == 2);
  REQUIRE(options->model == "m.onnx");
  REQUIRE(options->images == "photos");
  REQUIRE(options->analyse == "sessions");
  REQUIRE(options->validation);
  REQUIRE(options->bench);
  REQUIRE(options->quick);
  REQUIRE(options->json);
}

TEST_CASE("what cannot be done is refused in one sentence that names it") {
  const std::vector<std::pair<std::vector<const char*>, const char*>> wrong = {
      {{"--fullscreen"}, "--fullscreen"},     {{"--size", "12x"}, "12x"},
      {{"--size", "100x100"}, "100x100"},     {{"--size", "1280x800x"}, "1280x800x"},
      {{"--size", "99999x800"}, "99999x800"}, {{"--pixel-scale", "9"}, "9"},
      {{"--pixel-scale", "two"}, "two"},      {{"--script", "tour.json"}, "--out"},
      {{"--offscreen"}, "--script"},          {{"somewhere.png"}, "somewhere.png"}};
  for (const auto& [arguments, named] : wrong) {
    const auto options = parse(arguments);
    INFO(named);
    REQUIRE(!options);
    REQUIRE(options.error().sentence().find(named) != std::string::npos);
    REQUIRE(options.error().sentence().find('\n') == std::string::npos);
  }
}

TEST_CASE("help and version are answers, not errors") {
  for (const char* flag : {"--help", "--version"}) {
    const auto options = parse({flag});
    REQUIRE(options);
    REQUIRE(options->answer);
    REQUIRE(options->answer->find("unitscope") != std::string::npos);
  }
}
