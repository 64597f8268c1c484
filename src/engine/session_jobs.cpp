// Opening an experiment and loading the pictures of its coming questions. Folders come from other people: a name that
// leads out of the folder is refused. What goes wrong with a question is told without the names of its files, because
// they say which of the two is which.
#include <algorithm>
#include <span>

#include "base/hash.h"
#include "core/image_io.h"
#include "engine/disk_jobs.h"
#include "engine/once.h"

namespace engine {
namespace {

namespace fs = std::filesystem;
using core::StepOutcome;
constexpr int kMostScale = 64;
using PicturesPointer = std::shared_ptr<const study::QuestionPictures>;

base::Result<study::Texts> read_texts(const fs::path& folder) {
  std::error_code ignored;
  const fs::path file = folder / "texts.json";
  if (!fs::exists(file, ignored)) return study::default_texts();
  const auto text = core::load_text(file);
  if (!text) return text.error();
  return study::texts_from_json(*text);
}

base::Status open_experiment(const fs::path& folder, ExperimentSnapshot& snapshot) {
  const auto text = core::load_text(folder / "trials.json");
  if (!text) return text.error();
  auto experiment = study::experiment_from_json(*text);
  if (!experiment) return experiment.error();
  auto texts = read_texts(folder);
  if (!texts) return texts.error();
  snapshot.hash = base::sha256_hex(std::as_bytes(std::span(*text)));
  snapshot.experiment = std::make_shared<study::Experiment>(std::move(*experiment));
  snapshot.texts = std::move(*texts);
  return {};
}

std::shared_ptr<const ExperimentSnapshot> opened_experiment(const ExperimentRequest& request) {
  auto snapshot = std::make_shared<ExperimentSnapshot>();
  std::error_code ignored;
  snapshot->folder = request.folder;
  fs::path whole = fs::weakly_canonical(request.folder, ignored);
  if (whole.filename().empty()) whole = whole.parent_path();
  snapshot->name = whole.filename().string();
  if (const auto status = open_experiment(request.folder, *snapshot); !status) snapshot->error = status.error();
  return snapshot;
}

// ---- questions -----------------------------------------------------------------------------------------------------

bool stays_inside(const fs::path& name) {
  return name.is_relative() && std::ranges::none_of(name, [](const fs::path& part) { return part == ".."; });
}

base::Result<core::Image> load_inside(const fs::path& folder, const std::string& name) {
  if (!stays_inside(name)) return base::Error{"A picture cannot be read", "its name leads out of the folder", ""};
  return core::load_image(folder / name);
}

base::Result<PicturesPointer> load_question(const QuestionsRequest& request, const study::QuestionFiles& files) {
  auto made = std::make_shared<study::QuestionPictures>();
  bool all_there = true;
  const auto load = [&](const std::string& name, core::Image& into) {
    auto image = load_inside(request.folder, name);
    all_there = all_there && image.ok();
    if (image) into = std::move(*image);
  };
  load(files.base, made->base);
  load(files.left, made->left);
  load(files.right, made->right);
  const core::Size side{request.reference_side_px, request.reference_side_px};
  for (const std::string& name : files.references) {
    load(name, made->references.emplace_back());
    core::Image& reference = made->references.back();
    if (!reference.empty() && !(reference.size == side)) reference = core::resize(reference, side);
  }
  if (!all_there)
    return base::Error{"The pictures of a question cannot be read", "some of them are missing or damaged",
                       "Run unitscope-cli trials check on the experiment's folder"};
  if (!(made->left.size == made->right.size) || !(made->left.size == made->base.size))
    return base::Error{"The pictures of a question cannot be shown", "they differ in size",
                       "Run unitscope-cli trials check on the experiment's folder"};
  if (request.image_scale > 1)
    for (core::Image* image : {&made->base, &made->left, &made->right})
      *image = core::repeated(*image, request.image_scale);
  return PicturesPointer(made);
}

// What the last request loaded, so that the next question is there already when it becomes the present one.
struct Loaded {
  fs::path folder;
  int reference_side_px = 0;
  int image_scale = 0;
  std::vector<std::pair<study::QuestionFiles, PicturesPointer>> questions;
};

class Questions final : public SlotJob<QuestionsRequest, QuestionsSnapshot> {
 public:
  Questions(const QuestionsRequest& request, std::shared_ptr<Loaded> loaded) : loaded_(std::move(loaded)) {
    answer_.request = request;
    answer_.pictures.resize(request.questions.size());
    const bool same_look = loaded_->folder == request.folder &&
                           loaded_->reference_side_px == request.reference_side_px &&
                           loaded_->image_scale == request.image_scale;
    if (!same_look) *loaded_ = {request.folder, request.reference_side_px, request.image_scale, {}};
    for (std::size_t i = 0; i < answer_.pictures.size(); ++i)
      for (const auto& [files, pictures] : loaded_->questions)
        if (files == request.questions[i]) answer_.pictures[i] = pictures;
    loaded_->questions.clear();
    for (std::size_t i = 0; i < answer_.pictures.size(); ++i)
      if (answer_.pictures[i]) loaded_->questions.emplace_back(request.questions[i], answer_.pictures[i]);
  }

