#include "core/jpeg.h"

#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <vector>

// jpeglib.h needs FILE and size_t before it.
#include <jerror.h>
#include <jpeglib.h>

#include "core/exif.h"
#include "core/image_io.h"

namespace core {
namespace {

// libjpeg reports errors by a callback that must not return: it jumps back into decode(). Everything that has a
// destructor therefore lives in here, in the frame of the caller, and never in a frame that is jumped over.
struct Decoding {
  jpeg_decompress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg_progress_mgr progress{};
  std::jmp_buf on_error{};
  char message[JMSG_LENGTH_MAX] = {};
  Image image;
  int orientation = 1;
};

[[noreturn]] void fail(Decoding& decoding) {
  std::longjmp(decoding.on_error, 1);
}

void refuse(Decoding& decoding, const char* why) {
  std::snprintf(decoding.message, sizeof decoding.message, "%s", why);
  fail(decoding);
}

void on_error(j_common_ptr jpeg) {
  auto& decoding = *static_cast<Decoding*>(jpeg->client_data);
  jpeg->err->format_message(jpeg, decoding.message);
  fail(decoding);
}

// Of the warnings, those that mean "the rest is missing, grey stands there" are errors to us.
void on_message(j_common_ptr jpeg, int level) {
  if (level >= 0) return;
  const int code = jpeg->err->msg_code;
  if (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER) on_error(jpeg);
}

// A small file may ask for thousands of passes over a huge picture.
void on_progress(j_common_ptr jpeg) {
  constexpr int kMaxScans = 200;
  if (reinterpret_cast<j_decompress_ptr>(jpeg)->input_scan_number > kMaxScans)
    refuse(*static_cast<Decoding*>(jpeg->client_data), "it has more scans than any camera writes");
}

void read_orientation(Decoding& decoding) {
  constexpr char kExif[] = "Exif\0";  // and the closing zero: six bytes
  for (auto* marker = decoding.jpeg.marker_list; marker != nullptr; marker = marker->next) {
    if (marker->data_length < sizeof kExif || std::memcmp(marker->data, kExif, sizeof kExif) != 0) continue;
    const auto* data = reinterpret_cast<const std::byte*>(marker->data);
    decoding.orientation = exif_orientation({data + sizeof kExif, marker->data_length - sizeof kExif});
    return;
  }
}

bool decode(Decoding& decoding, std::span<const std::byte> bytes) {
  jpeg_decompress_struct& jpeg = decoding.jpeg;
  jpeg.err = jpeg_std_error(&decoding.errors);
  decoding.errors.error_exit = on_error;
  decoding.errors.emit_message = on_message;
  jpeg.client_data = &decoding;
  if (setjmp(decoding.on_error) != 0) return false;

  jpeg_create_decompress(&jpeg);
  decoding.progress.progress_monitor = on_progress;
  jpeg.progress = &decoding.progress;
  jpeg_mem_src(&jpeg, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  jpeg_save_markers(&jpeg, JPEG_APP0 + 1, 0xffff);
  jpeg_read_header(&jpeg, TRUE);
  if (jpeg.image_width > static_cast<unsigned>(kMaxSide_px) || jpeg.image_height > static_cast<unsigned>(kMaxSide_px) ||
      static_cast<long long>(jpeg.image_width) * jpeg.image_height > kMaxPixels)
    refuse(decoding, "it has more than 16384 pixels a side or 64 million pixels");
  if (jpeg.jpeg_color_space == JCS_CMYK || jpeg.jpeg_color_space == JCS_YCCK)
    refuse(decoding, "its colours are CMYK, for printing");
  read_orientation(decoding);

  jpeg.out_color_space = JCS_RGB;
  jpeg.dct_method = JDCT_ISLOW;
  jpeg_start_decompress(&jpeg);
  decoding.image = make_image({static_cast<int>(jpeg.output_width), static_cast<int>(jpeg.output_height)});
  while (jpeg.output_scanline < jpeg.output_height) {
    JSAMPROW row = decoding.image.pixel(0, static_cast<int>(jpeg.output_scanline));
    jpeg_read_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_decompress(&jpeg);
  return true;
}

}  // namespace

base::Result<Image> decode_jpeg(std::span<const std::byte> bytes, const std::string& name) {
  Decoding decoding;
  const bool decoded = decode(decoding, bytes);
  jpeg_destroy_decompress(&decoding.jpeg);
  if (!decoded)
    return base::Error{"The picture " + name + " cannot be read", decoding.message, "Save it anew as PNG or RGB JPEG."};
  return upright(std::move(decoding.image), decoding.orientation);
}

}  // namespace core
