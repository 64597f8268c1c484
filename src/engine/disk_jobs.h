// What the disk thread does: opens models, folders, pictures and experiments, makes thumbnails, loads questions, saves.
// One step reads or writes one file (or one small set of files), so that a newer request never waits long. Disk thread
// only.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "engine/export.h"
#include "engine/messages.h"
#include "engine/slot.h"

namespace engine {

struct OpenModelRequest {
  std::filesystem::path path;
  std::optional<Feeding> feeding = {};  // the answer of a model without a sidecar
};
struct OpenCollectionRequest {
  std::vector<std::filesystem::path> paths;  // one folder, or what was dropped
};
struct ShowPictureRequest {
  std::filesystem::path path;
  core::Framing framing;
  bool grey = false;
  std::shared_ptr<const CollectionSnapshot> collection;  // that says what is in the picture; may be null
};

// `beside`: for the second of two models.
SlotRules<OpenModelRequest, ModelSnapshot> open_model_rules(net::Device device, int threads, bool beside);
SlotRules<OpenCollectionRequest, CollectionSnapshot> open_collection_rules();
SlotRules<ShowPictureRequest, PictureSnapshot> show_picture_rules();
SlotRules<FeedingPreviewRequest, PictureSnapshot> feeding_preview_rules();
SlotRules<ThumbnailsRequest, ThumbnailsSnapshot> thumbnails_rules();
SlotRules<AnalysisRequest, AnalysisSnapshot> analysis_rules();
SlotRules<ReportRequest, ReportSnapshot> report_rules();
SlotRules<SaveRequest, SaveSnapshot> save_rules(MadeBy made_by);
// session_jobs.cpp
SlotRules<ExperimentRequest, ExperimentSnapshot> experiment_rules();
SlotRules<QuestionsRequest, QuestionsSnapshot> questions_rules();

}  // namespace engine
