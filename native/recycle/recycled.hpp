#pragma once
#include <vector>

#include "kernels/basis_sweeps.hpp"
#include "krylov/right_preconditioned.hpp"

namespace krylov {

// The two bases of a cycle of GCRO-DR, A M^-1 [U V] = W G with W = [C V+], and how the next U comes of them. G has the
// identity at its top left, B = C^T A M^-1 V right of it, and Arnoldi's H below. Vectors of n entries
// stand as far apart as the sweeps say. Workspace: (restart + recycle + 1) n.
class Recycled {
 public:
  Recycled(Control& control, BasisSweeps& k, std::size_t n, std::size_t restart, std::size_t recycle);

  std::size_t count = 0;  // columns of U and of C
  // Vectors read or written: one of many in a product of two blocks, whose rows are in cache, counts an eighth.
  double moved = 0;
  double changed = 1;  // share of C that the last renewal put in place of another
  Vector W, U;         // W: C, then V

  // Vector j of U, of C, and of V.
  Vector u(std::size_t j) const { return U.subspan(j * apart_, n_); }
  Vector c(std::size_t j) const { return W.subspan(j * apart_, n_); }
  Vector next(std::size_t j) const { return c(count + j); }
  // A cycle begins with r = [C v_0] h.
  void begin(ConstVector h) { std::copy_n(h.begin(), count, c_.begin()); }
  // A M^-1 v_j = [C v_0 ... v_(j+1)] h.
  void push(ConstVector h, std::size_t j);
  // The coefficients of U, C^T r - B y, before those of V, which are there: s of them.
  void coefficients(Vector t, std::size_t s) const;
  // Takes y into U and its image, made orthonormal, into C; not where the image depends on the others, or the space is
  // full.
  void append(ConstVector y, RightPreconditioned& AM);
  // The same, where the image stands in next(0).
  void take(ConstVector y);
  // Mean sine of the angles between the span of C and that of `images`, which are orthonormal, one after the other.
  double drift(ConstVector images);
  // U and C from the harmonic Ritz vectors of the cycle, of which V has s columns.
  void renew(std::size_t s);

 private:
  std::vector<double> products(ConstVector V, std::size_t ld, ConstVector X);

  Control& control_;
  BasisSweeps& k_;
  std::size_t n_, apart_, recycle_, most_;
  std::vector<double> columns_;  // of B over H, most_ long
  std::vector<double> c_;        // C^T r at the start of the cycle
  std::vector<double> h_;
  std::vector<double> cross_;  // C^T U, where it is known
};

}  // namespace krylov
