// A copy of a drawn picture on its way back to the program: record() in the frame, image() after Frames::finish().
// UI thread.
#pragma once
#include "base/result.h"
#include "core/image.h"
#include "gpu/texture.h"

namespace gpu {

class ReadBack {
 public:
  // Of pictures of 8-bit RGBA or BGRA.
  static base::Result<ReadBack> create(const Device& device, core::Size size, VkFormat format);

  // The image must be in TRANSFER_SRC layout, with earlier writes made available to transfers.
  void record(VkCommandBuffer commands, VkImage image) const;
  [[nodiscard]] core::Image image() const;  // without alpha

 private:
  HostBuffer bytes_;
  core::Size size_;
  bool blue_first_ = false;
};

}  // namespace gpu
