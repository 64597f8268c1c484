#include "engine/scan.h"

#include <algorithm>
#include <fstream>
#include <numeric>

#include "catch.h"
#include "engine/fixtures.h"
#include "net/model.h"
#include "net/network.h"

namespace {

constexpr int kPictures = 6;

// Six pictures and one broken file between them.
void fill(const std::filesystem::path& folder) {
  for (int i = 0; i < kPictures; ++i)
    REQUIRE(core::save_png(folder / ("p" + std::to_string(i) + ".png"),
                           fixtures::made_up_image(static_cast<std::uint64_t>(i + 10), {256, 240}))
                .ok());
  REQUIRE(core::save_text(folder / "p2b.png", "no picture").ok());
}

std::shared_ptr<net::Network> new_network(const engine::ModelPointer& model) {
  net::set_threads_here(1);
  auto network = net::Network::create(model->model);
  REQUIRE(network.ok());
  return {*std::move(network)};
}

struct Run {
  std::shared_ptr<const engine::ScanSnapshot> last;
  int steps = 0;
};
Run run(engine::Scan& scan) {
  const core::StopFlag never;
  Run run;
  while (scan.step(never) == core::StepOutcome::more) {
    ++run.steps;
    static_cast<void>(scan.snapshot());  // looking on changes nothing
  }
  run.last = scan.snapshot();
  return run;
}

bool same(const engine::ScanSnapshot& a, const engine::ScanSnapshot& b, const core::Unit& unit) {
  const auto best_a = a.best(unit, 0), best_b = b.best(unit, 0);
  return std::equal(best_a.begin(), best_a.end(), best_b.begin(), best_b.end(), [](const auto& x, const auto& y) {
    return x.picture == y.picture && x.activation == y.activation && x.rank == y.rank;
  });
}

}  // namespace

