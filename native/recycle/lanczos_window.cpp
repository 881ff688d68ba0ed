#include "recycle/lanczos_window.hpp"

#include <algorithm>
#include <cmath>

#include "dense/small_products.hpp"
#include "dense/symmetric_eigen.hpp"
#include "recycle/harmonic.hpp"

namespace krylov {

namespace {

constexpr double kDependent = 1e-13;  // of a Gram matrix's largest eigenvalue: what is below is rounding

// X = Q K^T for vectors X of which the Gram matrix is given, Q orthonormal, from its eigenvectors; Q = X L. `rank`
// columns each: vectors of X that are zero or depend on the others lower it.
struct Coordinates {
  std::vector<double> K, L;
  std::size_t rank = 0;
};

Coordinates orthonormal_coordinates(Control& control, ConstVector gram, std::size_t rows) {
  std::vector<double> size(rows), scaled(gram.size());
  for (std::size_t i = 0; i < rows; i++) {
    size[i] = std::sqrt(gram[i * rows + i]);
    if (!(size[i] > 0)) size[i] = 1;
  }
  for (std::size_t at = 0; at < gram.size(); at++) scaled[at] = gram[at] / (size[at / rows] * size[at % rows]);
  const auto found = symmetric_eigen(control, std::move(scaled), rows);
  Coordinates out;
  if (!found) return out;
  std::size_t first = 0;
  while (first < rows && !(found->values[first] > kDependent * found->values.back())) first++;
  out.rank = rows - first;
  out.K.assign(found->vectors.begin() + first * rows, found->vectors.end());
  out.L = out.K;
  for (std::size_t at = 0; at < out.K.size(); at++) {
    const double root = std::sqrt(found->values[first + at / rows]);
    out.K[at] *= root * size[at % rows];
    out.L[at] /= root * size[at % rows];
  }
  return out;
}

}  // namespace

LanczosWindow::LanczosWindow(Control& control, BasisSweeps& k, std::size_t n, std::size_t basis, std::size_t recycle,
                             Recycled& space)
    : control_(control),
      k_(k),
      n_(n),
      apart_(k.apart()),
      basis_(basis),
      recycle_(recycle),
      space_(space),
      Y_(control.arena.doubles(recycle * k.apart())),
      D_(control.arena.doubles(recycle * k.apart())),
      columns_(basis * (recycle + 3)) {}

void LanczosWindow::inherit() {
  found_ = space_.count;
  for (std::size_t j = 0; j < found_; j++) {
    k_.copy(space_.u(j), Y_.subspan(j * apart_, n_));
    k_.copy(space_.c(j), D_.subspan(j * apart_, n_));
  }
}

void LanczosWindow::begin(ConstVector v, double gamma) {
  close();
  if (recycle_ == 0) return;
  k_.fill(space_.next(0), 0);
  k_.axpby(1 / gamma, v, 0, space_.next(1));
}

void LanczosWindow::push(ConstVector b, double beta, double delta, double gamma, ConstVector v) {
  if (recycle_ == 0) return;
  double* const column = &columns_[count_ * (recycle_ + 3)];
  std::copy(b.begin(), b.end(), column);
  column[b.size()] = beta;
  column[b.size() + 1] = delta;
  column[b.size() + 2] = gamma;
  const Vector next = space_.next(count_ + 2);
  if (gamma > 0)
    k_.axpby(1 / gamma, v, 0, next);
  else
    k_.fill(next, 0);
  if (++count_ < basis_) return;
  close();
  k_.copy(space_.next(basis_), space_.next(0));
  k_.copy(space_.next(basis_ + 1), space_.next(1));
}

void LanczosWindow::close() {
  const std::size_t c = space_.count, d = found_, s = std::exchange(count_, 0);
  if (s == 0) return;
  const std::size_t rows = d + c + s + 2, m = d + s;
  const Vector Y = Y_.first(d * apart_), D = D_.first(d * apart_), W = space_.W.first((rows - d) * apart_);
  const std::vector<double> all = gram(D, W), DY = products(D, Y), WY = products(W, Y);
  std::vector<double> unit(d), G(rows * m), F(rows * m);  // F = [D C V+]^T [Y V]
  k_.basis_squares(Y, unit);
  for (std::size_t j = 0; j < d; j++) {
    unit[j] = G[j * rows + j] = 1 / std::sqrt(unit[j]);
    for (std::size_t i = 0; i < rows; i++)
      F[j * rows + i] = unit[j] * (i < d ? DY[j * d + i] : WY[j * (rows - d) + i - d]);
  }
  for (std::size_t j = 0; j < s; j++) {
    const double* const column = &columns_[j * (recycle_ + 3)];
    double* const g = &G[(d + j) * rows + d];
    std::copy_n(column, c, g);
    std::copy_n(column + c, 3, g + c + j);
    std::copy_n(&all[(d + c + 1 + j) * rows], rows, &F[(d + j) * rows]);
  }
  const auto [K, L, rank] = orthonormal_coordinates(control_, all, rows);
  if (rank == 0) return;
  const std::vector<double> QG = transposed_product(control_, K, rows, G);
  const std::vector<double> QF = transposed_product(control_, L, rows, F);
  auto [kept, S, _] = harmonic_basis(control_, QG, QF, rank, m, recycle_);
  const std::vector<double> GS = product(control_, G, rows, S);
  for (std::size_t j = 0; j < kept; j++)
    for (std::size_t i = 0; i < d; i++) S[j * m + i] *= unit[i];
  const Vector to_Y = Y_.first(kept * apart_), to_D = D_.first(kept * apart_);
  k_.basis_combine({{Y, part(S, m, 0, d), 0, to_Y},
                    {W.subspan((c + 1) * apart_, s * apart_), part(S, m, d, m), 1, to_Y},
                    {D, part(GS, rows, 0, d), 0, to_D},
                    {W, part(GS, rows, d, rows), 1, to_D}},
                   apart_);
  found_ = kept;
}

void LanczosWindow::bequeath() {
  close();
  space_.count = 0;
  for (std::size_t j = 0; j < found_; j++) {
    control_.poll();
    k_.copy(D_.subspan(j * apart_, n_), space_.next(0));
    space_.take(Y_.subspan(j * apart_, n_));
  }
}

// V^T X, by columns.
std::vector<double> LanczosWindow::products(ConstVector V, ConstVector X) {
  std::vector<double> dots((V.size() / apart_) * (X.size() / apart_));
  k_.basis_products(V, X, dots);
  return dots;
}

// [D W]^T [D W]
std::vector<double> LanczosWindow::gram(ConstVector D, ConstVector W) {
  const std::size_t d = D.size() / apart_, w = W.size() / apart_, rows = d + w;
  const std::vector<double> DD = products(D, D), DW = products(D, W), WW = products(W, W);
  std::vector<double> all(rows * rows);
  for (std::size_t j = 0; j < d; j++) std::copy_n(DD.begin() + j * d, d, all.begin() + j * rows);
  for (std::size_t j = 0; j < w; j++) {
    std::copy_n(DW.begin() + j * d, d, all.begin() + (d + j) * rows);
    std::copy_n(WW.begin() + j * w, w, all.begin() + (d + j) * rows + d);
    for (std::size_t i = 0; i < d; i++) all[i * rows + d + j] = DW[j * d + i];
  }
  return all;
}

}  // namespace krylov
