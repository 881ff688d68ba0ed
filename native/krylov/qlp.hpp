#pragma once
#include <array>

#include "krylov/stopping.hpp"

namespace krylov {

// The scalars of MINRES-QLP (Choi, Paige and Saunders 2011): Q T P = L, T the Lanczos matrix, Q and P products of
// reflections of neighbouring rows and columns, L lower triangular with three diagonals. L u = t, and x = W u, W = V P.
// Entries of rows k - 1 and k - 2 have l and l2 after their names, as in the paper.
class Qlp {
 public:
  double phi = 0;               // || r_k ||, in the norm of M^-1
  double normal = 0;            // || A r_(k-1) ||
  double size = 0;              // an estimate of the norm of A, from below
  double smallest = kInfinity;  // diagonal entry of L
  // Whether the last diagonal entry of L is rounding, or u so long that rounding is all that it would add.
  bool singular = false;
  double ul = 0, u = 0;
  // By columns: [x_(k-2), w_(k-2), w_(k-1), v_k] times this is the next [x_(k-2), w_(k-2), w_(k-1)]: x lacks its last
  // two.
  std::array<double, 12> step{};

  // Of the last row reflection: r_k = s^2 r_(k-1) - c phi v_(k+1).
  double c() const { return Q_.c; }
  double s() const { return Q_.s; }
  // Starts anew; what is known of A's norm and condition is kept.
  void begin(double beta1);
  // Leaves u_k out where the last diagonal entry is at most that share of the norm.
  void drop(double share);
  // Takes column k of T: alpha, and beta_(k+1) below it.
  void push(double alpha, double betan);

 private:
  // [c s; s -c] with c = a / h, s = b / h, h = |(a, b)|, turns (a, b) into (h, 0). As it begins, with no column to
  // reflect with, the other one stays as it is.
  struct Reflection {
    double c = -1, s = 0;
    // Makes it that of a and b; returns h.
    double by(double a, double b);
  };

  Reflection Q_, P1_, P2_;  // P1: of columns k - 1 and k, P2: of columns k - 2 and k
  bool first_ = true;
  double beta1_ = 0, beta_ = 0, dltan_ = 0, tau_ = 0, taul_ = 0, gama_ = 0, gamal_ = 0;
  double vepln_ = 0, veplnl_ = 0, eta_ = 0, etal_ = 0, ul2_ = 0, ul3_ = 0;
  double length_ = 0;           // of u without its last two entries
  double settled_ = kInfinity;  // smallest diagonal entry without the last two
};

}  // namespace krylov
