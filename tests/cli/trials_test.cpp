// From units to simulated sessions, as the lines say, on a cheap layer of the embedded model.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "catch.h"
#include "core/image_io.h"
#include "program.h"

using nlohmann::json;
using testing::draw_picture;
using testing::Folder;
using testing::mentions;
using testing::run_cli;

namespace {

constexpr int kPictures = 40;

void draw_collection(const Folder& folder) {
  std::filesystem::create_directories(folder / "photos");
  for (int i = 0; i < kPictures; ++i)
    REQUIRE(core::save_png(folder / ("photos/p" + std::to_string(i) + ".png"),
                           draw_picture(static_cast<std::uint64_t>(i), {224, 224}))
                .ok());
  REQUIRE(core::save_text(folder / "units.csv",
                          "unit,role\nconv2d0_pre_relu:3,main\nconv2d0_pre_relu:12,main\nconv2d0_pre_relu:5,catch\n"
                          "conv2d0_pre_relu:7,obvious\nconv2d0_pre_relu:9,less-obvious\n")
              .ok());
}

// A mean of the covered pixels leaves a first layer's mean activation nearly as it was: no effect is too small here.
std::vector<std::string> make(const std::string& out) {
  return {"trials", "make",   "--units", "units.csv",      "--images", "photos", "--out",
          out,      "--seed", "0",       "--least-effect", "0",        "--tier", "quick"};
}

}  // namespace

TEST_CASE("units are drawn by a seed into a file that is not replaced by another one") {
  Folder folder;
  const std::vector<std::string> sample = {"units", "sample", "--per-layer", "2", "--seed", "0", "--out", "units.csv"};
  REQUIRE(run_cli(folder, sample).exit_code == 0);
  REQUIRE(run_cli(folder, sample).exit_code == 0);
  const auto text = core::load_text(folder / "units.csv");
  REQUIRE(text);
  REQUIRE(std::count(text->begin(), text->end(), '\n') == 19);
  const auto refused = run_cli(folder, {"units", "sample", "--seed", "1", "--out", "units.csv"});
  REQUIRE(refused.exit_code == 2);
  REQUIRE(mentions(refused.err, "--force"));
  REQUIRE(run_cli(folder, {"units"}).exit_code == 0);  // the command around it is as it was
}

TEST_CASE("an experiment is made, checked, taken by an observer, found again, and said to be broken when it is") {
  Folder folder;
  draw_collection(folder);
  const auto made = run_cli(folder, make("experiment"));
  INFO(made.err);
  REQUIRE(made.exit_code == 0);
  REQUIRE(mentions(made.out, "The collection is small"));
  REQUIRE(mentions(made.err, "this will take about"));
  const auto again = run_cli(folder, make("experiment"));
  REQUIRE(again.exit_code == 0);
  REQUIRE(mentions(again.err, "made already"));

  const auto checked = run_cli(folder, {"trials", "check", "experiment", "--json"});
  REQUIRE(checked.exit_code == 0);
  const json report = json::parse(checked.out);
  REQUIRE(report["main"] == 2);
  REQUIRE(report["catch"] == 1);
  REQUIRE(report["missing"].empty());
  REQUIRE(report["next_task"]["natural"]["real"] == 1);

  const auto spoken = run_cli(folder, {"trials", "check", "experiment"});
  REQUIRE(spoken.exit_code == 0);
  REQUIRE(spoken.out.ends_with(".\n"));
  const auto made_text = core::load_text(folder / "experiment/trials.json");
  REQUIRE(made_text);
  json negative = json::parse(*made_text);
  const bool said = mentions(spoken.out, "is negative where");
  for (auto& trial : negative["trials"]) trial["base_activation"] = said ? 1.0 : -1.0;
  REQUIRE(core::save_text(folder / "experiment/trials.json", negative.dump()).ok());
  REQUIRE(mentions(run_cli(folder, {"trials", "check", "experiment"}).out, "is negative where") != said);
  REQUIRE(core::save_text(folder / "experiment/trials.json", *made_text).ok());

  const std::vector<std::string> simulate = {"trials",         "simulate", "experiment", "--observer", "centre",
                                             "--participants", "3",        "--seed",     "0",          "--out"};
  for (const char* out : {"sessions", "again"}) {
    auto words = simulate;
    words.emplace_back(out);
    const auto simulated = run_cli(folder, words);
    INFO(simulated.err);
    REQUIRE(simulated.exit_code == 0);
  }
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "sessions")) {
    ++files;
    const std::string name = entry.path().filename().string();
    REQUIRE(mentions(name, "simulated"));
    REQUIRE(testing::bytes_of(entry.path()) == testing::bytes_of(folder / "again" / name));
  }
  REQUIRE(files == 3);

  auto other = make("experiment");
  other[9] = "7";  // the seed
  const auto refused = run_cli(folder, other);
  REQUIRE(refused.exit_code == 2);
  REQUIRE(mentions(refused.err, "another experiment"));
  std::filesystem::remove_all(folder / "experiment/stimuli/pictures");
  const auto broken = run_cli(folder, {"trials", "check", "experiment"});
  REQUIRE(broken.exit_code == 2);
  REQUIRE(mentions(broken.err, "missing"));
}

