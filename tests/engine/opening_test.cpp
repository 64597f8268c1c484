// Models without a sidecar: the question that they ask, and what the answer becomes. And the second of two models.
#include <algorithm>

#include "catch.h"
#include "core/file.h"
#include "core/image_io.h"
#include "engine/feeding.h"
#include "engine/fixtures.h"
#include "net/input_presets.h"
#include "net/model.h"
#include "net/network.h"
#include "net/onnx_builder.h"

namespace fs = std::filesystem;

namespace {

// The embedded model, alone in a folder.
class Bare {
 public:
  Bare() { fs::copy_file(fixtures::embedded_model(), model()); }
  [[nodiscard]] fs::path model() const { return folder_.path() / "bare.onnx"; }
  [[nodiscard]] fs::path sidecar() const { return folder_.path() / "bare.json"; }
  [[nodiscard]] fs::path labels(int count) const {
    std::string lines;
    for (int i = 0; i < count; ++i) lines += "class " + std::to_string(i) + "\n";
    REQUIRE(core::save_text(folder_.path() / "labels.txt", lines + "\n\n").ok());
    return folder_.path() / "labels.txt";
  }

 private:
  fixtures::TemporaryFolder folder_;
};

engine::ModelPointer open(const fs::path& path, const std::optional<engine::Feeding>& feeding = {}) {
  return engine::open_model(path, net::Device::cpu, 1, feeding);
}

const engine::Feeding& preset(const engine::FeedingQuestion& question, std::string_view name) {
  const auto found = std::ranges::find(question.presets, name, &engine::FeedingPreset::name);
  REQUIRE(found != question.presets.end());
  return found->feeding;
}

}  // namespace

TEST_CASE("a model without a sidecar asks, and every preset that answers feeds as the flag of the command line does") {
  for (const net::InputPreset& known : net::input_presets()) {
    const Bare bare;
    const auto asking = open(bare.model());
    REQUIRE(asking->error);
    REQUIRE(asking->question);
    REQUIRE(asking->question->channels == 3);
    const auto answered = open(bare.model(), preset(*asking->question, known.name));
    REQUIRE(!answered->error);
    REQUIRE(!answered->not_stored);
    net::OpenOptions options;
    options.input_preset = known.name;
    const auto by_flag = *net::open_model(bare.model(), options);
    const auto asked_once = open(bare.model());  // the sidecar answers now
    REQUIRE(!asked_once->question);
    REQUIRE(asked_once->file.sha256 == answered->file.sha256);
    for (const net::Model* model : {answered->model.get(), asked_once->model.get()}) {
      REQUIRE(model->input.channels == by_flag->input.channels);
      REQUIRE(model->input.rgb == by_flag->input.rgb);
      REQUIRE(model->input.scale == by_flag->input.scale);
      REQUIRE(model->input.shift == by_flag->input.shift);
      REQUIRE(model->input.divide == by_flag->input.divide);
      REQUIRE(model->input.framing == by_flag->input.framing);
      REQUIRE(model->logits == by_flag->logits);
    }
  }
}

TEST_CASE("labels are a line a class, as many as the network has") {
  const Bare bare;
  const auto asking = open(bare.model());
  engine::Feeding feeding = preset(*asking->question, "lucid");
  feeding.labels_file = bare.labels(3).string();
  const auto refused = open(bare.model(), feeding);
  REQUIRE(refused->error);
  REQUIRE(refused->error->sentence().find("3 labels") != std::string::npos);
  REQUIRE_FALSE(fs::exists(bare.sidecar()));
  feeding.labels_file = "no such file";
  REQUIRE(open(bare.model(), feeding)->error);
  const auto plain = open(bare.model(), preset(*asking->question, "lucid"));
  const int logits = plain->model->shapes[static_cast<std::size_t>(*plain->model->logits)].channels;
  fs::remove(bare.sidecar());
  feeding.labels_file = bare.labels(logits).string();
  const auto labelled = open(bare.model(), feeding);
  REQUIRE(!labelled->error);
  REQUIRE(labelled->labels == static_cast<std::size_t>(logits));
}

