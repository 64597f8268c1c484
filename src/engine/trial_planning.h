// From ranks to planned trials: which picture is asked about, which stand beside it, for one unit; and which other
// units are worth a look for catch and practice trials. No network runs here. One thread an instance.
#pragma once
#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/messages.h"
#include "engine/trial_pictures.h"
#include "engine/trial_stimuli.h"
#include "engine/units_file.h"
#include "net/model.h"
#include "study/bins.h"
#include "study/experiment.h"

namespace engine {

struct UnitPlan {
  study::UnitEntry entry;
  study::BinsUsed bins;
  std::vector<PlannedTrial> options;  // by image set; one where the picture was chosen by hand
  std::string refusal;                // why there are none; a sentence
};

class TrialPlanner {
 public:
  // All outlive the planner. `scan` is done.
  TrialPlanner(const net::Model& model, const ScanSnapshot& scan, TrialPictures& pictures,
               const study::ExperimentSpec& spec)
      : model_(model), scan_(scan), pictures_(pictures), spec_(spec) {}

  // The unit's image sets; where the bins hold fewer than `least`, the pictures that follow the best bin are asked
  // about, too, best first. Refuses a collection that is too small and a picture by hand that is not in it.
  base::Result<UnitPlan> plan(const UnitChoice& choice, int least);

  // One planned trial for each of at most `count` units of the layers of `main`, in turn from every layer, those first
  // whose best picture stands out most, in standard deviations of the unit over the pictures; of layers with many
  // channels 64 drawn ones are looked at. With `early_layers` the later half of the layers, whose sweeps cost most,
  // only gives what the earlier half lacks. No two trials, nor any of `taken` (rows), ask about the same picture.
  base::Result<std::vector<UnitPlan>> candidates(const std::vector<UnitChoice>& main, std::set<std::size_t> taken,
                                                 int count, bool early_layers);

 private:
  base::Status add_in_turn(std::span<std::vector<UnitChoice>> layers, std::set<std::size_t>& taken, int count,
                           std::vector<UnitPlan>& plans);
  [[nodiscard]] PlannedTrial planned(const UnitPlan& plan, const std::vector<RankedPicture>& ranked,
                                     const study::ImageSet& set, study::Role role) const;
  [[nodiscard]] std::vector<UnitChoice> by_standing_out(const std::string& layer,
                                                        const std::set<core::Unit>& main) const;

  const net::Model& model_;
  const ScanSnapshot& scan_;
  TrialPictures& pictures_;
  const study::ExperimentSpec& spec_;
};

}  // namespace engine
