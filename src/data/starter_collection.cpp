// Three passes, each a file a step: look at the cut-outs, load the backgrounds, make the pictures. Between them stands
// the plan, which says everything about every picture; random numbers are drawn only there.
#include <algorithm>
#include <cctype>
#include <map>
#include <numeric>

#include "base/rng.h"
#include "core/csv.h"
#include "core/file.h"
#include "data/collection.h"
#include "data/composite.h"
#include "data/photograph.h"

namespace data {
namespace {

namespace fs = std::filesystem;

constexpr int kSide_px = 224;
constexpr int kBackgroundShortSide_px = 640;
constexpr int kSmall = 16;
constexpr int kEdge_px = 4;           // free at least between object and border
constexpr double kMaxEnlarged = 1.3;  // of a cut-out's own pixels
constexpr int kProposals = 2;
constexpr core::Size kPicture = {kSide_px, kSide_px};

struct Object {
  fs::path path;
  std::string source;  // relative to the stamps
  std::string label;
  core::Size size;  // trimmed
  bool may_mirror = true;
};
struct Background {
  std::string source;
  core::Image image;
  core::Image small;  // shrunk by kSmall, to see where it is calm
};
struct Planned {
  std::string file;
  int background = 0;
  int crop_x_px = 0, crop_y_px = 0, crop_side_px = 0;  // of the background
  int object = -1;                                     // none: a plain crop
  bool mirror = false;
  int x_px = 0, y_px = 0;
  core::Size size;
};

// Folders of drawings, gravestones and arms; patterns; and second copies that only look the other way.
bool is_left_out_by_name(const fs::path& path) {
  constexpr std::string_view kFolders[] = {"cartoon",  "clothes",   "easter",  "flags", "halloween",
                                           "military", "roadsigns", "symbols", "toys"};
  const std::string stem = path.stem().string();
  return stem.ends_with("_mirror") || stem.find("pattern") != std::string::npos ||
         std::ranges::any_of(path, [&](const fs::path& part) {
           return std::ranges::find(kFolders, part.string()) != std::end(kFolders);
         });
}

std::vector<fs::path> files_in(const fs::path& folder, bool below, std::initializer_list<const char*> extensions) {
  std::vector<fs::path> found;
  std::error_code error;
  const auto add = [&](const fs::directory_entry& entry) {
    std::error_code unknown;
    const bool known = std::ranges::find(extensions, entry.path().extension().string()) != extensions.end();
    if (known && entry.is_regular_file(unknown)) found.push_back(entry.path());
  };
  if (below) {
    for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
      add(*entry);
  } else {
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) add(*entry);
  }
  std::ranges::sort(found);
  return found;
}

// "An Adelaide Rosella." in the text beside the stamp; where that is a whole sentence, the words of the file name.
std::string label_of(const fs::path& stamp) {
  std::string label;
  if (const auto text = core::load_text(fs::path(stamp).replace_extension(".txt"), 1U << 20))
    label = text->substr(0, text->find_first_of("\r\n.,;:!?("));
  for (const std::string_view article : {"A ", "An ", "The ", "Some "})
    if (label.starts_with(article)) label.erase(0, article.size());
  while (label.ends_with(' ')) label.pop_back();
  if (!label.empty() && std::ranges::count(label, ' ') <= 2) return label;
  label = stamp.stem().string();
  label.erase(0, label.find_first_not_of("0123456789-_"));
  std::ranges::replace_if(
      label, [](char c) { return c == '-' || c == '_'; }, ' ');
  return label;
}

bool may_mirror(const fs::path& stamp) {
  const auto options = core::load_text(fs::path(stamp).replace_extension(".dat"), 1U << 20);
  return !options || options->find("nomirror") == std::string::npos;
}

// A file name of letters, digits and dashes.
std::string file_stem(const fs::path& source) {
  std::string stem;
  for (const char c : source.stem().string()) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0)
      stem += static_cast<char>(std::tolower(byte));
    else if (!stem.empty() && stem.back() != '-')
      stem += '-';
  }
  while (stem.ends_with('-')) stem.pop_back();
  return stem.empty() ? "picture" : stem;
}

