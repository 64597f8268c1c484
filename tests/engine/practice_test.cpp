#include "engine/practice.h"

#include <algorithm>
#include <set>
#include <span>

#include "catch.h"
#include "core/saliency.h"
#include "engine/jobs.h"
#include "engine/practice_stage.h"
#include "study/difficulty.h"
#include "study/practice_score.h"

namespace {

using practice_stage::kPictures;
using practice_stage::kSize;
using practice_stage::Stage;

const core::Unit kUnit{"conv", 1, std::nullopt};

std::shared_ptr<const engine::PracticeQuestion> ask(engine::Practice& practice, engine::PracticeRequest& request,
                                                    int number) {
  request.number = number;
  practice.change(request);
  const core::StopFlag never;
  while (practice.step(never) == core::StepOutcome::more) static_cast<void>(practice.snapshot());
  const auto snapshot = practice.snapshot();
  REQUIRE((snapshot->error ? snapshot->error->sentence() : "") == std::string());
  REQUIRE(snapshot->question);
  REQUIRE(snapshot->question->number == number);
  return snapshot->question;
}

}  // namespace

TEST_CASE("the truth of a question is that of a plain pass over every place, of the very bytes that are shown") {
  const Stage stage;
  engine::PracticeRequest request = stage.request(kUnit);
  engine::Practice practice(stage.network, request);
  for (int number = 0; number < 3; ++number) {
    const auto question = ask(practice, request, number);
    const study::Trial& trial = question->trial;
    const core::Image& base = question->pictures.base;
    float lowest = INFINITY, highest = -INFINITY;
    int places = 0;
    for (int y = 0; y + 10 <= kSize.height_px; y += 2) {
      for (int x = 0; x + 10 <= kSize.width_px; x += 2, ++places) {
        const float value = stage.network->respond(core::occlude(base, {x, y, 10}, trial.fill), kUnit)->activation;
        lowest = std::min(lowest, value);
        highest = std::max(highest, value);
      }
    }
    REQUIRE(question->map.exact_cells == places);
    REQUIRE(trial.min.activation == Approx(lowest).margin(1e-5));
    REQUIRE(trial.max.activation == Approx(highest).margin(1e-5));
    REQUIRE(trial.base_activation == Approx(stage.network->respond(base, kUnit)->activation).margin(1e-5));
    const core::Image& max_query = question->switched_queries ? question->pictures.left : question->pictures.right;
    const core::Image& min_query = question->switched_queries ? question->pictures.right : question->pictures.left;
    REQUIRE(stage.network->respond(max_query, kUnit)->activation == Approx(trial.max.activation).margin(1e-6));
    REQUIRE(stage.network->respond(min_query, kUnit)->activation == Approx(trial.min.activation).margin(1e-6));
    REQUIRE(max_query == core::occlude(base, trial.max.place, trial.fill));
    const auto saliency = core::spectral_residual(base);
    REQUIRE(trial.max.saliency == Approx(study::mean_inside(saliency, trial.max.place)));
    REQUIRE(trial.max.saliency > 0.0);
    const study::PracticeAnswer answered{trial,
                                         study::answer_to(trial, study::published_conditions()[1], "", false, 0)};
    REQUIRE(study::practice_score(std::span(&answered, 1)).saliency.of == 1);
  }
}

TEST_CASE("a network that is fed luminance asks about grey pictures, as it sees them") {
  const Stage stage;
  stage.model->grey = true;
  engine::PracticeRequest request = stage.request(kUnit);
  engine::Practice practice(stage.network, request);
  const auto question = ask(practice, request, 0);
  const study::Trial& trial = question->trial;
  const core::Image& fed = question->picture->image;
  REQUIRE(question->pictures.base == core::grey(fed));
  REQUIRE(question->pictures.base != fed);
  for (const core::Image& reference : question->pictures.references) REQUIRE(reference == core::grey(reference));
  const core::Image& max_query = question->switched_queries ? question->pictures.left : question->pictures.right;
  REQUIRE(max_query == core::grey(core::occlude(fed, trial.max.place, trial.fill)));
  // What is measured is what the network is fed.
  REQUIRE(stage.network->respond(core::occlude(fed, trial.max.place, trial.fill), kUnit)->activation ==
          Approx(trial.max.activation).margin(1e-6));
}

TEST_CASE("what one may learn from is there while the truth is still measured, and tells nothing of it") {
  const Stage stage;
  engine::PracticeRequest request = stage.request(kUnit);
  engine::Practice practice(stage.network, request);
  const core::StopFlag never;
  std::shared_ptr<const study::QuestionPictures> coming;
  while (practice.step(never) == core::StepOutcome::more) {
    const auto snapshot = practice.snapshot();
    if (!snapshot->coming) continue;
    coming = snapshot->coming;
    REQUIRE_FALSE(snapshot->question);
    REQUIRE((coming->left.empty() && coming->right.empty()));
  }
  REQUIRE(coming);
  const auto question = practice.snapshot()->question;
  REQUIRE(question->pictures.base == coming->base);
  REQUIRE(question->pictures.references == coming->references);
}

