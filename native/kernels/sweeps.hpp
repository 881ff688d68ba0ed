#pragma once
#include <algorithm>
#include <cmath>

#include "core/control.hpp"
#include "core/csr.hpp"
#include "kernels/tiles.hpp"

namespace krylov {

inline RawCsr raw(const Csr& A) {
  return {A.pattern.row_pointers.data(), A.pattern.column_indices.data(), A.values.data(),
          static_cast<std::int32_t>(A.nonzeros()), static_cast<std::uint32_t>(std::max(A.pattern.columns, 1) - 1)};
}

// The kernels of one call: loops over fixed tiles of rows, shared out among the call's threads. A reduction keeps one
// partial sum per tile and adds them in order, so its bits do not depend on who computed which tile.
class Sweeps {
 public:
  Sweeps(Control& control, std::size_t n) : Sweeps(control, 0, n) {}

  // On rows [from, to) only.
  Sweeps(Control& control, std::size_t from, std::size_t to)
      : control_(control),
        from_(from),
        n_(to - from),
        count_((n_ + kTile - 1) / kTile),
        partial_(control.arena.doubles(count_)) {}

  Control& control() { return control_; }

  void multiply(const Csr& A, ConstVector x, Vector y) {
    const RawCsr M = raw(A);
    rows(A.nonzeros(), [&](std::size_t from, std::size_t to) { t_.spmv(M, x.data(), y.data(), from, to); });
  }
  // Y = A X, both row-major with s columns
  void multiply(const Csr& A, ConstVector x, Vector y, std::size_t s) {
    const RawCsr M = raw(A);
    rows(A.nonzeros() * s,
         [&](std::size_t from, std::size_t to) { t_.spmm(M, x.data(), y.data(), s, from, to); });
  }
  double multiply_dot(const Csr& A, ConstVector x, Vector y) {
    const RawCsr M = raw(A);
    return sum(A.nonzeros(), [&](std::size_t f, std::size_t t) { return t_.spmv_dot(M, x.data(), y.data(), f, t); });
  }
  double residual(const Csr& A, ConstVector x, ConstVector b, Vector r) {
    const RawCsr M = raw(A);
    return sum(A.nonzeros(), [&](std::size_t from, std::size_t to) {
      return t_.residual(M, x.data(), b.data(), r.data(), from, to);
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
  void scale(ConstVector d, ConstVector r, Vector z) {
    rows(n_, [&](std::size_t from, std::size_t to) { t_.scale(d.data(), r.data(), z.data(), from, to); });
  }
  // On blocks of s vectors, row-major; a, b and out have one entry per column.
  void column_dots(ConstVector x, ConstVector y, Vector out) {
    const std::size_t s = out.size();
    column_sums(out, [&](double* sums, std::size_t from, std::size_t to) {
      t_.column_dots(x.data(), y.data(), s, sums, from, to);
    });
  }
  void column_xpby(ConstVector x, ConstVector b, Vector y) {
    const std::size_t s = b.size();
    rows(n_ * s, [&](std::size_t from, std::size_t to) { t_.column_xpby(x.data(), b.data(), y.data(), s, from, to); });
  }
  void column_advance(ConstVector a, ConstVector p, ConstVector q, Vector x, Vector r, Vector out) {
    const std::size_t s = a.size();
    column_sums(out, [&](double* sums, std::size_t from, std::size_t to) {
      t_.column_advance(a.data(), p.data(), q.data(), x.data(), r.data(), s, sums, from, to);
    });
  }
  // L z = r and L^T z = z with row i of U = column i of L below its diagonal; in pieces that end within 5 ms
  void forward_solve(const Csr& U, ConstVector inverse, ConstVector r, Vector z) {
    copy(r, z);
    const RawCsr M = raw(U);
    for (std::size_t i = 0; i < n_; i += kSerial, control_.poll())
      t_.forward_solve(M, inverse.data(), z.data(), i, std::min(i + kSerial, n_));
  }
  void backward_solve(const Csr& U, ConstVector inverse, Vector z) {
    const RawCsr M = raw(U);
    for (std::size_t to = n_; to > 0; to -= std::min(to, kSerial), control_.poll())
      t_.backward_solve(M, inverse.data(), z.data(), to - std::min(to, kSerial), to);
  }
  void copy(ConstVector x, Vector y) {
    rows(n_, [&](std::size_t from, std::size_t to) {
      std::copy(x.begin() + from, x.begin() + to, y.begin() + from);
    });
  }
  void fill(Vector x, double a) {
    rows(n_, [&](std::size_t from, std::size_t to) { std::fill(x.begin() + from, x.begin() + to, a); });
  }

 private:
  static constexpr std::size_t kTile = 1024;         // rows: 8 KB a vector, so that a tile of four stays in 48 KB of L1
  static constexpr std::size_t kParallel = 1 << 15;  // entries touched, below which one thread is faster than two

  static constexpr std::size_t kSerial = 1 << 16;    // rows of a triangular solve between polls: 0.5 to 5 ms

  template <class Body>
  void tiles(std::size_t work, Body&& body) {
    if (work < kParallel)
      body(std::size_t{0}, count_);
    else
      control_.crew.run(count_, body);
  }

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
  void column_sums(Vector out, Body&& body) {
    const std::size_t s = out.size();
    if (block_partial_.size() < count_ * s) block_partial_ = control_.arena.doubles(count_ * s);
    tiles(n_ * s, [&](std::size_t first, std::size_t last) {
      for (std::size_t tile = first; tile < last; tile++)
        body(block_partial_.data() + tile * s, from_ + tile * kTile, from_ + std::min((tile + 1) * kTile, n_));
    });
    std::fill(out.begin(), out.end(), 0.0);
    for (std::size_t tile = 0; tile < count_; tile++)
      for (std::size_t c = 0; c < s; c++) out[c] += block_partial_[tile * s + c];
  }

  const Tiles& t_ = krylov::tiles();
  Control& control_;
  std::size_t from_, n_, count_;
  Vector partial_, block_partial_;
};

}  // namespace krylov