// Draws 0 … count − 1 in a shuffled order, then in another one, so that everything comes equally often.
class Bag {
 public:
  explicit Bag(int count) : order_(static_cast<std::size_t>(count)) { std::iota(order_.begin(), order_.end(), 0); }
  int draw(base::Rng& rng) {
    if (next_ == 0)
      for (std::size_t i = order_.size(); i > 1; --i)
        std::swap(order_[i - 1], order_[static_cast<std::size_t>(rng.below(static_cast<int>(i)))]);
    const int drawn = order_[next_];
    next_ = (next_ + 1) % order_.size();
    return drawn;
  }

 private:
  std::vector<int> order_;
  std::size_t next_ = 0;
};

class StarterJob final : public core::Job<StarterProgress> {
 public:
  explicit StarterJob(StarterOptions options) : options_(std::move(options)) {
    progress_.total = options_.pictures;
    stamps_ = files_in(options_.stamps, true, {".png"});
    std::erase_if(stamps_,
                  [&](const fs::path& path) { return is_left_out_by_name(path.lexically_relative(options_.stamps)); });
    for (const fs::path& folder : options_.backgrounds) {
      for (const fs::path& path : files_in(folder, false, {".jpg", ".jpeg", ".png"}))
        if (!is_left_out_by_name(path.filename())) photographs_.push_back(path);
    }
  }

  core::StepOutcome step(const core::StopFlag& stop) override {
    if (stop.stop_requested()) return core::StepOutcome::stopped;
    if (next_stamp_ < stamps_.size()) {
      examine(stamps_[next_stamp_++]);
    } else if (next_photograph_ < photographs_.size()) {
      load_background(photographs_[next_photograph_++]);
    } else if (plan_.empty()) {
      if (const auto planned = make_plan(); !planned) return fail(planned.error());
    } else if (progress_.made < std::ssize(plan_)) {
      if (const auto status = make(plan_[static_cast<std::size_t>(progress_.made)]); !status)
        return fail(status.error());
      ++progress_.made;
    }
    if (plan_.empty() || progress_.made < std::ssize(plan_)) return core::StepOutcome::more;
    progress_.done = true;
    return core::StepOutcome::done;
  }

  [[nodiscard]] std::shared_ptr<const StarterProgress> snapshot() const override {
    return std::make_shared<const StarterProgress>(progress_);
  }

 private:
  core::StepOutcome fail(const base::Error& error) {
    progress_.error = error;
    progress_.done = true;
    return core::StepOutcome::done;
  }

  void examine(const fs::path& path) {
    const auto cutout = core::load_cutout(path);
    if (!cutout) {
      progress_.skipped.push_back({path, cutout.error()});
      return;
    }
    const core::Cutout object = trimmed(*cutout);
    if (is_photographic(object))
      objects_.push_back({path, path.lexically_relative(options_.stamps).generic_string(), label_of(path), object.size,
                          may_mirror(path)});
  }

  void load_background(const fs::path& path) {
    const auto image = core::load_image(path);
    if (!image) {
      progress_.skipped.push_back({path, image.error()});
      return;
    }
    const auto [width, height] = image->size;
    const int shorter = std::min(width, height);
    if (shorter < kSide_px) return;
    const double scale = std::min(1.0, static_cast<double>(kBackgroundShortSide_px) / shorter);
    Background background{path.filename().string(),
                          core::resize(*image, {static_cast<int>(width * scale), static_cast<int>(height * scale)}),
                          {}};
    background.small = core::resize(
        background.image, {background.image.size.width_px / kSmall, background.image.size.height_px / kSmall});
    if (is_photographic(background.image)) backgrounds_.push_back(std::move(background));
  }

  base::Status make_plan();
  [[nodiscard]] Planned propose(int object_index, int background, base::Rng& rng) const;
  [[nodiscard]] double unrest(const Planned& planned) const;
  base::Status begin_folder();
  [[nodiscard]] base::Status make(const Planned& planned) const;
  [[nodiscard]] std::vector<std::string> row(const Planned& planned) const;

  StarterOptions options_;
  StarterProgress progress_;
  std::vector<fs::path> stamps_, photographs_;
  std::size_t next_stamp_ = 0, next_photograph_ = 0;
  std::vector<Object> objects_;
  std::vector<Background> backgrounds_;
  std::vector<Planned> plan_;
  bool resuming_ = false;
};

