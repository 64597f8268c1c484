#include "core/image_io.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "base/rng.h"
#include "catch.h"
#include "core/file.h"
#include "test_files.h"

namespace {

core::Image stored(const std::string& name) {
  return core::load_image(example(name)).value();
}

// The largest difference of two bytes; 256 where even the sizes differ.
int difference(const core::Image& a, const core::Image& b) {
  if (a.size != b.size) return 256;
  int largest = 0;
  for (std::size_t i = 0; i < a.rgb.size(); ++i) largest = std::max(largest, std::abs(a.rgb[i] - b.rgb[i]));
  return largest;
}

core::Image random_picture(core::Size size) {
  core::Image image = core::make_image(size);
  base::Rng rng(9);
  for (auto& byte : image.rgb) byte = static_cast<std::uint8_t>(rng.below(256));
  return image;
}

}  // namespace

// What is expected was stored from Pillow 13, beside the files.

TEST_CASE("resizing agrees with Pillow byte for byte, smaller and larger, one way and both") {
  const core::Image picture = stored("picture.png");
  for (const core::Size size : {core::Size{23, 19}, {90, 70}, {61, 20}, {30, 47}}) {
    const std::string name = "picture_" + std::to_string(size.width_px) + "x" + std::to_string(size.height_px) + ".png";
    REQUIRE(difference(core::resize(picture, size), stored(name)) == 0);
  }
}

TEST_CASE("framing is torchvision's: short side, then the centre") {
  REQUIRE(difference(core::frame(stored("picture.png"), {24, {21, 19}}), stored("picture_framed.png")) == 0);
}

TEST_CASE("framing computes the crop of the resized picture, for every shape of picture") {
  for (const core::Size size : {core::Size{40, 30}, {30, 40}, {33, 33}, {200, 9}, {24, 24}}) {
    const core::Image picture = random_picture(size);
    const bool wide = size.width_px > size.height_px;
    const core::Size full = wide ? core::Size{24 * size.width_px / size.height_px, 24}
                                 : core::Size{24, 24 * size.height_px / size.width_px};
    const core::Image framed = core::frame(picture, {24, {20, 20}});
    REQUIRE(framed == core::crop(core::resize(picture, full),
                                 (full.width_px - 20) / 2 + ((full.width_px - 20) % 4 == 3),
                                 (full.height_px - 20) / 2 + ((full.height_px - 20) % 4 == 3), {20, 20}));
  }
}

TEST_CASE("a crop larger than the short side makes the picture grow") {
  REQUIRE(core::frame(random_picture({10, 300}), {8, {16, 16}}).size == core::Size{16, 16});
  REQUIRE(core::frame(random_picture({300, 10}), {8, {32, 16}}).size == core::Size{32, 16});
  REQUIRE(core::frame(random_picture({20, 21}), {20, {10, 64}}).size == core::Size{10, 64});
}

TEST_CASE("a picture of one colour keeps it at every size") {
  for (int side = 1; side < 40; side += 3)
    REQUIRE(core::resize(core::make_image({17, 13}, 3, 128, 255), {side, 40 - side}) ==
            core::make_image({side, 40 - side}, 3, 128, 255));
}

TEST_CASE("resizing to the same size changes nothing") {
  const core::Image picture = random_picture({31, 8});
  REQUIRE(core::resize(picture, picture.size) == picture);
}

TEST_CASE("JPEG decodes as in Pillow: colour at both samplings, progressive, grey") {
  for (const char* name : {"colour_420.jpg", "colour_444.jpg", "progressive.jpg", "grey.jpg"})
    REQUIRE(difference(stored(name), stored(std::string(name) + ".png")) <= 1);
}

TEST_CASE("all eight EXIF orientations come out upright") {
  for (int i = 1; i <= 8; ++i) {
    const std::string name = "orientation_" + std::to_string(i) + ".jpg";
    REQUIRE(difference(stored(name), stored(name + ".png")) <= 1);
  }
}

TEST_CASE("transparency lies over mid-grey, in every kind of PNG") {
  for (const char* name : {"alpha.png", "grey_alpha.png", "palette.png"})
    REQUIRE(difference(stored(name), stored(std::string(name) + ".png")) <= 1);
  REQUIRE(difference(stored("grey16.png"), stored("grey16.png.png")) == 0);
}