TEST_CASE("values that cannot be used are one sentence each, and say what to write") {
  const Bare bare;
  const auto asking = open(bare.model());
  const engine::FeedingQuestion& question = *asking->question;
  const engine::Feeding good = preset(question, "torchvision");
  REQUIRE(question.read(good).ok());
  const auto refused = [&](void (*spoil)(engine::Feeding&), const char* naming) {
    engine::Feeding feeding = good;
    spoil(feeding);
    const auto read = question.read(feeding);
    INFO(naming);
    REQUIRE_FALSE(read.ok());
    REQUIRE(read.error().sentence().find(naming) != std::string::npos);
    REQUIRE_FALSE(read.error().what_to_do.empty());
    REQUIRE(open(bare.model(), feeding)->error);
  };
  using Feeding = engine::Feeding;
  refused([](Feeding& f) { f.mean = "0.4, 0.5"; }, "mean");
  refused([](Feeding& f) { f.mean = "bright"; }, "\"bright\" is not a number");
  refused([](Feeding& f) { f.mean = "nan"; }, "mean");
  refused([](Feeding& f) { f.deviation = "0"; }, "deviation");
  refused([](Feeding& f) { f.deviation = "1, 0, 1"; }, "deviation");
  refused(
      [](Feeding& f) {
        f.by_mean = false;
        f.lowest = f.highest = "1";
      },
      "range");
  refused(
      [](Feeding& f) {
        f.by_mean = false;
        f.highest = "1e99";
      },
      "highest");
  refused([](Feeding& f) { f.crop_px = "-3"; }, "input size");
  refused([](Feeding& f) { f.crop_px = "99999999999"; }, "input size");
  refused([](Feeding& f) { f.crop_px = "224x"; }, "input size");
  refused([](Feeding& f) { f.resize_short_side_px = "100"; }, "shorter side");
  refused([](Feeding& f) { f.resize_short_side_px = ""; }, "shorter side");
  refused([](Feeding& f) { f.channels = engine::ChannelOrder::grey; }, "channel order");
  REQUIRE_FALSE(fs::exists(bare.sidecar()));
}

TEST_CASE("what is fed spans what the values say, and one number does for all channels") {
  const Bare bare;
  const auto asking = open(bare.model());
  engine::Feeding feeding = preset(*asking->question, "zero-one");
  feeding.by_mean = true;
  feeding.mean = "0.5";
  feeding.deviation = "0.25";
  const auto fed = asking->question->read(feeding);
  REQUIRE(fed.ok());
  REQUIRE(fed->lowest == Approx(-2.0F));
  REQUIRE(fed->highest == Approx(2.0F));
  feeding.by_mean = false;
  feeding.lowest = "−117";
  feeding.highest = "138";
  REQUIRE(asking->question->read(feeding)->lowest == -117.0F);
}

TEST_CASE("where the folder cannot be written the answer holds, with a sentence") {
  const Bare bare;
  const auto asking = open(bare.model());
  fs::create_directory(bare.sidecar().string() + ".is-in-the-way");
  fs::permissions(bare.model().parent_path(), fs::perms::owner_read | fs::perms::owner_exec);
  const bool root_writes_anyway = core::save_text(bare.model().parent_path() / "probe", "").ok();
  const auto answered = open(bare.model(), preset(*asking->question, "lucid"));
  fs::permissions(bare.model().parent_path(), fs::perms::owner_all);
  REQUIRE(!answered->error);
  REQUIRE(answered->not_stored.has_value() == !root_writes_anyway);
}

