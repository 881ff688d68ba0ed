#include <cmath>

#include "core/method.hpp"
#include "krylov/watch.hpp"
#include "relaxation/colouring.hpp"

namespace krylov {

namespace {

constexpr Index kLook = 32;  // sweeps between two looks at the true residual while it is far from the target
constexpr double kNear = 4;  // a residual that the last look puts below this multiple of the target is formed each time

constexpr std::size_t kRows = 1 << 16;      // rows in order between polls: under 1 ms
constexpr std::size_t kTile = 128;          // slices, 1024 rows, that one thread takes at a time
constexpr std::size_t kParallel = 1 << 15;  // entries of a colour below which one thread is faster than two

// How the rows are swept.
struct Sweeping {
  double omega = 1;
  bool symmetric = false;     // a backward sweep follows each forward one
  bool simultaneous = false;  // all rows from the same x: damped Jacobi
  static constexpr auto fields = std::tuple{field("omega", &Sweeping::omega), field("symmetric", &Sweeping::symmetric),
                                            field("simultaneous", &Sweeping::simultaneous)};
};

// x_i += omega u_i over all rows in their order, or backwards; returns the norm of u.
double sweep_rows(Control& control, const Csr& A, ConstVector inverse, ConstVector b, double omega, Vector x,
                  bool backward) {
  const Tiles& t = tiles();
  const RawCsr M = raw(A);
  const std::size_t n = x.size();
  double square = 0;
  for (std::size_t done = 0; done < n; done += kRows, control.poll()) {
    const std::size_t rows = std::min(kRows, n - done), from = backward ? n - done - rows : done;
    square += (backward ? t.relax_rows_backward : t.relax_rows)(M, inverse.data(), b.data(), omega, x.data(), from,
                                                                from + rows);
  }
  return std::sqrt(square);
}

// The same in colours, each shared out among the call's threads. One partial sum per tile: the bits do not depend on
// them.
class Coloured {
 public:
  Coloured(Control& control, const Csr& A, const Colouring& colours, ConstVector b, ConstVector x)
      : control_(control),
        colours_(colours),
        values_(control.arena.doubles(colours.source.size())),
        rhs_(control.arena.doubles(colours.order.size())),
        y_(control.arena.doubles(colours.order.size())),
        partial_(control.arena.doubles(colours.order.size() / kLanes / kTile + 1)) {
    const unsigned last = static_cast<unsigned>(std::max<std::size_t>(A.nonzeros(), 1)) - 1;
    share(values_.size(), [&](std::size_t at) {
      const Index from = colours.source[at];
      values_[at] = from < 0 ? 0 : A.values[std::min(static_cast<unsigned>(from), last)];
    });
    share(y_.size(), [&](std::size_t p) {
      const Index i = colours.order[p];
      const bool row = i >= 0 && static_cast<std::size_t>(i) < x.size();
      rhs_[p] = row ? b[i] : 0;
      y_[p] = row ? x[i] : 0;
    });
  }

  double sweep(ConstVector inverse, double omega, bool backward) {
    const Tiles& t = tiles();
    const std::size_t slices = y_.size() / kLanes, count = colours_.starts.size() - 1;
    const RawSlices R{colours_.offsets.data(), colours_.columns.data(), values_.data(),
                      static_cast<std::int32_t>(values_.size()), static_cast<std::uint32_t>(y_.size()) - 1};
    double square = 0;
    for (std::size_t c = 0; c < count; c++) {
      const std::size_t own = backward ? count - 1 - c : c;
      const std::size_t first = std::clamp<std::size_t>(colours_.starts[own], 0, slices);
      const std::size_t last = std::clamp<std::size_t>(colours_.starts[own + 1], first, slices);
      const std::size_t pieces = (last - first + kTile - 1) / kTile;
      control_.poll();
      const auto body = [&](std::size_t from, std::size_t to) {
        for (std::size_t tile = from; tile < to; tile++)
          partial_[tile] = t.relax_slices(R, inverse.data(), rhs_.data(), omega, y_.data(), first + tile * kTile,
                                          std::min(first + (tile + 1) * kTile, last));
      };
      if ((last - first) * values_.size() / std::max<std::size_t>(slices, 1) < kParallel)
        body(0, pieces);
      else
        control_.crew.run(pieces, body);
      for (std::size_t tile = 0; tile < pieces; tile++) square += partial_[tile];
    }
    stale_ = true;
    return std::sqrt(square);
  }

