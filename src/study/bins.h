// Which pictures a unit's queries and references are (protocol 1.3). The unit's most activating pictures stand in ten
// bins; every bin but the best is permuted with NumPy's generator, seed = channel + 1; image set b takes element b of
// every bin, that of the best bin is the query, the others are the natural references, weakest bin first. Published: 10
// bins of 20 from the top 200. A small collection has smaller bins, from at most its best twentieth, and below 200
// pictures fewer bins (and references).
// A query and its references never share an object, a background, or the look of the whole picture (near-copies). Where
// element b shares with its query, the fill-up rule takes (1) the next element of the same bin in permuted order,
// cyclic, that does not share and is not in the set; else (2) the best picture below all bins that does not share; a
// set that cannot be filled has fewer references. As published, nothing is replaced. Pure; any thread.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/image.h"
#include "study/experiment.h"

namespace study {

struct BinSizes {
  int bins = 10;  // the best one holds the queries
  int pictures_a_bin = 20;
  bool operator==(const BinSizes&) const = default;
};
// The largest that the collection allows. Refuses one of fewer than 40 pictures, which leaves no reference.
base::Result<BinSizes> bins_for(int pictures);

// Where a picture comes from, and how it looks: a 64-bit difference hash. Absent: unknown, shared with nothing.
struct Origin {
  std::string object_source;
  std::string background_source;
  std::optional<std::uint64_t> look;
};
// The difference hash of Krawetz (2013): the picture as 9 × 8 grey cells, one bit for each pair of neighbours in a row.
std::uint64_t look_of(const core::Image& picture);
inline constexpr int kNearCopyBits = 6;  // pictures whose looks differ in at most so many bits are near-copies
bool share(const Origin& a, const Origin& b);

struct ImageSet {
  int batch = 0;
  int query = 0;                // index into the ranking: 0 is the best picture
  std::vector<int> references;  // the same, weakest bin first
  int replaced = 0;             // references that are not the published element b
  bool operator==(const ImageSet&) const = default;
};

// The image sets 0 … sets.pictures_a_bin − 1 of a unit. `origins` are those of the unit's pictures, best first; as many
// as are known beyond the bins may fill up.
std::vector<ImageSet> image_sets(int channel, const BinSizes& sizes, const std::vector<Origin>& origins,
                                 Fidelity fidelity);

// The references of image set 0 for a query that was chosen by hand, at `query` in the ranking (in the bins or below):
// those of the bins that neither are it nor share with it, by the fill-up rule.
ImageSet image_set_of(int channel, const BinSizes& sizes, const std::vector<Origin>& origins, const Origin& of_query,
                      int query);

// The natural references of the mixed condition: the best five bins' (bins 4 … 8 of ten).
std::vector<int> mixed_references(const ImageSet& set);

}  // namespace study
