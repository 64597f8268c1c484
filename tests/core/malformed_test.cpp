// Files from strangers: whatever is in them, the answer is a value or a sentence.
#include <algorithm>

#include "catch.h"
#include "core/exif.h"
#include "core/file.h"
#include "core/image_io.h"
#include "core/png_chunks.h"
#include "test_files.h"

namespace {

using Bytes = std::vector<std::byte>;

Bytes bytes_of(const std::string& name) {
  return core::read_file(example(name), 1U << 20).value();
}

bool refused(const Bytes& bytes) {
  const auto image = core::decode_image(bytes, "x");
  return !image.ok() && image.error().sentence().starts_with("The picture x cannot be read: ");
}

void put_32(Bytes& bytes, std::size_t at, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<std::byte>(value >> (24 - 8 * i) & 0xff);
}

// The header chunk of a PNG lies at 8: length, type, 13 bytes, checksum.
Bytes png_of_size(std::uint32_t width, std::uint32_t height) {
  Bytes bytes = bytes_of("picture.png");
  put_32(bytes, 16, width);
  put_32(bytes, 20, height);
  put_32(bytes, 29, core::png_crc(std::span(bytes).subspan(12, 17)));
  return bytes;
}

}  // namespace

TEST_CASE("a picture that ends early is refused, wherever it ends") {
  for (const char* name : {"alpha.png", "picture.png", "orientation_6.jpg", "colour_420.jpg", "progressive.jpg"}) {
    const Bytes whole = bytes_of(name);
    REQUIRE_FALSE(refused(whole));
    for (std::size_t size = 0; size<whole.size(); size += whole.size()> 2000 ? 13 : 1)
      REQUIRE(refused(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))));
  }
}

TEST_CASE("one wrong byte of a PNG is noticed") {
  const Bytes whole = bytes_of("alpha.png");
  for (std::size_t i = 0; i < whole.size(); ++i) {
    Bytes broken = whole;
    broken[i] ^= std::byte{0x10};
    REQUIRE(refused(broken));
  }
}

TEST_CASE("wrong bytes of a JPEG give a picture of sound size or a sentence") {
  const Bytes whole = bytes_of("orientation_6.jpg");
  for (std::size_t i = 2; i < whole.size(); ++i) {
    for (const std::byte wrong : {std::byte{0x00}, std::byte{0xff}, whole[i] ^ std::byte{0x01}}) {
      Bytes broken = whole;
      broken[i] = wrong;
      const auto image = core::decode_image(broken, "x");
      if (image)
        REQUIRE(image->rgb.size() ==
                3U * static_cast<std::size_t>(image->size.width_px) * static_cast<std::size_t>(image->size.height_px));
      else
        REQUIRE(refused(broken));
    }
  }
}

TEST_CASE("a PNG that claims to be huge is refused before anything is allocated for it") {
  REQUIRE(refused(png_of_size(0, 5)));
  REQUIRE(refused(png_of_size(16385, 1)));
  REQUIRE(refused(png_of_size(16384, 16384)));
  REQUIRE(refused(png_of_size(0xffffffff, 0xffffffff)));
  REQUIRE(refused(png_of_size(61, 48)));  // one row more than there is
}

TEST_CASE("a JPEG that claims to be huge is refused") {
  Bytes bytes = bytes_of("colour_420.jpg");
  const Bytes marker = {std::byte{0xff}, std::byte{0xc0}};
  const auto frame = std::ranges::search(bytes, marker).begin() - bytes.begin();
  for (std::ptrdiff_t i = 5; i < 9; ++i) bytes[static_cast<std::size_t>(frame + i)] = std::byte{0x7f};
  REQUIRE(refused(bytes));
  REQUIRE(core::decode_image(bytes, "x").error().why.find("16384") != std::string::npos);
}

TEST_CASE("what is neither PNG nor JPEG, empty, for printing or not there is refused with its reason") {
  REQUIRE(refused({}));
  REQUIRE(refused(Bytes(100, std::byte{'G'})));
  const auto printing = core::load_image(example("cmyk.jpg"));
  REQUIRE_FALSE(printing.ok());
  REQUIRE(printing.error().why.find("CMYK") != std::string::npos);
  REQUIRE_FALSE(core::load_image(example("none.png")).ok());
  REQUIRE_FALSE(core::load_image(example("")).ok());
}

TEST_CASE("a damaged orientation means upright, never a read beyond the end") {
  const Bytes jpeg = bytes_of("orientation_8.jpg");
  const Bytes exif = {std::byte{'E'}, std::byte{'x'}, std::byte{'i'}, std::byte{'f'}, std::byte{0}, std::byte{0}};
  const auto at = std::ranges::search(jpeg, exif).end();
  const Bytes tiff(at, at + 40);
  REQUIRE(core::exif_orientation(tiff) == 8);
  for (std::size_t size = 0; size < tiff.size(); ++size) {
    const int found = core::exif_orientation(Bytes(tiff.begin(), tiff.begin() + static_cast<std::ptrdiff_t>(size)));
    REQUIRE((found == 1 || found == 8));
  }
  for (std::size_t i = 0; i < tiff.size(); ++i) {
    Bytes broken = tiff;
    broken[i] = std::byte{0xff};
    const int found = core::exif_orientation(broken);
    REQUIRE((found >= 1 && found <= 8));
  }
}

TEST_CASE("an NPY file that is cut, of another type, order or shape is refused") {
  const TestFolder folder;
  const auto path = folder / "map.npy";
  REQUIRE(core::save_npy(path, core::make_map(2, 3, 1.0F)).ok());
  const std::string whole = *core::load_text(path);
  const auto load = [&](const std::string& text) {
    REQUIRE(core::save_text(path, text).ok());
    return core::load_npy(path);
  };
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = whole;
    return text.replace(text.find(from), from.size(), to);
  };
  REQUIRE(load(whole).ok());
  for (std::size_t size = 0; size < whole.size(); ++size) REQUIRE_FALSE(load(whole.substr(0, size)).ok());
  for (const auto& [from, to] : {std::pair{"<f4", "<f8"},
                                 {"<f4", ">f4"},
                                 {"False", "True "},
                                 {"(2, 3)", "(2, 4)"},
                                 {"(2, 3)", "(-2,3"},
                                 {"(2, 3)", "(6,)  "},
                                 {"(2, 3)", "(2,3,1)"},
                                 {"descr", "descX"},
                                 {"(2, 3)", "(99999999999,1)"}})
    REQUIRE_FALSE(load(with(from, to)).ok());
  REQUIRE_FALSE(load(with("(2, 3), }  ", "(2147483647, 2147483647), }")).ok());
}
