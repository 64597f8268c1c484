#include "core/specs.h"

#include <functional>
#include <nlohmann/json.hpp>

#include "catch.h"

using Json = nlohmann::json;

namespace {

core::VisualizeSpec changed_visualization() {
  core::VisualizeSpec spec = *core::preset("study");
  spec.model = {"models/other.onnx", std::string(64, 'a')};
  spec.unit = {"mixed4a_pre_relu", 104, core::Cell{3, 4}};
  spec.seed = 18446744073709551615ULL;
  core::VisualizeSettings settings = spec.schedule.front().settings;
  settings.sign = -1;
  settings.l2 = 0.1 + 0.2;
  core::change_settings(spec, 40, settings);
  return spec;
}

core::OcclusionSpec occlusion() {
  return {
      {"m.onnx", ""}, {"photo of a cat.jpg", std::string(64, '0')}, {"conv2d2", 5, {}}, 66, 4, core::Fill::noise, 3};
}

using Change = std::function<void(Json&)>;

std::string refusal(const Change& change) {
  Json json = Json::parse(core::to_json(changed_visualization()));
  change(json);
  const auto read = core::visualize_spec_from_json(json.dump());
  return read.ok() ? "" : read.error().sentence();
}

bool says(const std::string& sentence, const std::string& part) {
  return sentence.find(part) != std::string::npos && sentence.ends_with('.');
}

}  // namespace

TEST_CASE("specs survive JSON") {
  const core::RespondSpec respond{{"m.onnx", ""}, {"a \"b\"\\ü.png", ""}, {"conv2d0", 1, core::Cell{0, 0}}};
  REQUIRE(*core::respond_spec_from_json(core::to_json(respond)) == respond);
  REQUIRE(*core::occlusion_spec_from_json(core::to_json(occlusion())) == occlusion());
  REQUIRE(*core::visualize_spec_from_json(core::to_json(changed_visualization())) == changed_visualization());
  for (const core::Preset& preset : core::presets()) {
    core::VisualizeSpec spec = preset.spec;
    spec.unit = {"mixed3b", 2, {}};
    REQUIRE(*core::visualize_spec_from_json(core::to_json(spec)) == spec);
  }
}

TEST_CASE("JSON of a spec says its kind, its version and every default") {
  const Json json = Json::parse(core::to_json(core::VisualizeSpec{}));
  REQUIRE(json["kind"] == "visualize");
  REQUIRE(json["version"] == 1);
  REQUIRE(json["schedule"][0]["settings"].size() == 14);
  REQUIRE(json["schedule"][0]["settings"]["learning_rate"] == 0.05);
}

TEST_CASE("who made a result may stand in its spec and does not count") {
  Json json = Json::parse(core::to_json(occlusion()));
  json["made_by"] = {{"software", "unitscope 0.1.0"}, {"threads", 2}};
  REQUIRE(*core::occlusion_spec_from_json(json.dump()) == occlusion());
}

TEST_CASE("a wrong spec is refused with one sentence that names what is wrong") {
  REQUIRE(says(refusal([](Json& j) { j["colour"] = 1; }), "\"colour\""));
  REQUIRE(says(refusal([](Json& j) { j["schedule"][0]["settings"]["jiter"] = 1; }), "\"jiter\""));
  REQUIRE(says(refusal([](Json& j) { j.erase("steps"); }), "\"steps\" is missing"));
  REQUIRE(says(refusal([](Json& j) { j["kind"] = "occlude"; }), "occlude"));
  REQUIRE(says(refusal([](Json& j) { j["version"] = 2; }), "newer"));
  REQUIRE(says(refusal([](Json& j) { j["version"] = "1"; }), "version"));
  REQUIRE(says(refusal([](Json& j) { j["batch"] = 10; }), "from 1 to 9"));
  REQUIRE(says(refusal([](Json& j) { j["batch"] = 1.5; }), "whole number"));
  REQUIRE(says(refusal([](Json& j) { j["size_px"] = 1025; }), "from 16 to 1024"));
  REQUIRE(says(refusal([](Json& j) { j["steps"] = 1e300; }), "steps"));
  REQUIRE(says(refusal([](Json& j) { j["seed"] = -1; }), "seed"));
  REQUIRE(says(refusal([](Json& j) { j["unit"] = "mixed4a"; }), "mixed4a"));
  REQUIRE(says(refusal([](Json& j) { j["decorrelated"] = 1; }), "decorrelated"));
  REQUIRE(says(refusal([](Json& j) { j["parameterization"] = "cppn"; }), "pixels or fourier"));
  REQUIRE(says(refusal([](Json& j) { j["model"] = "m.onnx"; }), "\"model\""));
  REQUIRE(says(refusal([](Json& j) { j["model"]["sha256"] = "zz"; }), "sha256"));
  REQUIRE(says(refusal([](Json& j) { j["schedule"] = Json::array(); }), "schedule"));
  REQUIRE(says(refusal([](Json& j) { j["schedule"][0]["from_step"] = 1; }), "step 0"));
  REQUIRE(says(refusal([](Json& j) { j["schedule"][1]["from_step"] = 0; }), "forward"));
  REQUIRE(says(refusal([](Json& j) { j["schedule"][0]["settings"]["sign"] = 0.5; }), "sign"));
  REQUIRE(says(refusal([](Json& j) { j["schedule"][0]["settings"]["learning_rate"] = 0; }), "learning rate"));
  REQUIRE(says(refusal([](Json& j) { j = Json::array(); }), "object"));
}

TEST_CASE("text that is no JSON is refused, however deep it is nested") {
  for (const std::string& text :
       {std::string(), std::string("{\"kind\": "), std::string("\xff\xfe"), std::string(100000, '[')})
    REQUIRE_FALSE(core::visualize_spec_from_json(text).ok());
}

