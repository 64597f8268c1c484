// A tiny network and a folder of pictures that it can be practised with.
#pragma once
#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "catch.h"
#include "core/image_io.h"
#include "engine/fixtures.h"
#include "engine/messages.h"
#include "net/hand_made.h"

namespace practice_stage {

inline constexpr int kPictures = 240;  // ten bins of one
inline constexpr core::Size kSize{24, 24};

// One convolution of four channels that look at 3 × 3 pixels.
inline std::shared_ptr<engine::ModelSnapshot> tiny_model() {
  hand_made::GraphBuilder builder;
  net::Convolution convolution;
  convolution.window.kernel[0] = convolution.window.kernel[1] = 3;
  builder.add("conv", net::Op::convolution, {0}, convolution,
              {{{4, 3, 3, 3}, hand_made::numbers(4 * 27, 5)}, {{4}, hand_made::numbers(4, 6)}});
  auto made = std::make_shared<engine::ModelSnapshot>();
  made->name = "tiny";
  made->file = {"tiny.onnx", "hash"};
  made->model = hand_made::model(builder.graph, {3, kSize.height_px, kSize.width_px});
  made->framing = {kSize.width_px, kSize};
  made->layers = {{"conv", "conv", 4, 22, 22, 3, false}};
  return made;
}

// Pictures in pairs that share their background.
inline std::shared_ptr<engine::CollectionSnapshot> pictures_in(const std::filesystem::path& folder) {
  auto collection = std::make_shared<engine::CollectionSnapshot>();
  collection->folder = folder;
  for (int i = 0; i < kPictures; ++i) {
    const std::string name = "p" + std::to_string(i) + ".png";
    REQUIRE(core::save_png(folder / name, hand_made::picture(kSize, static_cast<std::uint64_t>(i))).ok());
    collection->pictures.push_back({folder / name, name, "", "", "background " + std::to_string(i / 2)});
  }
  return collection;
}

inline std::shared_ptr<const engine::ScanSnapshot> scan_of(
    const engine::ModelPointer& model, const std::shared_ptr<const engine::CollectionSnapshot>& collection,
    net::Network& network) {
  std::vector<std::vector<float>> values(4);
  for (const engine::PictureEntry& entry : collection->pictures)
    for (int channel = 0; channel < 4; ++channel)
      values[static_cast<std::size_t>(channel)].push_back(
          network.respond(*core::load_image(entry.path), {"conv", channel, std::nullopt})->activation);
  auto scan = std::make_shared<engine::ScanSnapshot>();
  scan->request = {model, collection};
  scan->done = true;
  scan->best = [values](const core::Unit& unit, int top) {
    const std::vector<float>& of = values[static_cast<std::size_t>(unit.channel)];
    std::vector<engine::RankedPicture> ranked;
    for (std::size_t i = 0; i < of.size(); ++i) ranked.push_back({i, of[i], 0});
    std::ranges::stable_sort(ranked, std::ranges::greater{}, &engine::RankedPicture::activation);
    for (std::size_t i = 0; i < ranked.size(); ++i) ranked[i].rank = static_cast<int>(i) + 1;
    if (top > 0) ranked.resize(std::min<std::size_t>(ranked.size(), static_cast<std::size_t>(top)));
    return ranked;
  };
  scan->spread = [](const core::Unit&) { return std::pair(0.0F, 0.01F); };
  return scan;
}

struct Stage {
  fixtures::TemporaryFolder folder;
  std::shared_ptr<engine::ModelSnapshot> model = tiny_model();
  std::shared_ptr<net::Network> network = hand_made::network(model->model);
  std::shared_ptr<const engine::CollectionSnapshot> collection = pictures_in(folder.path());
  std::shared_ptr<const engine::ScanSnapshot> scan = scan_of(model, collection, *network);

  engine::PracticeRequest request(std::optional<core::Unit> unit, std::uint64_t seed = 0) const {
    return {model, scan, std::move(unit), 0.4, seed, 0, {}};
  }
};

}  // namespace practice_stage
