#include <algorithm>
#include <cmath>
#include <map>

#include "../core/test_files.h"
#include "base/rng.h"
#include "catch.h"
#include "core/csv.h"
#include "core/file.h"
#include "data/collection.h"
#include "data/composite.h"
#include "data/photograph.h"

namespace {

namespace fs = std::filesystem;

// Many colours and no flat places, as a photograph has.
core::Image grainy(core::Size size, std::uint64_t seed) {
  core::Image image = core::make_image(size);
  base::Rng rng(seed);
  for (auto& byte : image.rgb) byte = static_cast<std::uint8_t>(60 + rng.below(130));
  return image;
}

core::Cutout disc(const core::Image& image) {
  core::Cutout cutout{image.size, {}};
  const double middle_x = image.size.width_px / 2.0, middle_y = image.size.height_px / 2.0;
  for (int y = 0; y < image.size.height_px; ++y) {
    for (int x = 0; x < image.size.width_px; ++x) {
      const auto* p = image.pixel(x, y);
      const bool inside = std::hypot(x + 0.5 - middle_x, y + 0.5 - middle_y) < middle_x - 5;
      cutout.rgba.insert(cutout.rgba.end(), {p[0], p[1], p[2], static_cast<std::uint8_t>(inside ? 255 : 0)});
    }
  }
  return cutout;
}

// Stamps need alpha, which our own writer has no need of: opaque ones do here.
struct Sources {
  TestFolder folder;
  Sources() {
    fs::create_directories(folder / "stamps/animals/cartoon");
    fs::create_directories(folder / "backgrounds");
    put("stamps/animals/cat.png", grainy({120, 100}, 1));
    put("stamps/animals/dog-2.png", grainy({90, 140}, 2));
    put("stamps/animals/cartoon/cow.png", grainy({120, 100}, 3));
    put("stamps/animals/drawing.png", core::make_image({120, 100}, 255, 0, 0));
    REQUIRE(core::save_text(folder / "stamps/animals/cat.txt", "A tabby cat.\nfr.utf8=Un chat\n").ok());
    REQUIRE(core::save_text(folder / "stamps/animals/broken.png", "no picture").ok());
    put("backgrounds/meadow.png", grainy({300, 240}, 4));
    put("backgrounds/sky.png", grainy({240, 320}, 5));
    put("backgrounds/logo.png", core::make_image({300, 300}, 1, 2, 3));
  }
  void put(const std::string& name, const core::Image& image) const {
    REQUIRE(core::save_png(folder / name, image).ok());
  }
  [[nodiscard]] data::StarterOptions options(const fs::path& to, std::uint64_t seed = 3) const {
    return {to, seed, 6, folder / "stamps", {folder / "backgrounds"}};
  }
};

data::StarterProgress make(const data::StarterOptions& options, int most_steps = 1000) {
  const auto job = std::move(*data::make_starter(options));
  const core::StopFlag stop;
  for (int i = 0; i < most_steps && job->step(stop) == core::StepOutcome::more; ++i) {
  }
  return *job->snapshot();
}

std::map<std::string, std::string> contents(const fs::path& folder) {
  std::map<std::string, std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file())
      found[entry.path().lexically_relative(folder).string()] = *core::load_text(entry.path());
  return found;
}

}  // namespace

TEST_CASE("same seed, same bytes; another seed, other pictures") {
  const Sources sources;
  const TestFolder out;
  REQUIRE(make(sources.options(out / "a")).made == 6);
  REQUIRE(make(sources.options(out / "b")).made == 6);
  REQUIRE(make(sources.options(out / "c", 4)).made == 6);
  REQUIRE(contents(out / "a") == contents(out / "b"));
  REQUIRE(contents(out / "a") != contents(out / "c"));
}

TEST_CASE("a starter collection holds pictures, masks and a table that says where everything came from") {
  const Sources sources;
  const TestFolder out;
  const auto progress = make(sources.options(out / "a"));
  REQUIRE((progress.done && !progress.error && progress.total == 6));
  REQUIRE(progress.skipped.size() == 1);  // the broken stamp
  const auto collection = data::open_collection(out / "a").value();
  REQUIRE(collection.name == "starter pictures");
  REQUIRE(collection.pictures.size() == 6);
  int objects = 0;
  for (const auto& picture : collection.pictures) {
    REQUIRE(core::load_image(picture.path).value().size == core::Size{224, 224});
    REQUIRE(picture.mask.empty() == picture.label.empty());
    if (picture.mask.empty()) continue;
    ++objects;
    REQUIRE((picture.label == "tabby cat" || picture.label == "dog 2"));
    const core::Image mask = core::load_image(picture.mask).value();
    REQUIRE(mask.size == core::Size{224, 224});
    const auto white = std::ranges::count(mask.rgb, std::uint8_t{255});
    REQUIRE(white + std::ranges::count(mask.rgb, std::uint8_t{0}) == std::ssize(mask.rgb));
    REQUIRE(white > 3 * 40 * 40);
  }
  REQUIRE(objects == 5);
  const auto rows = core::parse_csv(*core::load_text(out / "a/collection.csv"));
  REQUIRE(rows.front() == data::starter_columns());
  for (const auto& row : std::span(rows).subspan(1)) {
    REQUIRE((row[3] == "meadow.png" || row[3] == "sky.png"));
    REQUIRE((row[2].empty() || row[2] == "animals/cat.png" || row[2] == "animals/dog-2.png"));
  }
}

