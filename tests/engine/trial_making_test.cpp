#include "engine/trial_making.h"

#include <algorithm>

#include "catch.h"
#include "engine/experiment_folder.h"
#include "engine/tiny_experiment.h"
#include "engine/trial_pictures.h"
#include "engine/trial_stimuli.h"
#include "engine/trial_sweep.h"
#include "study/observers.h"

namespace {

constexpr int kPictures = 400;

// Made once: tests look at it from many sides.
struct Shared {
  fixtures::TemporaryFolder pictures, folder;
  engine::TrialMakingRequest request;
  study::Experiment experiment;
  Shared() {
    tiny::fill(pictures.path(), kPictures);
    request = tiny::request(pictures.path(), folder.path());
    experiment = tiny::made(request);
  }
};
const Shared& shared() {
  static const Shared made;
  return made;
}

std::unique_ptr<net::Network> network() {
  auto made = net::Network::create(shared().request.model->model);
  REQUIRE(made);
  return *std::move(made);
}

float plain(net::Network& net, const core::Image& picture, const core::Unit& unit) {
  const auto values = net.activations(std::span(&picture, 1), unit);
  REQUIRE(values);
  return values->front();
}

bool has_remark(const study::Experiment& experiment, const std::string& words) {
  return std::ranges::any_of(experiment.remarks,
                             [&](const std::string& remark) { return remark.find(words) != std::string::npos; });
}

}  // namespace

TEST_CASE("The pictures of a trial are the lowest and the highest of all places, by plain passes of their bytes") {
  const auto net = network();
  REQUIRE(shared().experiment.trials.size() >= 4 + 3);
  for (const study::Trial& trial : shared().experiment.trials) {
    const auto file = [&](const std::string& name) {
      auto image = core::load_image(shared().folder.path() / name);
      REQUIRE(image);
      return *image;
    };
    const core::Image base = file(trial.base_file);
    const float tolerance =
        1e-4F * std::max(std::fabs(static_cast<float>(trial.highest)), std::fabs(static_cast<float>(trial.lowest)));
    REQUIRE(trial.min.place.side_px == core::side_from_fraction(0.4, base.size));
    REQUIRE(plain(*net, file(trial.min_file), trial.unit) == static_cast<float>(trial.min.activation));
    REQUIRE(plain(*net, file(trial.max_file), trial.unit) == static_cast<float>(trial.max.activation));
    REQUIRE(plain(*net, base, trial.unit) == static_cast<float>(trial.base_activation));
    for (int y = 0; y + trial.min.place.side_px <= tiny::kSide_px; y += 2)
      for (int x = 0; x + trial.min.place.side_px <= tiny::kSide_px; x += 2) {
        const float value = plain(*net, core::occlude(base, {x, y, trial.min.place.side_px}, trial.fill), trial.unit);
        REQUIRE(value >= static_cast<float>(trial.min.activation) - tolerance);
        REQUIRE(value <= static_cast<float>(trial.max.activation) + tolerance);
      }
  }
}

TEST_CASE("The same request gives the same bytes, on one thread and on two") {
  const fixtures::TemporaryFolder again;
  engine::TrialMakingRequest request = shared().request;
  request.folder = again.path();
  request.threads = 1;
  tiny::made(request);
  REQUIRE(tiny::contents(again.path()) == tiny::contents(shared().folder.path()));
}

TEST_CASE("A run that was cut off goes on where it was, to the same bytes") {
  const fixtures::TemporaryFolder again;
  engine::TrialMakingRequest request = shared().request;
  request.folder = again.path();
  REQUIRE(*engine::prepare_folder(request, false) == engine::FolderState::fresh);
  const core::StopFlag never;
  for (int cuts = 0; cuts < 3; ++cuts) {
    engine::TrialMaking job(request);
    while (job.snapshot()->trials_done <= 2 * cuts && !job.snapshot()->done)
      if (job.step(never) == core::StepOutcome::done) break;
    REQUIRE(!job.snapshot()->error);
  }
  if (!std::filesystem::exists(again.path() / "trials.json"))
    REQUIRE(*engine::prepare_folder(request, false) == engine::FolderState::resumes);
  tiny::made(request);
  REQUIRE(tiny::contents(again.path()) == tiny::contents(shared().folder.path()));
  REQUIRE(*engine::prepare_folder(request, false) == engine::FolderState::finished);
}

