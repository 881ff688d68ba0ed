#include "precondition/multigrid.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>

#include "core/shared_out.hpp"
#include "dense/semidefinite_cholesky.hpp"
#include "precondition/hierarchy.hpp"

namespace krylov {

namespace {

constexpr std::size_t kTile = 1024;         // rows that are treated at a time
constexpr std::size_t kParallel = 1 << 15;  // entries touched, below which one thread is faster than two
constexpr double kInnerReduction = 0.25;    // of a K-cycle's first step, that makes the second unnecessary (Notay 2008)
constexpr Index kCoarsestDegree = 8;        // of the smoother on a coarsest level too large for a dense factor
constexpr double kCoarsestRatio = 30;
constexpr double kRatio = 5;                  // [largest / ratio, largest] is the part of the spectrum that is damped
constexpr std::size_t kLeastBands = 1 << 14;  // rows of a level that is worth looking at by diagonals
constexpr std::size_t kMostBands = 16;
constexpr double kMostZeros = 1.4;  // numbers kept per entry, up to which they are fewer bytes than numbers and columns
constexpr double kRelaxation = 4.0 / 3;

// Chebyshev: Saad, Iterative Methods for Sparse Linear Systems (2003), Algorithm 12.1, on D^-1 A; otherwise relaxation
// by 4/3 / largest.
template <class Step>
std::vector<Step> smoothing_steps(bool chebyshev, Index degree, double largest, double ratio = kRatio) {
  if (!chebyshev || degree == 1) return std::vector<Step>(degree, Step{0, kRelaxation / largest});
  const double theta = largest * (1 + 1 / ratio) / 2;
  const double delta = largest * (1 - 1 / ratio) / 2;
  const double sigma = theta / delta;
  std::vector<Step> steps{{0, 1 / theta}};
  for (double rho = 1 / sigma; steps.size() < static_cast<std::size_t>(degree);) {
    const double next = 1 / (2 * sigma - rho);
    steps.push_back({next * rho, 2 * next / delta});
    rho = next;
  }
  return steps;
}

}  // namespace

Multigrid::Multigrid(Control& control, const Amg& M) : control_(control), M_(M), nested_(M.cycle == Amg::Cycle::kK) {
  if (!M.inverse_diagonal.singles.empty())
    prepare(M, M.finest.singles.data(), M.values.singles.data(), M.inverse_diagonal.singles.data(), singles_);
  else
    prepare(M, M.finest.doubles.data(), M.values.doubles.data(), M.inverse_diagonal.doubles.data(), doubles_);
  partial_ = control.arena.doubles(M.pattern.rows / kTile + 1);
}

template <class Real>
void Multigrid::prepare(const Amg& M, const Real* finest, const Real* values, const Real* inverse_diagonal,
                        std::vector<Level<Real>>& levels) {
  const std::size_t count = M.levels.size() / kLevelFields;
  levels.resize(count);
  const Index* row = M.row_pointers.data();
  const Index* column = M.column_indices.data();
  const auto next = [&](Index rows, Index wide, Index entries) {
    const RawLevel<Real> matrix{row, column, values, entries, static_cast<std::uint32_t>(std::max(wide, 1) - 1)};
    row += rows + 1;
    column += entries;
    values += entries;
    return matrix;
  };
  RawLevel<Real> A{M.pattern.row_pointers.data(), M.pattern.column_indices.data(), finest,
                   static_cast<Index>(M.pattern.nonzeros()),
                   static_cast<std::uint32_t>(std::max(M.pattern.columns, 1) - 1)};
  for (std::size_t l = 0; l < count; l++) {
    Level<Real>& level = levels[l];
    const Index n = level.n = M.levels[kLevelFields * l];
    const bool last = l + 1 == count;
    level.A = A;
    if (l == 0) level.bands = by_diagonals(A, n);
    level.inverse_diagonal = inverse_diagonal;
    inverse_diagonal += n;
    level.steps = last ? smoothing_steps<Step>(true, kCoarsestDegree, M.largest[l], kCoarsestRatio)
                       : smoothing_steps<Step>(M.smoother == Amg::Smoother::kChebyshev, M.degree, M.largest[l]);
    const auto vector = [&] { return control_.arena.doubles(n); };
    if (l > 0) level.b = vector(), level.x = vector();
    level.y = vector();
    level.r = vector();
    if (nested_ && l > 0)
      level.c = vector(), level.v = vector(), level.d = vector(), level.w = vector(), level.t = vector();
    if (last) break;
    const Index coarse = M.levels[kLevelFields * (l + 1)];
    level.P = next(n, coarse, M.levels[kLevelFields * l + 2]);
    level.R = next(coarse, n, M.levels[kLevelFields * l + 2]);
    A = next(coarse, coarse, M.levels[kLevelFields * (l + 1) + 1]);
  }
}

// On a grid the finest level costs half the bytes and a fraction of the instructions by diagonals: 20 instead of 40
// bytes a row of five. Made once per solve, for less than two of its passes over A.
template <class Real>
RawBands<Real> Multigrid::by_diagonals(const RawLevel<Real>& A, std::size_t n) {
  if (n < kLeastBands) return {};
  std::vector<std::int64_t> offsets;
  std::mutex guard;
  const auto bounds = [&](std::size_t i) {
    const Index first = std::clamp<Index>(A.row_pointers[i], 0, A.nonzeros);
    return std::pair{first, std::clamp<Index>(A.row_pointers[i + 1], first, A.nonzeros)};
  };
  share_out(control_, n, [&](std::size_t from, std::size_t to) {
    std::vector<std::int64_t> found;
    for (std::size_t i = from; i < to && found.size() <= kMostBands; i++) {
      const auto [first, end] = bounds(i);
      for (Index k = first; k < end; k++) {
        const std::int64_t offset = A.column_indices[k] - static_cast<std::int64_t>(i);
        if (std::find(found.begin(), found.end(), offset) == found.end()) found.push_back(offset);
      }
    }
    const std::lock_guard lock(guard);
    for (const std::int64_t offset : found)
      if (std::find(offsets.begin(), offsets.end(), offset) == offsets.end()) offsets.push_back(offset);
  });
  const std::size_t count = offsets.size();
  if (count == 0 || count > kMostBands || double(count) * n > kMostZeros * A.nonzeros) return {};
  std::sort(offsets.begin(), offsets.end());
  offsets_ = offsets;
  Real* const values = reinterpret_cast<Real*>(control_.arena.doubles(count * n * sizeof(Real) / 8 + 1).data());
  share_out(control_, n, [&](std::size_t from, std::size_t to) {
    for (std::size_t d = 0; d < count; d++) std::fill(values + d * n + from, values + d * n + to, Real{0});
    for (std::size_t i = from; i < to; i++) {
      const auto [first, end] = bounds(i);
      std::size_t d = 0;
      for (Index k = first; k < end; k++) {
        const std::int64_t offset = A.column_indices[k] - static_cast<std::int64_t>(i);
        while (d < count && offsets[d] < offset) d++;
        if (d == count) break;
        if (offsets[d] == offset) values[d * n + i] = A.values[k];
      }
    }
  });
  return {offsets_.data(), values, count, n};
}

void Multigrid::apply(ConstVector r, Vector z) {
  if (!singles_.empty())
    cycle(tiles().single_levels, singles_, 0, r, z);
  else
    cycle(tiles().double_levels, doubles_, 0, r, z);
}

template <class Body>
void Multigrid::rows(std::size_t n, std::size_t work, Body&& body) {
  const auto run = [&](std::size_t first, std::size_t last) { body(first * kTile, std::min(last * kTile, n)); };
  const std::size_t pieces = (n + kTile - 1) / kTile;
  if (work < kParallel)
    run(0, pieces);
  else
    control_.crew.run(pieces, run);
}

template <class Real>
void Multigrid::product(const LevelTiles<Real>& t, const RawLevel<Real>& A, std::size_t n, bool add, ConstVector x,
                        Vector y) {
  rows(n, A.nonzeros, [&](std::size_t from, std::size_t to) { t.product(A, add, x.data(), y.data(), from, to); });
}

template <class Real>
void Multigrid::cycle(const LevelTiles<Real>& t, std::vector<Level<Real>>& levels, std::size_t l, ConstVector b,
                      Vector x) {
  Level<Real>& level = levels[l];
  const std::size_t n = level.n, work = level.A.nonzeros;
  const bool last = l + 1 == levels.size();
  if (last && !M_.coarse.empty()) {
    std::copy(b.begin(), b.end(), x.begin());
    cholesky_solve(n, M_.coarse.data(), x.data());
    return;
  }
  // two vectors take turns at being the iterate; the last step of either half is to end in x
  double *now = x.data(), *before = level.y.data();
  const auto step = [&](const Step& s, const double* old) {
    rows(n, work, [&](std::size_t from, std::size_t to) {
      if (level.bands.count > 0)
        return t.smooth_bands(level.bands, level.inverse_diagonal, s.momentum, s.size, b.data(), now, old, before, from,
                              to);
      t.smooth(level.A, level.inverse_diagonal, s.momentum, s.size, b.data(), now, old, before, from, to);
    });
    std::swap(now, before);
  };
  if (level.steps.size() % 2 == 0) std::swap(now, before);
  rows(n, n, [&](std::size_t from, std::size_t to) {
    t.start(level.inverse_diagonal, level.steps[0].size, b.data(), now, from, to);
  });
  for (std::size_t s = 1; s < level.steps.size(); s++) step(level.steps[s], s == 1 ? nullptr : before);
  control_.poll();
  if (last) return;

  rows(n, work, [&](std::size_t from, std::size_t to) {
    if (level.bands.count > 0) return t.residual_bands(level.bands, b.data(), now, level.r.data(), from, to);
    t.residual(level.A, b.data(), now, level.r.data(), from, to);
  });
  Level<Real>& coarser = levels[l + 1];
  product(t, level.R, coarser.n, false, level.r, coarser.b);
  if (nested_ && l + 2 < levels.size())
    krylov_cycle(t, levels, l + 1, coarser.b, coarser.x);
  else
    cycle(t, levels, l + 1, coarser.b, coarser.x);

  // where the number of steps is odd, the correction goes to the other vector first
  product(t, level.P, n, true, coarser.x, {now, n});
  if (level.steps.size() % 2 == 1) {
    rows(n, n, [&](std::size_t from, std::size_t to) { std::copy(now + from, now + to, before + from); });
    std::swap(now, before);
  }
  for (std::size_t s = 0; s < level.steps.size(); s++) step(level.steps[s], s == 0 ? now : before);
  control_.poll();
}

// Up to two steps of flexible conjugate gradients, each with a cycle as preconditioner.
template <class Real>
void Multigrid::krylov_cycle(const LevelTiles<Real>& t, std::vector<Level<Real>>& levels, std::size_t l, ConstVector b,
                             Vector x) {
  Level<Real>& level = levels[l];
  const std::size_t n = level.n;
  const Vector c = level.c, v = level.v, d = level.d, w = level.w, r = level.t;
  cycle(t, levels, l, b, c);
  product(t, level.A, n, false, c, v);
  const double rho = dot(c, v), alpha = dot(c, b);
  if (!(rho > 0)) {
    std::copy(c.begin(), c.end(), x.begin());
    return;
  }
  for (std::size_t i = 0; i < n; i++) r[i] = b[i] - alpha / rho * v[i];
  if (dot(r, r) <= kInnerReduction * kInnerReduction * dot(b, b)) {
    for (std::size_t i = 0; i < n; i++) x[i] = alpha / rho * c[i];
    return;
  }
  cycle(t, levels, l, r, d);
  product(t, level.A, n, false, d, w);
  const double gamma = dot(d, v), beta = dot(d, w), alpha2 = dot(d, r);
  const double rho2 = beta - gamma * gamma / rho;
  const double second = rho2 > 0 ? alpha2 / rho2 : 0;
  const double first = alpha / rho - gamma * second / rho;
  for (std::size_t i = 0; i < n; i++) x[i] = first * c[i] + second * d[i];
}

double Multigrid::dot(ConstVector x, ConstVector y) {
  const std::size_t n = x.size();
  rows(n, n, [&](std::size_t from, std::size_t to) {
    for (std::size_t at = from; at < to; at += kTile)
      partial_[at / kTile] = tiles().dot(x.data(), y.data(), at, std::min(at + kTile, to));
  });
  double sum = 0;
  for (std::size_t tile = 0; tile * kTile < n; tile++) sum += partial_[tile];
  return sum;
}

}  // namespace krylov
