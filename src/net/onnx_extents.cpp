// Integers about shapes, and constants: what exporters compute before a Reshape, worked out while the file is read.
#include <algorithm>
#include <cmath>

#include "net/onnx_ops.h"

namespace net::onnx {
namespace {

constexpr std::size_t kMostExtents = 64;  // no shape is longer
constexpr std::int64_t kMostValue = 1LL << 31;

Extent computed(const Operator& op, const Extent& a, const Extent& b, char operation) {
  if (b.is(1) && (operation == '*' || operation == '/')) return a;
  if (b.is(0) && (operation == '+' || operation == '-')) return a;
  if (a.is(1) && operation == '*') return b;
  if (a.is(0) && operation == '+') return b;
  for (const std::int64_t number : {a.value, a.stride, b.value, b.stride})
    if (number > kMostValue || number < -kMostValue) op.refuse("it computes with numbers beyond all shapes");
  if (a.of == Extent::Of::number && b.of == Extent::Of::places && (operation == '+' || operation == '*'))
    return computed(op, b, a, operation);
  if (a.of == Extent::Of::places && b.of == Extent::Of::number) {
    if (operation == '+') return {a.of, a.value + b.value, 0, a.stride};
    if (operation == '*') return {a.of, a.value * b.value, 0, a.stride * b.value};
  }
  if (a.of != Extent::Of::number || b.of != Extent::Of::number) return Extent::unknown();
  switch (operation) {
    case '+':
      return Extent::number(a.value + b.value);
    case '-':
      return Extent::number(a.value - b.value);
    case '*':
      return Extent::number(a.value * b.value);
    default:
      if (b.value == 0) op.refuse("it divides by 0");
      return Extent::number(a.value / b.value);
  }
}

double computed(double a, double b, char operation) {
  switch (operation) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    default:
      return a / b;
  }
}

template <class Values>
std::size_t joint_size(const Operator& op, const Values& a, const Values& b) {
  const bool fits = !a.empty() && !b.empty() && (a.size() == b.size() || a.size() == 1 || b.size() == 1);
  if (!fits) op.refuse("its two constants differ in size");
  return std::max(a.size(), b.size());
}

}  // namespace

bool read_constant_arithmetic(Operator& op, char operation) {
  if (op.is_flow(0) || op.is_flow(1)) return false;
  if (op.is_integers(0) && op.is_integers(1)) {
    const Extents a = op.extents(0), b = op.extents(1);
    Extents result(joint_size(op, a, b));
    for (std::size_t i = 0; i < result.size(); ++i)
      result[i] = computed(op, a[a.size() == 1 ? 0 : i], b[b.size() == 1 ? 0 : i], operation);
    op.means(std::move(result));
    return true;
  }
  const Buffer a = op.weights(0), b = op.weights(1);
  auto values = std::make_shared<std::vector<float>>(joint_size(op, a.values, b.values));
  for (std::size_t i = 0; i < values->size(); ++i) {
    const double value =
        computed(a.values[a.values.size() == 1 ? 0 : i], b.values[b.values.size() == 1 ? 0 : i], operation);
    (*values)[i] = static_cast<float>(value);
    if (!std::isfinite((*values)[i])) op.refuse("its constant result is not finite");
  }
  op.means(Stored{nullptr, a.values.size() >= b.values.size() ? a.shape : b.shape, std::move(values)});
  return true;
}

void read_constant(Operator& op) {
  const auto stored = [&](std::vector<std::int64_t> dims, std::vector<float> values) {
    for (const float value : values)
      if (!std::isfinite(value)) op.refuse("its value is not finite");
    op.means(Stored{nullptr, std::move(dims), std::make_shared<const std::vector<float>>(std::move(values))});
  };
  if (const Attribute* value = op.attribute("value"); value != nullptr && value->tensor)
    return op.means(Stored{&*value->tensor, value->tensor->dims});
  if (op.attribute("value_float") != nullptr) return stored({}, {op.number("value_float", 0.0F)});
  if (const Attribute* value = op.attribute("value_floats"); value != nullptr)
    return stored({static_cast<std::int64_t>(value->numbers.size())}, value->numbers);
  if (const Attribute* value = op.attribute("value_int"); value != nullptr && value->integer)
    return op.means(Extents{Extent::number(*value->integer)});
  if (op.attribute("value_ints") != nullptr) {
    Extents extents;
    for (const std::int64_t value : op.integers("value_ints")) extents.push_back(Extent::number(value));
    return op.means(std::move(extents));
  }
  op.refuse("its value has a form that is not supported");
}

void read_constant_of_shape(Operator& op) {
  const std::vector<std::int64_t> shape = op.numbers(0);
  const Attribute* value = op.attribute("value");
  const bool is_integer = value != nullptr && value->tensor && holds_integers(*value->tensor);
  if (shape.size() > 1 || !is_integer) op.refuse("only a short list of integers is supported");
  const std::int64_t count = shape.empty() ? 1 : shape[0];
  if (count < 0 || count > static_cast<std::int64_t>(kMostExtents)) op.refuse("it makes more numbers than a shape has");
  const std::vector<std::int64_t> fill = integers_of(*value->tensor, "its value", op.import().files);
  if (fill.size() != 1) op.refuse("its value is not one number");
  op.means(Extents(static_cast<std::size_t>(count), Extent::number(fill[0])));
}

void read_shape(Operator& op) {
  Extents shape;
  if (op.is_flow(0)) {
    const Flow from = op.flow(0);
    for (const Axis axis : from.axes) shape.push_back(op.extent(from, axis));
  } else if (op.is_stored(0)) {
    for (const std::int64_t dim : std::get<Stored>(op.input(0)).dims) shape.push_back(Extent::number(dim));
  } else {
    shape.push_back(Extent::number(static_cast<std::int64_t>(op.extents(0).size())));
  }
  const auto rank = static_cast<int>(shape.size());
  const auto place = [&](const char* name, int otherwise) {
    const int written = op.integer(name, otherwise, -64, 64);
    return std::clamp(written < 0 ? written + rank : written, 0, rank);
  };
  const int start = place("start", 0), end = std::max(start, place("end", rank));
  op.means(Extents(shape.begin() + start, shape.begin() + end));
}

void read_range(Operator& op) {
  const Extents start = op.extents(0), end = op.extents(1), step = op.extents(2);
  if (start.size() != 1 || end.size() != 1 || step.size() != 1) op.refuse("its bounds are not one number each");
  if (!start[0].is(0) || !step[0].is(1)) op.refuse("only a range from 0 in steps of 1 is supported");
  if (end[0].of == Extent::Of::pictures) return op.means(Extents{{Extent::Of::places, 0, 0, 1}});
  const std::int64_t count = op.numbers(1)[0];
  if (count < 0 || count > 4096) op.refuse("it makes more numbers than any layer needs");
  Extents range;
  for (std::int64_t i = 0; i < count; ++i) range.push_back(Extent::number(i));
  op.means(std::move(range));
}

// A cast changes nothing of what we keep: floats are float32, and integers stand in shapes only.
void read_cast(Operator& op) {
  const int to = op.integer("to", 1, 0, 64);
  const bool to_float = to == 1 || to == 10 || to == 11;
  if (op.is_flow(0) && !to_float) op.refuse("a map cannot be cast to ONNX data type " + std::to_string(to));
  if (op.is_stored(0) && !op.is_integers(0) && !to_float) op.refuse("weights cannot be cast to integers");
  op.means(op.input(0));
}

}  // namespace net::onnx
