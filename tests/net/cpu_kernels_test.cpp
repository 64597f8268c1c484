#include "net/cpu_kernels.h"

#include <cmath>

#include "base/rng.h"
#include "catch.h"

namespace {

std::vector<float> numbers(std::size_t count, base::Rng& rng) {
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(rng.uniform(-1.0, 1.0));
  return values;
}

std::size_t up_to(base::Rng& rng, int most) {
  return 1 + static_cast<std::size_t>(rng.below(most));
}

void require_close(float a, double b, double tolerance) {
  CAPTURE(a, b);
  REQUIRE(std::abs(static_cast<double>(a) - b) <= tolerance);
}

struct Pixels {
  std::vector<float> x, y;
  std::vector<const float*> in;
  std::vector<float*> out;
};

Pixels pixels(std::size_t count, std::size_t pitch, std::size_t values, std::size_t channels, base::Rng& rng) {
  Pixels made;
  made.x = numbers(count * pitch + values, rng);
  made.y.assign(count * channels, 7.0F);
  for (std::size_t p = 0; p < count; ++p) {
    made.in.push_back(made.x.data() + p * pitch);
    made.out.push_back(made.y.data() + p * channels);
  }
  return made;
}

}  // namespace

TEST_CASE("every kind of CPU convolves as the sum is written out, and a pixel alone as among others") {
  base::Rng rng(1);
  for (const net::cpu::Kernels* loops : net::cpu::runnable_kernels()) {
    for (int round = 0; round < 40; ++round) {
      const std::size_t runs = up_to(rng, 4), length = up_to(rng, 40), channels = up_to(rng, 150),
                        count = up_to(rng, 60);
      const std::size_t gap = length + up_to(rng, 9), k = runs * length;
      Pixels of = pixels(count, up_to(rng, 20), runs * gap, channels, rng);
      std::vector<std::ptrdiff_t> offsets;
      for (std::size_t run = 0; run < runs; ++run) offsets.push_back(static_cast<std::ptrdiff_t>(run * gap));
      const std::vector<float> weights = numbers(channels * k, rng);
      std::vector<float> packed(net::cpu::packed_size(*loops, static_cast<int>(channels), k));
      net::cpu::pack_weights(*loops, weights.data(), static_cast<int>(channels), k, packed.data());
      std::vector<float> bias = numbers(channels, rng);
      bias.resize(net::cpu::packed_size(*loops, static_cast<int>(channels), 1));
      net::cpu::ConvolutionTask task;
      task.weights = packed.data();
      task.bias = round % 3 == 0 ? nullptr : bias.data();
      task.offsets = offsets.data();
      task.runs = runs;
      task.run_length = static_cast<int>(length);
      task.channels = static_cast<int>(channels);
      task.relu = round % 2 == 0;
      task.in = of.in.data();
      task.out = of.out.data();
      task.pixels = count;
      loops->convolve(task);
      CAPTURE(loops->name, runs, length, channels, count);
      for (std::size_t p = 0; p < count; ++p)
        for (std::size_t c = 0; c < channels; ++c) {
          double sum = task.bias != nullptr ? static_cast<double>(bias[c]) : 0.0;
          for (std::size_t i = 0; i < k; ++i)
            sum +=
                static_cast<double>(weights[c * k + i]) * static_cast<double>(of.in[p][i / length * gap + i % length]);
          if (task.relu) sum = std::max(sum, 0.0);
          require_close(of.y[p * channels + c], sum, 1e-5);
        }
      const std::vector<float> among_others = of.y;
      task.pixels = 1;
      for (std::size_t p = 0; p < count; ++p, ++task.in, ++task.out) loops->convolve(task);
      REQUIRE(of.y == among_others);
    }
  }
}

