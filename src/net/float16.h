// Half-precision numbers as model files store them. Pure; any thread.
#pragma once
#include <cstdint>

namespace net {

float from_half(std::uint16_t bits);

}  // namespace net
