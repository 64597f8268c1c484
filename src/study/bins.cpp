#include "study/bins.h"

#include <algorithm>
#include <bit>

#include "core/image_io.h"
#include "study/numpy_random.h"

namespace study {
namespace {

constexpr int kBins = 10;
constexpr int kPublishedABin = 20;
constexpr int kOneIn = 20;  // of the collection: the best twentieth
constexpr int kLeastBins = 2;
constexpr std::size_t kMixedNatural = 5;

// The bins as positions in the ranking (0 is best), each in its permuted order; the weakest bin first.
std::vector<std::vector<int>> permuted_bins(int channel, const BinSizes& sizes) {
  NumpyRandom random(static_cast<std::uint32_t>(channel) + 1U);
  const int top = sizes.bins * sizes.pictures_a_bin;
  std::vector<std::vector<int>> bins;
  for (int bin = 0; bin < sizes.bins; ++bin) {
    std::vector<int> order(static_cast<std::size_t>(sizes.pictures_a_bin));
    if (bin + 1 < sizes.bins)
      order = random.permutation(sizes.pictures_a_bin);
    else
      for (int i = 0; i < sizes.pictures_a_bin; ++i) order[static_cast<std::size_t>(i)] = i;
    for (int& element : order) element = top - 1 - (bin * sizes.pictures_a_bin + element);  // the list is ascending
    bins.push_back(std::move(order));
  }
  return bins;
}

// The references of a set whose query and batch stand already, by the fill-up rule.
void fill(ImageSet& set, const std::vector<std::vector<int>>& bins, const std::vector<Origin>& origins,
          const Origin& of_query) {
  const auto may_stand = [&](int picture) {
    return picture != set.query && std::ranges::find(set.references, picture) == set.references.end() &&
           !share(of_query, origins[static_cast<std::size_t>(picture)]);
  };
  int below = static_cast<int>(bins.size() * bins.front().size());  // the next picture below the bins
  for (std::size_t bin = 0; bin + 1 < bins.size(); ++bin) {
    std::vector<int> order = bins[bin];
    std::ranges::rotate(order, order.begin() + set.batch);
    auto found = std::ranges::find_if(order, may_stand);
    if (found == order.end()) {
      while (below < std::ssize(origins) && !may_stand(below)) ++below;
      if (below == std::ssize(origins)) continue;
      order.push_back(below++);
      found = order.end() - 1;
    }
    set.references.push_back(*found);
    set.replaced += *found == order.front() ? 0 : 1;
  }
}

}  // namespace

base::Result<BinSizes> bins_for(int pictures) {
  const int top = pictures / kOneIn;
  if (top < kLeastBins)
    return base::Error{
        "No trials can be made of this collection",
        "the best twentieth of its " + std::to_string(pictures) + " pictures does not hold a query and a reference",
        "Use at least " + std::to_string(kLeastBins * kOneIn) + " pictures, better 200 or more."};
  const int bins = std::min(kBins, top);
  return BinSizes{bins, std::min(kPublishedABin, top / bins)};
}

std::uint64_t look_of(const core::Image& picture) {
  const core::Image small = core::resize(picture, {9, 8});
  const auto grey = [&](int x, int y) {
    const std::uint8_t* pixel = small.pixel(x, y);
    return 299 * pixel[0] + 587 * pixel[1] + 114 * pixel[2];
  };
  std::uint64_t look = 0;
  for (int y = 0; y < 8; ++y)
    for (int x = 0; x < 8; ++x) look = (look << 1) | (grey(x, y) < grey(x + 1, y) ? 1U : 0U);
  return look;
}

bool share(const Origin& a, const Origin& b) {
  const auto same = [](const std::string& x, const std::string& y) { return !x.empty() && x == y; };
  if (same(a.object_source, b.object_source) || same(a.background_source, b.background_source)) return true;
  return a.look && b.look && std::popcount(*a.look ^ *b.look) <= kNearCopyBits;
}

std::vector<ImageSet> image_sets(int channel, const BinSizes& sizes, const std::vector<Origin>& origins,
                                 Fidelity fidelity) {
  const auto bins = permuted_bins(channel, sizes);
  CHECK(std::ssize(origins) >= sizes.bins * sizes.pictures_a_bin, "every picture of the bins has an origin");
  std::vector<ImageSet> sets;
  for (int batch = 0; batch < sizes.pictures_a_bin; ++batch) {
    ImageSet set{batch, bins.back()[static_cast<std::size_t>(batch)], {}, 0};
    if (fidelity == Fidelity::as_published)
      for (std::size_t bin = 0; bin + 1 < bins.size(); ++bin)
        set.references.push_back(bins[bin][static_cast<std::size_t>(batch)]);
    else
      fill(set, bins, origins, origins[static_cast<std::size_t>(set.query)]);
    sets.push_back(std::move(set));
  }
  return sets;
}

ImageSet image_set_of(int channel, const BinSizes& sizes, const std::vector<Origin>& origins, const Origin& of_query,
                      int query) {
  CHECK(std::ssize(origins) >= sizes.bins * sizes.pictures_a_bin, "every picture of the bins has an origin");
  ImageSet set{0, query, {}, 0};
  fill(set, permuted_bins(channel, sizes), origins, of_query);
  return set;
}

std::vector<int> mixed_references(const ImageSet& set) {
  const std::size_t count = std::min(kMixedNatural, set.references.size());
  return {set.references.end() - static_cast<std::ptrdiff_t>(count), set.references.end()};
}

}  // namespace study
