#include "gpu/device.h"

#include <cstdlib>
#include <optional>

#include "fixture.h"
#include "gpu/texture.h"

namespace {

// Sets an environment variable until it dies.
class Environment {
 public:
  Environment(const char* name, const char* value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    setenv(name, value, 1);
  }
  ~Environment() {
    if (old_) {
      setenv(name_, old_->c_str(), 1);
    } else {
      unsetenv(name_);
    }
  }

 private:
  const char* name_;
  std::optional<std::string> old_;
};

}  // namespace

TEST_CASE("without a driver the sentence says what to install") {
  const Environment old_name("VK_ICD_FILENAMES", "/nowhere/driver.json");
  const Environment name("VK_DRIVER_FILES", "/nowhere/driver.json");
  const auto device = gpu::Device::create({});
  REQUIRE(!device);
  REQUIRE(device.error().sentence().find("mesa-vulkan-drivers") != std::string::npos);
}

TEST_CASE("the device has a name and can hold pictures of the sizes that are used") {
  const Gpu gpu;
  REQUIRE(!gpu.device->name().empty());
  REQUIRE(gpu.device->max_side_px() >= 4096);
  REQUIRE(!gpu.device->lost());
}

TEST_CASE("a texture of an impossible size is refused with the possible sizes") {
  const Gpu gpu;
  const int too_large = static_cast<int>(gpu.device->max_side_px()) + 1;
  for (const core::Size size : {core::Size{0, 5}, core::Size{5, -1}, core::Size{too_large, 1}}) {
    const auto texture = gpu::Texture::create(*gpu.device, size, gpu::kPictureFormat, VK_IMAGE_USAGE_SAMPLED_BIT);
    REQUIRE(!texture);
    REQUIRE(texture.error().why.find(std::to_string(too_large - 1)) != std::string::npos);
  }
}

TEST_CASE("what the validation layer says is kept") {
  const Gpu gpu;
  gpu::ValidationLog log;
  log.add("a");
  log.add("b");
  REQUIRE(log.messages() == std::vector<std::string>{"a", "b"});
}

TEST_CASE("a lost device stays lost, other failures do not lose it") {
  const Gpu gpu;
  REQUIRE(gpu.device->check(VK_SUCCESS, "x"));
  REQUIRE(!gpu.device->check(VK_ERROR_OUT_OF_DEVICE_MEMORY, "x"));
  REQUIRE(!gpu.device->lost());
  REQUIRE(!gpu.device->check(VK_ERROR_DEVICE_LOST, "x"));
  REQUIRE(gpu.device->check(VK_SUCCESS, "x"));
  REQUIRE(gpu.device->lost());
}
