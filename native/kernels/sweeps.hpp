#pragma once
#include <algorithm>
#include <cmath>

#include "core/lookout.hpp"
#include "core/matrix.hpp"
#include "kernels/tiles.hpp"

namespace krylov {

inline RawCsr raw(const Csr& A) {
  return {A.pattern.row_pointers.data(),
          A.pattern.column_indices.data(),
          A.values.data(),
          static_cast<std::int32_t>(A.nonzeros()),
          static_cast<std::uint32_t>(std::max(A.pattern.columns, 1) - 1),
          A.pattern.rows};
}

// A matrix without a plan, or with one, as the loops see it.
inline RawMatrix planned(const Csr& A) { return {raw(A), RawMatrix::Kind::csr, {}}; }
RawMatrix planned(const Matrix& A);

// The kernels of one call: loops over fixed tiles of rows, shared out among the call's threads. A reduction keeps one
// partial sum per tile and adds them in order, so its bits do not depend on who computed which tile.
class Sweeps {
 public:
  // Two sums of one sweep.
  struct Pair {
    double first = 0, second = 0;
  };

  Sweeps(Control& control, std::size_t n) : Sweeps(control, 0, n) {}

  // On rows [from, to) only.
  Sweeps(Control& control, std::size_t from, std::size_t to)
      : control_(control),
        from_(from),
        n_(to - from),
        apart_(n_),
        count_((n_ + kTile - 1) / kTile),
        partial_(control.arena.doubles(count_)) {}

  Control& control() { return control_; }

  // Vectors of a basis begin so far from each other: n entries, unless they are set apart. That wins a third on powers
  // of two, where the same rows of all vectors meet in a few sets of the caches; 64 k + 24 keeps them from each other.
  std::size_t apart() const { return apart_; }
  void set_apart() { apart_ = (n_ + 39) / 64 * 64 + 24; }