TEST_CASE("a list where a number belongs is refused, however deep it is nested") {
  std::string text = core::to_json(changed_visualization());
  const std::string number = "\"batch\": 9";
  constexpr std::size_t kDeep = 200000;
  text.replace(text.find(number), number.size(), "\"batch\": " + std::string(kDeep, '[') + std::string(kDeep, ']'));
  const auto read = core::visualize_spec_from_json(text);
  REQUIRE_FALSE(read.ok());
  REQUIRE(says(read.error().sentence(), "\"batch\" is a list"));
}

TEST_CASE("an occlusion spec takes the strides of the sweep and no other") {
  for (const int stride : {2, 4, 8, 16}) {
    core::OcclusionSpec spec = occlusion();
    spec.stride_px = stride;
    REQUIRE(core::validate(spec).ok());
  }
  for (const int stride : {-2, 0, 1, 3, 6, 32}) {
    core::OcclusionSpec spec = occlusion();
    spec.stride_px = stride;
    REQUIRE_FALSE(core::validate(spec).ok());
    REQUIRE_FALSE(core::occlusion_spec_from_json(core::to_json(spec)).ok());
  }
}

TEST_CASE("a file is the same file wherever it lies, by its hash") {
  const std::string hash(64, 'b');
  REQUIRE(core::FileName{"a.png", hash} == core::FileName{"elsewhere/a.png", hash});
  REQUIRE_FALSE(core::FileName{"a.png", hash} == core::FileName{"a.png", std::string(64, 'c')});
  REQUIRE_FALSE(core::FileName{"a.png", ""} == core::FileName{"b.png", ""});
}

TEST_CASE("settings hold from their step on, and a change replaces what was planned after it") {
  core::VisualizeSpec spec;
  core::VisualizeSettings fast = spec.schedule.front().settings;
  fast.learning_rate = 0.5;
  core::VisualizeSettings still = fast;
  still.jitter_px = 0;
  core::change_settings(spec, 100, fast);
  REQUIRE(core::settings_at(spec, 99).learning_rate == 0.05);
  REQUIRE(core::settings_at(spec, 100) == fast);
  core::change_settings(spec, 100, still);
  REQUIRE(spec.schedule.size() == 2);
  REQUIRE(core::settings_at(spec, 5000) == still);
  core::change_settings(spec, 50, fast);
  REQUIRE(spec.schedule.size() == 2);
  REQUIRE(core::settings_at(spec, 5000) == fast);
  core::change_settings(spec, 60, fast);
  REQUIRE(spec.schedule.size() == 2);
  core::change_settings(spec, 0, still);
  REQUIRE(spec.schedule.size() == 1);
  REQUIRE(core::validate(spec).ok());
}

TEST_CASE("only what defines a visualization is its identity") {
  core::VisualizeSpec a, b;
  b.steps = 9;
  b.schedule.front().settings.jitter_px = 1;
  REQUIRE(core::same_identity(a, b));
  b.seed = 1;
  REQUIRE_FALSE(core::same_identity(a, b));
}

TEST_CASE("presets are valid, found by name, and another name is refused with the list") {
  for (const core::Preset& preset : core::presets()) {
    REQUIRE(core::validate(preset.spec).ok());
    REQUIRE(*core::preset(preset.name) == preset.spec);
  }
  REQUIRE(core::preset("study")->steps == 2561);
  REQUIRE(core::preset("deepdream").error().sentence().find("naive, regularized, lucid, study") != std::string::npos);
}

TEST_CASE("a command says only what differs from the nearest preset") {
  core::VisualizeSpec spec = *core::preset("lucid");
  spec.unit = {"mixed4a_pre_relu", 7, {}};
  REQUIRE(core::to_command(spec) == "unitscope-cli visualize --unit mixed4a_pre_relu:7 --preset lucid");
  spec.seed = 4;
  spec.decorrelated = false;
  spec.schedule.front().settings.sign = -1;
  REQUIRE(core::to_command(spec) ==
          "unitscope-cli visualize --unit mixed4a_pre_relu:7 --preset lucid --correlated --sign -1 --seed 4");
  spec = *core::preset("naive");
  spec.unit = {"conv2d0", 3, {}};
  spec.schedule.front().settings.learning_rate = 0.01;
  REQUIRE(core::to_command(spec) == "unitscope-cli visualize --unit conv2d0:3 --preset naive --learning-rate 0.01");
}

TEST_CASE("a command for settings that changed on the way hands the whole spec over") {
  const std::string command = core::to_command(changed_visualization());
  const std::string before = "printf %s '", after = "' | unitscope-cli visualize --spec /dev/stdin";
  REQUIRE(command.starts_with(before));
  REQUIRE(command.ends_with(after));
  const auto json = command.substr(before.size(), command.size() - before.size() - after.size());
  REQUIRE(*core::visualize_spec_from_json(json) == changed_visualization());
}

TEST_CASE("commands are quoted for a shell, and the embedded model goes without saying") {
  core::OcclusionSpec spec = occlusion();
  spec.picture.path = "it's a photo.jpg";
  REQUIRE(core::to_command(spec) ==
          "unitscope-cli occlude --model m.onnx --image 'it'\\''s a photo.jpg' --unit conv2d2:5 --size 66 --stride 4 "
          "--fill noise --seed 3");
  core::RespondSpec respond{{"/opt/assets/models/inception-mini.onnx", ""}, {"-x$(rm).png", ""}, {"conv2d0", 1, {}}};
  REQUIRE(core::to_command(respond) == "unitscope-cli respond --image './-x$(rm).png' --unit conv2d0:1");
}
