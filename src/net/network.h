// Network: runs one shared Model on one device, for one thread. Answers: the activations of pictures at nodes, running
// only the ancestors of what is asked and, of a last convolution, only the channels asked. No torch type shows here.
// Results do not depend on timing: pictures are fed in chunks of a fixed size, the last one padded.
// Not thread-safe: one thread an instance.
#pragma once
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/image.h"
#include "core/job.h"
#include "core/map.h"
#include "core/unit.h"
#include "net/model.h"

namespace net {

enum class Device { cpu, cuda };
bool cuda_available();
std::string torch_version();
// Whether pictures can be fed to it: its channels are three or one, and it says how.
base::Status takes_pictures(const Model& model);
// Intra-operation threads of the calling thread. Call it inside each compute thread.
void set_threads_here(int threads);

struct Activations {  // of one node for a batch
  int pictures = 0;
  Shape shape;                // of the channels asked
  std::vector<float> values;  // [pictures, channels, rows, cols]
};

struct Wanted {
  int node = 0;
  std::vector<int> channels;  // empty: all
};

class Network {
 public:
  static base::Result<std::unique_ptr<Network>> create(std::shared_ptr<const Model> model, Device device = Device::cpu);
  ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  [[nodiscard]] const Model& model() const;
  [[nodiscard]] Device device() const;

  // One Activations per wanted node. All pictures have one size, at least the model's smallest. A set stop flag returns
  // an Error whose what is kStopped; so does running out of memory return an Error.
  base::Result<std::vector<Activations>> respond(std::span<const core::Image> pictures, std::span<const Wanted> wanted,
                                                 const core::StopFlag* stop = nullptr);
  // Float pictures in 0…1, [n, channels, rows, cols], before the input rule; for tests and for exact comparison.
  base::Result<std::vector<Activations>> respond_floats(std::span<const float> values, int pictures, Shape shape,
                                                        std::span<const Wanted> wanted,
                                                        const core::StopFlag* stop = nullptr);
  // One tensor [channels, rows, cols] fed as it is, past the input rule: for comparing with other frameworks.
  base::Result<std::vector<Activations>> respond_tensor(std::span<const float> values, Shape shape,
                                                        std::span<const Wanted> wanted,
                                                        const core::StopFlag* stop = nullptr);
  // How the unit's activation changes with every value of the picture, per unit of 0…1 (a saliency map): one picture
  // [3, rows, cols]; of a tensor that is fed as it is, [channels, rows, cols].
  base::Result<Activations> input_gradient(const core::Image& picture, const core::Unit& unit,
                                           const core::StopFlag* stop = nullptr);
  base::Result<Activations> input_gradient_of_tensor(std::span<const float> values, Shape shape, const core::Unit& unit,
                                                     const core::StopFlag* stop = nullptr);
  // The unit's activation map for one picture, and its mean (the cell itself for @y,x): the unit's activation.
  struct UnitResponse {
    core::Map map;
    float activation = 0.0F;
  };
  base::Result<UnitResponse> respond(const core::Image& picture, const core::Unit& unit,
                                     const core::StopFlag* stop = nullptr);
  base::Result<UnitResponse> respond_tensor(std::span<const float> values, Shape shape, const core::Unit& unit,
                                            const core::StopFlag* stop = nullptr);
  // The activation of each of several pictures of one size.
  base::Result<std::vector<float>> activations(std::span<const core::Image> pictures, const core::Unit& unit,
                                               const core::StopFlag* stop = nullptr);

  struct Impl;  // torch side, for the other files of this folder
  Impl& impl() { return *impl_; }

 private:
  explicit Network(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

inline constexpr const char* kStopped = "stopped";
// What to say of a unit whose activation is NaN or infinite, as a network with huge or damaged weights has them.
base::Error no_activation(const core::Unit& unit);

}  // namespace net
