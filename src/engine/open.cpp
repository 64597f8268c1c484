#include "engine/open.h"

#include <algorithm>
#include <cctype>

#include "base/hash.h"
#include "core/file.h"
#include "core/image_io.h"
#include "data/collection.h"
#include "engine/export.h"
#include "engine/feeding.h"
#include "engine/model_graph.h"
#include "net/model.h"
#include "net/names.h"

namespace engine {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPreRelu = "_pre_relu";

std::vector<LayerInfo> layers_of(const net::Model& model, const std::vector<std::string>& short_names) {
  std::vector<LayerInfo> layers;
  for (const int node : model.unit_layers) {
    const auto at = static_cast<std::size_t>(node);
    LayerInfo layer;
    layer.name = model.graph.nodes[at].name;
    layer.short_name = short_names[at];
    if (layer.short_name.ends_with(kPreRelu)) layer.short_name.resize(layer.short_name.size() - kPreRelu.size());
    layer.channels = model.shapes[at].channels;
    layer.rows = model.shapes[at].rows;
    layer.cols = model.shapes[at].cols;
    layer.receptive_field_px = model.fields[at].size_px;
    layer.whole_input = model.fields[at].whole_input;
    layers.push_back(std::move(layer));
  }
  return layers;
}

std::string lower_extension(const fs::path& path) {
  std::string extension = path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return extension;
}

bool is_picture_name(const fs::path& path) {
  const std::string extension = lower_extension(path);
  return extension == ".png" || extension == ".jpg" || extension == ".jpeg";
}

void add_folder(CollectionSnapshot& snapshot, data::Collection collection) {
  for (data::Picture& picture : collection.pictures)
    snapshot.pictures.push_back({std::move(picture.path), std::move(picture.name), std::move(picture.label),
                                 std::move(picture.object_source), std::move(picture.background_source),
                                 std::move(picture.mask)});
  for (data::Skipped& skipped : collection.skipped)
    snapshot.skipped.push_back({skipped.path.filename().string(), std::move(skipped.reason)});
}

// What is known of a model that opened.
void describe(ModelSnapshot& snapshot, const std::shared_ptr<const net::Model>& model) {
  snapshot.file = {snapshot.path.string(), model->sha256};
  snapshot.name = model->name;
  const auto short_names = std::make_shared<const std::vector<std::string>>(net::short_names(*model));
  snapshot.layers = layers_of(*model, *short_names);
  snapshot.graph = graph_of(*model);
  for (std::size_t i = 0; i < snapshot.graph.size(); ++i) snapshot.graph[i].short_name = (*short_names)[i];
  snapshot.framing = model->input.framing;
  snapshot.grey = model->input.channels == 1;
  snapshot.labels = model->labels.size();
  snapshot.understand = [model, short_names](std::string_view text) -> base::Result<UnderstoodName> {
    auto understood = net::understand_unit(*model, text, *short_names);
    if (!understood) return understood.error();
    return UnderstoodName{std::move(understood->unit), std::move(understood->explanation)};
  };
  snapshot.describe = [model, short_names](const core::Unit& unit) {
    return net::describe(*model, unit, *short_names);
  };
  snapshot.spoken = [model, short_names](const core::Unit& unit) {
    const std::optional<int> node = model->graph.find(unit.layer);
    core::Unit spoken = unit;
    if (node) spoken.layer = (*short_names)[static_cast<std::size_t>(*node)];
    return core::to_string(spoken);
  };
  snapshot.model = model;
}

// With the answer as its sidecar. What cannot be kept beside the model holds as long as the model is open.
base::Result<std::shared_ptr<const net::Model>> open_fed(ModelSnapshot& snapshot, const net::Model& unfed,
                                                         const Feeding& feeding) {
  const auto sidecar = sidecar_of(unfed, feeding);
  if (!sidecar) return sidecar.error();
  net::OpenOptions options;
  options.sidecar = *sidecar;
  auto model = net::open_model(snapshot.path, options);
  if (!model) return model;
  if (const auto stored = core::save_text(net::sidecar_path(snapshot.path), *sidecar); !stored)
    snapshot.not_stored =
        base::Error{"How pictures are fed could not be kept beside the model", stored.error().why,
                    "It holds until another model is opened; copy the model to a folder of yours to keep it."};
  return model;
}

}  // namespace