TEST_CASE("practice is answered by observers, the same way from the same seed, as long as there are pictures") {
  Folder folder;
  draw_collection(folder);
  const auto practice = [&](const std::string& questions) {
    return run_cli(folder, {"practice", "--images", "photos", "--unit", "mixed3a_pre_relu:3", "--size", "0.9",
                            "--questions", questions, "--observer", "chance", "nearest-reference", "--json"});
  };
  const auto first = practice("2");
  INFO(first.err);
  REQUIRE(first.exit_code == 0);
  REQUIRE(practice("2").out == first.out);
  const json report = json::parse(first.out);
  REQUIRE(report["observers"][1]["observer"] == "nearest-reference");
  REQUIRE(report["observers"][1]["trials"] == 2);
  REQUIRE(report["trials"].size() == 2);
  for (const json& trial : report["trials"]) {
    REQUIRE(trial["max"]["activation"] > trial["min"]["activation"]);
    REQUIRE(trial["likeness_max"].is_number());
  }
  const auto too_many = practice("1000");
  REQUIRE(too_many.exit_code == 2);
  REQUIRE(mentions(too_many.err, "Ask for fewer --questions"));
  const auto unknown = run_cli(folder, {"practice", "--observer", "wizard"});
  REQUIRE(unknown.exit_code == 2);
  REQUIRE(mentions(unknown.err, "nearest-reference"));
}

TEST_CASE("an estimate leaves no trace in the folder") {
  Folder folder;
  draw_collection(folder);
  auto estimate = make("estimated");
  estimate.emplace_back("--estimate");
  const auto finished = run_cli(folder, estimate);
  INFO(finished.err);
  REQUIRE(finished.exit_code == 0);
  REQUIRE(mentions(finished.out, "about"));
  REQUIRE(!std::filesystem::exists(folder / "estimated"));
}

TEST_CASE("what trials cannot do is said in a sentence") {
  Folder folder;
  draw_collection(folder);
  const auto says = [&](std::vector<std::string> words, const std::string& part) {
    const auto finished = run_cli(folder, words);
    return finished.exit_code == 2 && mentions(finished.err, part);
  };
  REQUIRE(says({"trials"}, "make, check or simulate"));
  REQUIRE(says({"trials", "make"}, "--units"));
  REQUIRE(says({"trials", "check", "nowhere"}, "no trials.json"));
  REQUIRE(says({"trials", "simulate", "nowhere", "--observer", "wizard", "--out", "x"}, "chance, centre"));
  for (const auto& [flag, value, part] :
       {std::tuple("--tier", "slow", "quick, standard, full"), std::tuple("--size", "9", "0.05 to 0.9"),
        std::tuple("--references", "natural=photos", "condition of the study"),
        std::tuple("--references", "mine", "NAME=FOLDER"), std::tuple("--fill", "pink", "pink")}) {
    auto words = make("other");
    if (std::string(flag) == "--tier") words.resize(words.size() - 2);  // a flag is given once
    words.insert(words.end(), {flag, value});
    REQUIRE(says(words, part));
  }
  REQUIRE(core::save_text(folder / "units.csv", "unit\nmixed9z:1\n").ok());
  REQUIRE(says(make("other"), "row 2"));
  REQUIRE(!std::filesystem::exists(folder / "other/trials.json"));
}
