// Opening what a user names: a model, pictures, one picture. Each reads the disk, so never on the UI thread; each
// answers with a snapshot, which holds the error where there is one. Used by the disk thread, the scan and commands.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/messages.h"
#include "net/network.h"

namespace engine {

// `threads`: of torch, for made_by. A model without a sidecar asks how pictures are fed, unless `feeding` answers: then
// the answer becomes its sidecar, if the model opens with it. `beside`: as the second of two, for the question.
ModelPointer open_model(const std::filesystem::path& path, net::Device device, int threads,
                        const std::optional<Feeding>& feeding = {}, bool beside = false);

// By the ending of its name: .onnx or .pb.
bool is_model_name(const std::filesystem::path& path);

// One folder, or files and folders together as they were dropped. Nothing is decoded.
std::shared_ptr<const CollectionSnapshot> open_collection(const std::vector<std::filesystem::path>& paths);

// Reads, hashes, decodes and frames.
PicturePointer open_picture(const std::filesystem::path& path, const core::Framing& framing, bool grey = false);

inline constexpr std::size_t kMaxPictureBytes = 512U << 20;

}  // namespace engine
