#include "study/bins.h"

#include <algorithm>
#include <set>

#include "catch.h"
#include "study/numpy_random.h"

namespace {

using study::BinSizes;
using study::Fidelity;
using study::Origin;

// As many pictures as the published experiment's bins hold, each from elsewhere.
std::vector<Origin> unrelated(std::size_t pictures = 200) {
  return std::vector<Origin>(pictures);
}

}  // namespace

TEST_CASE("A permutation is NumPy's for the same seed") {
  REQUIRE(study::NumpyRandom(0).permutation(10) == std::vector<int>{2, 8, 4, 9, 1, 6, 7, 3, 0, 5});
}

TEST_CASE("The bins of the study's units are permuted as in the paper's test vectors") {
  const auto bin = [](study::NumpyRandom& random, int number) {
    std::vector<int> order = random.permutation(20);
    for (int& element : order) element += 20 * number;
    return order;
  };
  const auto begin = [](const std::vector<int>& order) { return std::vector<int>(order.begin(), order.begin() + 5); };
  study::NumpyRandom unit_189(190);
  REQUIRE(bin(unit_189, 0) == std::vector<int>{2, 17, 13, 0, 9, 1, 16, 10, 6, 18, 4, 15, 7, 3, 19, 8, 5, 11, 12, 14});
  REQUIRE(bin(unit_189, 1) ==
          std::vector<int>{31, 27, 33, 34, 28, 20, 25, 26, 29, 22, 23, 32, 30, 35, 21, 37, 38, 36, 39, 24});
  REQUIRE(begin(bin(unit_189, 2)) == std::vector<int>{41, 51, 43, 50, 59});
  study::NumpyRandom unit_743(744);
  REQUIRE(bin(unit_743, 0) == std::vector<int>{5, 12, 6, 13, 15, 9, 0, 11, 14, 2, 19, 10, 18, 17, 1, 8, 3, 7, 16, 4});
  REQUIRE(begin(bin(unit_743, 1)) == std::vector<int>{24, 30, 33, 20, 22});
  REQUIRE(begin(bin(unit_743, 2)) == std::vector<int>{58, 48, 53, 56, 46});
}

TEST_CASE("Image set 0 of channel 189 has element 0 of every bin, and rank 20 as its query") {
  const auto sets = study::image_sets(189, {10, 20}, unrelated(), Fidelity::as_published);
  REQUIRE(sets.size() == 20);
  REQUIRE(sets[0].query == 19);  // index 19 is rank 20
  REQUIRE(sets[9].query == 10);  // image sets 0 … 9 are ranks 20 … 11
  REQUIRE(sets[0].references.size() == 9);
  REQUIRE(sets[0].references[0] == 199 - 2);  // the ascending list turned round
  REQUIRE(sets[0].references[1] == 199 - 31);
  REQUIRE(sets[0].references[2] == 199 - 41);
  REQUIRE(sets[3].references[0] == 199 - 0);
}

TEST_CASE("The image sets use every picture of the bins once, and the mixed condition the best five references") {
  const auto sets = study::image_sets(743, {10, 20}, unrelated(), Fidelity::as_intended);
  std::set<int> used;
  for (const study::ImageSet& set : sets) {
    used.insert(set.query);
    used.insert(set.references.begin(), set.references.end());
    REQUIRE(set.replaced == 0);
    REQUIRE(std::ranges::is_sorted(set.references, std::greater<>()));  // weakest bin first
    REQUIRE(study::mixed_references(set) == std::vector<int>(set.references.begin() + 4, set.references.end()));
  }
  REQUIRE(used.size() == 200);
}

TEST_CASE("A small collection gives at most its best twentieth, in smaller and then in fewer bins") {
  for (const int pictures : {40, 99, 200, 480, 3999, 4000, 600000}) {
    const auto sizes = study::bins_for(pictures);
    REQUIRE(sizes);
    REQUIRE(sizes->bins * sizes->pictures_a_bin * 20 <= pictures);
    REQUIRE(sizes->bins <= 10);
    REQUIRE(sizes->bins >= 2);
  }
  REQUIRE(*study::bins_for(480) == BinSizes{10, 2});
  REQUIRE(*study::bins_for(599552) == BinSizes{10, 20});
  REQUIRE(*study::bins_for(100) == BinSizes{5, 1});
  const auto refused = study::bins_for(39);
  REQUIRE(!refused);
  REQUIRE(refused.error().sentence().find("39 pictures") != std::string::npos);
}

TEST_CASE("No reference shares an object, a background or its look with the query") {
  std::vector<Origin> origins;
  for (int i = 0; i < 60; ++i)  // seven objects, eleven backgrounds: much is shared
    origins.push_back({"object " + std::to_string(i % 7), "background " + std::to_string(i % 11), std::nullopt});
  int replaced = 0;
  for (int channel = 0; channel < 50; ++channel)
    for (const study::ImageSet& set : study::image_sets(channel, {10, 2}, origins, Fidelity::as_intended)) {
      std::set<int> seen{set.query};
      for (const int reference : set.references) {
        REQUIRE(
            !study::share(origins[static_cast<std::size_t>(set.query)], origins[static_cast<std::size_t>(reference)]));
        REQUIRE(seen.insert(reference).second);
      }
      REQUIRE(set.references.size() == 9);
      replaced += set.replaced;
    }
  REQUIRE(replaced > 0);
}

TEST_CASE("A set that cannot be filled up has fewer references, and none that shares") {
  const std::vector<Origin> all_alike(20, Origin{"one dog", "", std::nullopt});
  for (const study::ImageSet& set : study::image_sets(3, {10, 2}, all_alike, Fidelity::as_intended))
    REQUIRE(set.references.empty());
}

TEST_CASE("Pictures look alike when they are resized or a little brighter, and not when they are others") {
  core::Image a = core::make_image({224, 224}), b = a, other = a;
  for (int y = 0; y < 224; ++y)
    for (int x = 0; x < 224; ++x)
      for (int c = 0; c < 3; ++c) {
        a.pixel(x, y)[c] = static_cast<std::uint8_t>((x * x / 300 + y * (c + 1)) % 200);
        b.pixel(x, y)[c] = static_cast<std::uint8_t>(a.pixel(x, y)[c] + 10);
        other.pixel(x, y)[c] = static_cast<std::uint8_t>((y * y / 200 + x * 3) % 200);
      }
  const auto origin = [](const core::Image& image) { return Origin{"", "", study::look_of(image)}; };
  REQUIRE(study::share(origin(a), origin(b)));
  REQUIRE(!study::share(origin(a), origin(other)));
  REQUIRE(!study::share(Origin{}, Origin{}));  // unknown origins are not one origin
}