  void change(const QuestionsRequest& /*the same one again*/) override {}

  StepOutcome step(const core::StopFlag& /*one question is not worth stopping*/) override {
    const auto missing = std::ranges::find(answer_.pictures, nullptr);
    if (missing == answer_.pictures.end() || answer_.error) return StepOutcome::done;
    const QuestionsRequest& request = answer_.request;
    const study::QuestionFiles& files = request.questions[static_cast<std::size_t>(missing - answer_.pictures.begin())];
    auto pictures = load_question(request, files);
    if (!pictures) {
      answer_.error = pictures.error();
      return StepOutcome::done;
    }
    *missing = *pictures;
    loaded_->questions.emplace_back(files, *pictures);
    return StepOutcome::more;
  }

  std::shared_ptr<const QuestionsSnapshot> snapshot() const override {
    return std::make_shared<QuestionsSnapshot>(answer_);
  }

 private:
  std::shared_ptr<Loaded> loaded_;
  QuestionsSnapshot answer_;
};

}  // namespace

SlotRules<ExperimentRequest, ExperimentSnapshot> experiment_rules() {
  auto rules = once<ExperimentRequest, ExperimentSnapshot>(opened_experiment);
  rules.failed = [](const ExperimentRequest& request, base::Error error) {
    auto snapshot = std::make_shared<ExperimentSnapshot>();
    snapshot->folder = request.folder;
    snapshot->error = std::move(error);
    return snapshot;
  };
  return rules;
}

SlotRules<QuestionsRequest, QuestionsSnapshot> questions_rules() {
  SlotRules<QuestionsRequest, QuestionsSnapshot> rules;
  rules.same_job = [](const QuestionsRequest& a, const QuestionsRequest& b) {
    return a.folder == b.folder && a.reference_side_px == b.reference_side_px && a.image_scale == b.image_scale &&
           a.questions == b.questions;
  };
  rules.make = [loaded = std::make_shared<Loaded>()](const QuestionsRequest& request)
      -> base::Result<std::unique_ptr<SlotJob<QuestionsRequest, QuestionsSnapshot>>> {
    const bool fits = request.reference_side_px >= 1 && request.reference_side_px <= core::kMaxSide_px &&
                      request.image_scale >= 1 && request.image_scale <= kMostScale;
    if (!fits)
      return base::Error{"The pictures of a question cannot be made", "their size on screen is out of range",
                         "Make the window smaller"};
    return {std::make_unique<Questions>(request, loaded)};
  };
  rules.failed = [](const QuestionsRequest& request, base::Error error) {
    auto snapshot = std::make_shared<QuestionsSnapshot>();
    snapshot->request = request;
    snapshot->pictures.resize(request.questions.size());
    snapshot->error = std::move(error);
    return snapshot;
  };
  rules.yields_to_hand = false;
  return rules;
}

}  // namespace engine