base::Status StarterJob::make_plan() {
  if (objects_.empty() || backgrounds_.empty())
    return base::Error{"The starter pictures cannot be made",
                       objects_.empty() ? "there are no photographic cut-outs in " + options_.stamps.string()
                                        : std::string("there are no photographs in the folders of backgrounds"),
                       "Install tuxpaint-stamps-default, mate-backgrounds and lomiri-wallpapers-16.04."};
  base::Rng rng(options_.seed, "starter collection");
  Bag objects(static_cast<int>(objects_.size())), backgrounds(static_cast<int>(backgrounds_.size()));
  std::map<std::string, int> times_used;
  const int composites = options_.pictures - options_.pictures / 6;
  for (int i = 0; i < options_.pictures; ++i) {
    const int object = i < composites ? objects.draw(rng) : -1;
    // An object looks at home where the background has no subject of its own: the calmest of a few proposals.
    Planned planned = propose(object, backgrounds.draw(rng), rng);
    for (int again = 1; object >= 0 && again < kProposals; ++again) {
      const Planned other = propose(object, backgrounds.draw(rng), rng);
      if (unrest(other) < unrest(planned)) planned = other;
    }
    const std::string stem =
        file_stem(i < composites ? objects_[static_cast<std::size_t>(planned.object)].path
                                 : fs::path(backgrounds_[static_cast<std::size_t>(planned.background)].source));
    planned.file = stem + "_" + std::to_string(++times_used[stem]) + ".png";
    plan_.push_back(planned);
  }
  return begin_folder();
}

// Somewhere in the background; the object large enough to be seen, in the lower part, where things stand.
Planned StarterJob::propose(int object_index, int background, base::Rng& rng) const {
  Planned planned;
  planned.background = background;
  planned.object = object_index;
  const auto [width, height] = backgrounds_[static_cast<std::size_t>(background)].image.size;
  const int shorter = std::min(width, height);
  planned.crop_side_px = std::max(kSide_px, static_cast<int>(rng.uniform(0.4, 1.0) * shorter));
  planned.crop_x_px = rng.below(width - planned.crop_side_px + 1);
  planned.crop_y_px = rng.below(height - planned.crop_side_px + 1);
  if (object_index < 0) return planned;

  const Object& object = objects_[static_cast<std::size_t>(object_index)];
  const double longer = std::max(object.size.width_px, object.size.height_px);
  const double scale = std::min(rng.uniform(0.5, 0.85) * kSide_px / longer, kMaxEnlarged);
  planned.size = {std::max(1, static_cast<int>(scale * object.size.width_px)),
                  std::max(1, static_cast<int>(scale * object.size.height_px))};
  planned.x_px = kEdge_px + rng.below(kSide_px - 2 * kEdge_px - planned.size.width_px + 1);
  const int bottom_px = static_cast<int>(rng.uniform(0.7, 0.98) * kSide_px);
  planned.y_px = std::clamp(bottom_px - planned.size.height_px, kEdge_px, kSide_px - kEdge_px - planned.size.height_px);
  planned.mirror = rng.uniform() < 0.5 && object.may_mirror;
  return planned;
}

// The variance of the crop's colours at the scale of kSmall pixels: grass and sky are calm, a bowl with a fig is not.
double StarterJob::unrest(const Planned& planned) const {
  const core::Image& small = backgrounds_[static_cast<std::size_t>(planned.background)].small;
  const int side = std::max(1, planned.crop_side_px / kSmall);
  const int left = std::min(planned.crop_x_px / kSmall, small.size.width_px - side);
  const int top = std::min(planned.crop_y_px / kSmall, small.size.height_px - side);
  double variance = 0.0;
  for (int c = 0; c < 3; ++c) {
    double sum = 0.0, squares = 0.0;
    for (int y = top; y < top + side; ++y) {
      for (int x = left; x < left + side; ++x) {
        const double value = small.pixel(x, y)[c];
        sum += value;
        squares += value * value;
      }
    }
    const double count = static_cast<double>(side) * side;
    variance += squares / count - sum * sum / (count * count);
  }
  return variance;
}