  void present(Vector x) {
    if (stale_)
      share(y_.size(), [&](std::size_t p) {
        const Index i = colours_.order[p];
        if (i >= 0 && static_cast<std::size_t>(i) < x.size()) x[i] = y_[p];
      });
    stale_ = false;
  }

 private:
  // Each of n entries once, on all threads where there are many.
  template <class Body>
  void share(std::size_t n, Body&& body) {
    constexpr std::size_t kPiece = 1 << 14;
    const auto run = [&](std::size_t from, std::size_t to) {
      for (std::size_t at = from * kPiece; at < std::min(to * kPiece, n); at++) body(at);
    };
    const std::size_t pieces = (n + kPiece - 1) / kPiece;
    if (n < kParallel)
      run(0, pieces);
    else
      control_.crew.run(pieces, run);
  }

  Control& control_;
  const Colouring& colours_;
  Vector values_, rhs_, y_, partial_;
  bool stale_ = false;
};

// Solves A x = b by successive over-relaxation (Young 1950; Hackbusch, Iterative Solution of Large Sparse Systems,
// section 3.2.4): x_i += omega u_i with u = D^-1 (b - A x), in the order of the rows, or colour by colour where
// `colours` has any. The norm of u costs nothing; the residual is formed in each sweep only near the target, and its
// ratio to u stands in for it before. Workspace: 3n, and with colours the off-diagonal entries and 3n more.
Outcome sor(Control& control, const Csr& A, ConstVector b, Vector x, ConstIndices diagonal, const Colouring& colours,
            const Sweeping& how, const Stopping& stopping) {
  const std::size_t n = b.size();
  Sweeps k(control, n);
  const Vector r = control.arena.doubles(n);
  Watch watch(k, A, b, x, {}, r, stopping);
  if (diagonal.size() != n) throw Misuse("ERR_SHAPE", "diagonal must be as long as A has rows");
  const bool coloured = !colours.order.empty();
  const Vector inverse = control.arena.doubles(coloured ? colours.order.size() : n);
  for (std::size_t p = 0; p < inverse.size(); p++) {
    const Index i = coloured ? colours.order[p] : static_cast<Index>(p);
    const Index at = i >= 0 && static_cast<std::size_t>(i) < n ? diagonal[i] : -1;
    inverse[p] = at >= 0 && static_cast<std::size_t>(at) < A.nonzeros() ? 1 / A.values[at] : 0;
  }
  std::optional<Coloured> by_colour;
  if (coloured) {
    by_colour.emplace(control, A, colours, b, x);
    watch.present = [&] { by_colour->present(x); };
  }
  const auto sweep = [&](bool backward) {
    return coloured ? by_colour->sweep(inverse, how.omega, backward)
                    : sweep_rows(control, A, inverse, b, how.omega, x, backward);
  };
  const double size = k.norm(b);
  const double near = kNear * std::max({stopping.rtol * size, stopping.atol, kEpsilon * size});
  double ratio = 0;

  watch.start();
  for (Index i = 0;; i++) {
    if (auto ended = watch.ended(i)) return *std::move(ended);
    watch.restart();

    double step = 0;
    if (how.simultaneous) {
      k.scale(inverse, r, r);
      k.axpy(how.omega, r, x);
    } else {
      step = sweep(false);
      if (how.symmetric) step = sweep(true);
    }

    double norm = step * ratio;
    if (how.simultaneous || stopping.history || i == 0 || (i + 1) % kLook == 0 || !(norm > near)) {
      if (watch.present) watch.present();
      watch.operator_count++;
      norm = std::sqrt(k.residual(A, x, b, r));
      ratio = step > 0 ? norm / step : 0;
    }
    if (auto broken = watch.after(i + 1, norm)) return *std::move(broken);
  }
}

const Exposed sor_{expose<sor>("sor")};

}  // namespace
}  // namespace krylov