TEST_CASE("a cut-out keeps its transparency") {
  const auto cutout = core::load_cutout(example("alpha.png")).value();
  REQUIRE(cutout.size == core::Size{11, 7});
  REQUIRE(cutout.rgba[3] == 0);
  REQUIRE(cutout.rgba.back() == 255);
  REQUIRE_FALSE(core::load_cutout(example("grey.jpg")).ok());
}

TEST_CASE("a PNG gives back its pixels and the spec inside, and leaves no temporary file") {
  const TestFolder folder;
  const core::Image picture = random_picture({37, 21});
  for (const std::string& text :
       {std::string(), std::string("{\"kind\": \"visualize\", \"é\": 1}"), std::string(70000, 'x')}) {
    REQUIRE(core::save_png(folder / "a.png", picture, text).ok());
    REQUIRE(*core::load_image(folder / "a.png") == picture);
    const auto read = core::read_png_spec(folder / "a.png").value();
    REQUIRE(read.value_or("") == text);
    REQUIRE(read.has_value() == !text.empty());
  }
  const std::filesystem::directory_iterator files(folder.path());
  REQUIRE(std::distance(begin(files), end(files)) == 1);
}

TEST_CASE("a PNG of another program has no spec") {
  REQUIRE_FALSE(core::read_png_spec(example("picture.png")).value().has_value());
}

TEST_CASE("writing to a folder that is not there is refused with the file's name") {
  const TestFolder folder;
  const auto status = core::save_text(folder / "none/a.txt", "x");
  REQUIRE_FALSE(status.ok());
  REQUIRE(status.error().sentence().find("none/a.txt") != std::string::npos);
}

TEST_CASE("text survives the disk, and more than was allowed is refused") {
  const TestFolder folder;
  REQUIRE(core::save_text(folder / "a.txt", std::string("one\0two\n", 8)).ok());
  REQUIRE(*core::load_text(folder / "a.txt") == std::string("one\0two\n", 8));
  REQUIRE_FALSE(core::load_text(folder / "a.txt", 7).ok());
  REQUIRE(core::load_text(folder / "a.txt", 8).ok());
  REQUIRE_FALSE(core::load_text(folder.path()).ok());
}

TEST_CASE("a map survives NPY with every bit") {
  const TestFolder folder;
  core::Map map = core::make_map(3, 5, 1.5F);
  map.at(1, 2) = -0.0F;
  map.at(2, 4) = std::numeric_limits<float>::quiet_NaN();
  REQUIRE(core::save_npy(folder / "map.npy", map).ok());
  const core::Map read = core::load_npy(folder / "map.npy").value();
  REQUIRE((read.rows == 3 && read.cols == 5));
  REQUIRE(core::content_hash(read) == core::content_hash(map));
  REQUIRE(std::filesystem::file_size(folder / "map.npy") % 64 == 60);  // the numbers begin at a multiple of 64
}
TEST_CASE("an NPY array of any number of axes is read as it was written, and nothing else is") {
  const TestFolder folder;
  for (const std::vector<std::int64_t>& shape : {std::vector<std::int64_t>{}, {5}, {2, 3}, {1, 3, 2, 2}, {0, 4}}) {
    std::int64_t count = 1;
    for (const std::int64_t side : shape) count *= side;
    core::Array array{shape, std::vector<float>(static_cast<std::size_t>(count))};
    for (std::size_t i = 0; i < array.values.size(); ++i) array.values[i] = static_cast<float>(i) - 0.5F;
    REQUIRE(core::save_npy(folder / "x.npy", array).ok());
    const auto read = core::load_npy_array(folder / "x.npy");
    REQUIRE((read ? "" : read.error().sentence()) == std::string());
    REQUIRE(read->shape == shape);
    REQUIRE(read->values == array.values);
    REQUIRE(core::load_npy(folder / "x.npy").ok() == (shape.size() == 2));
  }
  const std::string whole = *core::load_text(folder / "x.npy");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    REQUIRE(core::save_text(folder / "cut.npy", whole.substr(0, size)).ok());
    REQUIRE_FALSE(core::load_npy_array(folder / "cut.npy").ok());
  }
}
