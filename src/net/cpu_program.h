// A plan made ready for the CPU: weights as the loops want them, ReLUs done by the convolutions before them, and where
// each step's values lie. The inputs of a concatenation lie in the concatenation, so that nothing is copied to join
// them. Torch-free. A CpuProgram is immutable; CpuWeights belong to one thread.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "net/cpu_convolution.h"
#include "net/model.h"
#include "net/plan.h"

namespace net {

struct CpuProgram {
  struct Place {
    int step = 0;           // whose memory it is: its own, or that of a later step
    int first_channel = 0;  // in there
  };
  struct Step {
    std::shared_ptr<const cpu::PreparedConvolution> convolution;
    std::vector<std::vector<float>> buffers;  // of other operators, cut to the step's channels
    bool rectifies = false;                   // a convolution that does the work of the ReLU behind it
    bool done_by_input = false;               // that ReLU
    int channels = 0;
    Place place;
  };
  Plan plan;
  std::vector<int> targets;  // nodes
  std::vector<Step> steps;
};

// Weights of whole layers are prepared once for all programs of a Network.
class CpuWeights {
 public:
  explicit CpuWeights(std::shared_ptr<const Model> model);
  // `channels` as in PlanStep.
  std::shared_ptr<const cpu::PreparedConvolution> of(int node, const std::vector<int>& channels);
  [[nodiscard]] const Model& model() const { return *model_; }

 private:
  std::shared_ptr<const Model> model_;
  std::vector<std::shared_ptr<const cpu::PreparedConvolution>> whole_;
};

std::shared_ptr<const CpuProgram> make_cpu_program(CpuWeights& weights, std::span<const Wanted> wanted);

// What the maps of one picture take, in bytes; `shapes` are those of the steps.
struct MapMemory {
  std::int64_t together = 0;     // all of them
  std::int64_t at_one_time = 0;  // the most, where each is dropped after its last use
};
MapMemory memory_of(const CpuProgram& program, std::span<const Shape> shapes);

}  // namespace net