TEST_CASE("A query and its references come from different objects and backgrounds, and no picture stands twice") {
  std::map<std::string, std::pair<std::string, std::string>> origin;
  for (const engine::PictureEntry& entry : shared().request.collection->pictures)
    origin[entry.name] = {entry.object_source, entry.background_source};
  for (const study::Trial& trial : shared().experiment.trials) {
    const study::ReferenceSet* set = trial.references_of("natural");
    REQUIRE(set != nullptr);
    REQUIRE(set->pictures.size() == 9);
    REQUIRE(trial.references_of("none") == nullptr);
    std::set<std::string> seen = {trial.picture};
    for (const study::ReferencePicture& picture : set->pictures) {
      REQUIRE(seen.insert(picture.source).second);
      REQUIRE(origin[picture.source].first != origin[trial.picture].first);
      REQUIRE(origin[picture.source].second != origin[trial.picture].second);
      REQUIRE(picture.activation.has_value());
      if (picture.share_of_best) REQUIRE(*picture.share_of_best <= 1.0 + 1e-4);
    }
    REQUIRE(set->likeness_min.has_value());
    REQUIRE(trial.min.object_share.has_value());
  }
}

TEST_CASE("No participant meets a main unit, or a main picture, in practice or a catch trial") {
  std::set<core::Unit> main_units;
  std::set<std::string> main_pictures;
  for (const study::Trial& trial : shared().experiment.trials)
    if (trial.role == study::Role::main) {
      main_units.insert(trial.unit);
      main_pictures.insert(trial.picture);
    }
  REQUIRE(main_units.size() == 4);
  int others = 0;
  for (const study::Trial& trial : shared().experiment.trials)
    if (trial.role != study::Role::main) {
      ++others;
      REQUIRE(!main_units.contains(trial.unit));
      REQUIRE(!main_pictures.contains(trial.picture));
      if (trial.role == study::Role::catch_trial) REQUIRE(!trial.foreign_min_file.empty());
    }
  REQUIRE(others ==
          shared().request.pool.catch_trials + shared().request.pool.obvious + shared().request.pool.less_obvious);
}

TEST_CASE("What is small, exchanged or replaced is said aloud") {
  REQUIRE(has_remark(shared().experiment, "10 bins of 2 pictures from the best twentieth"));
  REQUIRE(has_remark(shared().experiment, "main trials the centre rule gets"));
  REQUIRE(has_remark(shared().experiment, "references were replaced"));
  REQUIRE(shared().experiment.spec.images_hash.size() == 64);
}

TEST_CASE("A unit that lacks image sets is named") {
  const fixtures::TemporaryFolder folder;
  engine::TrialMakingRequest request = shared().request;
  request.folder = folder.path();
  request.spec.image_sets = 2;
  request.pool = {1, 1, 1};
  request.units.front().picture = shared().experiment.trials.front().picture;  // by hand: no other is asked about
  const study::Experiment made = tiny::made(request);
  REQUIRE(has_remark(made, "fewer than 2 image sets"));
  REQUIRE(has_remark(made, ": a:1 has 1."));
  REQUIRE(!has_remark(shared().experiment, "fewer than"));
}

TEST_CASE("Pictures whose names differ in what files cannot carry get files of their own") {
  auto collection = std::make_shared<engine::CollectionSnapshot>();
  for (const char* name : {"a b.png", "a_b-2.png", "a_b.png", "dogs/1.jpg", "dogs_1.jpg.png", "plain.png"})
    collection->pictures.push_back({name, name, {}, {}, {}, {}});
  const engine::TrialPictures pictures(collection, {});
  std::vector<std::string> files;
  for (std::size_t row = 0; row < pictures.count(); ++row)
    files.push_back(pictures.file_of(row).substr(std::string("stimuli/pictures/").size()));
  REQUIRE(files == std::vector<std::string>{"a_b.png", "a_b-2.png", "a_b-3.png", "dogs_1.jpg.png", "dogs_1.jpg-2.png",
                                            "plain.png"});
}

