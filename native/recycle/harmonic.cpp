#include "recycle/harmonic.hpp"

#include <algorithm>
#include <cmath>
#include <complex>

#include "dense/eigenvectors.hpp"
#include "dense/small_products.hpp"
#include "dense/thin_qr.hpp"

namespace krylov {

namespace {

std::vector<double> first_axes(std::size_t m, std::size_t count) {
  std::vector<double> I(m * count);
  for (std::size_t i = 0; i < count; i++) I[i * m + i] = 1;
  return I;
}

}  // namespace

std::vector<double> harmonic_vectors(Control& control, ConstVector G, ConstVector F, std::size_t rows, std::size_t m,
                                     std::size_t most) {
  if (most >= m) return first_axes(m, m);
  const ThinQr qr = thin_qr(control, G, rows, m);
  if (qr.kept.size() < m) return first_axes(m, most);
  // 1 / theta are the eigenvalues of G^+ F
  std::vector<double> E = transposed_product(control, qr.Q, rows, F), rowwise(m * m);
  solve_upper(qr.R, m, E);
  for (std::size_t i = 0; i < m; i++)
    for (std::size_t j = 0; j < m; j++) rowwise[i * m + j] = E[j * m + i];
  const std::optional<Eigenvectors> found = eigenvectors(control, std::move(rowwise), m);
  if (!found) return {};
  std::vector<std::size_t> order;
  for (std::size_t j = 0; j < m; j++)
    if (found->values[j].imag() >= 0) order.push_back(j);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) {
    return std::abs(found->values[i]) > std::abs(found->values[j]);
  });
  std::vector<double> P;
  for (const std::size_t j : order) {
    const std::size_t width = found->values[j].imag() > 0 ? 2 : 1;
    if (P.size() + width * m > most * m) continue;
    for (std::size_t c = j; c < j + width; c++)
      for (std::size_t i = 0; i < m; i++) P.push_back(found->vectors[i * m + c]);
  }
  return thin_qr(control, P, m, P.size() / m).Q;
}

}  // namespace krylov
