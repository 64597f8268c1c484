// The activation index: for one model and one folder, the mean activation of every channel of every unit layer for
// every picture, cached on disk by hashes (model, picture, framing), so that a second start needs no pass. SQLite. One
// thread an instance; the loaded table is immutable and shared.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace data {

// The answer to "which pictures does this unit like best", all in memory.
struct UnitTable {
  std::string model_sha256;
  std::vector<std::string> layers;    // canonical names
  std::vector<int> channels;          // of each layer
  std::vector<std::string> pictures;  // file names; rows of values
  std::vector<std::vector<float>>
      values;  // [picture][all channels of all layers, in order]; an empty row: not scanned yet
  int scanned = 0;

  // Column of a unit in `values`; nothing if the layer was not scanned.
  [[nodiscard]] std::optional<std::size_t> column(const std::string& layer, int channel) const;
};
struct Ranked {
  int picture = 0;  // row of the table
  float activation = 0.0F;
  int rank = 0;  // 1 is best
};
// Highest first, NaN last; ties by picture order. top <= 0: all scanned.
std::vector<Ranked> best_pictures(const UnitTable& table, std::size_t column, int top);
// The first of them; nothing where no picture was scanned.
std::optional<Ranked> best_picture(const UnitTable& table, std::size_t column);
struct Spread {
  float mean = 0.0F;
  float standard_deviation = 0.0F;
  int pictures = 0;
};
Spread spread(const UnitTable& table, std::size_t column);

class ActivationIndex {
 public:
  // Opens or makes the cache file. A damaged one is set aside with a new name, said in the log, and made anew.
  static base::Result<std::unique_ptr<ActivationIndex>> open(const std::filesystem::path& file);
  ~ActivationIndex();

  // What is known of a picture (by the SHA-256 of its file) for a model; nothing if it was never scanned.
  base::Result<std::optional<std::vector<float>>> find(const std::string& model_sha256, const std::string& layers_key,
                                                       const std::string& picture_sha256);
  base::Status store(const std::string& model_sha256, const std::string& layers_key, const std::string& picture_sha256,
                     const std::vector<float>& values);

 private:
  struct State;
  explicit ActivationIndex(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

std::filesystem::path default_index_file();  // in the user's cache folder

}  // namespace data
