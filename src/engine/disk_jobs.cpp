#include "engine/disk_jobs.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "engine/once.h"
#include "engine/open.h"

namespace engine {
namespace {

namespace fs = std::filesystem;
using core::StepOutcome;

// ---- thumbnails --------------------------------------------------------------------------------------------------

constexpr std::size_t kMaxRemembered = 1024;

// The framing of the model at the size of a thumbnail: what is seen small is what is seen large.
core::Framing small_framing(const core::Framing& framing, int side_px) {
  const int longer_px = std::max({1, framing.crop.width_px, framing.crop.height_px});
  if (longer_px <= side_px) return framing;  // no more than the network sees
  const auto scaled = [&](int px) { return std::max(1, px * side_px / longer_px); };
  const core::Size crop{scaled(framing.crop.width_px), scaled(framing.crop.height_px)};
  return {std::max({scaled(framing.resize_short_side_px), crop.width_px, crop.height_px}), crop};
}

// Thumbnails made so far, so that scrolling back decodes nothing again; forgotten all together when there are many.
class ThumbnailShelf {
 public:
  using Key = std::tuple<std::string, int, int, int, int, bool>;
  static Key key_of(const fs::path& path, const ThumbnailsRequest& request) {
    const core::Framing& framing = request.framing;
    return {path.string(),         request.side_px,        framing.resize_short_side_px,
            framing.crop.width_px, framing.crop.height_px, request.grey};
  }
  [[nodiscard]] const core::Image* find(const Key& key) const {
    const auto found = shelf_.find(key);
    return found == shelf_.end() ? nullptr : &found->second;
  }
  void keep(const Key& key, const core::Image& image) {
    if (shelf_.size() >= kMaxRemembered) shelf_.clear();
    shelf_[key] = image;
  }

 private:
  std::map<Key, core::Image> shelf_;
};

class Thumbnails final : public SlotJob<ThumbnailsRequest, ThumbnailsSnapshot> {
 public:
  Thumbnails(const ThumbnailsRequest& request, std::shared_ptr<ThumbnailShelf> shelf) : shelf_(std::move(shelf)) {
    answer_.request = request;
    answer_.pictures.resize(request.paths.size());
    for (std::size_t i = 0; i < request.paths.size(); ++i)
      if (const core::Image* known = shelf_->find(key(i)))
        answer_.pictures[i] = *known;
      else
        missing_.push_back(i);
    std::reverse(missing_.begin(), missing_.end());
  }

  void change(const ThumbnailsRequest& /*the same one again*/) override {}

  StepOutcome step(const core::StopFlag& /*one picture is not worth stopping*/) override {
    if (missing_.empty()) return StepOutcome::done;
    const std::size_t i = missing_.back();
    missing_.pop_back();
    const ThumbnailsRequest& request = answer_.request;
    // A picture that cannot be read stays empty; the scan says why.
    answer_.pictures[i] =
        open_picture(request.paths[i], small_framing(request.framing, request.side_px), request.grey)->seen();
    shelf_->keep(key(i), answer_.pictures[i]);
    return missing_.empty() ? StepOutcome::done : StepOutcome::more;
  }

  std::shared_ptr<const ThumbnailsSnapshot> snapshot() const override {
    return std::make_shared<ThumbnailsSnapshot>(answer_);
  }

 private:
  [[nodiscard]] ThumbnailShelf::Key key(std::size_t i) const {
    return ThumbnailShelf::key_of(answer_.request.paths[i], answer_.request);
  }

