// JPEG to RGB bytes through libjpeg-turbo. Only image_io.cpp includes it. Any thread.
#pragma once
#include <cstddef>
#include <span>
#include <string>

#include "base/result.h"
#include "core/image.h"

namespace core {

// Accurate DCT, smooth upsampling of colour, EXIF orientation applied. `name` stands in messages.
base::Result<Image> decode_jpeg(std::span<const std::byte> bytes, const std::string& name);

}  // namespace core
