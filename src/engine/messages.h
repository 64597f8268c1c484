// What the window and the engine say to each other: requests (newest wins, one place a slot) and snapshots (immutable,
// carrying the request they answer). Plain values; the only header of the engine that panels see.
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/image.h"
#include "core/image_io.h"
#include "core/map.h"
#include "core/occluder.h"
#include "core/snapshots.h"
#include "core/specs.h"
#include "core/unit.h"
#include "engine/analysis_messages.h"
#include "engine/make_trials_messages.h"
#include "engine/model_messages.h"
#include "engine/session_messages.h"
#include "study/question.h"
#include "study/trial.h"

namespace engine {

using Clock = std::chrono::steady_clock;

// ---- the folder, the picture ---------------------------------------------------------------------------------------

struct PictureEntry {
  std::filesystem::path path;
  std::string name;
  std::string label;  // may be empty
  // Of collection.csv, as data::Picture has them; empty: unknown.
  std::string object_source = {};
  std::string background_source = {};
  std::filesystem::path mask = {};
};
struct SkippedEntry {
  std::string name;
  base::Error reason;
};
struct CollectionSnapshot {
  std::filesystem::path folder;
  std::string name;  // "starter pictures"
  std::vector<PictureEntry> pictures;
  std::vector<SkippedEntry> skipped;  // grows as broken files are found
  std::optional<base::Error> error;
};

struct PictureSnapshot {  // the picture on the stage, framed for the model
  core::FileName file;
  std::string name;
  std::string label;
  core::Size original;
  core::Image image;  // framed: the bytes that are fed
  core::Image grey;   // what a network sees of them that is fed luminance; empty for others
  std::optional<base::Error> error;
  // What is shown: what the network sees.
  [[nodiscard]] const core::Image& seen() const { return grey.empty() ? image : grey; }
};
using PicturePointer = std::shared_ptr<const PictureSnapshot>;

// ---- what the hand does ------------------------------------------------------------------------------------------

struct DragRequest {  // the occluder where the hand has it
  ModelPointer model;
  PicturePointer picture;
  core::Unit unit;
  core::Occluder occluder;
  core::Fill fill = core::Fill::patch_mean;
  std::uint64_t seed = 0;
  Clock::time_point posted{};  // of the input event that moved it
};
struct DragSnapshot {
  DragRequest request;
  core::Image occluded;  // as the network saw it
  core::Map map;         // the unit's activation map with the occluder
  float activation = 0.0F;
  core::Map baseline_map;  // without the occluder
  float baseline = 0.0F;
  double compute_ms = 0.0;  // of the pass
  std::optional<base::Error> error;
};

struct ClassesRequest {
  ModelPointer model;
  PicturePointer picture;
  core::Occluder occluder;
  core::Fill fill = core::Fill::patch_mean;
  std::uint64_t seed = 0;
};
struct LikelyClass {
  std::string label;
  float without_occluder = 0.0F;  // probabilities
  float with_occluder = 0.0F;
};
struct ClassesSnapshot {
  ClassesRequest request;
  std::vector<LikelyClass> classes;  // the five likeliest without the occluder, then those that are new with it
  std::optional<base::Error> error;
};

struct ContactSheetRequest {  // every unit of a layer on the present picture
  ModelPointer model;
  PicturePointer picture;
  std::string layer;
};
struct ContactSheetSnapshot {
  ContactSheetRequest request;
  std::vector<int> order;          // channels, strongest mean activation first
  std::vector<float> activations;  // by channel
  std::vector<core::Map> maps;     // by channel
  std::optional<base::Error> error;
};

// ---- long work ---------------------------------------------------------------------------------------------------

struct SweepRequest {
  ModelPointer model;
  PicturePointer picture;
  core::OcclusionSpec spec;
};
struct SweepAnswer {
  core::SweepSnapshot sweep;
  double elapsed_s = 0.0;
  std::optional<base::Error> error;
};

enum class Run { running, paused };
struct VisualizeRequest {
  ModelPointer model;
  core::VisualizeSpec
      spec;  // another identity, or another restart number, begins anew; a longer schedule or steps goes on
  Run run = Run::running;
  int single_steps = 0;  // a counter: each increase makes one update while paused
  int restarts = 0;      // a counter: each increase begins anew from the seed
};
struct VisualizeAnswer {
  core::VisualizationSnapshot visualization;
  Run run = Run::running;
  int restarts = 0;
  std::optional<base::Error> error;
};

struct ScanRequest {
  ModelPointer model;
  std::shared_ptr<const CollectionSnapshot> collection;
};
struct RankedPicture {
  std::size_t picture = 0;  // index into the collection
  float activation = 0.0F;
  int rank = 0;  // 1 is best
};
// The numbers of a scan. Look-ups are pure and fast; any thread.
struct ScanSnapshot {
  ScanRequest request;
  int scanned = 0;
  int total = 0;
  bool done = false;
  std::vector<SkippedEntry> skipped;
  // Best first; empty if the layer is not scanned. top 0: all.
  std::function<std::vector<RankedPicture>(const core::Unit&, int top)> best;
  // Mean and standard deviation of the unit over the pictures scanned.
  std::function<std::pair<float, float>(const core::Unit&)> spread;
  // A picture and unit that show an effect at once; set when done, and earlier from what is known.
  std::optional<std::pair<std::size_t, core::Unit>> first_choice;
  std::optional<base::Error> error;
};

// A question to practise with: a picture of a unit that nobody has seen the truth of, the squares that leave the unit
// least and most active, and the unit's favourite pictures to learn from.
struct PracticePicture {  // whose truth was seen
  core::Unit unit;
  std::filesystem::path path;
  bool operator==(const PracticePicture&) const = default;
};
struct PracticeRequest {
  ModelPointer model;
  std::shared_ptr<const ScanSnapshot> scan;  // done; of the model and the open folder
  std::optional<core::Unit> unit;            // absent: drawn from those whose best pictures stand out
  double size = 0.4;                         // of the square, as a share of the picture's side
  std::uint64_t seed = 0;
  int number = 0;                     // which question is wanted, from 0
  std::vector<PracticePicture> seen;  // by the explorer, and asked before
};
struct PracticeQuestion {
  int number = 0;
  study::Trial trial;  // the truth
  bool switched_queries = false;
  study::QuestionPictures pictures;  // natural references
  core::OcclusionMap map;
  PicturePointer picture;
  std::filesystem::path path;
  bool truth_seen = false;  // no picture of this unit is left that was not seen
  // Relative differences of the other questions that were measured for this unit so far.
  std::vector<double> others;
};
struct PracticeSnapshot {
  PracticeRequest request;
  std::shared_ptr<const PracticeQuestion> question;  // the newest; it may be an earlier number than is wanted
  std::optional<core::Unit> preparing;               // of the wanted one
  // Its references and its picture without a square, to look at while its truth is measured; no queries.
  std::shared_ptr<const study::QuestionPictures> coming;
  int tested = 0;  // places of the square, of `places`
  int places = 0;
  std::optional<base::Error> error;
};

struct ThumbnailsRequest {
  std::vector<std::filesystem::path> paths;
  int side_px = 96;
  core::Framing framing;
  bool grey = false;
};
struct ThumbnailsSnapshot {
  ThumbnailsRequest request;
  std::vector<core::Image> pictures;  // in order of the paths; empty ones are not there (yet)
};

struct SaveRequest {  // what the window shows, to a folder: the same files as the command line writes
  std::filesystem::path folder;
  std::shared_ptr<const SweepAnswer> sweep;
  std::vector<std::shared_ptr<const VisualizeAnswer>> visualizations;
  PicturePointer picture;
  int number = 0;  // a counter, so that two saves differ
};
struct SaveSnapshot {
  int number = 0;
  std::vector<std::filesystem::path> written;
  std::optional<base::Error> error;
};

inline constexpr int kVisualizationSlots = 3;  // naive, regularized, Fourier side by side

// Of the second of two models, beside the first: the same requests, answered by a network of its own.
struct BesideRequests {
  std::optional<std::filesystem::path> open_model;
  std::optional<std::filesystem::path> show_picture;
  std::optional<DragRequest> drag;
  std::optional<ClassesRequest> classes;
  std::optional<SweepRequest> sweep;
};

// Filled by panels during a frame; the app hands each one that is set to its slot. Absent: nothing new.
// An empty model pointer in a request empties the slot: its work is dropped.
struct Requests {
  std::optional<std::filesystem::path> open_model;
  std::optional<FeedModelRequest> feed_model;
  std::optional<FeedingPreviewRequest> feeding_preview;
  BesideRequests beside;
  std::optional<std::filesystem::path> open_folder;
  std::optional<std::vector<std::filesystem::path>> open_pictures;  // dropped files
  std::optional<std::filesystem::path> show_picture;
  std::optional<DragRequest> drag;
  std::optional<ClassesRequest> classes;
  std::optional<ContactSheetRequest> contact_sheet;
  std::optional<SweepRequest> sweep;
  std::array<std::optional<VisualizeRequest>, kVisualizationSlots> visualize;
  std::optional<ScanRequest> scan;
  std::optional<PracticeRequest> practice;
  std::optional<ThumbnailsRequest> thumbnails;
  std::optional<SaveRequest> save;
  std::optional<AnalysisRequest> analysis;
  std::optional<ReportRequest> report;
  std::optional<QuestionsRequest> analysed_trial;  // pictures of the trial that the analysis shows
  std::optional<MakeTrialsRequest> make_trials;
  std::optional<ExperimentRequest> experiment;
  std::optional<QuestionsRequest> questions;
  std::vector<StoreOrder> store;  // all of them are carried out, in turn
  bool retry_store = false;
};

// What could not be opened while something else is open, which stays.
struct RefusalSnapshot {
  base::Error error;
  std::filesystem::path path;
};

struct BesideSnapshots {
  ModelPointer model;   // the newest that could be opened, or why the first could not
  ModelPointer opened;  // the newest answer to open_model or feed_model: a model, a question or an error
  PicturePointer picture;
  std::shared_ptr<const DragSnapshot> drag;
  std::shared_ptr<const ClassesSnapshot> classes;
  std::shared_ptr<const SweepAnswer> sweep;
};

// The newest of every slot; null until the first. Loaded once at the start of a frame.
struct Snapshots {
  ModelPointer model;                              // the newest that could be opened, or why the first could not
  ModelPointer opened;                             // the newest answer to open_model or feed_model
  std::shared_ptr<const FeedingQuestion> feeding;  // the newest that a model without a sidecar asked
  PicturePointer feeding_preview;
  BesideSnapshots beside;
  std::shared_ptr<const CollectionSnapshot> collection;  // likewise
  std::shared_ptr<const RefusalSnapshot> refusal;        // the newest; to be said once
  PicturePointer picture;
  std::shared_ptr<const DragSnapshot> drag;
  std::shared_ptr<const ClassesSnapshot> classes;
  std::shared_ptr<const ContactSheetSnapshot> contact_sheet;
  std::shared_ptr<const SweepAnswer> sweep;
  std::array<std::shared_ptr<const VisualizeAnswer>, kVisualizationSlots> visualize;
  std::shared_ptr<const ScanSnapshot> scan;
  std::shared_ptr<const PracticeSnapshot> practice;
  std::shared_ptr<const ThumbnailsSnapshot> thumbnails;
  std::shared_ptr<const SaveSnapshot> save;
  std::shared_ptr<const AnalysisSnapshot> analysis;
  std::shared_ptr<const ReportSnapshot> report;
  std::shared_ptr<const QuestionsSnapshot> analysed_trial;
  std::shared_ptr<const MakeTrialsSnapshot> make_trials;
  std::shared_ptr<const ExperimentSnapshot> experiment;
  std::shared_ptr<const QuestionsSnapshot> questions;
  std::shared_ptr<const StoreSnapshot> store;
};

}  // namespace engine
