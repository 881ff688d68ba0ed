#pragma once
#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <vector>

#include "dense/blas.hpp"
#include "matfun/exponential_degrees.hpp"
#include "matfun/square_products.hpp"

namespace krylov {

// x + e d with e^2 = 0, which is [[x, d], [0, x]]: what is computed with it carries the derivative along. d may be
// null.
struct Jet {
  double *x, *d;
};

// ||A||_1, the largest sum of a column, or ||[[A, E], [0, A]]||_1; not a number where an entry is none.
inline double column_norm(std::initializer_list<const double*> parts, std::size_t n) {
  std::vector<double> sums(n);
  double most = 0, doubt = 0;
  for (const double* part : parts)
    for (std::size_t r = 0; part != nullptr && r < n; r++, part += n)
      for (std::size_t c = 0; c < n; c++) sums[c] += std::abs(part[c]);
  for (const double sum : sums) {
    most = std::max(most, sum);
    doubt += sum * 0;
  }
  return most + doubt;
}

// e^A by scaling and squaring: 2^s roots so near the identity that a Pade approximant is right to rounding, by norms of
// powers of A, not of A alone (Al-Mohy and Higham 2009).
class Exponential {
 public:
  Exponential(Control& control, std::size_t n, bool tangent) : control_(control), n_(n), tangent_(tangent), pivots_(n) {
    // one by one, so that they are kept for the next matrix
    const auto room = [&] { return room_.emplace_back(n * n).data(); };
    turned_ = room();
    for (Jet* jet : {&A_, &A2_, &A4_, &A6_, &A8_, &P_, &Q_, &S_}) *jet = {room(), tangent ? room() : nullptr};
  }

  // A and its tangent, for the caller to set.
  const Jet& input() const { return A_; }
  // e^A once it is computed.
  const Jet& value() const { return P_; }

  double norm(const Jet& A) const { return column_norm({A.x, A.d}, n_); }

  // Of ||A||_1 = norm. Returns ||X Q - P||_F / ||P||_F of the approximant's system.
  double compute(double norm) {
    const Choice found = choose(norm);
    if (found.m < 13)
      fraction(found.m);
    else
      largest_fraction(found.halvings);
    const double residual = quotient();
    for (int s = found.halvings; s > 0; s--) {
      times(P_, P_, S_);
      std::swap(P_, S_);
    }
    return residual;
  }

 private:
  struct Choice {
    int m, halvings;
  };
  struct Term {
    double factor;
    const Jet& A;
  };
  using Terms = std::initializer_list<Term>;

  Choice choose(double norm_of_A) {
    times(A_, A_, A2_);
    if (norm_of_A <= kDegrees[0].reach) return {kDegrees[0].m, 0};
    times(A2_, A2_, A4_);
    if (norm_of_A <= kDegrees[1].reach) return {kDegrees[1].m, 0};
    times(A4_, A2_, A6_);
    const double four = std::pow(norm(A4_), 1.0 / 4), six = std::pow(norm(A6_), 1.0 / 6), both = std::max(four, six);
    for (const auto& [m, reach] : kDegrees)
      if (both <= reach && too_few(norm_of_A, norm_of_A, m) == 0) {
        if (m == 9) times(A4_, A4_, A8_);
        return {m, 0};
      }
    // ||A^8|| <= ||A^4||^2 and ||A^10|| <= ||A^4|| ||A^6|| stand for what else the method would estimate
    const double other = std::max(four, std::pow(std::pow(four, 4) * std::pow(six, 6), 0.1));
    const int s = std::max(0, static_cast<int>(std::ceil(std::log2(std::min(both, other) / kReach13))));
    return {13, s + too_few(norm_of_A, std::ldexp(norm_of_A, -s), 13)};
  }

  // How many more halvings make that part of the error small which norms of powers do not see; `scaled`: the norm after
  // those that there are. Products with |A| go on until the norm of what they have reached would do for all the rest.
  int too_few(double norm_of_A, double scaled, int m) {
    if (norm_of_A == 0) return 0;
    sizes(A_.x, S_.x);
    if (tangent_) sizes(A_.d, S_.d);
    std::vector<double> v(n_, 1.0), w(tangent_ ? n_ : 0, 1.0), next(n_), beside(w.size());
    double most = 1;
    const Halvings wanted(m, scaled);
    for (int power = 0; power < 2 * m + 1 && wanted(most) > 0; power++) {
      control_.poll();
      std::fill(next.begin(), next.end(), 0.0);
      std::fill(beside.begin(), beside.end(), 0.0);
      for (std::size_t r = 0; r < n_; r++) {
        tiles().axpy(v[r] / norm_of_A, S_.x + r * n_, next.data(), 0, n_);
        if (!tangent_) continue;
        tiles().axpy(w[r] / norm_of_A, S_.x + r * n_, beside.data(), 0, n_);
        tiles().axpy(v[r] / norm_of_A, S_.d + r * n_, beside.data(), 0, n_);
      }
      v.swap(next);
      w.swap(beside);
      most = *std::max_element(v.begin(), v.end());
      if (tangent_) most = std::max(most, *std::max_element(w.begin(), w.end()));
    }
    return wanted(most);
  }
  void sizes(const double* a, double* out) const {
    for (std::size_t at = 0; at < n_ * n_; at++) out[at] = std::abs(a[at]);
  }

