#include "engine/units_file.h"

#include <algorithm>
#include <set>

#include "catch.h"
#include "engine/fixtures.h"
#include "engine/trial_references.h"
#include "net/names.h"

namespace {

const net::Model& embedded() {
  static const engine::ModelPointer opened = fixtures::open_embedded_model();
  return *opened->model;
}

std::string refusal(const std::string& csv) {
  const auto read = engine::read_units(csv, embedded());
  REQUIRE(!read);
  return read.error().sentence();
}

}  // namespace

TEST_CASE("Two units of each layer that joins branches: one of the 3x3 branch, one of the pool branch") {
  const auto units = engine::sample_units(embedded(), 2, 0);
  REQUIRE(units);
  REQUIRE(units->size() == 18);
  for (std::size_t i = 0; i < units->size(); ++i) {
    REQUIRE(net::branch_of(embedded(), (*units)[i].unit) == (i % 2 == 0 ? "3x3" : "pool"));
    REQUIRE(!(*units)[i].hand_picked);
  }
  REQUIRE(*engine::sample_units(embedded(), 2, 0) == *units);
  REQUIRE(*engine::sample_units(embedded(), 2, 1) != *units);
  const auto more = engine::sample_units(embedded(), 20, 3);
  REQUIRE(more);
  std::set<core::Unit> different;
  for (const engine::UnitChoice& choice : *more) different.insert(choice.unit);
  REQUIRE(different.size() == 9 * 20);
}

TEST_CASE("A list of units comes back from its CSV as it was") {
  auto units = *engine::sample_units(embedded(), 2, 5);
  units.push_back({{"mixed4a_pre_relu", 7, std::nullopt}, study::Role::catch_trial, true, "dog_1.png"});
  REQUIRE(*engine::read_units(engine::units_csv(units, embedded()), embedded()) == units);
}

TEST_CASE("The study's own columns and any name of a unit are understood") {
  const auto published = engine::read_units(
      "encoding in folder structure - correspondence in InceptionV1\n"
      "layer_number,kernel_size_number,channel_number,layer_name,pre_post_relu,kernel_size,feature_map_number\n"
      "2,1,0,mixed4a,pre_relu,3x3,189\n",
      embedded());
  REQUIRE(published);
  REQUIRE(core::to_string(published->front().unit) == "mixed4a_pre_relu:189");
  const auto named = engine::read_units("unit\nmixed4a_pre_relu:104\n\"mixed3b,pre_relu,3x3,178\"\n", embedded());
  REQUIRE(named);
  REQUIRE(core::to_string((*named)[1].unit) == "mixed3b_pre_relu:178");
}

TEST_CASE("A unit after the ReLU is taken for the one before it, aloud, in every way of writing that is known") {
  for (const auto& [csv, unit] :
       {std::pair("unit\nmixed4a:104\n", "mixed4a_pre_relu:104"), std::pair("unit\n4c:47\n", "mixed4c_pre_relu:47"),
        std::pair("layer_name,feature_map_number\nmixed4a,5\n", "mixed4a_pre_relu:5"),
        std::pair("\xEF\xBB\xBFunit\nmixed4a:3\n", "mixed4a_pre_relu:3")}) {
    std::vector<std::string> said;
    const auto read = engine::read_units(csv, embedded(), &said);
    INFO(csv << (read ? "" : read.error().sentence()));
    REQUIRE(read);
    REQUIRE(core::to_string(read->front().unit) == unit);
    REQUIRE(said.size() == 1);
    REQUIRE(said[0].find(unit) != std::string::npos);
  }
  std::vector<std::string> said;
  REQUIRE(engine::read_units("unit\nmixed4a_pre_relu:104\n", embedded(), &said));
  REQUIRE(said.empty());
}

TEST_CASE("What a list of units gets wrong is said with its row") {
  REQUIRE(refusal("name\nx\n").find("\"unit\"") != std::string::npos);
  REQUIRE(refusal("unit\nmixed4a_pre_relu:1\nmixed4a_pre_relu:100000\n").find("row 3") != std::string::npos);
  REQUIRE(refusal("unit\nmixed4a_pre_relu:1\nmixed4a_pre_relu:1\n").find("twice") != std::string::npos);
  REQUIRE(refusal("unit\n\"mixed4a_pre_relu:1@0,0\"\n").find("mean") != std::string::npos);
  REQUIRE(refusal("unit,role\nmixed4a_pre_relu:1,star\n").find("main, catch") != std::string::npos);
  REQUIRE(refusal("unit,role\nmixed4a_pre_relu:1,catch\n").find("main") != std::string::npos);
  REQUIRE(refusal("unit\n\n\nmixed4a_pre_relu:100000\n").find("row 4") != std::string::npos);
  REQUIRE(refusal("unit,unit\nmixed4a_pre_relu:1,x\n").find("twice") != std::string::npos);
  REQUIRE(refusal("").find("units") != std::string::npos);
}

TEST_CASE("Blurring keeps what is flat and the mean, and takes away detail") {
  const core::Image flat = core::make_image({40, 30}, 10, 200, 90);
  REQUIRE(engine::blurred(flat) == flat);
  core::Image striped = core::make_image({40, 40});
  for (int y = 0; y < 40; ++y)
    for (int x = 0; x < 40; ++x)
      for (int c = 0; c < 3; ++c) striped.pixel(x, y)[c] = static_cast<std::uint8_t>(x % 2 == 0 ? 100 : 140);
  for (const std::uint8_t value : engine::blurred(striped).rgb) {
    REQUIRE(value >= 118);
    REQUIRE(value <= 122);
  }
}
