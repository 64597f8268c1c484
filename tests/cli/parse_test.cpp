// The command line without running it: what it asks for, and what it refuses.
#include <wordexp.h>

#include <sstream>

#include "base/log.h"
#include "base/rng.h"
#include "catch.h"
#include "cli/command_line.h"
#include "core/specs.h"
#include "program.h"

using testing::mentions;

namespace {

// As a POSIX shell splits and unquotes them, without the program's name.
std::vector<std::string> words_of(const std::string& command) {
  wordexp_t expanded = {};
  REQUIRE(wordexp(command.c_str(), &expanded, WRDE_NOCMD | WRDE_UNDEF) == 0);
  std::vector<std::string> words(expanded.we_wordv + 1, expanded.we_wordv + expanded.we_wordc);
  wordfree(&expanded);
  return words;
}

// The spec that a command line asks for.
template <class RequestKind>
auto spec_of(const std::string& command) {
  INFO(command);
  base::log_only_warnings();
  const auto parsed = cli::parse(words_of(command));
  REQUIRE((parsed ? "" : parsed.error().sentence()) == std::string());
  const auto asked = cli::asked(std::get<RequestKind>(*parsed));
  REQUIRE((asked ? "" : asked.error().sentence()) == std::string());
  return asked->spec;
}

std::string refusal_of(const std::string& command) {
  const auto parsed = cli::parse(words_of(command));
  REQUIRE_FALSE(parsed.ok());
  return parsed.error().sentence();
}

class RandomSpecs {
 public:
  RandomSpecs() {
    const auto model = net::open_model(net::embedded_model_path());
    REQUIRE(model.ok());
    model_ = *model;
  }

  core::Unit unit() {
    const auto& layers = model_->unit_layers;
    const auto node = static_cast<std::size_t>(layers[static_cast<std::size_t>(below(layers.size()))]);
    const net::Shape& shape = model_->shapes[node];
    core::Unit unit{model_->graph.nodes[node].name, rng_.below(shape.channels), std::nullopt};
    if (coin()) unit.neuron = core::Cell{rng_.below(shape.rows), rng_.below(shape.cols)};
    return unit;
  }
  core::FileName model() const { return {model_->path.string(), model_->sha256}; }
  core::FileName picture() { return {coin() ? "photo.jpg" : "-it's a \"$photo\" & more.png", ""}; }
  bool coin() { return rng_.below(2) == 0; }
  int between(int low, int high) { return low + rng_.below(high - low + 1); }
  double real(double high) { return rng_.uniform(0.0, high); }
  std::uint64_t seed() { return rng_.bits(); }
  int below(std::size_t bound) { return rng_.below(static_cast<int>(bound)); }

  core::VisualizeSettings settings() {
    core::VisualizeSettings s;
    if (coin()) s.sign = -1.0;
    if (coin()) s.learning_rate = 0.001 + real(1.0);
    if (coin()) s.pad_px = between(0, 32);
    if (coin()) s.jitter_px = between(0, 32);
    if (coin()) s.scale_spread = real(0.4);
    if (coin()) s.scale_choices = between(1, 20);
    if (coin()) s.rotate_deg = between(0, 45);
    if (coin()) s.rotate_extra_zeros = between(0, 10);
    if (coin()) s.jitter_after_px = between(0, 16);
    if (coin()) s.diversity = real(100.0);
    if (coin()) s.l2 = real(2.0);
    if (coin()) s.total_variation = real(2.0);
    if (coin()) s.blur = real(2.0);
    if (coin()) s.redirect_steps = between(0, 100);
    return s;
  }

 private:
  base::Rng rng_{11};
  std::shared_ptr<const net::Model> model_;
};

}  // namespace

TEST_CASE("the command of a respond spec asks for that spec") {
  RandomSpecs random;
  for (int i = 0; i < 20; ++i) {
    const core::RespondSpec spec{random.model(), random.picture(), random.unit()};
    const core::RespondSpec asked = spec_of<cli::RespondRequest>(core::to_command(spec));
    REQUIRE(asked.unit == spec.unit);
    REQUIRE(asked.model == spec.model);
    REQUIRE(std::filesystem::path(asked.picture.path).lexically_normal() ==
            std::filesystem::path(spec.picture.path).lexically_normal());
  }
}

TEST_CASE("the command of an occlusion spec asks for that spec") {
  RandomSpecs random;
  for (int i = 0; i < 30; ++i) {
    core::OcclusionSpec spec{random.model(), random.picture(), random.unit()};
    spec.side_px = random.between(1, 224);
    spec.stride_px = 2 << random.between(0, 3);
    spec.fill = core::kFills[random.below(std::size(core::kFills))];
    spec.seed = random.seed();
    core::OcclusionSpec asked = spec_of<cli::OccludeRequest>(core::to_command(spec));
    // A path that begins with a dash gains a "./".
    asked.picture.path = std::filesystem::path(asked.picture.path).lexically_normal();
    REQUIRE(asked == spec);
  }
}