TEST_CASE("the best pictures of a unit are those of a plain pass over every picture; a second scan remembers") {
  const fixtures::TemporaryFolder folder, cache;
  fill(folder.path());
  const auto model = fixtures::open_embedded_model();
  const engine::ScanRequest request{model, engine::open_collection({folder.path()})};
  REQUIRE(request.collection->pictures.size() == kPictures + 1);
  const engine::ScanOptions options{cache.path() / "index.sqlite", true};
  const auto network = new_network(model);
  engine::Scan scan(network, request, options);
  const Run first = run(scan);
  REQUIRE(first.last->done);
  REQUIRE(!first.last->error);
  REQUIRE(first.last->scanned == kPictures);
  REQUIRE(first.last->total == kPictures + 1);
  REQUIRE(first.last->skipped.size() == 1);
  REQUIRE(first.last->skipped[0].name == "p2b.png");

  for (const core::Unit& unit :
       {core::Unit{"conv2d2_pre_relu", 5, std::nullopt}, core::Unit{"mixed4a_pre_relu", 17, std::nullopt},
        core::Unit{"conv2d2", 5, std::nullopt}, core::Unit{"mixed4a", 104, std::nullopt}}) {
    std::vector<std::pair<float, std::size_t>> plain;
    for (std::size_t i = 0; i < request.collection->pictures.size(); ++i) {
      const auto picture = engine::open_picture(request.collection->pictures[i].path, model->framing);
      if (!picture->error) plain.emplace_back(network->respond(picture->image, unit)->activation, i);
    }
    std::stable_sort(plain.begin(), plain.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    const auto best = first.last->best(unit, 0);
    REQUIRE(best.size() == plain.size());
    for (std::size_t i = 0; i < best.size(); ++i) {
      REQUIRE(best[i].picture == plain[i].second);
      REQUIRE(best[i].rank == static_cast<int>(i) + 1);
      REQUIRE(best[i].activation == Approx(plain[i].first).epsilon(1e-4).margin(1e-3));
    }
    REQUIRE(first.last->best(unit, 2).size() == 2);
    const auto [mean, deviation] = first.last->spread(unit);
    const float sum = std::accumulate(plain.begin(), plain.end(), 0.0F,
                                      [](float so_far, const auto& entry) { return so_far + entry.first; });
    REQUIRE(mean == Approx(sum / kPictures).epsilon(1e-4).margin(1e-3));
    REQUIRE(deviation > 0.0F);
  }
  REQUIRE(first.last->best({"no_such_layer", 0, std::nullopt}, 0).empty());
  REQUIRE(first.last->best({"mixed4a_pre_relu", 17, core::Cell{0, 0}}, 0).empty());

  REQUIRE(first.last->first_choice);
  const auto& [picture, unit] = *first.last->first_choice;
  REQUIRE(first.last->best(unit, 1).front().picture == picture);  // the picture is that unit's best

  engine::Scan again(network, request, options);
  const Run second = run(again);
  REQUIRE(second.steps < first.steps);
  REQUIRE(second.last->scanned == kPictures);
  REQUIRE(same(*second.last, *first.last, unit));
  REQUIRE(second.last->first_choice == first.last->first_choice);
}

TEST_CASE("a first choice that was made is there at once, until a file of the folder changes") {
  const fixtures::TemporaryFolder folder, cache;
  fill(folder.path());
  const auto model = fixtures::open_embedded_model();
  const engine::ScanRequest request{model, engine::open_collection({folder.path()})};
  const engine::ScanOptions options{cache.path() / "index.sqlite", true};
  const auto network = new_network(model);
  engine::Scan scan(network, request, options);
  REQUIRE_FALSE(scan.snapshot()->first_choice);
  const auto chosen = run(scan).last->first_choice;
  REQUIRE(chosen);
  REQUIRE(engine::Scan(network, request, options).snapshot()->first_choice == chosen);
  REQUIRE_FALSE(engine::Scan(network, request, {options.index_file, false}).snapshot()->first_choice);

  REQUIRE(core::save_png(folder.path() / "p0.png", fixtures::made_up_image(99, {300, 240})).ok());
  REQUIRE_FALSE(engine::Scan(network, request, options).snapshot()->first_choice);
}

TEST_CASE("what was computed on one device is not remembered for the other") {
  const auto model = fixtures::open_embedded_model();
  REQUIRE(engine::values_key(*model->model, net::Device::cpu) == engine::values_key(*model->model, net::Device::cpu));
  REQUIRE(engine::values_key(*model->model, net::Device::cpu) != engine::values_key(*model->model, net::Device::cuda));
}

TEST_CASE("a first choice that is stopped at every step is the same in the end") {
  const fixtures::TemporaryFolder folder;
  fill(folder.path());
  const auto model = fixtures::open_embedded_model();
  const engine::ScanRequest request{model, engine::open_collection({folder.path()})};
  const auto network = new_network(model);
  engine::Scan plain(network, request, {{}, true}), disturbed(network, request, {{}, true});
  const auto expected = run(plain).last->first_choice;
  REQUIRE(expected);
  core::StopFlag stop;
  do {
    stop.request_stop();
    static_cast<void>(disturbed.step(stop));
    stop.clear();
  } while (disturbed.step(stop) != core::StepOutcome::done);
  REQUIRE(disturbed.snapshot()->first_choice == expected);
}

TEST_CASE("a stopped pass of a scan is repeated and changes nothing") {
  const fixtures::TemporaryFolder folder;
  fill(folder.path());
  const auto model = fixtures::open_embedded_model();
  const engine::ScanRequest request{model, engine::open_collection({folder.path()})};
  const auto network = new_network(model);
  engine::Scan plain(network, request, {{}, false}), disturbed(network, request, {{}, false});
  const Run undisturbed = run(plain);
  core::StopFlag stop;
  core::StepOutcome outcome = core::StepOutcome::more;
  bool was_stopped = false;
  while (outcome != core::StepOutcome::done) {
    stop.request_stop();
    was_stopped = disturbed.step(stop) == core::StepOutcome::stopped || was_stopped;
    stop.clear();
    outcome = disturbed.step(stop);
  }
  REQUIRE(was_stopped);
  REQUIRE(same(*disturbed.snapshot(), *undisturbed.last, {"mixed4a_pre_relu", 3, std::nullopt}));
  REQUIRE(!undisturbed.last->first_choice);
}

TEST_CASE("a scan that is to stop reads no further picture") {
  const fixtures::TemporaryFolder folder, cache;
  fill(folder.path());
  const auto model = fixtures::open_embedded_model();
  const engine::ScanRequest request{model, engine::open_collection({folder.path()})};
  const engine::ScanOptions options{cache.path() / "index.sqlite", false};
  const auto network = new_network(model);
  engine::Scan first(network, request, options);
  const Run known = run(first);
  engine::Scan scan(network, request, options);  // every picture only has to be looked up
  core::StopFlag stop;
  stop.request_stop();
  REQUIRE(scan.step(stop) == core::StepOutcome::stopped);
  REQUIRE(scan.snapshot()->scanned == 0);
  stop.clear();
  const Run rest = run(scan);
  REQUIRE(rest.last->scanned == kPictures);
  REQUIRE(same(*rest.last, *known.last, {"mixed4a_pre_relu", 3, std::nullopt}));
}

TEST_CASE("the engine adds what the scan could not read to the open collection") {
  const fixtures::TemporaryFolder folder;
  fill(folder.path());
  fixtures::RunningEngine engine;
  engine::Requests requests;
  requests.open_model = fixtures::embedded_model();
  requests.open_folder = folder.path();
  engine.post(requests);
  const auto opened = engine.rest();
  REQUIRE(opened.collection->skipped.empty());
  requests = {};
  requests.scan = engine::ScanRequest{opened.model, opened.collection};
  engine.post(requests);
  const auto scanned = engine.rest();
  REQUIRE(scanned.scan->done);
  REQUIRE(scanned.collection->skipped.size() == 1);
  REQUIRE(scanned.collection->pictures.size() == opened.collection->pictures.size());
}
