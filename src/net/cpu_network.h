// What a Network on the CPU keeps between questions: prepared weights, the programs and passes of the last questions,
// and how bytes become what the input node gets. A picture that differs little from the one before it, as a dragged
// occluder's does, is computed where it differs (cpu_pass.h); the answer is the same either way. Torch-free; one thread
// an instance, that of its Network.
#pragma once
#include <array>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "core/image.h"
#include "net/cpu_pass.h"

namespace net {

class CpuNetwork {
 public:
  explicit CpuNetwork(std::shared_ptr<const Model> model);

  // What the input node gets for a part of a picture, [rows, cols, channels]. The model takes three channels, or one:
  // the picture's luminance.
  [[nodiscard]] std::vector<float> fed(const core::Image& picture, const Rect& part) const;
  // The same for a whole picture of floats in 0…1, [channels, rows, cols].
  [[nodiscard]] std::vector<float> fed(const float* picture, const Shape& shape) const;

  // One Activations per wanted node; `picture(i)` is what the input node gets.
  base::Result<std::vector<Activations>> respond(int pictures, core::Size size, std::span<const Wanted> wanted,
                                                 const std::function<std::vector<float>(int i)>& picture,
                                                 const core::StopFlag* stop);
  // A pass of its own for a sweep.
  base::Result<std::unique_ptr<CpuPass>> new_pass(std::span<const Wanted> wanted, core::Size size);

 private:
  [[nodiscard]] std::vector<float> grey(const core::Image& picture, const Rect& part) const;
  struct Known {
    std::vector<Wanted> wanted;
    core::Size size;
    std::shared_ptr<CpuPass> pass;
  };
  base::Result<std::shared_ptr<CpuPass>> pass_for(std::span<const Wanted> wanted, core::Size size);

  std::shared_ptr<const Model> model_;
  CpuWeights weights_;
  std::vector<float> scale_, shift_;             // of each channel: fed = scale · (byte / 255) + shift
  std::vector<std::array<float, 256>> of_byte_;  // of each channel
  std::vector<Known> recent_;
};

// [channels, rows, cols] as [rows, cols, channels].
std::vector<float> interleaved(const float* values, const Shape& shape);
// Whether every cell of [cells, channels] is the same.
bool is_flat(std::span<const float> values, int channels);

}  // namespace net
