#include <algorithm>

#include "core/buffer.hpp"
#include "core/lookout.hpp"
#include "core/method.hpp"
#include "dense/blas.hpp"

namespace krylov {
namespace {

constexpr std::size_t kLeastBlock = 1024;  // rows, and at least twice the columns
constexpr std::size_t kMostParts = 16;     // of the rows, each with a triangle of its own; merged in order
constexpr std::size_t kBlocksPerPart = 2;  // at least
constexpr std::size_t kStrip = 8;          // rows that are copied at a time: a cache line of a column
constexpr std::size_t kPad = 8;            // so that columns do not all lie on the same lines of a cache

// Columns that LAPACK takes together: with more of them triangular products take over.
constexpr std::size_t panel_of(std::size_t order) { return order <= 300 ? 16 : 32; }

// Rows of [A B], n + s columns.
struct Rows {
  const double *a, *b;
  std::size_t n, s;

  // Rows [from, from + count) by columns.
  void copy(std::size_t from, std::size_t count, double* w, std::size_t ldw) const {
    put(a + from * n, n, count, w, ldw);
    if (s > 0) put(b + from * s, s, count, w + n * ldw, ldw);
  }

  static void put(const double* x, std::size_t width, std::size_t count, double* w, std::size_t ldw) {
    for (std::size_t i = 0; i < count; i += kStrip) {
      const std::size_t end = std::min(i + kStrip, count);
      for (std::size_t j = 0; j < width; j++)
        for (std::size_t r = i; r < end; r++) w[j * ldw + r] = x[r * width + j];
    }
  }
};

// R = the triangle of [R; rows], block after block: each is copied by columns, into a cache, and eliminated against R.
class Eliminator {
 public:
  Eliminator(std::size_t order, std::size_t block)
      : n_(order),
        block_(block),
        panel_(std::min(order, panel_of(order))),
        r_(order * order),
        w_((block + kPad) * order),
        t_(panel_ * order),
        work_(panel_ * order) {}

  // R is n x n by rows.
  void add(Lookout& lookout, const Rows& rows, std::size_t from, std::size_t to, double* R) {
    flip(R, r_.data());
    for (; from < to && !lookout.look(); from += block_) {
      const std::size_t count = std::min(block_, to - from);
      rows.copy(from, count, w_.data(), block_ + kPad);
      eliminate(count, 0);
    }
    flip(r_.data(), R);
  }

  // The same with the rows of another triangle; the block has to have room for them.
  void merge(const double* triangle, double* R) {
    flip(R, r_.data());
    Rows{triangle, nullptr, n_, 0}.copy(0, n_, w_.data(), block_ + kPad);
    eliminate(n_, n_);
    flip(r_.data(), R);
  }

 private:
  // The last `triangular` rows of the block are those of a triangle.
  void eliminate(std::size_t rows, std::size_t triangular) {
    const int m = static_cast<int>(rows), n = static_cast<int>(n_), l = static_cast<int>(triangular);
    const int panel = static_cast<int>(panel_), ldw = static_cast<int>(block_ + kPad);
    int info = 0;
    openblas().dtpqrt(&m, &n, &l, &panel, r_.data(), &n, w_.data(), &ldw, t_.data(), &panel, work_.data(), &info);
  }

  void flip(const double* from, double* to) const {
    for (std::size_t i = 0; i < n_; i++)
      for (std::size_t j = 0; j < n_; j++) to[i * n_ + j] = from[j * n_ + i];
  }

  std::size_t n_, block_, panel_;
  Buffer<double> r_, w_, t_, work_;
};

// R is replaced by the triangle of the QR factorization of [R; A B], (n + s) x (n + s) by rows: its first n columns are
// A's factor, those of B become Q^T B and what is left of them. Flat in parts, merged in order: the parts depend on the
// shape alone, and so do the bits. No Q is kept. 2 m (n + s)^2 flops. Traffic: A and B once.
void tsqr(Control& control, ConstVector A, Index columns, ConstVector B, Index sides, Vector R) {
  need_shape(columns >= 0 && sides >= 0, "n and s must not be negative");
  const std::size_t n = columns, s = sides, order = n + s;
  const std::size_t m = n > 0 ? A.size() / n : s > 0 ? B.size() / s : 0;
  need_shape(A.size() == m * n && B.size() == m * s && R.size() == order * order, "A, B and R must fit");
  if (order == 0 || m == 0) return;
  const std::size_t block = std::min(std::max(kLeastBlock, 2 * order), m);
  const std::size_t parts = std::clamp<std::size_t>(m / (kBlocksPerPart * block), 1, kMostParts);
  const Rows rows{A.data(), B.data(), n, s};
  Lookout lookout(control);
  if (parts == 1) {
    Eliminator(order, block).add(lookout, rows, 0, m, R.data());
  } else {
    const Vector triangles = control.arena.doubles(parts * order * order);
    std::fill(triangles.begin(), triangles.end(), 0.0);
    control.crew.run(parts, [&](std::size_t first, std::size_t last) {
      Eliminator eliminator(order, block);
      for (; first < last; first++)
        eliminator.add(lookout, rows, m * first / parts, m * (first + 1) / parts,
                       triangles.data() + first * order * order);
    });
    Eliminator eliminator(order, block);
    for (std::size_t part = 0; part < parts; part++)
      eliminator.merge(triangles.data() + part * order * order, R.data());
  }
  lookout.rethrow();
  for (std::size_t i = 0; i < order; i++)
    if (R[i * order + i] < 0)
      for (std::size_t j = i; j < order; j++) R[i * order + j] = -R[i * order + j];
}

const Exposed tsqr_{expose<tsqr>("tsqr")};

}  // namespace
}  // namespace krylov