std::vector<std::string> StarterJob::row(const Planned& planned) const {
  const std::string& background = backgrounds_[static_cast<std::size_t>(planned.background)].source;
  if (planned.object < 0) return {planned.file, "", "", background, "", "", "", "", ""};
  const Object& object = objects_[static_cast<std::size_t>(planned.object)];
  return {planned.file,
          object.label,
          object.source,
          background,
          "masks/" + planned.file,
          std::to_string(planned.x_px),
          std::to_string(planned.y_px),
          std::to_string(planned.size.width_px),
          std::to_string(planned.size.height_px)};
}

// The table is written first: it marks the folder as ours, and tells a later run whether what is there is what it would
// make. Pictures of another plan are removed.
base::Status StarterJob::begin_folder() {
  std::string table = core::csv_row(starter_columns());
  for (const Planned& planned : plan_) table += core::csv_row(row(planned));
  std::error_code error;
  fs::create_directories(options_.folder / "masks", error);
  if (error)
    return base::Error{"The folder " + options_.folder.string() + " cannot be made", error.message(),
                       "Choose one that you may write to."};
  const fs::path path = options_.folder / "collection.csv";
  const auto before = core::load_text(path);
  resuming_ = before && *before == table;
  if (before && !resuming_) {
    const auto rows = core::parse_csv(*before);
    for (const auto& old : std::span(rows).subspan(1)) {
      const fs::path name = fs::path(old.front()).filename();
      fs::remove(options_.folder / name, error);
      fs::remove(options_.folder / "masks" / name, error);
    }
  }
  return core::save_text(path, table);
}

base::Status StarterJob::make(const Planned& planned) const {
  const fs::path picture = options_.folder / planned.file, mask = options_.folder / "masks" / planned.file;
  std::error_code error;
  if (resuming_ && fs::exists(picture, error) && (planned.object < 0 || fs::exists(mask, error))) return {};
  const core::Image crop =
      core::resize(core::crop(backgrounds_[static_cast<std::size_t>(planned.background)].image, planned.crop_x_px,
                              planned.crop_y_px, {planned.crop_side_px, planned.crop_side_px}),
                   kPicture);
  if (planned.object < 0) return core::save_png(picture, crop);
  auto cutout = core::load_cutout(objects_[static_cast<std::size_t>(planned.object)].path);
  if (!cutout) return cutout.error();
  core::Cutout object = trimmed(*cutout);
  if (planned.mirror) object = mirrored(std::move(object));
  const Composite composite = lay_over(crop, object, planned.x_px, planned.y_px, planned.size);
  if (const auto status = core::save_png(mask, composite.mask); !status) return status;
  return core::save_png(picture, composite.picture);
}

// Empty, or one that this program began: nothing of the user's may be among the pictures.
base::Status check_folder(const fs::path& folder) {
  std::error_code error;
  if (!fs::exists(folder, error)) return {};
  const auto refuse = [&](const std::string& why) {
    return base::Error{"The starter pictures cannot be made in " + folder.string(), why,
                       "Choose an empty or a new folder."};
  };
  if (!fs::is_directory(folder, error)) return refuse("it is not a folder");
  const auto table = core::load_text(folder / "collection.csv");
  const auto rows = table ? core::parse_csv(*table) : std::vector<std::vector<std::string>>();
  const bool ours = !rows.empty() && rows.front() == starter_columns();
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    const bool left_over = name.find(".tmp-") != std::string::npos;
    const bool listed = name == "collection.csv" || name == "masks" ||
                        std::ranges::any_of(rows, [&](const auto& cells) { return cells.front() == name; });
    if (!left_over && !(ours && listed)) return refuse("it holds another file, " + name);
  }
  return error ? base::Status(refuse(error.message())) : base::Status();
}

}  // namespace

base::Result<std::unique_ptr<core::Job<StarterProgress>>> make_starter(const StarterOptions& options) {
  constexpr int kMaxPictures = 100000;
  if (options.pictures < 1 || options.pictures > kMaxPictures)
    return base::Error{"The starter pictures cannot be made",
                       std::to_string(options.pictures) + " pictures are asked for", "Ask for 1 to 100000."};
  if (const auto status = check_folder(options.folder); !status) return status.error();
  return std::unique_ptr<core::Job<StarterProgress>>(std::make_unique<StarterJob>(options));
}

}  // namespace data
