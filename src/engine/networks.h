// Networks: the network of one compute thread. Weights are shared between threads, a Network is not: each compute
// thread has its own, made when a job first needs it and kept until another model is wanted. That compute thread only.
#pragma once
#include <memory>
#include <utility>

#include "base/result.h"
#include "engine/messages.h"
#include "net/network.h"

namespace engine {

class Networks {
 public:
  explicit Networks(net::Device device) : device_(device) {}

  base::Result<std::shared_ptr<net::Network>> of(const ModelPointer& model) {
    if (model->error) return *model->error;
    if (network_ && &network_->model() == model->model.get()) return network_;
    auto made = net::Network::create(model->model, device_);
    if (!made) return made.error();
    network_ = std::shared_ptr<net::Network>(*std::move(made));
    return network_;
  }

 private:
  const net::Device device_;
  std::shared_ptr<net::Network> network_;
};

// What a job does with a refusal of the network: a stop is no failure.
inline bool was_stopped(const base::Error& error) {
  return error.what == net::kStopped;
}

}  // namespace engine
