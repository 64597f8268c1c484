// Trials and experiments that no network made, for the tests of study.
#pragma once
#include <string>

#include "study/experiment.h"

namespace made_up {

inline study::Trial trial(const std::string& id, study::Role role = study::Role::main, int batch = 0) {
  study::Trial trial;
  trial.id = id;
  trial.role = role;
  trial.unit = {"mixed4a_pre_relu", 7, std::nullopt};
  trial.batch = batch;
  trial.picture = "dog_1.png";
  trial.base_file = "stimuli/" + id + "/base.png";
  trial.min_file = "stimuli/" + id + "/min.png";
  trial.max_file = "stimuli/" + id + "/max.png";
  trial.min.place = {60, 60, 90};
  trial.max.place = {0, 130, 90};
  trial.min.activation = trial.lowest = -1.25;
  trial.max.activation = trial.highest = 0.75;
  trial.base_activation = 0.5;
  trial.unit_spread = 0.4;
  trial.min.centre_distance_px = 10.0;
  trial.max.centre_distance_px = 90.0;
  trial.min.published_centre_distance = 20.0;
  trial.max.published_centre_distance = 15.0;
  trial.min.standard_deviation = 60.0;
  trial.max.standard_deviation = 20.0;
  trial.min.saliency = 3.0;
  trial.max.saliency = 1.0;
  trial.min.object_share = 0.7;
  trial.max.object_share = 0.1;
  study::ReferencePicture reference;
  reference.file = "references/7/dog_2.png";
  reference.activation = 0.1;
  trial.references = {{"natural", {reference}, 0.91, 0.97}};
  return trial;
}

inline study::Experiment experiment(int units = 6, int image_sets = 2, int tasks = 4) {
  study::Experiment made;
  made.spec.model = {"", std::string(64, 'a')};
  made.spec.image_sets = image_sets;
  made.spec.tasks = tasks;
  made.conditions = {study::published_conditions()[0], study::published_conditions()[1]};
  for (int unit = 0; unit < units; ++unit)
    for (int batch = 0; batch < image_sets; ++batch)
      made.trials.push_back(
          trial("main-" + std::to_string(unit) + "-b" + std::to_string(batch), study::Role::main, batch));
  for (int i = 0; i < 3; ++i) made.trials.push_back(trial("catch-" + std::to_string(i), study::Role::catch_trial));
  for (int i = 0; i < 3; ++i)
    made.trials.push_back(trial("obvious-" + std::to_string(i), study::Role::obvious_practice));
  for (int i = 0; i < 7; ++i)
    made.trials.push_back(trial("less-obvious-" + std::to_string(i), study::Role::less_obvious_practice));
  return made;
}

}  // namespace made_up