TEST_CASE("one output channel, and channels each for itself, are convolutions too") {
  base::Rng rng(2);
  for (const net::cpu::Kernels* loops : net::cpu::runnable_kernels()) {
    for (int round = 0; round < 30; ++round) {
      const std::size_t runs = up_to(rng, 9), length = up_to(rng, 200), count = up_to(rng, 5);
      const std::vector<float> weights = numbers(runs * length, rng), bias = numbers(length, rng);
      std::vector<std::ptrdiff_t> offsets;
      for (std::size_t run = 0; run < runs; ++run) offsets.push_back(static_cast<std::ptrdiff_t>(run * (length + 3)));
      net::cpu::ConvolutionTask task;
      task.weights = weights.data();
      task.bias = bias.data();
      task.offsets = offsets.data();
      task.runs = runs;
      task.pixels = count;

      Pixels to_one = pixels(count, 5, runs * (length + 3), 1, rng);
      task.run_length = static_cast<int>(length);
      task.channels = 1;
      task.in = to_one.in.data();
      task.out = to_one.out.data();
      loops->convolve_to_one(task);
      for (std::size_t p = 0; p < count; ++p) {
        double sum = static_cast<double>(bias[0]);
        for (std::size_t i = 0; i < runs * length; ++i)
          sum += static_cast<double>(weights[i]) *
                 static_cast<double>(to_one.in[p][i / length * (length + 3) + i % length]);
        require_close(to_one.y[p], sum, 1e-4);
      }

      Pixels apart = pixels(count, 5, runs * (length + 3), length, rng);
      task.run_length = 1;
      task.channels = static_cast<int>(length);
      task.in = apart.in.data();
      task.out = apart.out.data();
      loops->convolve_depthwise(task);
      for (std::size_t p = 0; p < count; ++p)
        for (std::size_t c = 0; c < length; ++c) {
          double sum = static_cast<double>(bias[c]);
          for (std::size_t run = 0; run < runs; ++run)
            sum += static_cast<double>(weights[run * length + c]) *
                   static_cast<double>(apart.in[p][run * (length + 3) + c]);
          require_close(apart.y[p * length + c], sum, 1e-5);
        }
      REQUIRE(loops->dot(weights.data(), weights.data(), weights.size()) >= 0.0F);
      double squares = 0.0;
      for (const float w : weights) squares += static_cast<double>(w) * static_cast<double>(w);
      require_close(loops->dot(weights.data(), weights.data(), weights.size()), squares, 1e-4 * (1.0 + squares));
    }
  }
}

TEST_CASE("largest values and sums are those of every place") {
  base::Rng rng(3);
  for (const net::cpu::Kernels* loops : net::cpu::runnable_kernels()) {
    for (int round = 0; round < 60; ++round) {
      const std::size_t count = up_to(rng, 70), arrays = up_to(rng, 9);
      std::vector<std::vector<float>> values;
      std::vector<const float*> places;
      for (std::size_t i = 0; i < arrays; ++i) values.push_back(numbers(count, rng));
      for (const auto& array : values) places.push_back(array.data());
      std::vector<float> most(count), sum(count);
      loops->maximum(places.data(), arrays, count, most.data());
      loops->sum(places.data(), arrays, count, sum.data());
      for (std::size_t i = 0; i < count; ++i) {
        float expected_most = values[0][i], expected_sum = 0.0F;
        for (const auto& array : values) {
          expected_most = std::max(expected_most, array[i]);
          expected_sum += array[i];
        }
        REQUIRE(most[i] == expected_most);
        REQUIRE(sum[i] == expected_sum);
      }
    }
  }
}

TEST_CASE("local response normalization is its formula for any exponent, size and number of channels") {
  base::Rng rng(4);
  for (const net::cpu::Kernels* loops : net::cpu::runnable_kernels()) {
    for (const float beta : {0.5F, 0.75F, 1.0F, 0.6F}) {
      for (int round = 0; round < 20; ++round) {
        net::cpu::LrnTask task;
        task.channels = static_cast<int>(up_to(rng, 70));
        task.before = rng.below(6);
        task.after = rng.below(6);
        task.factor = 0.3F;
        task.bias = 1.5F;
        task.beta = beta;
        const auto channels = static_cast<std::size_t>(task.channels);
        const std::vector<float> x = numbers(channels, rng);
        std::vector<float> y(channels);
        std::vector<float> scratch(channels + static_cast<std::size_t>(task.before + task.after + 2 * loops->lanes));
        loops->normalize(task, x.data(), y.data(), scratch.data());
        for (int c = 0; c < task.channels; ++c) {
          double sum = 0.0;
          for (int k = std::max(0, c - task.before); k <= std::min(task.channels - 1, c + task.after); ++k)
            sum += static_cast<double>(x[static_cast<std::size_t>(k)]) *
                   static_cast<double>(x[static_cast<std::size_t>(k)]);
          const double divisor = std::pow(1.5 + static_cast<double>(task.factor) * sum, static_cast<double>(beta));
          require_close(y[static_cast<std::size_t>(c)], static_cast<double>(x[static_cast<std::size_t>(c)]) / divisor,
                        1e-6);
        }
      }
    }
  }
}
