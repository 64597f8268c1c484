#include "net/cpu_network.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"

namespace net {
namespace {

constexpr std::size_t kPassesKept = 4;

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

bool same(const std::vector<Wanted>& a, std::span<const Wanted> b) {
  return std::ranges::equal(
      a, b, [](const Wanted& x, const Wanted& y) { return x.node == y.node && x.channels == y.channels; });
}

// Beyond half of the picture, most maps are whole maps.
bool worth_keeping(const Rect& changed, const Shape& picture) {
  return 2LL * changed.rows * changed.cols <= 1LL * picture.rows * picture.cols;
}

std::vector<float> cut(std::span<const float> values, const Rect& rect, const Shape& shape) {
  std::vector<float> part;
  for (int row = rect.row; row < rect.end_row(); ++row) {
    const auto first = static_cast<std::ptrdiff_t>((at(row) * at(shape.cols) + at(rect.col)) * at(shape.channels));
    part.insert(part.end(), values.begin() + first,
                values.begin() + first + std::ptrdiff_t{rect.cols} * shape.channels);
  }
  return part;
}

base::Status run(CpuPass& pass, std::vector<float> fed, const Shape& shape, const core::StopFlag* stop) {
  if (!pass.has_clean()) return pass.compute(std::move(fed), stop);
  CpuPass::Change change;
  change.rect = pass.difference_from_clean(fed);
  if (!worth_keeping(change.rect, shape)) return pass.compute(std::move(fed), stop);
  change.values = cut(fed, change.rect, shape);
  change.flat = is_flat(change.values, shape.channels);
  return pass.compute_changes(std::span(&change, 1), stop);
}

}  // namespace

CpuNetwork::CpuNetwork(std::shared_ptr<const Model> model) : model_(std::move(model)), weights_(model_) {
  const InputRule& rule = model_->input;
  const auto of_channel = [](const std::vector<float>& values, std::size_t channel, float without) {
    return values.empty() ? without : channel < values.size() ? values[channel] : values.back();
  };
  for (std::size_t channel = 0; channel < at(rule.channels); ++channel) {
    const float divide = of_channel(rule.divide, channel, 1.0F);
    scale_.push_back(rule.scale / divide);
    shift_.push_back(of_channel(rule.shift, channel, 0.0F) / divide);
    auto& table = of_byte_.emplace_back();
    for (std::size_t byte = 0; byte < table.size(); ++byte)
      table[byte] = static_cast<float>(byte) / 255.0F * scale_.back() + shift_.back();
  }
}

// ITU-R 601 luma, as Pillow's "L", not rounded to bytes.
std::vector<float> CpuNetwork::grey(const core::Image& picture, const Rect& part) const {
  std::vector<float> values;
  for (int row = part.row; row < part.end_row(); ++row) {
    const std::uint8_t* bytes = picture.pixel(part.col, row);
    for (int col = 0; col < part.cols; ++col, bytes += 3) {
      const double luma = 0.299 * bytes[0] + 0.587 * bytes[1] + 0.114 * bytes[2];
      values.push_back(static_cast<float>(luma / 255.0) * scale_[0] + shift_[0]);
    }
  }
  return values;
}

std::vector<float> CpuNetwork::fed(const core::Image& picture, const Rect& part) const {
  if (of_byte_.size() == 1) return grey(picture, part);
  CHECK(of_byte_.size() == 3, "a picture for a model of three channels or one");
  const bool rgb = model_->input.rgb;
  std::vector<float> values(at(part.rows) * at(part.cols) * 3);
  float* to = values.data();
  for (int row = part.row; row < part.end_row(); ++row) {
    const std::uint8_t* bytes = picture.pixel(part.col, row);
    for (int col = 0; col < part.cols; ++col, bytes += 3, to += 3) {
      to[0] = of_byte_[0][bytes[rgb ? 0 : 2]];
      to[1] = of_byte_[1][bytes[1]];
      to[2] = of_byte_[2][bytes[rgb ? 2 : 0]];
    }
  }
  return values;
}

std::vector<float> CpuNetwork::fed(const float* picture, const Shape& shape) const {
  const std::size_t channels = at(shape.channels), cells = at(shape.rows) * at(shape.cols);
  std::vector<float> values(channels * cells);
  for (std::size_t c = 0; c < channels; ++c) {
    const float* from = picture + (model_->input.rgb ? c : channels - 1 - c) * cells;
    for (std::size_t i = 0; i < cells; ++i) values[i * channels + c] = from[i] * scale_[c] + shift_[c];
  }
  return values;
}

base::Result<std::unique_ptr<CpuPass>> CpuNetwork::new_pass(std::span<const Wanted> wanted, core::Size size) {
  return CpuPass::create(model_, make_cpu_program(weights_, wanted), size);
}

base::Result<std::shared_ptr<CpuPass>> CpuNetwork::pass_for(std::span<const Wanted> wanted, core::Size size) {
  const auto known =
      std::ranges::find_if(recent_, [&](const Known& one) { return one.size == size && same(one.wanted, wanted); });
  if (known != recent_.end()) {
    std::rotate(recent_.begin(), known, known + 1);
    return recent_.front().pass;
  }
  auto made = new_pass(wanted, size);
  if (!made) return made.error();
  std::int64_t kept_bytes = (*made)->bytes();
  for (const Known& one : recent_) kept_bytes += one.pass->bytes();
  while (!recent_.empty() && (recent_.size() >= kPassesKept || kept_bytes > CpuPass::kMostBytes)) {
    kept_bytes -= recent_.back().pass->bytes();
    recent_.pop_back();
  }
  recent_.insert(recent_.begin(), Known{{wanted.begin(), wanted.end()}, size, std::move(*made)});
  return recent_.front().pass;
}

base::Result<std::vector<Activations>> CpuNetwork::respond(int pictures, core::Size size,
                                                           std::span<const Wanted> wanted,
                                                           const std::function<std::vector<float>(int i)>& picture,
                                                           const core::StopFlag* stop) {
  const auto pass = pass_for(wanted, size);
  if (!pass) return pass.error();
  const Shape shape{model_->input.channels, size.height_px, size.width_px};
  std::vector<Activations> answers;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const Shape one = (*pass)->answer_shape(i);
    const std::size_t values = at(pictures) * at(one.channels) * at(one.rows) * at(one.cols);
    answers.push_back({pictures, one, std::vector<float>(values)});
  }
  for (int k = 0; k < pictures; ++k) {
    if (const auto done = run(**pass, picture(k), shape, stop); !done) return done.error();
    for (std::size_t i = 0; i < wanted.size(); ++i)
      (*pass)->read_answer(i, 0, answers[i].values.data() + at(k) * (answers[i].values.size() / at(pictures)));
  }
  return answers;
}

std::vector<float> interleaved(const float* values, const Shape& shape) {
  const std::size_t channels = at(shape.channels), cells = at(shape.rows) * at(shape.cols);
  std::vector<float> result(channels * cells);
  for (std::size_t c = 0; c < channels; ++c)
    for (std::size_t i = 0; i < cells; ++i) result[i * channels + c] = values[c * cells + i];
  return result;
}

bool is_flat(std::span<const float> values, int channels) {
  for (std::size_t i = at(channels); i < values.size(); i += at(channels))
    if (std::memcmp(values.data() + i, values.data(), at(channels) * sizeof(float)) != 0) return false;
  return true;
}

}  // namespace net