  // A: a Csr, or a Matrix, whose plan is followed then.
  template <class A>
  void multiply(const A& a, ConstVector x, Vector y) {
    const RawMatrix M = planned(a);
    rows(a.nonzeros(), [&](std::size_t from, std::size_t to) { t_.spmv(M, x.data(), y.data() + from, from, to); });
  }
  // Y = A X, both row-major with s columns
  template <class A>
  void multiply(const A& a, ConstVector x, Vector y, std::size_t s) {
    const RawMatrix M = planned(a);
    rows(a.nonzeros() * s,
         [&](std::size_t from, std::size_t to) { t_.spmm(M, x.data(), y.data() + from * s, s, from, to); });
  }
  template <class A>
  double multiply_dot(const A& a, ConstVector x, Vector y) {
    const RawMatrix M = planned(a);
    return sum(a.nonzeros(), [&](std::size_t from, std::size_t to) {
      t_.spmv(M, x.data(), y.data() + from, from, to);
      return t_.dot(x.data(), y.data(), from, to);
    });
  }
  // y = A x; returns x . y and y . D y. d empty: D is the identity.
  template <class A>
  Pair multiply_dots(const A& a, ConstVector d, ConstVector x, Vector y) {
    const RawMatrix M = planned(a);
    return pair(a.nonzeros(), [&](double* sums, std::size_t from, std::size_t to) {
      t_.spmv(M, x.data(), y.data() + from, from, to);
      t_.dots(d.empty() ? nullptr : d.data(), x.data(), y.data(), sums, from, to);
    });
  }
  // x += a p, r -= a q, p = D r + b p; returns r . r and r . D r.
  Pair advance_direction(double a, double b, ConstVector d, Vector p, ConstVector q, Vector x, Vector r) {
    return pair(2 * n_, [&](double* sums, std::size_t from, std::size_t to) {
      t_.advance_direction(a, b, d.empty() ? nullptr : d.data(), p.data(), q.data(), x.data(), r.data(), sums, from,
                           to);
    });
  }
  // r = b - A x, r may be b; returns r . r
  template <class A>
  double residual(const A& a, ConstVector x, ConstVector b, Vector r) {
    const RawMatrix M = planned(a);
    return sum(a.nonzeros(), [&](std::size_t from, std::size_t to) {
      double product[kTile];
      t_.spmv(M, x.data(), product, from, to);
      return t_.difference(b.data() + from, product, r.data() + from, to - from);
    });
  }
  double dot(ConstVector x, ConstVector y) {
    return sum(n_, [&](std::size_t from, std::size_t to) { return t_.dot(x.data(), y.data(), from, to); });
  }
  double norm(ConstVector x) { return std::sqrt(dot(x, x)); }
  void axpy(double a, ConstVector x, Vector y) {
    rows(n_, [&](std::size_t from, std::size_t to) { t_.axpy(a, x.data(), y.data(), from, to); });
  }
  void axpby(double a, ConstVector x, double b, Vector y) {
    rows(n_, [&](std::size_t from, std::size_t to) { t_.axpby(a, x.data(), b, y.data(), from, to); });
  }
  double advance(double a, ConstVector p, ConstVector q, Vector x, Vector r) {
    return sum(2 * n_, [&](std::size_t from, std::size_t to) {
      return t_.advance(a, p.data(), q.data(), x.data(), r.data(), from, to);
    });
  }
  double scale(ConstVector d, ConstVector r, Vector z) {
    return sum(n_, [&](std::size_t from, std::size_t to) { return t_.scale(d.data(), r.data(), z.data(), from, to); });
  }
  // On blocks of s vectors, row-major; a, b and out have one entry per column.
  void column_dots(ConstVector x, ConstVector y, Vector out) {
    column_sums(out, n_ * out.size(), [&](double* sums, std::size_t from, std::size_t to) {
      t_.column_dots(x.data(), y.data(), out.size(), sums, from, to);
    });
  }
  void column_xpby(ConstVector x, ConstVector b, Vector y) {
    rows(n_ * b.size(),
         [&](std::size_t from, std::size_t to) { t_.column_xpby(x.data(), b.data(), y.data(), b.size(), from, to); });
  }
  void column_advance(ConstVector a, ConstVector p, ConstVector q, Vector x, Vector r, Vector out) {
    const std::size_t s = a.size();
    column_sums(out, n_ * s, [&](double* sums, std::size_t from, std::size_t to) {
      t_.column_advance(a.data(), p.data(), q.data(), x.data(), r.data(), s, sums, from, to);
    });
  }
  // out[j] = v_j . w
  void basis_dots(ConstVector V, ConstVector w, Vector out) {
    column_sums(out, n_ * out.size(), [&](double* sums, std::size_t from, std::size_t to) {
      t_.basis_dots(V.data(), apart_, out.size(), w.data(), sums, from, to);
    });
  }
  // w -= V h; then out = v_j . w for as many vectors as it has room for, and w . w last
  void basis_subtract(ConstVector V, ConstVector h, Vector w, Vector out) {
    column_sums(out, (h.size() + out.size()) * n_, [&](double* sums, std::size_t from, std::size_t to) {
      t_.basis_subtract(V.data(), apart_, h.size(), h.data(), w.data(), out.size() - 1, sums, from, to);
    });
  }
  // (U^T D U) z = r, U unit upper triangular and without entries between its `blocks`; returns r . z.
  double solve_factor(const Csr& U, ConstVector inverse_diagonal, Index blocks, ConstVector r, Vector z);
  // Its halves: U^T y = r, and D U z = y.
  void forward_factor(const Csr& U, Index blocks, ConstVector r, Vector y);
  void backward_factor(const Csr& U, ConstVector inverse_diagonal, Index blocks, ConstVector y, Vector z);
  // The same renumbered: levels [from, to) in order, the rows of a level shared out. Without `starts` each row is a
  // level of its own. The backward solve returns its part of r . z.
  void level_forward(const Csr& L, ConstIndices order, ConstIndices starts, ConstVector r, Vector y, std::size_t from,
                     std::size_t to);
  double level_backward(const Csr& U, ConstVector inverse_diagonal, ConstIndices order, ConstIndices starts, Vector y,
                        Vector z, std::size_t from, std::size_t to);
  // q = y + b q, t = q
  void eisenstat_direction(double b, ConstVector y, Vector q, Vector t) {
    rows(2 * n_,
         [&](std::size_t from, std::size_t to) { t_.eisenstat_direction(b, y.data(), q.data(), t.data(), from, to); });
  }
  // x += a t, y -= a share (D t + v); returns y . D^-1 y
  double eisenstat_advance(double a, double share, ConstVector inverse_diagonal, ConstVector t, ConstVector v, Vector x,
                           Vector y) {
    return sum(2 * n_, [&](std::size_t from, std::size_t to) {
      return t_.eisenstat_advance(a, share, inverse_diagonal.data(), t.data(), v.data(), x.data(), y.data(), from, to);
    });
  }
  void copy(ConstVector x, Vector y) {
    rows(n_, [&](std::size_t from, std::size_t to) { std::copy(x.begin() + from, x.begin() + to, y.begin() + from); });
  }
  void fill(Vector x, double a) {
    rows(n_, [&](std::size_t from, std::size_t to) { std::fill(x.begin() + from, x.begin() + to, a); });
  }

