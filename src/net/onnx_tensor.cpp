// The numbers of a TensorProto: raw bytes, or a list in the field of its data type. Any other field is skipped, so that
// the count does not fit and the tensor is refused.
#include <bit>
#include <cmath>
#include <cstring>
#include <protozero/pbf_reader.hpp>

#include "net/float16.h"
#include "net/onnx_file.h"

namespace net::onnx {
namespace {

static_assert(std::endian::native == std::endian::little, "weights in ONNX files are little-endian");

constexpr std::int64_t kMaxIntegers = 4096;

enum DataType { kFloat = 1, kInt32 = 6, kInt64 = 7, kBool = 9, kFloat16 = 10, kDouble = 11 };
enum Field : std::uint32_t { kFloats = 4, kInt32s = 5, kInt64s = 7, kRaw = 9, kDoubles = 10 };

using protozero::pbf_wire_type;

[[noreturn]] void wrong_count(const Tensor& tensor, const std::string& who) {
  throw Refusal{"the data of " + who + " do not match its shape of " + std::to_string(tensor.count) + " values"};
}

// How protobuf lists a type of number, one by one or packed.
template <class Number>
constexpr pbf_wire_type kAlone = pbf_wire_type::varint;
template <>
constexpr pbf_wire_type kAlone<float> = pbf_wire_type::fixed32;
template <>
constexpr pbf_wire_type kAlone<double> = pbf_wire_type::fixed64;

template <class Number>
Number alone(protozero::pbf_reader& reader) {
  if constexpr (std::is_same_v<Number, float>)
    return reader.get_float();
  else if constexpr (std::is_same_v<Number, double>)
    return reader.get_double();
  else
    return static_cast<Number>(reader.get_int64());
}

template <class Number>
auto packed(protozero::pbf_reader& reader) {
  if constexpr (std::is_same_v<Number, float>)
    return reader.get_packed_float();
  else if constexpr (std::is_same_v<Number, double>)
    return reader.get_packed_double();
  else
    return reader.get_packed_int64();
}

template <class Stored, class Add>
void visit_raw(std::string_view raw, const Add& add) {
  for (std::size_t at = 0; at < raw.size(); at += sizeof(Stored)) {
    Stored value;
    std::memcpy(&value, raw.data() + at, sizeof value);
    add(value);
  }
}

// Tells `add` every number, in the order of the file: Stored is its type in raw bytes, Listed in the field `list`.
template <class Stored, class Listed, class Add>
void visit(const Tensor& tensor, const std::string& who, WeightFiles& files, Field list, const Add& add) {
  const std::int64_t bytes = tensor.count * static_cast<std::int64_t>(sizeof(Stored));
  if (tensor.elsewhere) return visit_raw<Stored>(files.read(*tensor.elsewhere, bytes, who), add);
  protozero::pbf_reader reader(tensor.message.data(), tensor.message.size());
  while (reader.next()) {
    if (reader.tag_and_type() == protozero::tag_and_type(kRaw, pbf_wire_type::length_delimited)) {
      const protozero::data_view raw = reader.get_view();
      if (raw.size() != static_cast<std::size_t>(bytes)) wrong_count(tensor, who);
      visit_raw<Stored>({raw.data(), raw.size()}, add);
      files.done_with({raw.data(), raw.size()});
    } else if (reader.tag_and_type() == protozero::tag_and_type(list, pbf_wire_type::length_delimited)) {
      for (const auto value : packed<Listed>(reader)) add(static_cast<Listed>(value));
    } else if (reader.tag_and_type() == protozero::tag_and_type(list, kAlone<Listed>)) {
      add(alone<Listed>(reader));
    } else {
      reader.skip();
    }
  }
}

// As many numbers as the shape says, or a refusal. Room for them is made once the message is known to be long enough to
// hold them: the shortest number takes a byte. Of another file that is known only when it was read.
template <class Number>
class Collected {
 public:
  Collected(const Tensor& tensor, const std::string& who) : tensor_(tensor), who_(who) {
    if (tensor.elsewhere) return;
    if (tensor.count > static_cast<std::int64_t>(tensor.message.size())) wrong_count(tensor, who);
    numbers_.reserve(static_cast<std::size_t>(tensor.count));
  }
  void add(Number number) {
    if (static_cast<std::int64_t>(numbers_.size()) >= tensor_.count) wrong_count(tensor_, who_);
    if (numbers_.capacity() == 0) numbers_.reserve(static_cast<std::size_t>(tensor_.count));
    numbers_.push_back(number);
  }
  std::vector<Number> take() {
    if (static_cast<std::int64_t>(numbers_.size()) != tensor_.count) wrong_count(tensor_, who_);
    return std::move(numbers_);
  }

 private:
  const Tensor& tensor_;
  const std::string& who_;
  std::vector<Number> numbers_;
};

}  // namespace

bool holds_integers(const Tensor& tensor) {
  return tensor.data_type == kInt32 || tensor.data_type == kInt64 || tensor.data_type == kBool;
}

std::vector<float> floats_of(const Tensor& tensor, const std::string& who, WeightFiles& files) {
  if (holds_integers(tensor)) {
    const std::vector<std::int64_t> integers = integers_of(tensor, who, files);
    return {integers.begin(), integers.end()};
  }
  Collected<float> floats(tensor, who);
  const auto add = [&](auto number) {
    const auto value = static_cast<float>(number);
    if (!std::isfinite(value)) throw Refusal{"the weights " + who + " hold a value that is not finite"};
    floats.add(value);
  };
  switch (tensor.data_type) {
    case kFloat:
      visit<float, float>(tensor, who, files, kFloats, add);
      break;
    case kFloat16:
      visit<std::uint16_t, std::uint16_t>(tensor, who, files, kInt32s,
                                          [&](std::uint16_t bits) { add(from_half(bits)); });
      break;
    case kDouble:
      visit<double, double>(tensor, who, files, kDoubles, add);
      break;
    default:
      throw Refusal{"the weights " + who + " have ONNX data type " + std::to_string(tensor.data_type) +
                        ", and only float (1), float16 (10) and double (11) are supported",
                    "Export the model in float32."};
  }
  return floats.take();
}

std::vector<std::int64_t> integers_of(const Tensor& tensor, const std::string& who, WeightFiles& files) {
  if (tensor.count > kMaxIntegers) throw Refusal{who + " holds more integers than any layer needs"};
  Collected<std::int64_t> integers(tensor, who);
  const auto add = [&](std::int64_t value) { integers.add(value); };
  switch (tensor.data_type) {
    case kInt32:
      visit<std::int32_t, std::int32_t>(tensor, who, files, kInt32s, add);
      break;
    case kInt64:
      visit<std::int64_t, std::int64_t>(tensor, who, files, kInt64s, add);
      break;
    case kBool:
      visit<std::uint8_t, std::int32_t>(tensor, who, files, kInt32s, add);
      break;
    default:
      throw Refusal{who + " should hold integers and has ONNX data type " + std::to_string(tensor.data_type)};
  }
  return integers.take();
}

}  // namespace net::onnx