TEST_CASE("a question leaves the open model open, and its answer opens the other one") {
  const Bare bare;
  fixtures::RunningEngine engine;
  engine::Requests requests;
  requests.open_model = fixtures::embedded_model();
  engine.post(std::move(requests));
  const auto first = engine.rest().model;
  REQUIRE(!first->error);
  requests = {};
  requests.open_pictures = std::vector<fs::path>{bare.model()};  // dropped
  engine.post(std::move(requests));
  engine::Snapshots in = engine.rest();
  REQUIRE(in.model == first);
  REQUIRE(!in.refusal);
  REQUIRE(in.feeding);
  REQUIRE(in.feeding->path == bare.model());
  requests = {};
  requests.feed_model = engine::FeedModelRequest{bare.model(), preset(*in.feeding, "lucid"), false};
  engine.post(std::move(requests));
  in = engine.rest();
  REQUIRE(in.model != first);
  REQUIRE(in.model->path == bare.model());
  REQUIRE(!in.model->error);
  REQUIRE(fs::exists(bare.sidecar()));
}

TEST_CASE("a file that is no model is refused by its name, by what it is, and with its path") {
  const Bare bare;
  const fs::path broken = bare.model().parent_path() / "broken.pb";
  REQUIRE(core::save_text(broken, "no graph").ok());
  fixtures::RunningEngine engine;
  engine::Requests requests;
  requests.open_model = fixtures::embedded_model();
  engine.post(std::move(requests));
  const auto first = engine.rest().model;
  requests = {};
  requests.open_pictures = std::vector<fs::path>{broken};
  engine.post(std::move(requests));
  const engine::Snapshots in = engine.rest();
  REQUIRE(in.model == first);
  REQUIRE(in.refusal);
  REQUIRE(in.refusal->path == broken);
  REQUIRE(in.refusal->error.sentence().find("broken.pb") != std::string::npos);
  REQUIRE(!in.feeding);
}

TEST_CASE("the second model answers with its own network, beside the first") {
  const Bare bare;
  fixtures::RunningEngine engine;
  const fs::path file = bare.model().parent_path() / "p.png";
  REQUIRE(core::save_png(file, fixtures::made_up_image(3, {300, 260})).ok());
  REQUIRE(!open(bare.model(), preset(*open(bare.model())->question, "zero-one"))->error);
  engine::Requests requests;
  requests.open_model = fixtures::embedded_model();
  requests.beside.open_model = bare.model();
  engine.post(std::move(requests));
  engine::Snapshots in = engine.rest();
  REQUIRE(!in.model->error);
  REQUIRE(!in.beside.model->error);
  requests = {};
  requests.show_picture = file;
  requests.beside.show_picture = file;
  engine.post(std::move(requests));
  in = engine.rest();
  REQUIRE(in.picture->image == in.beside.picture->image);
  const core::Unit unit{"conv2d2_pre_relu", 3, std::nullopt};
  requests = {};
  requests.drag = engine::DragRequest{in.model, in.picture, unit, {20, 30, 90}};
  requests.beside.drag = engine::DragRequest{in.beside.model, in.beside.picture, unit, {20, 30, 90}};
  engine.post(std::move(requests));
  in = engine.rest();
  REQUIRE(!in.drag->error);
  REQUIRE(!in.beside.drag->error);
  REQUIRE(in.drag->activation != in.beside.drag->activation);  // the same weights, fed another range
  net::set_threads_here(1);
  const auto network = *net::Network::create(in.beside.model->model);
  REQUIRE(in.beside.drag->activation == network->respond(in.beside.drag->occluded, unit)->activation);
}

