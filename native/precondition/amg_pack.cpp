#include <algorithm>
#include <limits>

#include "core/shared_out.hpp"
#include "dense/semidefinite_cholesky.hpp"
#include "precondition/amg.hpp"

namespace krylov {

namespace {

constexpr Index kMostDense = 2048;     // a coarsest level that stalled is factored up to this order: 32 MB
constexpr double kMostContrast = 1e6;  // beyond it large couplings would lose the small ones to rounding
constexpr double kSingular = 1e-11;    // pivots below this share of the diagonal are rounding errors

bool fits_singles(const Buffer<double>& inverse) {
  double low = std::numeric_limits<double>::infinity(), high = 0;
  for (const double d : inverse) {
    low = std::min(low, d);
    high = std::max(high, d);
  }
  return high <= kMostContrast * low && high < 1e18 && low > 1e-18;
}

template <class From, class To>
void convert(Control& control, const From* from, std::size_t n, To* to) {
  share_out(control, n, [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; i++) to[i] = static_cast<To>(from[i]);
  });
}

template <class Real>
Reals as_reals(std::span<Real> values) {
  if constexpr (std::is_same_v<Real, float>)
    return {{}, values};
  else
    return {values, {}};
}

// The numbers of all levels, in the precision that a cycle reads them in; those in double go as they are read.
template <class Real>
void pack(Control& control, std::vector<SetupLevel>& levels, AmgValues& out) {
  std::size_t entries = 0, unknowns = 0;
  for (std::size_t l = 0; l < levels.size(); l++) {
    unknowns += levels[l].A.pattern.rows;
    if (l + 1 < levels.size()) entries += 2 * levels[l].p().nonzeros() + levels[l + 1].A.pattern.nonzeros();
  }
  const std::span<Real> values = control.allocate<Real>(entries), inverse = control.allocate<Real>(unknowns);
  Real* to = values.data();
  Real* diagonal = inverse.data();
  for (std::size_t l = 0; l < levels.size(); l++) {
    SetupLevel& level = levels[l];
    convert(control, level.scale.inverse.data(), level.A.pattern.rows, diagonal);
    diagonal += level.A.pattern.rows;
    level.scale.inverse = {};
    if (l + 1 == levels.size()) break;
    const std::size_t count = level.p().nonzeros();
    convert(control, level.transfer.data(), count, to);
    to += count;
    share_out(control, count, [&](std::size_t from, std::size_t end) {
      for (std::size_t k = from; k < end; k++) to[k] = static_cast<Real>(level.transfer[level.source[k]]);
    });
    to += count;
    level.transfer = {};
    level.source = {};
    MatrixView<double>& next = levels[l + 1].A;
    convert(control, next.values, next.pattern.nonzeros(), to);
    to += next.pattern.nonzeros();
    next.values = nullptr;
    levels[l + 1].product.values = {};
  }
  out.values = as_reals(values);
  out.inverse_diagonal = as_reals(inverse);
}

bool dense_factor(Control& control, const MatrixView<double>& A, Vector dense, bool constant) {
  const std::size_t n = A.pattern.rows;
  std::fill(dense.begin(), dense.end(), 0.0);
  double trace = 0;
  for (std::size_t i = 0; i < n; i++)
    for (Index k = A.pattern.row_pointers[i]; k < A.pattern.row_pointers[i + 1]; k++) {
      const std::size_t j = A.pattern.column_indices[k];
      dense[i * n + j] = A.values[k];
      if (i == j) trace += A.values[k];
    }
  // away from its null space the matrix stays what it is
  if (constant)
    for (double& entry : dense) entry += trace / (double(n) * double(n));
  return semidefinite_cholesky(control, n, dense.data(), kSingular);
}

}  // namespace

void finish(Control& control, std::vector<SetupLevel>& levels, ConstVector given, const AmgSettings& settings,
            AmgValues& out) {
  const std::size_t order = levels.empty() ? 0 : levels.back().A.pattern.rows;
  const bool dense = order <= static_cast<std::size_t>(std::max(kMostDense, settings.coarsest));
  const Vector coarse = control.allocate<double>(dense ? order * order : 0);
  out.coarse = coarse;
  out.ok = !levels.empty() && (!dense || dense_factor(control, levels.back().A, coarse, settings.constant));
  const Vector largest = control.allocate<double>(levels.size());
  for (std::size_t l = 0; l < levels.size(); l++) largest[l] = levels[l].scale.largest;
  out.largest = largest;
  if (!out.ok) levels.clear();
  const bool single =
      !levels.empty() && (settings.bits == 32 || (settings.bits == 0 && fits_singles(levels[0].scale.inverse)));
  if (single) {
    pack<float>(control, levels, out);
    const Floats finest = control.allocate<float>(given.size());
    convert(control, given.data(), given.size(), finest.data());
    out.finest = {{}, finest};
  } else {
    pack<double>(control, levels, out);
  }
}

void pack_pattern(Control& control, std::vector<SetupLevel>& levels, AmgBuilt& out) {
  std::size_t rows = 0, entries = 0, nodes = 0;
  const Indices table = control.allocate<Index>(kLevelFields * levels.size());
  for (std::size_t l = 0; l < levels.size(); l++) {
    const SetupLevel& level = levels[l];
    const bool last = l + 1 == levels.size();
    table[kLevelFields * l] = level.A.pattern.rows;
    table[kLevelFields * l + 1] = static_cast<Index>(level.A.pattern.nonzeros());
    table[kLevelFields * l + 2] = last ? 0 : static_cast<Index>(level.p().nonzeros());
    table[kLevelFields * l + 3] = static_cast<Index>(level.aggregates.size());
    if (last) break;
    const PatternView next = levels[l + 1].A.pattern;
    rows += level.A.pattern.rows + 1 + 2 * (next.rows + std::size_t{1});
    entries += 2 * level.p().nonzeros() + next.nonzeros();
    nodes += level.aggregates.size();
  }
  const Indices pointers = control.allocate<Index>(rows), columns = control.allocate<Index>(entries);
  const Indices aggregates = control.allocate<Index>(nodes);
  Index* row = pointers.data();
  Index* column = columns.data();
  Index* node = aggregates.data();
  for (std::size_t l = 0; l + 1 < levels.size(); l++) {
    for (const PatternView& p : {levels[l].p(), levels[l].r(), levels[l + 1].A.pattern}) {
      convert(control, p.row_pointers, p.rows + std::size_t{1}, row);
      convert(control, p.column_indices, p.nonzeros(), column);
      row += p.rows + 1;
      column += p.nonzeros();
    }
    node = std::copy(levels[l].aggregates.begin(), levels[l].aggregates.end(), node);
    levels[l].P.column_indices = {};
    levels[l].R.column_indices = {};
    levels[l + 1].product.pattern.column_indices = {};
  }
  const Vector thresholds = control.allocate<double>(levels.empty() ? 0 : levels.size() - 1);
  for (std::size_t l = 0; l < thresholds.size(); l++) thresholds[l] = levels[l].threshold;
  out.levels = table;
  out.row_pointers = pointers;
  out.column_indices = columns;
  out.aggregates = aggregates;
  out.thresholds = thresholds;
}

}  // namespace krylov