TEST_CASE("a run that was interrupted is taken up again and ends the same") {
  const Sources sources;
  const TestFolder out;
  make(sources.options(out / "whole"));
  const auto half = make(sources.options(out / "half"), 9);
  REQUIRE((half.made > 0 && half.made < 6));
  const auto first = data::open_collection(out / "half").value().pictures.front().path;
  const auto written = fs::last_write_time(first);
  make(sources.options(out / "half"));
  REQUIRE(contents(out / "half") == contents(out / "whole"));
  REQUIRE(fs::last_write_time(first) == written);
}

TEST_CASE("another seed in the same folder replaces the pictures") {
  const Sources sources;
  const TestFolder out;
  make(sources.options(out / "a", 1));
  make(sources.options(out / "a", 2));
  make(sources.options(out / "b", 2));
  REQUIRE(contents(out / "a") == contents(out / "b"));
}

TEST_CASE("a folder that holds something else is refused and left alone") {
  const Sources sources;
  const TestFolder out;
  REQUIRE(core::save_text(out / "holiday.jpg", "mine").ok());
  const auto refused = data::make_starter(sources.options(out.path()));
  REQUIRE_FALSE(refused.ok());
  REQUIRE(refused.error().sentence().find("holiday.jpg") != std::string::npos);
  make(sources.options(out / "a"));
  REQUIRE(core::save_text(out / "a/holiday.jpg", "mine").ok());
  REQUIRE_FALSE(data::make_starter(sources.options(out / "a")).ok());
  REQUIRE(contents(out.path()).contains("holiday.jpg"));
}

TEST_CASE("without sources the job ends with a sentence that names the packages") {
  const Sources sources;
  const TestFolder out;
  auto options = sources.options(out / "a");
  options.stamps = out / "none";
  const auto progress = make(options);
  REQUIRE((progress.done && progress.error));
  REQUIRE(progress.error->sentence().find("tuxpaint-stamps-default") != std::string::npos);
}

TEST_CASE("a stop that was asked for changes nothing") {
  const Sources sources;
  const TestFolder out;
  const auto job = std::move(*data::make_starter(sources.options(out / "a")));
  core::StopFlag stop;
  stop.request_stop();
  REQUIRE(job->step(stop) == core::StepOutcome::stopped);
  REQUIRE_FALSE(fs::exists(out / "a"));
}

TEST_CASE("outside the object a composite is the background, inside mostly the object") {
  const core::Image background = grainy({224, 224}, 6);
  const core::Cutout object = data::trimmed(disc(core::make_image({80, 80}, 200, 40, 30)));
  REQUIRE(object.size == core::Size{70, 70});
  const auto made = data::lay_over(background, object, 50, 60, {70, 70});
  const auto* middle = made.picture.pixel(85, 95);
  REQUIRE((middle[0] > 150 && middle[1] < 80 && made.mask.pixel(85, 95)[0] == 255));
  int changed_outside = 0;
  for (int y = 0; y < 224; ++y) {
    for (int x = 0; x < 224; ++x) {
      if (std::hypot(x - 84.5, y - 94.5) < 37) continue;
      const bool same = std::equal(made.picture.pixel(x, y), made.picture.pixel(x, y) + 3, background.pixel(x, y));
      changed_outside += same && made.mask.pixel(x, y)[0] == 0 ? 0 : 1;
    }
  }
  REQUIRE(changed_outside == 0);
}

TEST_CASE("mirroring twice is the same cut-out") {
  const core::Cutout cutout = disc(grainy({31, 20}, 7));
  REQUIRE(data::mirrored(cutout).rgba != cutout.rgba);
  REQUIRE(data::mirrored(data::mirrored(cutout)).rgba == cutout.rgba);
}

TEST_CASE("grain is a photograph, flat colour is a drawing, and so is what is only large because it is transparent") {
  REQUIRE(data::is_photographic(disc(grainy({120, 120}, 8))));
  REQUIRE_FALSE(data::is_photographic(disc(core::make_image({120, 120}, 200, 40, 30))));
  REQUIRE_FALSE(data::is_photographic(disc(grainy({40, 40}, 9))));
  REQUIRE(data::is_photographic(grainy({100, 100}, 10)));
  REQUIRE_FALSE(data::is_photographic(core::make_image({100, 100}, 9, 9, 9)));
}
