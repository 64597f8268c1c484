// What the engine's tests share: made-up pictures, a folder that goes away, and an engine to wait for.
#pragma once
#include <unistd.h>

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>

#include "base/rng.h"
#include "catch.h"
#include "core/image.h"
#include "core/image_io.h"
#include "engine/engine.h"
#include "engine/open.h"

namespace fixtures {

// Smooth blotches, different for each seed.
inline core::Image made_up_image(std::uint64_t seed, core::Size size = {224, 224}) {
  base::Rng rng(seed, "test picture");
  core::Image coarse = core::make_image({7, 7});
  for (std::uint8_t& value : coarse.rgb) value = static_cast<std::uint8_t>(rng.below(256));
  return core::resize(coarse, size);
}

inline engine::PicturePointer made_up_picture(std::uint64_t seed) {
  auto picture = std::make_shared<engine::PictureSnapshot>();
  picture->image = made_up_image(seed);
  picture->original = picture->image.size;
  picture->name = "made up " + std::to_string(seed);
  picture->file.path = picture->name;
  return picture;
}

inline std::filesystem::path embedded_model() {
  return std::filesystem::path(UNITSCOPE_SOURCE_DIR) / "assets/models/inception-mini.onnx";
}
inline engine::ModelPointer open_embedded_model() {
  const auto model = engine::open_model(embedded_model(), net::Device::cpu, 1);
  REQUIRE(!model->error);
  return model;
}

class TemporaryFolder {
 public:
  TemporaryFolder() {
    static int count = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("unitscope-engine-test-" + std::to_string(::getpid()) + "-" + std::to_string(count++));
    std::filesystem::create_directories(path_);
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

class RunningEngine {
 public:
  RunningEngine() : engine_(options()) {}

  void post(engine::Requests requests) { engine_.post(std::move(requests)); }
  engine::Snapshots newest() const { return engine_.snapshots(); }
  // Looks again after each publication.
  template <class Condition>
  void wait(const Condition& condition) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return condition(engine_.snapshots()); });
  }
  // Until nothing is left to do.
  engine::Snapshots rest() {
    while (engine_.busy()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return engine_.snapshots();
  }

 private:
  engine::EngineOptions options() {
    engine::EngineOptions made;
    made.threads = 1;
    made.index_file = folder_.path() / "index.sqlite";
    made.on_publish = [this] {
      { std::scoped_lock lock(mutex_); }
      changed_.notify_all();
    };
    return made;
  }

  TemporaryFolder folder_;
  std::mutex mutex_;
  std::condition_variable changed_;
  engine::Engine engine_;
};

}  // namespace fixtures
