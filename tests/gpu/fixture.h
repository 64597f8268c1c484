// A device with the validation layer on, and its frames. Any message of the layer fails the test.
#pragma once
#include <memory>

#include "catch.h"
#include "gpu/device.h"
#include "gpu/frames.h"

struct Gpu {
  std::unique_ptr<gpu::Device> device;
  std::unique_ptr<gpu::Frames> frames;

  Gpu() {
    gpu::DeviceOptions options;
    options.validation = true;
    auto made = gpu::Device::create(options);
    INFO((made ? std::string() : made.error().sentence()));
    REQUIRE(made);
    device = std::move(*made);
    auto recorded = gpu::Frames::create(*device);
    REQUIRE(recorded);
    frames = std::move(*recorded);
  }
  ~Gpu() noexcept(false) {
    if (std::uncaught_exceptions() == 0) REQUIRE(device->validation().messages() == std::vector<std::string>{});
  }
};
