#include "gpu/frames.h"

#include <algorithm>
#include <numeric>

#include "fixture.h"

namespace {

struct Mourner {
  int* deaths = nullptr;
  explicit Mourner(int* counter) : deaths(counter) {}
  Mourner(Mourner&& other) noexcept : deaths(std::exchange(other.deaths, nullptr)) {}
  Mourner& operator=(Mourner&&) = delete;
  ~Mourner() {
    if (deaths != nullptr) ++*deaths;
  }
};

}  // namespace

TEST_CASE("what retires in a frame lives until that frame is known to be drawn") {
  Gpu gpu;
  int deaths = 0;
  REQUIRE(gpu.frames->begin());
  gpu.frames->retire(Mourner(&deaths));
  REQUIRE(gpu.frames->submit());
  REQUIRE(gpu.frames->begin());  // waits for nothing: the other slot
  REQUIRE(deaths == 0);
  REQUIRE(gpu.frames->submit());
  REQUIRE(gpu.frames->begin());  // waits for the first frame
  REQUIRE(deaths == 1);
  REQUIRE(gpu.frames->submit());
}

TEST_CASE("what retires between frames is kept for the frame that was submitted last") {
  Gpu gpu;
  int deaths = 0;
  REQUIRE(gpu.frames->begin());
  REQUIRE(gpu.frames->submit());
  gpu.frames->retire(Mourner(&deaths));
  REQUIRE(gpu.frames->begin());
  REQUIRE(gpu.frames->submit());
  REQUIRE(gpu.frames->begin());
  REQUIRE(deaths == 0);
  REQUIRE(gpu.frames->submit());
  REQUIRE(gpu.frames->begin());
  REQUIRE(deaths == 1);
  REQUIRE(gpu.frames->submit());
}

TEST_CASE("finishing lets go of everything that retired") {
  Gpu gpu;
  int deaths = 0;
  REQUIRE(gpu.frames->begin());
  gpu.frames->retire(Mourner(&deaths));
  REQUIRE(gpu.frames->submit());
  gpu.frames->retire(Mourner(&deaths));
  REQUIRE(gpu.frames->finish());
  REQUIRE(deaths == 2);
}

TEST_CASE("staged pieces of a frame never overlap, however much is staged") {
  Gpu gpu;
  for (int frame = 0; frame < 5; ++frame) {
    REQUIRE(gpu.frames->begin());
    std::vector<std::span<std::byte>> pieces;
    for (const std::size_t size : {std::size_t{1}, std::size_t{17}, std::size_t{3} << 20, std::size_t{4096},
                                   std::size_t{5} << 20, std::size_t{33}}) {
      const auto staged = gpu.frames->stage(size);
      REQUIRE(staged);
      REQUIRE(staged->bytes.size() == size);
      REQUIRE(staged->offset % 16 == 0);
      std::ranges::fill(staged->bytes, static_cast<std::byte>(pieces.size() + 1));
      pieces.push_back(staged->bytes);
    }
    for (std::size_t i = 0; i < pieces.size(); ++i)
      REQUIRE(std::ranges::all_of(pieces[i], [&](std::byte b) { return b == static_cast<std::byte>(i + 1); }));
    REQUIRE(gpu.frames->submit());
  }
}
