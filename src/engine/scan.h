// Scan: one pass over a collection that keeps the mean activation of every channel of every unit layer, before and
// after its ReLU, for "which pictures does this unit like best". Pictures known by their hash are read from the
// activation index and not computed again. Also chooses, by numbers, a picture and a unit that show an effect at once
// (first_choice.h), and remembers that choice for the same files.
// Used by the background thread and by commands; one thread an instance, that of its Network.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/image.h"
#include "data/activation_index.h"
#include "engine/first_choice.h"
#include "engine/messages.h"
#include "engine/slot.h"
#include "net/network.h"

namespace engine {

// The nodes whose channels a scan keeps, in order: each unit layer and, where one follows, what its ReLU makes of it.
std::vector<int> scanned_nodes(const net::Model& model);
// What the values of a picture depend on besides its bytes and the model's: the framing, the nodes, and the device, for
// what is ranked by CUDA's values and what by the CPU's are not mixed.
std::string values_key(const net::Model& model, net::Device device);

struct ScanOptions {
  std::filesystem::path index_file;  // empty: nothing is remembered
  bool first_choice = true;
};

class Scan final : public SlotJob<ScanRequest, ScanSnapshot> {
 public:
  Scan(std::shared_ptr<net::Network> network, ScanRequest request, ScanOptions options);
  ~Scan() override;

  void change(const ScanRequest&) override {}
  // Reads one picture, or runs one pass, or looks a few pictures up.
  core::StepOutcome step(const core::StopFlag& stop) override;
  [[nodiscard]] std::shared_ptr<const ScanSnapshot> snapshot() const override;

 private:
  struct Loaded {  // decoded and waiting for its pass
    int row = 0;
    std::string sha256;
    core::Image image;
  };

  core::StepOutcome read_next(const core::StopFlag& stop);
  void recall_choice();
  void remember_choice();
  core::StepOutcome run_pass(const core::StopFlag& stop);
  core::StepOutcome choose(const core::StopFlag& stop);
  void keep(int row, std::vector<float> values);
  [[nodiscard]] bool is_pass_due() const;

  std::shared_ptr<net::Network> network_;
  const ScanRequest request_;
  const ScanOptions options_;
  std::unique_ptr<data::ActivationIndex> index_;
  std::string layers_key_;
  std::string files_key_;  // of the collection's files; empty: the choice is not remembered
  std::vector<net::Wanted> wanted_;

  data::UnitTable table_;
  int total_ = 0;
  int next_ = 0;  // the first picture that was not read
  int chosen_after_ = 0;
  std::vector<Loaded> loaded_;
  std::vector<SkippedEntry> skipped_;
  std::optional<FirstChoice> choosing_;
  std::optional<std::pair<std::size_t, core::Unit>> first_choice_;
  bool recalled_ = false;  // the first choice is one that was made before
  bool done_ = false;
  std::optional<base::Error> error_;
  // The table as it was published last; look-ups of older snapshots keep theirs.
  mutable std::shared_ptr<const data::UnitTable> published_table_;
};

}  // namespace engine
