#include "recycle/recycled.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "dense/eigenvectors.hpp"
#include "dense/small_products.hpp"
#include "krylov/arnoldi.hpp"
#include "recycle/harmonic.hpp"

namespace krylov {

namespace {

constexpr double kDependent = 1e-12;  // share of an image that is left when it counts as a combination of the others

}  // namespace

Recycled::Recycled(Control& control, BasisSweeps& k, std::size_t n, std::size_t restart, std::size_t recycle)
    : W(control.arena.doubles((restart + 1) * k.apart())),
      U(control.arena.doubles(recycle * k.apart())),
      control_(control),
      k_(k),
      n_(n),
      apart_(k.apart()),
      recycle_(recycle),
      most_(restart + 1),
      columns_(restart * (restart + 1)),
      c_(recycle),
      h_(recycle + 1) {}

void Recycled::push(ConstVector h, std::size_t j) {
  const std::size_t length = count + j + 2;
  std::copy_n(h.begin(), length, columns_.begin() + j * most_);
  moved += 2 * length + 2;  // Gram-Schmidt
  if (h[length - 1] == 0) k_.fill(next(j + 1), 0);
}

void Recycled::coefficients(Vector t, std::size_t s) const {
  for (std::size_t i = 0; i < count; i++) {
    t[i] = c_[i];
    for (std::size_t j = 0; j < s; j++) t[i] -= columns_[j * most_ + i] * t[count + j];
  }
}

void Recycled::append(ConstVector y, RightPreconditioned& AM) {
  if (count == recycle_) return;
  cross_.clear();
  AM.image(y, next(0));
  take(y);
}

void Recycled::take(ConstVector y) {
  moved += 3 * count + 8;
  const double left = orthonormalise(k_, W, n_, count, h_);
  double square = 0, none[1];
  for (std::size_t i = 0; i <= count; i++) square += h_[i] * h_[i];
  if (!(left > kDependent * std::sqrt(square))) return;
  k_.copy(y, u(count));
  k_.basis_subtract(U, ConstVector(h_).first(count), u(count), none);
  k_.axpby(1 / left, u(count), 0, u(count));
  count++;
}

double Recycled::drift(ConstVector images) {
  const std::size_t c = count, p = images.size() / n_;
  if (c == 0 || p == 0) return std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> dots = products(images, n_, W.first(c * apart_));
  const auto found = eigenvectors(control_, transposed_product(control_, dots, p, dots), c);
  double sum = 0;
  for (std::size_t i = 0; i < c; i++) sum += std::sqrt(std::clamp(1 - (found ? found->values[i].real() : 0), 0.0, 1.0));
  return sum / static_cast<double>(c);
}

void Recycled::renew(std::size_t s) {
  if (s == 0) return;
  const std::size_t c = count, rows = c + s + 1, m = c + s;
  const Vector basis = W.first(rows * apart_), before = U.first(c * apart_);
  std::vector<double> unit(c), G(rows * m), F(rows * m);
  k_.basis_squares(before, unit);
  if (cross_.empty()) cross_ = products(basis.first(c * apart_), apart_, before);
  const std::vector<double> rest = products(basis.subspan(c * apart_), apart_, before);
  for (std::size_t j = 0; j < c; j++) {
    std::copy_n(cross_.begin() + j * c, c, F.begin() + j * rows);
    std::copy_n(rest.begin() + j * (s + 1), s + 1, F.begin() + j * rows + c);
    unit[j] = 1 / std::sqrt(unit[j]);
    G[j * rows + j] = unit[j];
    for (std::size_t i = 0; i < rows; i++) F[j * rows + i] *= unit[j];
    control_.poll();
  }
  for (std::size_t j = 0; j < s; j++) {
    std::copy_n(columns_.begin() + j * most_, c + j + 2, G.begin() + (c + j) * rows);
    F[(c + j) * rows + c + j] = 1;
  }
  auto [kept, S, Q] = harmonic_basis(control_, G, F, rows, m, recycle_);
  if (kept == 0) return;
  cross_ = transposed_product(control_, Q, rows, product(control_, F, rows, S));
  for (std::size_t j = 0; j < kept; j++)
    for (std::size_t i = 0; i < c; i++) S[j * m + i] *= unit[i];
  const std::vector<double> inU = part(S, m, 0, c), inV = part(S, m, c, m);
  k_.basis_combine({{before, inU, 0, U.first(kept * apart_)},
                    {basis.subspan(c * apart_, s * apart_), inV, 1, U.first(kept * apart_)},
                    {basis, Q, 0, W.first(kept * apart_)}},
                   apart_);
  moved += static_cast<double>((m + rows) * kept) / 8 + static_cast<double>(m + rows + 3 * kept);
  double stayed = 0;
  for (std::size_t j = 0; j < kept; j++)
    for (std::size_t i = 0; i < c; i++) stayed += Q[j * rows + i] * Q[j * rows + i];
  changed = 1 - stayed / static_cast<double>(kept);
  count = kept;
}

// V^T X, by columns; the vectors of V stand `ld` apart.
std::vector<double> Recycled::products(ConstVector V, std::size_t ld, ConstVector X) {
  const std::size_t p = V.size() / ld, q = X.size() / apart_;
  std::vector<double> dots(p * q);
  k_.basis_products(V, ld, X, dots);
  moved += static_cast<double>(p * q) / 8 + p + q;
  return dots;
}

}  // namespace krylov
