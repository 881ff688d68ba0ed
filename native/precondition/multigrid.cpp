#include "precondition/multigrid.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "dense/semidefinite_cholesky.hpp"
#include "precondition/bands.hpp"
#include "precondition/hierarchy.hpp"
#include "precondition/lengths.hpp"

namespace krylov {

namespace {

constexpr std::size_t kTile = 1024;         // rows that are treated at a time
constexpr std::size_t kParallel = 1 << 15;  // entries touched, below which one thread is faster than two
constexpr double kInnerReduction = 0.25;    // of a K-cycle's first step, that makes the second unnecessary (Notay 2008)
constexpr Index kCoarsestDegree = 8;        // of the smoother on a coarsest level too large for a dense factor
constexpr double kCoarsestRatio = 30;
constexpr double kRelaxation = 4.0 / 3;
constexpr double kOrdinary = 0x1p40;

// Chebyshev: Saad, Iterative Methods for Sparse Linear Systems (2003), Algorithm 12.1, on D^-1 A; otherwise relaxation
// by 4/3 / largest. [largest / ratio, largest] is the part of the spectrum that is damped.
template <class Step>
std::vector<Step> smoothing_steps(bool chebyshev, Index degree, double largest, double ratio) {
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
  singles_.tiles = &tiles().single_levels;
  doubles_.tiles = &tiles().double_levels;
  if (!M.inverse_diagonal.singles.empty())
    prepare(M.finest.singles.data(), M.values.singles.data(), M.inverse_diagonal.singles.data(), singles_);
  else
    prepare(M.finest.doubles.data(), M.values.doubles.data(), M.inverse_diagonal.doubles.data(), doubles_);
  partial_ = control.arena.doubles(M.pattern.rows / kTile + 1);
  coarse_ = control.arena.doubles(M.coarse.empty() ? 0 : M.levels[M.levels.size() - kLevelFields]);
}

template <class Real>
void Multigrid::prepare(const Real* finest, const Real* values, const Real* inverse_diagonal,
                        Hierarchy<Real>& hierarchy) {
  const Amg& M = M_;
  const std::size_t count = M.levels.size() / kLevelFields;
  hierarchy.levels.resize(count);
  const Index* row = M.row_pointers.data();
  const Index* column = M.column_indices.data();
  const auto next = [&](Index rows, Index wide, Index entries) {
    RawLevel<Real> matrix{row, column, values, entries, static_cast<std::uint32_t>(std::max(wide, 1) - 1)};
    order_by_length(control_, matrix, rows);
    row += rows + 1;
    column += entries;
    values += entries;
    return matrix;
  };
  RawLevel<Real> A{M.pattern.row_pointers.data(), M.pattern.column_indices.data(), finest,
                   static_cast<Index>(M.pattern.nonzeros()),
                   static_cast<std::uint32_t>(std::max(M.pattern.columns, 1) - 1)};
  for (std::size_t l = 0; l < count; l++) {
    Level<Real>& level = hierarchy.levels[l];
    const Index n = level.n = M.levels[kLevelFields * l];
    const bool last = l + 1 == count;
    level.inverse_diagonal = inverse_diagonal;
    inverse_diagonal += n;
    if (l == 0) level.bands = by_diagonals(control_, A, level.inverse_diagonal, n, offsets_);
    if (l == 0 && level.bands.count == 0) order_by_length(control_, A, n);
    level.A = A;
    level.steps =
        last ? smoothing_steps<Step>(true, kCoarsestDegree, M.largest[l], kCoarsestRatio)
             : smoothing_steps<Step>(M.smoother == Amg::Smoother::kChebyshev, M.degree, M.largest[l], M.ratios[l]);
    for (Real** const vector : {&level.b, &level.x}) *vector = control_.arena.array<Real>(n);
    if (last && !M.coarse.empty()) break;
    for (Real** const vector : {&level.y, &level.r}) *vector = control_.arena.array<Real>(n);
    if (nested_ && l > 0)
      for (Real** const vector : {&level.c, &level.v, &level.d, &level.w}) *vector = control_.arena.array<Real>(n);
    if (last) break;
    const Index coarse = M.levels[kLevelFields * (l + 1)];
    level.P = next(n, coarse, M.levels[kLevelFields * l + 2]);
    level.R = next(coarse, n, M.levels[kLevelFields * l + 2]);
    A = next(coarse, coarse, M.levels[kLevelFields * (l + 1) + 1]);
  }
}

void Multigrid::apply(ConstVector r, Vector z) {
  if (!singles_.levels.empty())
    apply(singles_, r, z);
  else
    apply(doubles_, r, z);
}

template <class Real>
void Multigrid::apply(Hierarchy<Real>& hierarchy, ConstVector r, Vector z) {
  if (hierarchy.levels.size() == 1 && !M_.coarse.empty()) {
    std::copy(r.begin(), r.end(), z.begin());
    return cholesky_solve(z.size(), M_.coarse.data(), z.data());
  }
  enter(hierarchy, r);
  cycle(hierarchy, 0, z.data());
}

// The first right-hand side, and what the smoother makes of it first. Singles: by a power of two that brings it to
// ordinary size, kept from call to call for as long as it does.
template <class Real>
void Multigrid::enter(Hierarchy<Real>& hierarchy, ConstVector r) {
  Level<Real>& level = hierarchy.levels[0];
  const std::size_t n = level.n;
  for (bool once = false;; once = true) {
    rows(n, n, [&](std::size_t from, std::size_t to) {
      for (std::size_t at = from; at < to; at += kTile)
        partial_[at / kTile] = hierarchy.tiles->enter(level.inverse_diagonal, factor_, level.steps[0].size, r.data(),
                                                      level.b, level.x, at, std::min(at + kTile, to));
    });
    if (sizeof(Real) == sizeof(double) || once) return;
    double most = 0;
    for (std::size_t tile = 0; tile * kTile < n; tile++) most = std::max(most, partial_[tile]);
    const bool ordinary = most * factor_ > 1 / kOrdinary && most * factor_ < kOrdinary;
    if (ordinary || !(most > 0 && most < std::numeric_limits<double>::infinity())) return;
    factor_ = std::exp2(std::clamp(-std::ilogb(most), -1000, 1000));
  }
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
void Multigrid::product(Hierarchy<Real>& h, const RawLevel<Real>& A, std::size_t n, bool add, const Real* x, Real* y) {
  rows(n, A.nonzeros, [&](std::size_t from, std::size_t to) { h.tiles->product(A, add, x, y, from, to); });
}

// From level.b; returns the iterate that it ends in, but for the finest level's, which goes to `out`.
template <class Real>
Real* Multigrid::cycle(Hierarchy<Real>& hierarchy, std::size_t l, double* out) {
  Level<Real>& level = hierarchy.levels[l];
  const LevelTiles<Real>& t = *hierarchy.tiles;
  const std::size_t n = level.n, work = level.A.nonzeros, count = level.steps.size();
  const bool last = l + 1 == hierarchy.levels.size();
  if (last && !M_.coarse.empty()) {
    std::copy_n(level.b, n, coarse_.begin());
    cholesky_solve(n, M_.coarse.data(), coarse_.data());
    std::copy(coarse_.begin(), coarse_.end(), level.x);
    return level.x;
  }
  Real *now = level.x, *other = level.y;
  const auto step = [&](std::size_t s, bool first, bool final) {
    const RawStep<Real> raw{level.inverse_diagonal,
                            level.b,
                            now,
                            first ? nullptr : other,
                            static_cast<Real>(level.steps[s].momentum),
                            static_cast<Real>(level.steps[s].size),
                            other,
                            final ? out : nullptr,
                            1 / factor_};
    rows(n, work, [&](std::size_t from, std::size_t to) {
      level.bands.count > 0 ? t.smooth_bands(level.bands, raw, from, to) : t.smooth(level.A, raw, from, to);
    });
    std::swap(now, other);
  };
  if (l > 0)
    rows(n, n, [&](std::size_t from, std::size_t to) {
      t.start(level.inverse_diagonal, level.steps[0].size, level.b, now, from, to);
    });
  for (std::size_t s = 1; s < count; s++) step(s, s == 1, last && s + 1 == count);
  control_.poll();
  if (last) return now;

  Level<Real>& coarser = hierarchy.levels[l + 1];
  const bool further = l + 2 < hierarchy.levels.size();
  for (int visit = M_.cycle == Amg::Cycle::kW && l > 0 && further ? 2 : 1; visit > 0; visit--) {
    rows(n, work, [&](std::size_t from, std::size_t to) {
      if (level.bands.count > 0) return t.residual_bands(level.bands, level.b, now, level.r, from, to);
      t.residual(level.A, level.b, now, level.r, from, to);
    });
    product(hierarchy, level.R, coarser.n, false, level.r, coarser.b);
    const bool nested = nested_ && further;
    const Real* const correction = nested ? krylov_cycle(hierarchy, l + 1) : cycle(hierarchy, l + 1, nullptr);
    product(hierarchy, level.P, n, true, correction, now);
  }
  for (std::size_t s = 0; s < count; s++) step(s, s == 0, s + 1 == count);
  control_.poll();
  return now;
}

// Up to two steps of flexible conjugate gradients, each with a cycle as preconditioner.
template <class Real>
Real* Multigrid::krylov_cycle(Hierarchy<Real>& hierarchy, std::size_t l) {
  Level<Real>& level = hierarchy.levels[l];
  const std::size_t n = level.n;
  Real *const b = level.b, *const c = level.c, *const v = level.v, *const d = level.d, *const w = level.w;
  const auto dot = [&](const Real* x, const Real* y) { return this->dot(hierarchy, n, x, y); };
  std::copy_n(cycle(hierarchy, l, nullptr), n, c);
  product(hierarchy, level.A, n, false, c, v);
  const double rho = dot(c, v), alpha = dot(c, b);
  if (!(rho > 0)) return c;
  const double before = dot(b, b);
  const Real size = static_cast<Real>(alpha / rho);
  rows(n, n, [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; i++) b[i] -= size * v[i];
  });
  if (dot(b, b) <= kInnerReduction * kInnerReduction * before) {
    rows(n, n, [&](std::size_t from, std::size_t to) {
      for (std::size_t i = from; i < to; i++) c[i] *= size;
    });
    return c;
  }
  std::copy_n(cycle(hierarchy, l, nullptr), n, d);
  product(hierarchy, level.A, n, false, d, w);
  const double gamma = dot(d, v), beta = dot(d, w), alpha2 = dot(d, b);
  const double rho2 = beta - gamma * gamma / rho;
  const double second = rho2 > 0 ? alpha2 / rho2 : 0;
  const double first = alpha / rho - gamma * second / rho;
  rows(n, n, [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; i++) c[i] = static_cast<Real>(first * c[i] + second * d[i]);
  });
  return c;
}

template <class Real>
double Multigrid::dot(Hierarchy<Real>& hierarchy, std::size_t n, const Real* x, const Real* y) {
  rows(n, n, [&](std::size_t from, std::size_t to) {
    for (std::size_t at = from; at < to; at += kTile)
      partial_[at / kTile] = hierarchy.tiles->dot(x, y, at, std::min(at + kTile, to));
  });
  double sum = 0;
  for (std::size_t tile = 0; tile * kTile < n; tile++) sum += partial_[tile];
  return sum;
}

}  // namespace krylov
