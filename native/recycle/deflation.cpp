#include "recycle/deflation.hpp"

#include <cmath>
#include <limits>

#include "dense/symmetric_eigen.hpp"

namespace krylov {

namespace {

constexpr double kDependent = 1e-10;  // share of the energy w . A w that is left when w counts as dependent

}  // namespace

Deflation::Deflation(Control& control, BasisSweeps& k, std::size_t n, std::size_t most)
    : control_(control),
      k_(k),
      n_(n),
      W_(control.arena.doubles(most * n)),
      AW_(control.arena.doubles(most * n)),
      h_(most) {}

void Deflation::append(ConstVector w, const std::function<void(ConstVector, Vector)>& image) {
  const Vector u = W_.subspan(count * n_, n_), q = AW_.subspan(count * n_, n_), h = Vector(h_).first(count);
  k_.copy(w, u);
  image(u, q);
  const double energy = k_.dot(u, q);
  for (int pass = 0; pass < 2; pass++) {
    k_.basis_dots(AW(), u, h);
    k_.basis_subtract(W(), h, u, none_);
    k_.basis_subtract(AW(), h, q, none_);
  }
  const double left = k_.dot(u, q);
  if (!(left > kDependent * energy && left < std::numeric_limits<double>::infinity())) return;
  k_.axpby(1 / std::sqrt(left), u, 0, u);
  k_.axpby(1 / std::sqrt(left), q, 0, q);
  count++;
}

void Deflation::correct(Vector x, Vector r) {
  const Vector h = Vector(h_).first(count);
  k_.basis_dots(W(), r, h);
  k_.basis_subtract(AW(), h, r, none_);
  for (double& value : h) value = -value;
  k_.basis_subtract(W(), h, x, none_);
}

void Deflation::deflate(ConstVector z, Vector p) {
  if (count == 0) return;
  const Vector h = Vector(h_).first(count);
  k_.basis_dots(AW(), z, h);
  k_.basis_subtract(W(), h, p, none_);
}

LowestSpace Deflation::lowest(std::size_t most, const RitzPairs& pairs, double omega,
                              const std::function<void(ConstVector, Vector)>& apply) {
  const auto& [D, coupling, Y, v] = pairs;
  const std::size_t c = count, p = D.size(), m = c + p;
  std::vector<double> N(m * m), next(c), H(c * p);  // H = (A W)^T Y
  const Vector Z = control_.arena.doubles(c * n_);  // M^-1 A W
  for (std::size_t j = 0; j < c; j++) {
    const Vector z = Z.subspan(j * n_, n_);
    apply(AW().subspan(j * n_, n_), z);
    k_.basis_dots(AW(), z, Vector(N).subspan(j * m, c));
  }
  if (p > 0) k_.basis_dots(AW(), v, next);
  for (std::size_t i = 0; i < p; i++) {
    const Vector y = Y.subspan(i * n_, n_), h = Vector(H).subspan(i * c, c);
    k_.basis_dots(AW(), y, h);
    k_.basis_subtract(W(), h, y, none_);
    const double size = 1 / std::sqrt(D[i]);  // (P y_i)^T A P y_i = D_i
    for (std::size_t j = 0; j < c; j++)
      N[(c + i) * m + j] = N[j * m + c + i] = size * (D[i] * h[j] + coupling[i] * next[j]);
    for (std::size_t j = 0; j < p; j++)
      N[(c + i) * m + c + j] = size * coupling[i] * coupling[j] / std::sqrt(D[j]) + (i == j ? D[i] : 0);
  }
  const auto found = symmetric_eigen(control_, std::move(N), m);
  if (!found) return {};
  const std::size_t kept = std::min(most, m);
  std::vector<double> inW(c * kept), inY(p * kept), inZ(c * kept), inV(kept);
  for (std::size_t j = 0; j < kept; j++) {
    const double grown = 1 + omega * found->values[j];
    const double* const s = &found->vectors[j * m];
    for (std::size_t i = 0; i < c; i++) {
      inW[j * c + i] = grown * s[i];
      inZ[j * c + i] = -omega * s[i];
    }
    for (std::size_t i = 0; i < p; i++) {
      const double si = s[c + i] / std::sqrt(D[i]);
      inY[j * p + i] = (grown - omega * D[i]) * si;
      for (std::size_t l = 0; l < c; l++) inW[j * c + l] -= omega * H[i * c + l] * D[i] * si;
      inV[j] -= omega * coupling[i] * si;
    }
  }
  LowestSpace out;
  out.U = control_.allocate<double>(kept * n_);
  k_.basis_combine(W(), inW, 0, out.U, n_);
  k_.basis_combine(Y, inY, 1, out.U, n_);
  k_.basis_combine(Z, inZ, 1, out.U, n_);
  if (p > 0) k_.basis_combine(v, inV, 1, out.U, n_);
  out.values.assign(found->values.begin(), found->values.begin() + kept);
  return out;
}

}  // namespace krylov