TEST_CASE("Of the five likeliest classes those without a label are none") {
  const std::vector<float> before = {9, 8, 7, 6, 5, 4, 3, 2, 1}, after = {9, 8, 7, 6, 5, 4, 0, 2, 3};
  REQUIRE(engine::likeliest_kept(before, after, {}) == 5);
  REQUIRE(engine::likeliest_kept(before, after, {"dummy", "background", "a", "b", "c", "d", "e", "f", "g"}) == 4);
  REQUIRE(engine::likeliest_kept(before, after, {"", "", "a", "b", "c", "", "", "", ""}) == 3);
}

TEST_CASE("Trials under the floor are rejected with the reason; an experiment without main trials is refused") {
  const fixtures::TemporaryFolder folder;
  engine::TrialMakingRequest request = shared().request;
  request.folder = folder.path();
  std::vector<double> effects;
  for (const study::Trial& trial : shared().experiment.trials)
    if (trial.role == study::Role::main) effects.push_back(study::effect_in_spreads(trial));
  std::ranges::sort(effects);
  request.spec.filter.least_effect = (effects[1] + effects[2]) / 2.0;
  const study::Experiment filtered = tiny::made(request);
  REQUIRE(!filtered.rejected.empty());
  REQUIRE(filtered.rejected.front().reason.find("standard deviations") != std::string::npos);
  for (const study::Trial& trial : filtered.trials)
    REQUIRE(study::effect_in_spreads(trial) >= request.spec.filter.least_effect);

  const fixtures::TemporaryFolder none;
  request.folder = none.path();
  request.spec.filter.least_effect = 1e6;
  engine::TrialMaking job(request);
  const auto end = tiny::finish(job);
  REQUIRE(end->error);
  REQUIRE(end->error->sentence().find("filter") != std::string::npos);
}

TEST_CASE("Sweeps that ship with the program are taken over only where a plain pass agrees with them") {
  const fixtures::TemporaryFolder folder;
  engine::TrialMakingRequest request = shared().request;
  request.folder = folder.path();
  std::string records = "{\"kind\": \"unitscope sweeps\", \"version\": 1, \"sweeps\": [";
  bool first = true;
  for (const study::Trial& trial : shared().experiment.trials) {
    const auto text = core::load_text(shared().folder.path() / "stimuli" / trial.id / "sweep.json");
    REQUIRE(text);
    const std::size_t from = text->find('[') + 1, to = text->rfind(']');
    std::string record = text->substr(from, to - from);
    if (first) record.replace(record.find("\"activation\": ") + 14, 1, "9");  // a lie about the first
    records += (first ? "" : ",") + record;
    first = false;
  }
  REQUIRE(core::save_text(folder.path() / "known.json", records + "]}").ok());
  request.known_sweeps = folder.path() / "known.json";
  const study::Experiment made = tiny::made(request);
  REQUIRE(has_remark(made, "ship with unitscope"));
  REQUIRE(made.trials.size() == shared().experiment.trials.size());
  for (std::size_t i = 0; i < made.trials.size(); ++i) {
    study::Trial same = made.trials[i];
    same.map_file = shared().experiment.trials[i].map_file;  // shipped sweeps bring no map
    REQUIRE(same == shared().experiment.trials[i]);
  }
}

TEST_CASE("Shipped sweeps of another model or other pictures, and files that are none, change nothing") {
  std::vector<engine::SweepRecord> records;
  for (const study::Trial& trial : shared().experiment.trials) {
    const auto text = core::load_text(shared().folder.path() / "stimuli" / trial.id / "sweep.json");
    REQUIRE(text);
    const auto of_trial = engine::sweeps_from_json(*text);
    REQUIRE(of_trial);
    records.insert(records.end(), of_trial->begin(), of_trial->end());
  }
  std::vector<engine::SweepRecord> of_other_model = records, of_other_pictures = records;
  for (engine::SweepRecord& record : of_other_model) record.spec.model.sha256 = std::string(64, '8');
  for (engine::SweepRecord& record : of_other_pictures) record.spec.picture.sha256 = std::string(64, '8');
  const std::string whole = engine::to_json(records);
  for (const std::string& text : {engine::to_json(of_other_model), engine::to_json(of_other_pictures),
                                  whole.substr(0, whole.size() / 2), std::string("\xFF no JSON")}) {
    const fixtures::TemporaryFolder folder, known;
    engine::TrialMakingRequest request = shared().request;
    request.folder = folder.path();
    request.known_sweeps = known.path() / "sweeps.json";
    REQUIRE(core::save_text(request.known_sweeps, text).ok());
    tiny::made(request);
    REQUIRE(tiny::contents(folder.path()) == tiny::contents(shared().folder.path()));
  }
}

