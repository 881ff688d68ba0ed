#include "recycle/ritz_window.hpp"

#include <cmath>

#include "dense/small_products.hpp"
#include "dense/symmetric_eigen.hpp"
#include "dense/thin_qr.hpp"

namespace krylov {

RitzWindow::RitzWindow(Control& control, BasisSweeps& k, std::size_t n, std::size_t most, std::size_t keep)
    : control_(control),
      k_(k),
      n_(n),
      most_(most),
      keep_(keep),
      V_(control.arena.doubles(most * n)),
      T_(most * most),
      open_(keep > 0) {}

void RitzWindow::push(ConstVector z, double rho, double coupling) {
  if (!open_) return;
  if (count_ == most_)
    restart(coupling);
  else if (count_ > 0)
    couple(count_ - 1, count_, coupling);
  if (!open_) return;
  k_.axpby(1 / std::sqrt(rho), z, 0, vectors(count_, count_ + 1));
  count_++;
}

RitzPairs RitzWindow::pairs() {
  if (count_ < 2) return {};
  const std::size_t q = count_ - 1, p = std::min(keep_, q);
  auto found = symmetric_eigen(control_, block(q), q);
  if (!found || !(found->values[0] > 0)) return {};
  const ConstVector S = ConstVector(found->vectors).first(p * q);
  std::vector<double> last(q);
  for (std::size_t j = 0; j < q; j++) last[j] = T_[j * most_ + q];
  RitzPairs out;
  out.c = transposed_product(control_, S, q, last);
  k_.basis_combine(vectors(0, q), S, 0, vectors(0, p), n_);
  found->values.resize(p);
  out.D = std::move(found->values);
  out.Y = vectors(0, p);
  out.v = vectors(q, q + 1);
  return out;
}

void RitzWindow::restart(double coupling) {
  const std::size_t m = most_;
  const auto one = symmetric_eigen(control_, block(m), m), other = symmetric_eigen(control_, block(m - 1), m - 1);
  if (!one || !other) return close();
  std::vector<double> both(2 * keep_ * m);
  std::copy_n(one->vectors.begin(), keep_ * m, both.begin());
  for (std::size_t j = 0; j < keep_; j++)
    std::copy_n(other->vectors.begin() + j * (m - 1), m - 1, both.begin() + (keep_ + j) * m);
  const ThinQr qr = thin_qr(control_, both, m, 2 * keep_);
  const std::size_t q = qr.kept.size();
  const auto inside =
      symmetric_eigen(control_, transposed_product(control_, qr.Q, m, product(control_, T_, m, qr.Q)), q);
  if (!inside) return close();
  const std::vector<double> S = product(control_, qr.Q, m, inside->vectors);
  k_.basis_combine(V_, S, 0, vectors(0, q), n_);
  std::fill(T_.begin(), T_.end(), 0.0);
  count_ = q;
  for (std::size_t j = 0; j < q; j++) {
    couple(j, j, inside->values[j]);
    couple(j, q, S[j * m + m - 1] * coupling);
  }
}

std::vector<double> RitzWindow::block(std::size_t m) const {
  std::vector<double> T;
  for (std::size_t i = 0; i < m; i++) T.insert(T.end(), &T_[i * most_], &T_[i * most_] + m);
  return T;
}

}  // namespace krylov