bool is_model_name(const fs::path& path) {
  const std::string extension = lower_extension(path);
  return extension == ".onnx" || extension == ".pb";
}

ModelPointer open_model(const fs::path& path, net::Device device, int threads, const std::optional<Feeding>& feeding,
                        bool beside) {
  auto snapshot = std::make_shared<ModelSnapshot>();
  snapshot->path = path;
  auto opened = net::open_model(path);
  std::error_code ignored;
  if (!opened && fs::exists(path, ignored) && !fs::exists(net::sidecar_path(path), ignored)) {
    net::OpenOptions options;
    options.without_input = true;
    const auto unfed = net::open_model(path, options);
    if (!unfed)
      opened = unfed.error();  // what is wrong with the file itself
    else if (feeding)
      opened = open_fed(*snapshot, **unfed, *feeding);
    else
      snapshot->question = question_of(**unfed, beside);
  }
  if (opened) {
    describe(*snapshot, *opened);
    snapshot->made_by = sentence(made_by(device, threads));
  } else {
    snapshot->error = opened.error();
  }
  return snapshot;
}

std::shared_ptr<const CollectionSnapshot> open_collection(const std::vector<fs::path>& paths) {
  auto snapshot = std::make_shared<CollectionSnapshot>();
  std::error_code ignored;
  const bool is_one_folder = paths.size() == 1 && !fs::is_regular_file(paths.front(), ignored);
  if (is_one_folder) {
    snapshot->folder = paths.front();
    auto collection = data::open_collection(paths.front());
    if (!collection) {
      snapshot->error = collection.error();
      return snapshot;
    }
    snapshot->name = collection->name;
    add_folder(*snapshot, *std::move(collection));
    return snapshot;
  }
  snapshot->name = "dropped pictures";
  if (!paths.empty()) snapshot->folder = paths.front().parent_path();
  for (const fs::path& path : paths) {
    const std::string name = path.filename().string();
    if (fs::is_directory(path, ignored)) {
      auto collection = data::open_collection(path);
      if (collection)
        add_folder(*snapshot, *std::move(collection));
      else
        snapshot->skipped.push_back({name, collection.error()});
    } else if (is_picture_name(path)) {
      snapshot->pictures.push_back({path, name, ""});
    } else {
      snapshot->skipped.push_back(
          {name,
           {"The file " + name + " is no picture", "its name ends in neither .png, .jpg nor .jpeg",
            "Drop PNG or JPEG files, folders of them, or a model (.onnx or .pb)."}});
    }
  }
  if (snapshot->pictures.empty())
    snapshot->error = base::Error{"Nothing of what was dropped can be shown", "there is no PNG or JPEG file among it",
                                  "Drop PNG or JPEG files, folders of them, or a model (.onnx or .pb)."};
  return snapshot;
}

PicturePointer open_picture(const fs::path& path, const core::Framing& framing, bool grey) {
  auto snapshot = std::make_shared<PictureSnapshot>();
  snapshot->file.path = path.string();
  snapshot->name = path.filename().string();
  const auto bytes = core::read_file(path, kMaxPictureBytes, "The picture");
  if (!bytes) {
    snapshot->error = bytes.error();
    return snapshot;
  }
  snapshot->file.sha256 = base::sha256_hex(*bytes);
  const auto image = core::decode_image(*bytes, path.string());
  if (!image) {
    snapshot->error = image.error();
    return snapshot;
  }
  snapshot->original = image->size;
  snapshot->image = core::frame(*image, framing);
  if (grey) snapshot->grey = core::grey(snapshot->image);
  return snapshot;
}

}  // namespace engine
