// The pictures of a collection as trials need them: framed for the model, with their hash, their mask and where they
// come from. Reading is stateless and safe on any thread; origin() remembers and belongs to one thread.
#pragma once
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/image.h"
#include "core/image_io.h"
#include "engine/messages.h"
#include "study/bins.h"

namespace engine {

struct TrialPicture {
  std::string sha256;  // of the file
  core::Image image;   // framed: the bytes that are shown and fed
};

class TrialPictures {
 public:
  TrialPictures(std::shared_ptr<const CollectionSnapshot> collection, core::Framing framing);

  [[nodiscard]] const PictureEntry& entry(std::size_t row) const { return collection_->pictures[row]; }
  [[nodiscard]] std::size_t count() const { return collection_->pictures.size(); }
  [[nodiscard]] std::optional<std::size_t> find(const std::string& name) const;
  [[nodiscard]] base::Result<TrialPicture> load(std::size_t row) const;
  // Nothing where the collection has no mask for it or the mask cannot be read.
  [[nodiscard]] std::optional<core::Image> mask(std::size_t row) const;
  // The sources of collection.csv; where it has none, the look of the picture.
  study::Origin origin(std::size_t row);
  // SHA-256 over names and file hashes, in order.
  [[nodiscard]] base::Result<std::string> hash() const;
  // Where the framed picture stands in an experiment's folder: "stimuli/pictures/dog_1.png". Of pictures whose plain
  // names are alike, the first in the collection's order has it and the others are numbered: "dog_1-2.png".
  [[nodiscard]] std::string file_of(std::size_t row) const { return "stimuli/pictures/" + files_[row]; }

 private:
  std::shared_ptr<const CollectionSnapshot> collection_;
  core::Framing framing_;
  std::vector<std::string> files_;  // by row; each once
  std::map<std::size_t, study::Origin> origins_;
};

// Letters, digits, '.', '_' and '-' stay, other characters become '_'.
std::string plain_name(const std::string& text);
// "mixed4a_pre_relu-104"
std::string plain_name(const core::Unit& unit);

}  // namespace engine
