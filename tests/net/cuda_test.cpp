// The other device against the reference: within 1e-3 of a unit's largest activation, or refused where there is none.
#include <algorithm>
#include <cmath>

#include "hand_made.h"
#include "net/network.h"

TEST_CASE("CUDA agrees with the processor, and where there is none it is refused in one sentence") {
  const auto model = hand_made::embedded_model();
  const auto cuda = net::Network::create(model, net::Device::cuda);
  REQUIRE(cuda.ok() == net::cuda_available());
  if (!cuda) {
    REQUIRE(cuda.error().sentence().find("CUDA") != std::string::npos);
    return;
  }
  const auto cpu = net::Network::create(model);
  REQUIRE(cpu.ok());
  const core::Image picture = hand_made::picture({224, 224}, 5);
  for (const char* layer : {"conv2d2_pre_relu", "mixed4a_pre_relu", "mixed5b_pre_relu", "softmax2_pre_activation"}) {
    const core::Unit unit{layer, 7, std::nullopt};
    CAPTURE(layer);
    const auto expected = (*cpu)->respond(picture, unit), got = (*cuda)->respond(picture, unit);
    REQUIRE((expected.ok() && got.ok()));
    float largest = 0.0F;
    for (const float value : expected->map.values) largest = std::max(largest, std::abs(value));
    for (std::size_t i = 0; i < expected->map.values.size(); ++i)
      REQUIRE(std::abs(got->map.values[i] - expected->map.values[i]) <= 1e-3F * largest);
  }
}