  // The odd part of the numerator in P, the even part in Q.
  void fraction(int m) {
    const auto b = pade_coefficients(m);
    switch (m) {
      case 3:
        sum(b[1], {{b[3], A2_}}, S_);
        sum(b[0], {{b[2], A2_}}, Q_);
        break;
      case 5:
        sum(b[1], {{b[3], A2_}, {b[5], A4_}}, S_);
        sum(b[0], {{b[2], A2_}, {b[4], A4_}}, Q_);
        break;
      case 7:
        sum(b[1], {{b[3], A2_}, {b[5], A4_}, {b[7], A6_}}, S_);
        sum(b[0], {{b[2], A2_}, {b[4], A4_}, {b[6], A6_}}, Q_);
        break;
      default:
        sum(b[1], {{b[3], A2_}, {b[5], A4_}, {b[7], A6_}, {b[9], A8_}}, S_);
        sum(b[0], {{b[2], A2_}, {b[4], A4_}, {b[6], A6_}, {b[8], A8_}}, Q_);
    }
    times(A_, S_, P_);
  }

  // Those of degree 13 at A / 2^s, six products in all.
  void largest_fraction(int s) {
    if (s > 0)
      for (const auto& [power, A] : {std::pair<int, const Jet&>{1, A_}, {2, A2_}, {4, A4_}, {6, A6_}})
        sum(0, {{std::ldexp(1, -s * power), A}}, A);
    const auto b = pade_coefficients(13);
    sum(0, {{b[13], A6_}, {b[11], A4_}, {b[9], A2_}}, S_);
    times(A6_, S_, A8_);
    sum(b[1], {{1, A8_}, {b[7], A6_}, {b[5], A4_}, {b[3], A2_}}, S_);
    times(A_, S_, P_);
    sum(0, {{b[12], A6_}, {b[10], A4_}, {b[8], A2_}}, S_);
    times(A6_, S_, A8_);
    sum(b[0], {{1, A8_}, {b[6], A6_}, {b[4], A4_}, {b[2], A2_}}, Q_);
  }

  // P = (even + odd) (even - odd)^-1 of the odd part P and the even part Q, which commute.
  double quotient() {
    sum(0, {{1, Q_}, {1, P_}}, A2_);
    sum(0, {{1, Q_}, {-1, P_}}, Q_);
    const int order = static_cast<int>(n_);
    int info = 0;
    std::copy_n(A2_.x, n_ * n_, P_.x);
    std::copy_n(Q_.x, n_ * n_, A8_.x);
    openblas().dgetrf(&order, &order, A8_.x, &order, pivots_.data(), &info);
    divide(P_.x);
    multiply_square(control_, P_.x, Q_.x, n_, S_.x, turned_);
    double far = 0, size = 0;
    for (std::size_t at = 0; at < n_ * n_; at++) {
      const double p = A2_.x[at], d = p - S_.x[at];
      far += d * d;
      size += p * p;
    }
    if (tangent_) {
      // X Q = P, so that X' Q = P' - X Q'
      multiply_square(control_, P_.x, Q_.d, n_, S_.d, turned_);
      for (std::size_t at = 0; at < n_ * n_; at++) P_.d[at] = A2_.d[at] - S_.d[at];
      divide(P_.d);
    }
    return size == 0 ? 0 : std::sqrt(far / size);
  }

  // X <- X Q^-1: what is X by rows is X^T by columns, and a row of X a right-hand side of Q^T.
  void divide(double* X) {
    control_.poll();
    by_rows(control_, n_, [&](std::size_t from, std::size_t to) {
      for (double* row = X + from * n_; row != X + to * n_; row += n_)
        for (std::size_t j = 0; j < n_; j++) std::swap(row[j], row[pivots_[j] - 1]);
      const int order = static_cast<int>(n_), rows = static_cast<int>(to - from);
      const double one = 1;
      double* const first = X + from * n_;
      openblas().dtrsm("L", "L", "N", "U", &order, &rows, &one, A8_.x, &order, first, &order, 1, 1, 1, 1);
      openblas().dtrsm("L", "U", "N", "N", &order, &rows, &one, A8_.x, &order, first, &order, 1, 1, 1, 1);
    });
  }

  // C = A B.
  void times(const Jet& A, const Jet& B, const Jet& C) {
    multiply_square(control_, A.x, B.x, n_, C.x, turned_);
    if (!tangent_) return;
    multiply_square(control_, A.x, B.d, n_, C.d, turned_);
    multiply_square(control_, A.d, B.x, n_, C.d, turned_, true);
  }

  // out = c I + a sum of up to four terms, among which out may be.
  void sum(double c, Terms terms, const Jet& out) {
    by_rows(control_, n_, [&](std::size_t from, std::size_t to) {
      sum_of(terms, &Jet::x, from * n_, to * n_, out.x);
      for (std::size_t r = from; r < to; r++) out.x[r * n_ + r] += c;
      if (tangent_) sum_of(terms, &Jet::d, from * n_, to * n_, out.d);
    });
  }
  static void sum_of(Terms terms, double* Jet::*part, std::size_t from, std::size_t to, double* out) {
    double f[4];
    const double* a[4];
    std::size_t k = 0;
    for (const Term& term : terms) {
      f[k] = term.factor;
      a[k++] = term.A.*part;
    }
    const auto add = [&](auto... at) {
      for (std::size_t i = from; i < to; i++) out[i] = ((f[at] * a[at][i]) + ...);
    };
    switch (k) {
      case 1:
        return add(0);
      case 2:
        return add(0, 1);
      case 3:
        return add(0, 1, 2);
      default:
        return add(0, 1, 2, 3);
    }
  }

  Control& control_;
  std::size_t n_;
  bool tangent_;
  std::vector<Buffer<double>> room_;
  std::vector<int> pivots_;
  double* turned_;
  Jet A_, A2_, A4_, A6_, A8_, P_, Q_, S_;
};

}  // namespace krylov
