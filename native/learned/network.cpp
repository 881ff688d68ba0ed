#include "learned/network.hpp"

#include <algorithm>
#include <cmath>

namespace krylov {

namespace {

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

double slope(double x) {
  const double s = sigmoid(x);
  return s * (1 + x * (1 - s));
}

void layer(std::size_t inputs, std::size_t outputs, const double* w, const double* x, double* sums, double* hidden) {
  const double* const bias = w + inputs * outputs;
  for (std::size_t h = 0; h < outputs; h++, w += inputs) {
    double sum = bias[h];
    for (std::size_t f = 0; f < inputs; f++) sum += w[f] * x[f];
    sums[h] = sum;
    hidden[h] = sum * sigmoid(sum);
  }
}

std::size_t round_up(std::size_t n) { return (n + kNetworkRows - 1) / kNetworkRows * kNetworkRows; }

// Inputs beyond `inputs` are the zeros that a layer before was filled up with.
void pack_layer(std::size_t inputs, std::size_t outputs, const double* w, std::vector<float>& out) {
  const double* const bias = w + inputs * outputs;
  const auto put = [&](std::size_t h, double value) { out.push_back(h < outputs ? static_cast<float>(value) : 0.0F); };
  for (std::size_t h = 0; h < round_up(outputs); h += kNetworkRows) {
    for (std::size_t q = h; q < h + kNetworkRows; q++) put(q, q < outputs ? bias[q] : 0);
    for (std::size_t f = 0; f < inputs; f++)
      for (std::size_t q = h; q < h + kNetworkRows; q++) put(q, q < outputs ? w[q * inputs + f] : 0);
  }
}

}  // namespace

double evaluate(const NetworkShape& shape, const double* theta, const double* x, Activations& kept) {
  const std::size_t inputs = shape.inputs, first = shape.first, second = shape.second;
  layer(inputs, first, theta, x, kept.sums1.data(), kept.hidden1.data());
  theta += (inputs + 1) * first;
  layer(first, second, theta, kept.hidden1.data(), kept.sums2.data(), kept.hidden2.data());
  theta += (first + 1) * second;
  double output = theta[second];
  for (std::size_t h = 0; h < second; h++) output += theta[h] * kept.hidden2[h];
  return output;
}

void differentiate(const NetworkShape& shape, const double* theta, const double* x, Activations& kept, double g,
                   double* gradient) {
  const std::size_t inputs = shape.inputs, first = shape.first, second = shape.second;
  const std::size_t w2 = (inputs + 1) * first, w3 = w2 + (first + 1) * second;
  std::fill(kept.back.begin(), kept.back.end(), 0.0);
  gradient[w3 + second] += g;
  for (std::size_t h = 0; h < second; h++) {
    gradient[w3 + h] += g * kept.hidden2[h];
    const double d = g * theta[w3 + h] * slope(kept.sums2[h]);
    gradient[w2 + first * second + h] += d;
    double* const to = gradient + w2 + h * first;
    const double* const w = theta + w2 + h * first;
    for (std::size_t f = 0; f < first; f++) {
      to[f] += d * kept.hidden1[f];
      kept.back[f] += d * w[f];
    }
  }
  for (std::size_t h = 0; h < first; h++) {
    const double d = kept.back[h] * slope(kept.sums1[h]);
    gradient[inputs * first + h] += d;
    double* const to = gradient + h * inputs;
    for (std::size_t f = 0; f < inputs; f++) to[f] += d * x[f];
  }
}

std::vector<float> pack_network(const NetworkShape& shape, const double* numbers) {
  const std::size_t inputs = shape.inputs, first = shape.first, second = shape.second;
  std::vector<float> packed;
  for (std::size_t f = 0; f < inputs; f++)
    for (const double number : {numbers[f], numbers[inputs + f]}) packed.push_back(static_cast<float>(number));
  const double* theta = numbers + 2 * inputs;
  pack_layer(inputs, first, theta, packed);
  theta += (inputs + 1) * first;
  pack_layer(first, second, theta, packed);
  theta += (first + 1) * second;
  for (std::size_t h = 0; h <= second; h++) packed.push_back(static_cast<float>(theta[h]));
  return packed;
}

}  // namespace krylov