TEST_CASE("a grey network of small inputs is shown the pictures that it sees: small and grey, occluded ones too") {
  const fixtures::TemporaryFolder folder;
  const fs::path model = folder.path() / "grey.onnx";
  OnnxBuilder builder(1, 32, 32);
  builder.convolution("input", "c", 1, 2, 3).node("GlobalAveragePool", {"c"}, "p").node("Flatten", {"p"}, "logits");
  REQUIRE(core::save_text(model, builder.bytes()).ok());
  const core::Image photo = fixtures::made_up_image(3, {300, 260});
  const fs::path file = folder.path() / "p.png";
  REQUIRE(core::save_png(file, photo).ok());
  REQUIRE(core::save_text(folder.path() / "collection.csv", "file,label\np.png,heron\n").ok());
  REQUIRE(!open(model, preset(*open(model)->question, "zero-one"))->error);

  fixtures::RunningEngine engine;
  engine::Requests requests;
  requests.open_model = model;
  requests.open_folder = folder.path();
  engine.post(std::move(requests));
  engine::Snapshots in = engine.rest();
  REQUIRE(!in.model->error);
  REQUIRE(in.model->grey);
  requests = {};
  requests.show_picture = file;
  requests.thumbnails = engine::ThumbnailsRequest{{file}, 96, in.model->framing, in.model->grey};
  engine.post(std::move(requests));
  in = engine.rest();
  const core::Image fed = core::frame(photo, in.model->framing);
  REQUIRE(in.picture->label == "heron");
  REQUIRE(in.picture->image == fed);
  REQUIRE(in.picture->seen() == core::grey(fed));
  REQUIRE(in.thumbnails->pictures[0] == core::grey(fed));  // no more of it than the network sees
  const core::Unit unit{"c", 1, std::nullopt};
  requests = {};
  requests.drag = engine::DragRequest{in.model, in.picture, unit, {4, 6, 12}};
  engine.post(std::move(requests));
  in = engine.rest();
  REQUIRE(!in.drag->error);
  const core::Image covered = core::occlude(fed, {4, 6, 12}, core::Fill::patch_mean);
  REQUIRE(in.drag->occluded == core::grey(covered));
  net::set_threads_here(1);
  const auto network = *net::Network::create(in.model->model);
  REQUIRE(in.drag->activation == network->respond(covered, unit)->activation);  // as the command line measures it
}

TEST_CASE("layers of PyTorch's exports have the names that people write, which are understood") {
  const fixtures::TemporaryFolder folder;
  const fs::path file = folder.path() / "exported.onnx";
  OnnxBuilder builder(3, 16, 16);
  builder.convolution("input", "/features/features.4/block/block.1/block.1.0/Conv_output_0", 3, 2, 3);
  REQUIRE(core::save_text(file, builder.bytes()).ok());
  const auto model = open(file, preset(*open(file)->question, "zero-one"));
  REQUIRE(!model->error);
  REQUIRE(model->layers.front().name == "/features/features.4/block/block.1/block.1.0/Conv_output_0");
  REQUIRE(model->layers.front().short_name == "features.4.block.1.0");
  REQUIRE(model->graph.back().short_name == "features.4.block.1.0");
  const core::Unit unit{model->layers.front().name, 1, core::Cell{2, 3}};
  REQUIRE(model->spoken(unit) == "features.4.block.1.0:1@2,3");
  REQUIRE(model->understand(model->spoken(unit))->unit == unit);
  REQUIRE(model->describe(unit) == "channel 1 of features.4.block.1.0, at row 2, column 3");
}

TEST_CASE("what joins values in a model's graph is called by the words that the window asks for") {
  const fixtures::TemporaryFolder folder;
  const fs::path file = folder.path() / "joins.onnx";
  OnnxBuilder builder(3, 16, 16);
  builder.convolution("input", "one", 3, 2, 1).convolution("input", "two", 3, 2, 1).node("Add", {"one", "two"}, "sum");
  builder.node("Mul", {"sum", "two"}, "product").node("Concat", {"sum", "product"}, "both", {{"axis", 1}});
  REQUIRE(core::save_text(file, builder.bytes()).ok());
  const auto model = open(file, preset(*open(file)->question, "zero-one"));
  REQUIRE(!model->error);
  const auto op_of = [&](std::string_view name) {
    const auto node = std::ranges::find(model->graph, name, &engine::GraphNode::name);
    REQUIRE(node != model->graph.end());
    return node->op;
  };
  REQUIRE(op_of("sum") == engine::kAddition);
  REQUIRE(op_of("product") == engine::kMultiplication);
  REQUIRE(op_of("both") == engine::kConcatenation);
}
