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

// The harmonic Ritz vectors of smallest absolute value of a relation A V = W G: G^T G z = theta G^T (W^T V) z (Morgan
// 2002; Parks et al. 2006). G and F = W^T V: rows x m, by columns. Returns an orthonormal basis of what
// at most `most` of them span (they may nearly depend on each other, and digits would go with R^-1), each m long, one
// after the other; of a complex pair both parts or none. Empty where the eigenvalues do not come out. Work: 30 m^3.
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

}  // namespace

HarmonicBasis harmonic_basis(Control& control, ConstVector G, ConstVector F, std::size_t rows, std::size_t m,
                             std::size_t most) {
  const std::vector<double> P = harmonic_vectors(control, G, F, rows, m, most);
  ThinQr qr = thin_qr(control, product(control, G, rows, P), rows, P.size() / m);
  HarmonicBasis out{qr.kept.size(), {}, std::move(qr.Q)};
  for (const std::size_t from : qr.kept) out.S.insert(out.S.end(), P.begin() + from * m, P.begin() + (from + 1) * m);
  solve_upper_from_right(qr.R, out.count, out.S);
  return out;
}

}  // namespace krylov
