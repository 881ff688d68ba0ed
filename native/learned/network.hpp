#pragma once
#include <vector>

#include "core/plain.hpp"
#include "kernels/tiles.hpp"

namespace krylov {

// A network of two hidden layers with SiLU and one output, as numbers: W1, b1, W2, b2, w3, b3, matrices by rows.
struct NetworkShape {
  Index inputs = 0, first = 0, second = 0;
  static constexpr auto fields =
      std::tuple{field("inputs", &NetworkShape::inputs), field("first", &NetworkShape::first),
                 field("second", &NetworkShape::second)};
  std::size_t parameters() const {
    return (std::size_t(inputs) + 1) * first + (std::size_t(first) + 1) * second + second + 1;
  }
  void check() const {
    const auto within = [](Index n, std::size_t most) { return n >= 1 && static_cast<std::size_t>(n) <= most; };
    if (!within(inputs, kNetworkInputs) || !within(first, kNetworkWidth) || !within(second, kNetworkWidth))
      throw Misuse("ERR_SHAPE", "the network is too large");
  }
};

constexpr double kReach = 1.5;  // a factor is between exp(-kReach) and exp(kReach)

// What one evaluation leaves for its gradient.
struct Activations {
  explicit Activations(const NetworkShape& shape)
      : sums1(shape.first), sums2(shape.second), hidden1(shape.first), hidden2(shape.second), back(shape.first) {}
  std::vector<double> sums1, sums2, hidden1, hidden2, back;
};

double evaluate(const NetworkShape&, const double* theta, const double* x, Activations&);
// Adds to `gradient` what the last evaluation, whose output has derivative g, gives.
void differentiate(const NetworkShape&, const double* theta, const double* x, Activations&, double g, double* gradient);

// Means, inverse deviations and parameters in singles, as the kernel reads them: a mean and an inverse deviation per
// feature, then rows of a layer kNetworkRows at a time.
std::vector<float> pack_network(const NetworkShape&, const double* numbers);

}  // namespace krylov
