// The numbers of a TensorProto: raw bytes, or a list in the field of its data type. Any other field is skipped, so that
// the count does not fit and the tensor is refused.
#include <bit>
#include <cmath>
#include <cstring>
#include <protozero/pbf_reader.hpp>

#include "net/onnx_file.h"

namespace net::onnx {
namespace {

static_assert(std::endian::native == std::endian::little, "weights in ONNX files are little-endian");

constexpr std::int64_t kMaxIntegers = 4096;

enum DataType { kFloat = 1, kInt32 = 6, kInt64 = 7, kFloat16 = 10, kDouble = 11 };
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

// Tells `add` every number, in the order of the file: Stored is its type in raw bytes, Listed in the field `list`.
template <class Stored, class Listed, class Add>
void visit(const Tensor& tensor, const std::string& who, Field list, const Add& add) {
  protozero::pbf_reader reader(tensor.message.data(), tensor.message.size());
  while (reader.next()) {
    if (reader.tag_and_type() == protozero::tag_and_type(kRaw, pbf_wire_type::length_delimited)) {
      const protozero::data_view raw = reader.get_view();
      if (raw.size() != static_cast<std::size_t>(tensor.count) * sizeof(Stored)) wrong_count(tensor, who);
      for (std::size_t at = 0; at < raw.size(); at += sizeof(Stored)) {
        Stored value;
        std::memcpy(&value, raw.data() + at, sizeof value);
        add(value);
      }
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
// hold them: the shortest number takes a byte.
template <class Number>
class Collected {
 public:
  Collected(const Tensor& tensor, const std::string& who) : tensor_(tensor), who_(who) {
    if (tensor.count > static_cast<std::int64_t>(tensor.message.size())) wrong_count(tensor, who);
    numbers_.reserve(static_cast<std::size_t>(tensor.count));
  }
  void add(Number number) {
    if (static_cast<std::int64_t>(numbers_.size()) >= tensor_.count) wrong_count(tensor_, who_);
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

float from_half(std::uint16_t bits) {
  const int exponent = (bits >> 10) & 0x1F;
  const int fraction = bits & 0x3FF;
  const float sign = (bits & 0x8000) != 0 ? -1.0F : 1.0F;
  if (exponent == 0) return sign * std::ldexp(static_cast<float>(fraction), -24);
  if (exponent == 31) return fraction == 0 ? sign * HUGE_VALF : NAN;
  return sign * std::ldexp(static_cast<float>(fraction + 1024), exponent - 25);
}

}  // namespace

std::vector<float> floats_of(const Tensor& tensor, const std::string& who) {
  Collected<float> floats(tensor, who);
  const auto add = [&](auto number) {
    const auto value = static_cast<float>(number);
    if (!std::isfinite(value)) throw Refusal{"the weights " + who + " hold a value that is not finite"};
    floats.add(value);
  };
  switch (tensor.data_type) {
    case kFloat:
      visit<float, float>(tensor, who, kFloats, add);
      break;
    case kFloat16:
      visit<std::uint16_t, std::uint16_t>(tensor, who, kInt32s, [&](std::uint16_t bits) { add(from_half(bits)); });
      break;
    case kDouble:
      visit<double, double>(tensor, who, kDoubles, add);
      break;
    default:
      throw Refusal{"the weights " + who + " have ONNX data type " + std::to_string(tensor.data_type) +
                        ", and only float (1), float16 (10) and double (11) are supported",
                    "Export the model in float32."};
  }
  return floats.take();
}

std::vector<std::int64_t> integers_of(const Tensor& tensor, const std::string& who) {
  if (tensor.count > kMaxIntegers) throw Refusal{who + " holds more integers than any layer needs"};
  Collected<std::int64_t> integers(tensor, who);
  const auto add = [&](std::int64_t value) { integers.add(value); };
  switch (tensor.data_type) {
    case kInt32:
      visit<std::int32_t, std::int32_t>(tensor, who, kInt32s, add);
      break;
    case kInt64:
      visit<std::int64_t, std::int64_t>(tensor, who, kInt64s, add);
      break;
    default:
      throw Refusal{who + " should hold integers and has ONNX data type " + std::to_string(tensor.data_type)};
  }
  return integers.take();
}

}  // namespace net::onnx
