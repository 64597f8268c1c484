#include "engine/export.h"

#include <cmath>

#include "catch.h"
#include "core/image_io.h"
#include "engine/fixtures.h"

namespace {

core::SweepSnapshot small_sweep() {
  core::SweepSnapshot sweep;
  sweep.spec.model = {"/models/m.onnx", std::string(64, 'a')};
  sweep.spec.picture = {"/pictures/p.png", std::string(64, 'b')};
  sweep.spec.unit = {"mixed4a_pre_relu", 7, std::nullopt};
  sweep.spec.side_px = 20;
  sweep.spec.stride_px = 16;
  sweep.map.values = {2, 3, {0.25F, -1.5F, NAN, 3.0F, 0.1F, 0.0F}};
  sweep.map.stride_px = 16;
  sweep.map.side_px = 20;
  sweep.map.picture = {60, 40};
  sweep.map.exact_cells = 5;
  return sweep;
}

const engine::MadeBy kMadeBy{"unitscope 1.0", "1.13.1", "cpu", "float32", 2};

}  // namespace

TEST_CASE("a saved occlusion map opens again: the numbers, and the spec in every file") {
  const fixtures::TemporaryFolder folder;
  const core::SweepSnapshot sweep = small_sweep();
  const auto files =
      engine::write_occlusion(folder.path() / "map", sweep, fixtures::made_up_image(1, {60, 40}), kMadeBy);
  REQUIRE(files.ok());
  REQUIRE(files->size() == 6);

  const auto map = core::load_npy(folder.path() / "map/map.npy");
  REQUIRE(map.ok());
  REQUIRE(map->rows == 2);
  REQUIRE(map->cols == 3);
  for (std::size_t i = 0; i < 6; ++i)
    REQUIRE((map->values[i] == sweep.map.values.values[i] || (i == 2 && std::isnan(map->values[i]))));
  REQUIRE(*core::load_text(folder.path() / "map/map.csv") ==
          "row,col,x_px,y_px,activation\n"
          "0,0,0,0,0.25\n0,1,16,0,-1.5\n0,2,32,0,\n1,0,0,16,3\n1,1,16,16,0.1\n1,2,32,16,0\n");

  const auto text = core::load_text(folder.path() / "map/spec.json");
  const auto spec = core::occlusion_spec_from_json(*text);
  REQUIRE(spec.ok());
  REQUIRE(*spec == sweep.spec);
  REQUIRE(text->find("\"threads\": 2") != std::string::npos);
  for (const char* name : {"map/map.png", "map/lowest.png", "map/highest.png"}) {
    const auto carried = core::read_png_spec(folder.path() / name);
    REQUIRE(carried.ok());
    REQUIRE(*core::occlusion_spec_from_json(**carried) == sweep.spec);
    REQUIRE((*carried)->find("made_by") == std::string::npos);  // the same spec, the same bytes
  }
  const auto lowest = core::load_image(folder.path() / "map/lowest.png");
  REQUIRE(*lowest == core::occlude(fixtures::made_up_image(1, {60, 40}), {16, 0, 20}, core::Fill::patch_mean));
}

TEST_CASE("a batch is saved as a sheet and one by one, a single picture as it is") {
  const fixtures::TemporaryFolder folder;
  core::VisualizationSnapshot answer;
  answer.spec = *core::preset("lucid");
  answer.spec.unit = {"mixed4a_pre_relu", 7, std::nullopt};
  answer.spec.model = {"", std::string(64, 'a')};
  REQUIRE(!engine::write_visualization(folder.path() / "none.png", answer).ok());
  answer.pictures = {fixtures::made_up_image(1, {32, 32})};
  REQUIRE(engine::write_visualization(folder.path() / "one.png", answer)->size() == 1);
  REQUIRE(*core::load_image(folder.path() / "one.png") == answer.pictures[0]);
  answer.pictures.push_back(fixtures::made_up_image(2, {32, 32}));
  answer.pictures.push_back(fixtures::made_up_image(3, {32, 32}));
  const auto files = engine::write_visualization(folder.path() / "three.png", answer);
  REQUIRE(files->size() == 4);
  REQUIRE(core::load_image(folder.path() / "three.png")->size == core::Size{68, 68});
  REQUIRE(*core::load_image(folder.path() / "three-3.png") == answer.pictures[2]);
  REQUIRE(*core::visualize_spec_from_json(**core::read_png_spec(folder.path() / "three-3.png")) == answer.spec);
}

TEST_CASE("the window's save never replaces a file") {
  const fixtures::TemporaryFolder folder;
  auto sweep = std::make_shared<engine::SweepAnswer>();
  sweep->sweep = small_sweep();
  engine::PictureSnapshot picture;
  picture.image = fixtures::made_up_image(1, {60, 40});
  picture.name = "photo.jpg";
  engine::SaveRequest request{
      folder.path() / "out", sweep, {}, std::make_shared<const engine::PictureSnapshot>(picture), 1};
  fixtures::RunningEngine engine;
  for (int number = 1; number <= 3; ++number) {
    engine::Requests requests;
    requests.save = request;
    requests.save->number = number;
    engine.post(requests);
    const auto saved = engine.rest().save;
    REQUIRE(!saved->error);
    REQUIRE(saved->number == number);
    REQUIRE(saved->written.size() == 6);
  }
  const std::string name = "mixed4a_pre_relu-7-photo-20px";
  for (const char* suffix : {"", "-2", "-3"})
    REQUIRE(std::filesystem::exists(folder.path() / "out" / (name + suffix) / "map.npy"));

  request.sweep = nullptr;
  request.number = 4;
  engine::Requests requests;
  requests.save = request;
  engine.post(requests);
  REQUIRE(engine.rest().save->error);
}

TEST_CASE("an occlusion map without a number is refused and nothing is written") {
  const fixtures::TemporaryFolder folder;
  core::SweepSnapshot sweep = small_sweep();
  sweep.map.values.values = {NAN, INFINITY, -INFINITY, NAN, NAN, NAN};
  const auto files =
      engine::write_occlusion(folder.path() / "map", sweep, fixtures::made_up_image(1, {60, 40}), kMadeBy);
  REQUIRE_FALSE(files.ok());
  REQUIRE(files.error().sentence().find("mixed4a_pre_relu:7 has no activation here") != std::string::npos);
  REQUIRE_FALSE(std::filesystem::exists(folder.path() / "map"));
  sweep.map.values.values[2] = 1.0F;
  REQUIRE(engine::write_occlusion(folder.path() / "map", sweep, fixtures::made_up_image(1, {60, 40}), kMadeBy).ok());
}
