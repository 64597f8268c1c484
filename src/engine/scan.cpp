#include "engine/scan.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>
#include <span>

#include "base/hash.h"
#include "base/log.h"
#include "core/file.h"
#include "core/image_io.h"
#include "engine/networks.h"
#include "engine/open.h"
#include "net/model.h"

namespace engine {
namespace {

using core::StepOutcome;

// A first choice is made after so many pictures (then again at the end): it depends on the collection, not on how fast
// it was scanned.
constexpr int kFirstLook = 48;
constexpr int kLookUpsPerStep = 16;
constexpr std::size_t kMaxTableFloats = std::size_t{1} << 28;  // 1 GiB
constexpr std::size_t kPassCpu = 1;                            // pictures in a pass: a network's own chunk
constexpr std::size_t kPassCuda = 32;

// A choice is kept in the activation index beside the values, under a name that no layers have.
constexpr const char* kChoice = "first choice\n";

// Whether these are the files of another time, without reading them.
std::string key_of(const std::vector<PictureEntry>& pictures) {
  base::Sha256 sha;
  std::error_code failed;
  for (const PictureEntry& picture : pictures) {
    const auto bytes = std::filesystem::file_size(picture.path, failed);
    const auto written = std::filesystem::last_write_time(picture.path, failed).time_since_epoch().count();
    sha.add(picture.name + "\n" + std::to_string(bytes) + " " + std::to_string(written) + "\n");
  }
  return sha.hex();
}

// The node that holds the same channels after their ReLU: the concat that the layer is a view of, or a ReLU of its own.
std::optional<int> after_relu(const net::Model& model, int layer) {
  const std::vector<net::Node>& nodes = model.graph.nodes;
  const net::Node& node = nodes[static_cast<std::size_t>(layer)];
  constexpr std::string_view kPreRelu = "_pre_relu";
  if (node.only_a_view) return model.graph.find(node.name.substr(0, node.name.size() - kPreRelu.size()));
  const auto relu = std::find_if(nodes.begin(), nodes.end(), [&](const net::Node& other) {
    return other.op == net::Op::relu && other.inputs.front() == layer;
  });
  return relu == nodes.end() ? std::nullopt : std::optional(static_cast<int>(relu - nodes.begin()));
}

// Mean over the map of every channel of every layer, for one picture of the batch.
std::vector<float> means(const std::vector<net::Activations>& layers, std::size_t picture) {
  std::vector<float> values;
  for (const net::Activations& layer : layers) {
    const auto cells = static_cast<std::size_t>(layer.shape.rows) * static_cast<std::size_t>(layer.shape.cols);
    const auto channels = static_cast<std::size_t>(layer.shape.channels);
    const float* map = layer.values.data() + picture * channels * cells;
    for (std::size_t channel = 0; channel < channels; ++channel, map += cells)
      values.push_back(static_cast<float>(std::accumulate(map, map + cells, 0.0) / static_cast<double>(cells)));
  }
  return values;
}

}  // namespace

std::vector<int> scanned_nodes(const net::Model& model) {
  std::vector<int> nodes = model.unit_layers;
  for (const int layer : model.unit_layers)
    if (const auto node = after_relu(model, layer); node && std::find(nodes.begin(), nodes.end(), *node) == nodes.end())
      nodes.push_back(*node);
  return nodes;
}

std::string values_key(const net::Model& model, net::Device device) {
  const core::Framing& framing = model.input.framing;
  std::string text = std::to_string(framing.resize_short_side_px) + " " + std::to_string(framing.crop.width_px) + "x" +
                     std::to_string(framing.crop.height_px);
  for (const int node : scanned_nodes(model)) text += "\n" + model.graph.nodes[static_cast<std::size_t>(node)].name;
  if (device == net::Device::cuda) text = "cuda " + text;
  base::Sha256 sha;
  sha.add(text);
  return sha.hex();
}

Scan::Scan(std::shared_ptr<net::Network> network, ScanRequest request, ScanOptions options)
    : network_(std::move(network)), request_(std::move(request)), options_(std::move(options)) {
  const net::Model& model = network_->model();
  table_.model_sha256 = model.sha256;
  layers_key_ = values_key(model, network_->device());
  std::size_t columns = 0;
  for (const int node : scanned_nodes(model)) {
    const auto at = static_cast<std::size_t>(node);
    wanted_.push_back({node, {}});
    table_.layers.push_back(model.graph.nodes[at].name);
    table_.channels.push_back(model.shapes[at].channels);
    columns += static_cast<std::size_t>(model.shapes[at].channels);
  }
  const std::size_t fit = kMaxTableFloats / std::max<std::size_t>(1, columns);
  const std::vector<PictureEntry>& pictures = request_.collection->pictures;
  total_ = static_cast<int>(std::min(pictures.size(), fit));
  if (pictures.size() > fit)
    skipped_.push_back({std::to_string(pictures.size() - fit) + " pictures",
                        {"The last " + std::to_string(pictures.size() - fit) + " pictures were not scanned",
                         "the numbers of more than " + std::to_string(fit) + " do not fit in memory",
                         "Open a folder with fewer pictures."}});
  for (int row = 0; row < total_; ++row) table_.pictures.push_back(pictures[static_cast<std::size_t>(row)].name);
  table_.values.resize(static_cast<std::size_t>(total_));

  if (options_.index_file.empty()) return;
  auto index = data::ActivationIndex::open(options_.index_file);
  if (index)
    index_ = *std::move(index);
  else
    base::log_warning(index.error().sentence());
  if (options_.first_choice) recall_choice();
}

Scan::~Scan() = default;

void Scan::recall_choice() {
  if (!index_) return;
  files_key_ = key_of(request_.collection->pictures);
  const auto known = index_->find(table_.model_sha256, kChoice + layers_key_, files_key_);
  if (!known || !*known || (*known)->size() != 3) return;
  const std::vector<float>& numbers = **known;  // picture, layer, channel; checked, for a file may hold anything
  const auto is_index = [](float number, std::size_t count) {
    return number >= 0.0F && number < static_cast<float>(count) && number == std::floor(number);
  };
  if (!is_index(numbers[0], table_.values.size()) || !is_index(numbers[1], table_.layers.size())) return;
  const auto layer = static_cast<std::size_t>(numbers[1]);
  if (!is_index(numbers[2], static_cast<std::size_t>(table_.channels[layer]))) return;
  first_choice_ = std::pair(static_cast<std::size_t>(numbers[0]),
                            core::Unit{table_.layers[layer], static_cast<int>(numbers[2]), std::nullopt});
  recalled_ = true;
}

void Scan::remember_choice() {
  if (!index_ || !first_choice_) return;
  const auto& [picture, unit] = *first_choice_;
  const auto layer = std::find(table_.layers.begin(), table_.layers.end(), unit.layer) - table_.layers.begin();
  const auto stored =
      index_->store(table_.model_sha256, kChoice + layers_key_, files_key_,
                    {static_cast<float>(picture), static_cast<float>(layer), static_cast<float>(unit.channel)});
  if (!stored) base::log_warning(stored.error().sentence());
}

bool Scan::is_pass_due() const {
  const std::size_t pass = network_->device() == net::Device::cuda ? kPassCuda : kPassCpu;
  const bool look_is_due = !recalled_ && next_ == std::min(kFirstLook, total_);
  return loaded_.size() >= pass || (!loaded_.empty() && (next_ == total_ || look_is_due));
}

StepOutcome Scan::step(const core::StopFlag& stop) {
  if (done_) return StepOutcome::done;
  if (choosing_) return choose(stop);
  if (is_pass_due()) return run_pass(stop);
  const bool first_look = next_ == kFirstLook && chosen_after_ < kFirstLook && next_ < total_;
  const bool all_read = next_ == total_;
  if (options_.first_choice && !recalled_ && (first_look || all_read)) {
    chosen_after_ = next_;
    choosing_.emplace(network_->model(), table_);
    return StepOutcome::more;
  }
  if (all_read) {
    done_ = true;
    return StepOutcome::done;
  }
  return read_next(stop);
}

// Looks up what is known and decodes the first picture that is not. What was read before a stop counts.
StepOutcome Scan::read_next(const core::StopFlag& stop) {
  for (int looked_up = 0; looked_up < kLookUpsPerStep && next_ < total_; ++looked_up) {
    if (stop.stop_requested()) return looked_up > 0 ? StepOutcome::more : StepOutcome::stopped;
    if (!recalled_ && next_ == kFirstLook && looked_up > 0) return StepOutcome::more;  // the first look comes first
    const int row = next_++;
    const PictureEntry& entry = request_.collection->pictures[static_cast<std::size_t>(row)];
    const auto bytes = core::read_file(entry.path, kMaxPictureBytes, "The picture");
    if (!bytes) {
      skipped_.push_back({entry.name, bytes.error()});
      continue;
    }
    const std::string sha256 = base::sha256_hex(*bytes);
    if (index_) {
      auto known = index_->find(table_.model_sha256, layers_key_, sha256);
      if (known && *known) {
        keep(row, **std::move(known));
        continue;
      }
    }
    const auto image = core::decode_image(*bytes, entry.path.string());
    if (image)
      loaded_.push_back({row, sha256, core::frame(*image, network_->model().input.framing)});
    else
      skipped_.push_back({entry.name, image.error()});
    break;
  }
  return StepOutcome::more;
}

StepOutcome Scan::run_pass(const core::StopFlag& stop) {
  std::vector<core::Image> pictures;
  for (const Loaded& loaded : loaded_) pictures.push_back(loaded.image);
  const auto layers = network_->respond(pictures, wanted_, &stop);
  if (!layers) {
    if (was_stopped(layers.error())) return StepOutcome::stopped;
    error_ = layers.error();
    done_ = true;
    return StepOutcome::done;
  }
  for (std::size_t i = 0; i < loaded_.size(); ++i) {
    std::vector<float> values = means(*layers, i);
    if (index_) {
      const auto stored = index_->store(table_.model_sha256, layers_key_, loaded_[i].sha256, values);
      if (!stored) {
        base::log_warning(stored.error().sentence());
        index_.reset();  // said once; the scan goes on without remembering
      }
    }
    keep(loaded_[i].row, std::move(values));
  }
  loaded_.clear();
  return StepOutcome::more;
}

void Scan::keep(int row, std::vector<float> values) {
  const int columns = std::accumulate(table_.channels.begin(), table_.channels.end(), 0);
  if (values.size() != static_cast<std::size_t>(columns)) return;
  table_.values[static_cast<std::size_t>(row)] = std::move(values);
  ++table_.scanned;
}

StepOutcome Scan::choose(const core::StopFlag& stop) {
  const StepOutcome outcome = choosing_->step(*network_, *request_.collection, stop);
  if (outcome != StepOutcome::done) return outcome;
  if (auto answer = choosing_->answer()) first_choice_ = std::move(answer);
  choosing_.reset();
  done_ = next_ == total_;
  if (done_) remember_choice();
  return done_ ? StepOutcome::done : StepOutcome::more;
}

std::shared_ptr<const ScanSnapshot> Scan::snapshot() const {
  // Copying the table for every bit of progress would cost the square of its size; it is copied when it has grown by an
  // eighth.
  const int published = published_table_ ? published_table_->scanned : 0;
  const bool settled = done_ || choosing_;
  if (!published_table_ || table_.scanned >= published + std::max(8, published / 8) ||
      (settled && table_.scanned != published))
    published_table_ = std::make_shared<const data::UnitTable>(table_);

  auto snapshot = std::make_shared<ScanSnapshot>();
  snapshot->request = request_;
  snapshot->scanned = table_.scanned;
  snapshot->total = total_;
  snapshot->done = done_;
  snapshot->skipped = skipped_;
  snapshot->first_choice = first_choice_;
  snapshot->error = error_;
  const auto column = [table = published_table_](const core::Unit& unit) {
    return unit.neuron ? std::nullopt : table->column(unit.layer, unit.channel);  // means over maps only
  };
  snapshot->best = [table = published_table_, column](const core::Unit& unit, int top) {
    std::vector<RankedPicture> best;
    if (const auto found = column(unit))
      for (const data::Ranked& ranked : data::best_pictures(*table, *found, top))
        best.push_back({static_cast<std::size_t>(ranked.picture), ranked.activation, ranked.rank});
    return best;
  };
  snapshot->spread = [table = published_table_, column](const core::Unit& unit) {
    const auto found = column(unit);
    const data::Spread spread = found ? data::spread(*table, *found) : data::Spread{};
    return std::pair(spread.mean, spread.standard_deviation);
  };
  return snapshot;
}

}  // namespace engine