TEST_CASE("The quick tier's catch and practice trials come from the earlier layers, as far as these have units") {
  int early = 0;
  for (const study::Trial& trial : shared().experiment.trials)
    if (trial.role != study::Role::main && trial.unit.layer == "a") ++early;
  REQUIRE(early > 0);
  const fixtures::TemporaryFolder folder;
  engine::TrialMakingRequest request = shared().request;
  request.folder = folder.path();
  request.candidates = 3;  // "a" has eight units, of which two are main ones
  request.pool = {1, 1, 1};
  for (const study::Trial& trial : tiny::made(request).trials)
    if (trial.role != study::Role::main) REQUIRE(trial.unit.layer == "a");
}

TEST_CASE("Units and pictures that were chosen by hand take the place of the rule's") {
  const fixtures::TemporaryFolder folder;
  engine::TrialMakingRequest request = shared().request;
  request.folder = folder.path();
  request.units.push_back({{"b", 4, std::nullopt}, study::Role::obvious_practice, true, "p17.png"});
  const study::Experiment made = tiny::made(request);
  const auto chosen = std::ranges::find(made.trials, study::Role::obvious_practice, &study::Trial::role);
  REQUIRE(chosen != made.trials.end());
  REQUIRE(chosen->picture == "p17.png");
  REQUIRE(chosen->unit.channel == 4);
  REQUIRE(std::ranges::count(made.trials, study::Role::obvious_practice, &study::Trial::role) == 1);
  request.units.back().picture = "nowhere.png";
  const fixtures::TemporaryFolder other;
  request.folder = other.path();
  engine::TrialMaking job(request);
  const auto end = tiny::finish(job);
  REQUIRE(end->error);
  REQUIRE(end->error->sentence().find("nowhere.png") != std::string::npos);
}

TEST_CASE("A condition of one's own shows the pictures of its folder") {
  const fixtures::TemporaryFolder folder, own;
  engine::TrialMakingRequest request = shared().request;
  request.folder = folder.path();
  request.spec.own_references = {{"mine", own.path().string()}};
  engine::TrialMaking job(request);
  const auto refused = tiny::finish(job);
  REQUIRE(refused->error);
  REQUIRE(refused->error->sentence().find("mine") != std::string::npos);
  REQUIRE(tiny::contents(folder.path()).empty());  // before any work
  for (const char* layer : {"a", "b"})
    for (int channel = 0; channel < 12; ++channel) {
      const auto of_unit = own.path() / (std::string(layer) + "-" + std::to_string(channel));
      std::filesystem::create_directories(of_unit);
      for (int i = 0; i < 3; ++i)
        REQUIRE(core::save_png(of_unit / (std::to_string(i) + ".png"),
                               fixtures::made_up_image(static_cast<std::uint64_t>(i), {48, 40}))
                    .ok());
    }
  const study::Experiment made = tiny::made(request);
  for (const study::Trial& trial : made.trials) {
    const study::ReferenceSet* set = trial.references_of("mine");
    REQUIRE(set != nullptr);
    REQUIRE(set->pictures.size() == 3);
    REQUIRE(set->pictures[0].kind == study::ReferenceKind::own);
    REQUIRE(std::filesystem::exists(folder.path() / set->pictures[0].file));
  }
  REQUIRE(made.task("mine", 1) != nullptr);
}

TEST_CASE("The time is known before it is spent") {
  const fixtures::TemporaryFolder folder;
  engine::TrialMakingRequest request = shared().request;
  request.folder = folder.path();
  request.only_estimate = true;
  engine::TrialMaking job(request);
  const auto end = tiny::finish(job);
  REQUIRE(end->done);
  REQUIRE(!end->experiment);
  REQUIRE(*end->estimate_s > 0.0);
  REQUIRE(tiny::contents(folder.path()).empty());
}