 protected:
  static constexpr std::size_t kTile = 1024;         // rows: 8 KB a vector, so that a tile of four stays in 48 KB of L1
  static constexpr std::size_t kParallel = 1 << 15;  // entries touched, below which one thread is faster than two
  static constexpr std::size_t kPolled = 1 << 21;    // entries touched in 2 ms: larger sweeps look for an abort

  template <class Body>
  void share(std::size_t work, std::size_t pieces, Body&& body) {
    if (work < kParallel) return body(std::size_t{0}, pieces);
    if (work < kPolled) return control_.crew.run(pieces, body);
    Lookout lookout(control_);
    const std::size_t step = std::max<std::size_t>(1, pieces / (work / kPolled + 1));
    control_.crew.run(pieces, [&](std::size_t from, std::size_t to) {
      for (; from < to && !lookout.look(); from += step) body(from, std::min(from + step, to));
    });
    lookout.rethrow();
  }

  template <class Body>
  void tiles(std::size_t work, Body&& body) {
    share(work, count_, body);
  }

  template <class Body>
  std::size_t level(std::size_t l, ConstIndices starts, Body&& body);
  template <class Body>
  double factor_blocks(const Csr& U, Index blocks, Body&& body);
  void forward_block(Lookout& lookout, const Csr& U, Vector z, std::size_t from, std::size_t to);
  double backward_block(Lookout& lookout, const Csr& U, ConstVector inverse_diagonal, Vector z, std::size_t from,
                        std::size_t to);

  template <class Body>
  void rows(std::size_t work, Body&& body) {
    tiles(work, [&](std::size_t first, std::size_t last) {
      body(from_ + first * kTile, from_ + std::min(last * kTile, n_));
    });
  }

  template <class Body>
  double sum(std::size_t work, Body&& body) {
    tiles(work, [&](std::size_t first, std::size_t last) {
      for (std::size_t tile = first; tile < last; tile++)
        partial_[tile] = body(from_ + tile * kTile, from_ + std::min((tile + 1) * kTile, n_));
    });
    double total = 0;
    for (std::size_t tile = 0; tile < count_; tile++) total += partial_[tile];
    return total;
  }

  template <class Body>
  Pair pair(std::size_t work, Body&& body) {
    const Vector partial = partial_sums(2 * count_);
    tiles(work, [&](std::size_t first, std::size_t last) {
      for (std::size_t tile = first; tile < last; tile++)
        body(partial.data() + 2 * tile, from_ + tile * kTile, from_ + std::min((tile + 1) * kTile, n_));
    });
    Pair total;
    for (std::size_t tile = 0; tile < count_; tile++) {
      total.first += partial[2 * tile];
      total.second += partial[2 * tile + 1];
    }
    return total;
  }

  template <class Body>
  void column_sums(Vector out, std::size_t work, Body&& body) {
    const std::size_t s = out.size();
    const Vector partial = partial_sums(count_ * s);
    tiles(work, [&](std::size_t first, std::size_t last) {
      for (std::size_t tile = first; tile < last; tile++)
        body(partial.data() + tile * s, from_ + tile * kTile, from_ + std::min((tile + 1) * kTile, n_));
    });
    std::fill(out.begin(), out.end(), 0.0);
    for (std::size_t tile = 0; tile < count_; tile++)
      for (std::size_t c = 0; c < s; c++) out[c] += partial[tile * s + c];
  }

  Vector partial_sums(std::size_t size) {
    if (block_partial_.size() < size)
      block_partial_ = control_.arena.doubles(std::max(size, 2 * block_partial_.size()));
    return block_partial_.first(size);
  }

  const Tiles& t_ = krylov::tiles();
  Control& control_;
  std::size_t from_, n_, apart_, count_;
  Vector partial_, block_partial_;
};

}  // namespace krylov