TEST_CASE("what one may learn from is nine other favourite pictures that share nothing with the question") {
  const Stage stage;
  engine::PracticeRequest request = stage.request(kUnit);
  engine::Practice practice(stage.network, request);
  int best_first = 0;
  for (int number = 0; number < 4; ++number) {
    const auto question = ask(practice, request, number);
    const study::ReferenceSet* natural = question->trial.references_of("natural");
    REQUIRE(natural != nullptr);
    REQUIRE(natural->pictures.size() == 9);
    REQUIRE(question->pictures.references.size() == 9);
    const auto background = [&](const std::string& name) {
      return std::ranges::find(stage.collection->pictures, name, &engine::PictureEntry::name)->background_source;
    };
    std::set<std::string> names;
    for (const study::ReferencePicture& reference : natural->pictures) {
      REQUIRE(names.insert(reference.source).second);
      REQUIRE(reference.source != question->trial.picture);
      REQUIRE(background(reference.source) != background(question->trial.picture));
    }
    // As in a session: in a drawn order, so that no place tells how much the unit likes what stands there.
    const auto shown = study::references_shown(question->trial, study::published_conditions()[1], "");
    for (std::size_t i = 0; i < shown.size(); ++i)
      REQUIRE(question->pictures.references[i] == *core::load_image(stage.folder.path() / shown[i]->source));
    best_first += question->pictures.references.front() ==
                          *core::load_image(stage.folder.path() / natural->pictures.back().source)
                      ? 1
                      : 0;
  }
  REQUIRE(best_first < 4);
}

TEST_CASE("the same seed asks the same questions; no picture twice, and none that was seen, while there are others") {
  const Stage stage;
  engine::PracticeRequest one = stage.request(kUnit, 7), two = stage.request(kUnit, 7);
  engine::Practice first(stage.network, one), second(stage.network, two);
  std::set<std::string> asked;
  for (int number = 0; number < 7; ++number) {
    const auto a = ask(first, one, number), b = ask(second, two, number);
    REQUIRE(a->trial == b->trial);
    REQUIRE(a->switched_queries == b->switched_queries);
    REQUIRE(a->pictures.left == b->pictures.left);
    REQUIRE_FALSE(a->truth_seen);
    REQUIRE(asked.insert(a->trial.picture).second);
  }
  engine::PracticeRequest after = stage.request(kUnit, 7);
  for (const std::string& name : asked) after.seen.push_back({kUnit, stage.folder.path() / name});
  engine::Practice practice(stage.network, after);
  REQUIRE_FALSE(asked.contains(ask(practice, after, 0)->trial.picture));
}

TEST_CASE("a question whose picture is looked at before it is asked is replaced") {
  const Stage stage;
  engine::PracticeRequest request = stage.request(kUnit);
  engine::Practice practice(stage.network, request);
  const auto ready = ask(practice, request, 0);
  request.seen.push_back(
      {{"conv_pre_relu", kUnit.channel, std::nullopt}, ready->path});  // the same channel's other view
  const auto other = ask(practice, request, 0);
  REQUIRE(other->trial.picture != ready->trial.picture);
}

TEST_CASE("when every favourite picture of a unit was seen, the question says so") {
  const Stage stage;
  engine::PracticeRequest request = stage.request(kUnit);
  for (const engine::RankedPicture& ranked : stage.scan->best(kUnit, 12))
    request.seen.push_back({kUnit, stage.collection->pictures[ranked.picture].path});
  engine::Practice practice(stage.network, request);
  const core::StopFlag never;
  while (practice.step(never) == core::StepOutcome::more) {
  }
  const auto snapshot = practice.snapshot();
  // It is asked with that note, or refused in a sentence; never asked as if it counted.
  REQUIRE((snapshot->error.has_value() || snapshot->question->truth_seen));
}

TEST_CASE("drawn units differ from question to question") {
  const Stage stage;
  engine::PracticeRequest request = stage.request(std::nullopt);
  engine::Practice practice(stage.network, request);
  std::optional<core::Unit> last;
  for (int number = 0; number < 5; ++number) {
    const auto question = ask(practice, request, number);
    REQUIRE(question->trial.unit != last);
    last = question->trial.unit;
  }
}

TEST_CASE("a folder with too few pictures is refused in a sentence") {
  Stage stage;
  auto few = std::make_shared<engine::CollectionSnapshot>(*stage.collection);
  few->pictures.resize(20);
  auto scan = std::make_shared<engine::ScanSnapshot>(*stage.scan);
  scan->request.collection = few;
  engine::PracticeRequest request = stage.request(kUnit);
  request.scan = scan;
  engine::Practice practice(stage.network, request);
  const core::StopFlag never;
  while (practice.step(never) == core::StepOutcome::more) {
  }
  REQUIRE(practice.snapshot()->error);
}

TEST_CASE("every picture of the bins is asked about once, and never beside itself") {
  for (const int pictures : {48, 240, 480, 4000}) {
    const study::BinSizes sizes = study::bins_for(pictures).value();
    const int top = sizes.bins * sizes.pictures_a_bin;
    std::vector<study::Origin> origins;
    for (int i = 0; i < 3 * top; ++i)
      origins.push_back({"", "background " + std::to_string(i * 7 % (2 * top)), std::nullopt});
    std::set<int> queries;
    for (const study::ImageSet& set : engine::practice_sets(189, sizes, origins)) {
      REQUIRE(queries.insert(set.query).second);
      REQUIRE(set.query < top);
      REQUIRE(std::ranges::find(set.references, set.query) == set.references.end());
      for (const int reference : set.references)
        REQUIRE_FALSE(
            study::share(origins[static_cast<std::size_t>(set.query)], origins[static_cast<std::size_t>(reference)]));
    }
    REQUIRE(static_cast<int>(queries.size()) == top);
  }
}

TEST_CASE("the balance prefers what the two rules have not had enough of") {
  engine::PracticeBalance balance;
  const study::Guessable both{true, true}, none{false, false}, centre{true, false};
  REQUIRE(balance.imbalance_with(both) == balance.imbalance_with(none));
  balance.add(both);
  REQUIRE(balance.imbalance_with(none) == 0);
  REQUIRE(balance.imbalance_with(centre) == 2);
  REQUIRE(balance.imbalance_with(both) == 4);
}