TEST_CASE("the command of a visualization spec asks for that spec") {
  RandomSpecs random;
  for (int i = 0; i < 40; ++i) {
    core::VisualizeSpec spec = core::presets()[static_cast<std::size_t>(random.below(core::presets().size()))].spec;
    spec.model = random.model();
    spec.unit = random.unit();
    spec.seed = random.coin() ? random.seed() : 0;
    if (random.coin()) {
      spec.size_px = random.between(32, 300);
      spec.margin_px = random.between(0, 32);
      spec.batch = random.between(1, 9);
      spec.steps = random.between(1, 5000);
      spec.parameterization = random.coin() ? core::Parameterization::pixels : core::Parameterization::fourier;
      spec.decorrelated = random.coin();
      spec.schedule.front().settings = random.settings();
    }
    REQUIRE(spec_of<cli::VisualizeRequest>(core::to_command(spec)) == spec);
  }
}

TEST_CASE("a size with a point is a share of the picture's shorter side, without one it is pixels") {
  const std::string rest = "unitscope-cli occlude --image photo.jpg --unit mixed4a_pre_relu:7";
  REQUIRE(spec_of<cli::OccludeRequest>(rest + " --size 0.4").side_px == 90);
  REQUIRE(spec_of<cli::OccludeRequest>(rest).side_px == 90);
  REQUIRE(spec_of<cli::OccludeRequest>(rest + " --size 0.3").side_px == 66);
  REQUIRE(spec_of<cli::OccludeRequest>(rest + " --size 1.0").side_px == 224);
  REQUIRE(spec_of<cli::OccludeRequest>(rest + " --size 33").side_px == 33);
}

TEST_CASE("flags override the preset wherever they stand") {
  const std::string rest = "unitscope-cli visualize --unit mixed4a_pre_relu:7 ";
  const auto before = spec_of<cli::VisualizeRequest>(rest + "--batch 2 --jitter 3 --preset study");
  const auto after = spec_of<cli::VisualizeRequest>(rest + "--preset study --jitter 3 --batch 2");
  REQUIRE(before == after);
  REQUIRE(before.batch == 2);
  REQUIRE(before.schedule.front().settings.jitter_px == 3);
  REQUIRE(before.steps == core::preset("study")->steps);
}

TEST_CASE("an alias of a unit becomes its canonical name") {
  const auto spec = spec_of<cli::RespondRequest>("unitscope-cli respond --image photo.jpg --unit 4a:7");
  REQUIRE(spec.unit.layer.starts_with("mixed4a"));
  REQUIRE(spec.unit.channel == 7);
}

TEST_CASE("unknown words are answered with what is near, or with what there is") {
  REQUIRE(mentions(refusal_of("unitscope-cli respnd --image a.png"), "The nearest is respond."));
  REQUIRE(mentions(refusal_of("unitscope-cli dance"), "info, units, respond, visualize"));
  REQUIRE(mentions(refusal_of("unitscope-cli occlude --sizze 0.4"), "The nearest is --size"));
  REQUIRE(mentions(refusal_of("unitscope-cli visualize --jiter=4"), "--jitter"));
  REQUIRE(mentions(refusal_of("unitscope-cli collection startr x"), "The nearest is starter."));
  REQUIRE(mentions(refusal_of("unitscope-cli"), "info, units"));
  REQUIRE(mentions(refusal_of("unitscope-cli collection"), "starter"));
}

TEST_CASE("values that are no numbers are refused with the flag and the range") {
  REQUIRE(refusal_of("unitscope-cli visualize --steps many") ==
          "The value of --steps cannot be used: \"many\" is not a whole number.");
  REQUIRE(refusal_of("unitscope-cli visualize --steps 1.5") ==
          "The value of --steps cannot be used: \"1.5\" is not a whole number.");
  REQUIRE(refusal_of("unitscope-cli visualize --l2 12x") ==
          "The value of --l2 cannot be used: \"12x\" is not a number.");
  REQUIRE(mentions(refusal_of("unitscope-cli visualize --seed -1"), "18446744073709551615"));
  REQUIRE(mentions(refusal_of("unitscope-cli visualize --threads 0"), "from 1 to 1024"));
  REQUIRE(mentions(refusal_of("unitscope-cli visualize --device gpu"), "cpu or cuda"));
  REQUIRE(mentions(refusal_of("unitscope-cli visualize --steps"), "--steps"));
}

TEST_CASE("every command explains itself with an example") {
  for (const std::string command :
       {"info", "units", "respond", "visualize", "occlude", "best", "collection starter", "collection scan", "bench"}) {
    const auto parsed = cli::parse(words_of("unitscope-cli " + command + " --help"));
    REQUIRE(parsed.ok());
    // How lines are broken depends on CLI11's version.
    std::istringstream help(std::get<cli::HelpRequest>(*parsed).text);
    std::string on_one_line;
    for (std::string word; help >> word;) on_one_line += word + " ";
    REQUIRE(mentions(on_one_line, "Example: unitscope-cli " + command));
  }
}
