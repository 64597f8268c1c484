#include "data/activation_index.h"

#include <limits>

#include "../core/test_files.h"
#include "base/rng.h"
#include "catch.h"
#include "core/image_io.h"

using data::ActivationIndex;

namespace {

const std::vector<float> kValues = {1.5F, -0.0F, 3e-38F};

std::size_t files_in(const TestFolder& folder, const std::string& part) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
    count += entry.path().filename().string().find(part) != std::string::npos ? 1U : 0U;
  return count;
}

data::UnitTable table() {
  data::UnitTable made;
  made.layers = {"a", "b"};
  made.channels = {2, 1};
  made.pictures = {"1.png", "2.png", "3.png", "4.png"};
  made.values = {{1, 5, 0}, {3, 5, 0}, {}, {2, 9, 0}};
  made.scanned = 3;
  return made;
}

}  // namespace

TEST_CASE("the index gives back what was stored, also after it was opened anew") {
  const TestFolder folder;
  {
    const auto index = std::move(*ActivationIndex::open(folder / "new/index.sqlite"));
    REQUIRE_FALSE(index->find("m", "l", "p").value().has_value());
    REQUIRE(index->store("m", "l", "p", {9.0F}).ok());
    REQUIRE(index->store("m", "l", "p", kValues).ok());
    REQUIRE(index->store("m", "l", "empty", {}).ok());
  }
  const auto index = std::move(*ActivationIndex::open(folder / "new/index.sqlite"));
  REQUIRE(index->find("m", "l", "p").value() == kValues);
  REQUIRE(index->find("m", "l", "empty").value() == std::vector<float>{});
  for (const auto& [model, layers, picture] :
       {std::tuple{"n", "l", "p"}, {"m", "k", "p"}, {"m", "l", "q"}, {"m'; DROP TABLE activations; --", "l", "p"}})
    REQUIRE_FALSE(index->find(model, layers, picture).value().has_value());
}

TEST_CASE("a file that is no database is set aside and a new one begun") {
  const TestFolder folder;
  REQUIRE(core::save_text(folder / "index.sqlite", std::string(5000, 'x')).ok());
  const auto index = std::move(*ActivationIndex::open(folder / "index.sqlite"));
  REQUIRE(index->store("m", "l", "p", kValues).ok());
  REQUIRE(index->find("m", "l", "p").value() == kValues);
  REQUIRE(files_in(folder, "damaged-1") == 1);
}

TEST_CASE("damage anywhere in the file never gives wrong values and never stops work") {
  const TestFolder folder;
  const auto path = folder / "index.sqlite";
  {
    const auto index = std::move(*ActivationIndex::open(path));
    for (int i = 0; i < 40; ++i) REQUIRE(index->store("m", "l", std::to_string(i), std::vector<float>(300, 1.0F)).ok());
  }
  const std::string whole = *core::load_text(path);
  for (std::size_t at = 0; at < whole.size(); at += 3000) {
    std::string broken = whole;
    for (std::size_t i = at; i < std::min(at + 600, broken.size()); ++i) broken[i] = static_cast<char>(~broken[i]);
    for (const char* companion : {"-wal", "-shm"}) std::filesystem::remove(path.string() + companion);
    REQUIRE(core::save_text(path, broken).ok());
    auto index = ActivationIndex::open(path);
    REQUIRE(index.ok());
    for (int i = 0; i < 40; ++i) {
      const auto found = (*index)->find("m", "l", std::to_string(i));
      REQUIRE(found.ok());
      if (*found) REQUIRE(**found == std::vector<float>(300, 1.0F));
    }
    REQUIRE((*index)->store("m", "l", "new", kValues).ok());
    REQUIRE((*index)->find("m", "l", "new").value() == kValues);
  }
}

TEST_CASE("an index that cannot be made is refused with its name") {
  const TestFolder folder;
  REQUIRE(core::save_text(folder / "file", "x").ok());
  const auto index = ActivationIndex::open(folder / "file/index.sqlite");
  REQUIRE_FALSE(index.ok());
  REQUIRE(index.error().sentence().find("file/index.sqlite") != std::string::npos);
}

TEST_CASE("a unit's column counts through the layers, and there is none beyond them") {
  REQUIRE(table().column("a", 1) == 1U);
  REQUIRE(table().column("b", 0) == 2U);
  REQUIRE_FALSE(table().column("a", 2).has_value());
  REQUIRE_FALSE(table().column("a", -1).has_value());
  REQUIRE_FALSE(table().column("c", 0).has_value());
}

TEST_CASE("best pictures come highest first, ties in the order of pictures, unscanned ones not at all") {
  const auto all = data::best_pictures(table(), 1, 0);
  REQUIRE(all.size() == 3);
  REQUIRE((all[0].picture == 3 && all[0].rank == 1 && all[0].activation == 9.0F));
  REQUIRE((all[1].picture == 0 && all[2].picture == 1 && all[2].rank == 3));
  REQUIRE(data::best_pictures(table(), 0, 1).size() == 1);
  REQUIRE(data::best_pictures(table(), 0, 99).size() == 3);
}

TEST_CASE("pictures that a unit answers with no number rank behind all others, in the order of pictures") {
  data::UnitTable made = table();
  const float none = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();
  made.values = {{none, 0, 0}, {-infinity, 0, 0}, {none, 0, 0}, {2, 0, 0}};
  std::vector<int> order;
  for (const data::Ranked& ranked : data::best_pictures(made, 0, 0)) order.push_back(ranked.picture);
  REQUIRE(order == std::vector<int>{3, 1, 0, 2});
}

TEST_CASE("the best picture is the first of the best pictures") {
  base::Rng rng(4);
  for (int round = 0; round < 200; ++round) {
    data::UnitTable made = table();
    for (std::vector<float>& row : made.values)
      for (float& value : row)
        value = rng.below(5) == 0 ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(rng.below(3));
    const auto first = data::best_pictures(made, 1, 1).front();
    const auto best = data::best_picture(made, 1);
    REQUIRE(best);
    REQUIRE((best->picture == first.picture && best->rank == 1));
  }
  REQUIRE_FALSE(data::best_picture({}, 0));
}

TEST_CASE("the spread is that of the scanned pictures") {
  const data::Spread found = data::spread(table(), 0);
  REQUIRE(found.pictures == 3);
  REQUIRE(found.mean == Approx(2.0));
  REQUIRE(found.standard_deviation == Approx(std::sqrt(2.0 / 3.0)));
  REQUIRE(data::spread({}, 0).pictures == 0);
}