  std::shared_ptr<ThumbnailShelf> shelf_;
  ThumbnailsSnapshot answer_;
  std::vector<std::size_t> missing_;  // the next one last
};

// ---- save --------------------------------------------------------------------------------------------------------

// "mixed4a_pre_relu-104", fit for a file name.
std::string name_of(const core::Unit& unit) {
  std::string name = core::to_string(unit);
  for (char& c : name)
    if (c == ':' || c == '/' || c == '\\' || c == '"' || c == ' ') c = '-';
  return name;
}

base::Result<Files> save_sweep(const SaveRequest& request, const MadeBy& made_by) {
  const core::SweepSnapshot& sweep = request.sweep->sweep;
  const std::string picture = fs::path(request.picture->name).stem().string();
  const std::string name = name_of(sweep.spec.unit) + "-" + picture + "-" + std::to_string(sweep.spec.side_px) + "px";
  return write_occlusion(fresh_path(request.folder / name), sweep, request.picture->image, made_by);
}

base::Result<Files> save_visualization(const fs::path& folder, const core::VisualizationSnapshot& visualization) {
  const core::VisualizeSpec& spec = visualization.spec;
  const bool is_fourier = spec.parameterization == core::Parameterization::fourier;
  const std::string name =
      name_of(spec.unit) + (is_fourier ? "-fourier-" : "-pixels-") + std::to_string(visualization.step) + "-steps.png";
  return write_visualization(fresh_path(folder / name), visualization);
}

std::shared_ptr<const SaveSnapshot> save(const SaveRequest& request, const MadeBy& made_by) {
  auto answer = std::make_shared<SaveSnapshot>();
  answer->number = request.number;
  const auto add = [&](const base::Result<Files>& files) {
    if (files)
      answer->written.insert(answer->written.end(), files->begin(), files->end());
    else if (!answer->error)
      answer->error = files.error();
  };
  if (request.sweep && request.picture && !request.picture->image.empty()) add(save_sweep(request, made_by));
  for (const auto& visualization : request.visualizations)
    if (visualization) add(save_visualization(request.folder, visualization->visualization));
  if (answer->written.empty() && !answer->error)
    answer->error = base::Error{"Nothing was saved", "there is neither an occlusion map nor a visualization yet",
                                "Choose a unit and a picture first."};
  return answer;
}

// ---- what is in a picture ----------------------------------------------------------------------------------------

std::string label_in(const CollectionSnapshot& collection, const fs::path& path) {
  const auto found = std::ranges::find(collection.pictures, path, &PictureEntry::path);
  return found == collection.pictures.end() ? std::string() : found->label;
}

}  // namespace

SlotRules<OpenModelRequest, ModelSnapshot> open_model_rules(net::Device device, int threads, bool beside) {
  auto rules = once<OpenModelRequest, ModelSnapshot>([=](const OpenModelRequest& request) {
    return open_model(request.path, device, threads, request.feeding, beside);
  });
  rules.failed = [](const OpenModelRequest& request, base::Error error) {
    auto snapshot = std::make_shared<ModelSnapshot>();
    snapshot->path = request.path;
    snapshot->error = std::move(error);
    return snapshot;
  };
  return rules;
}

SlotRules<OpenCollectionRequest, CollectionSnapshot> open_collection_rules() {
  auto rules = once<OpenCollectionRequest, CollectionSnapshot>(
      [](const OpenCollectionRequest& request) { return open_collection(request.paths); });
  rules.failed = [](const OpenCollectionRequest& request, base::Error error) {
    auto snapshot = std::make_shared<CollectionSnapshot>();
    if (!request.paths.empty()) snapshot->folder = request.paths.front();
    snapshot->error = std::move(error);
    return snapshot;
  };
  return rules;
}

SlotRules<ShowPictureRequest, PictureSnapshot> show_picture_rules() {
  auto rules = once<ShowPictureRequest, PictureSnapshot>([](const ShowPictureRequest& request) {
    auto picture = std::make_shared<PictureSnapshot>(*open_picture(request.path, request.framing, request.grey));
    if (request.collection) picture->label = label_in(*request.collection, request.path);
    return picture;
  });
  rules.failed = [](const ShowPictureRequest& request, base::Error error) {
    auto snapshot = std::make_shared<PictureSnapshot>();
    snapshot->file.path = request.path.string();
    snapshot->name = request.path.filename().string();
    snapshot->error = std::move(error);
    return snapshot;
  };
  return rules;
}

SlotRules<FeedingPreviewRequest, PictureSnapshot> feeding_preview_rules() {
  auto rules = once<FeedingPreviewRequest, PictureSnapshot>([](const FeedingPreviewRequest& request) {
    return open_picture(request.picture, request.framing, request.grey);
  });
  rules.failed = [](const FeedingPreviewRequest& request, base::Error error) {
    auto snapshot = std::make_shared<PictureSnapshot>();
    snapshot->file.path = request.picture.string();
    snapshot->error = std::move(error);
    return snapshot;
  };
  return rules;
}

SlotRules<ThumbnailsRequest, ThumbnailsSnapshot> thumbnails_rules() {
  SlotRules<ThumbnailsRequest, ThumbnailsSnapshot> rules;
  rules.same_job = [](const ThumbnailsRequest& a, const ThumbnailsRequest& b) {
    return a.side_px == b.side_px && a.framing == b.framing && a.grey == b.grey && a.paths == b.paths;
  };
  rules.make = [shelf = std::make_shared<ThumbnailShelf>()](const ThumbnailsRequest& request)
      -> base::Result<std::unique_ptr<SlotJob<ThumbnailsRequest, ThumbnailsSnapshot>>> {
    if (request.side_px < 1)
      return base::Error{"The thumbnails cannot be made", "their side is " + std::to_string(request.side_px) + " px",
                         "Ask for at least 1."};
    return {std::make_unique<Thumbnails>(request, shelf)};
  };
  rules.failed = [](const ThumbnailsRequest& request, const base::Error&) {
    auto snapshot = std::make_shared<ThumbnailsSnapshot>();
    snapshot->request = request;
    snapshot->pictures.resize(request.paths.size());
    return snapshot;
  };
  rules.publish_interval = std::chrono::milliseconds(100);
  rules.yields_to_hand = true;
  return rules;
}

SlotRules<SaveRequest, SaveSnapshot> save_rules(MadeBy made_by) {
  auto rules = once<SaveRequest, SaveSnapshot>(
      [made_by = std::move(made_by)](const SaveRequest& request) { return save(request, made_by); });
  rules.failed = [](const SaveRequest& request, base::Error error) {
    auto snapshot = std::make_shared<SaveSnapshot>();
    snapshot->number = request.number;
    snapshot->error = std::move(error);
    return snapshot;
  };
  return rules;
}

}  // namespace engine
