#include "direct/lu_solve.hpp"

#include <algorithm>

#include "core/method.hpp"
#include "direct/refine.hpp"
#include "kernels/sweeps.hpp"

namespace krylov {

namespace {

constexpr std::size_t kEntriesPerPoll = std::size_t{1} << 20;  // 12 MB, about 1 ms

double lu_solve(Control& control, const Csr& A, const LuFactor& factor, ConstVector b, Vector x, Index columns,
                double rtol, Index most, Vector residual_norms, Vector backward_errors) {
  const std::size_t n = A.rows();
  factor.check_order(n);
  const std::size_t threads = std::clamp<std::size_t>(columns, 1, control.crew.threads());
  const Vector work = control.arena.doubles(2 * n * threads);
  // columns are read and written in their own places, so r and z may be the same
  const auto apply = [&](ConstVector r, Vector z, std::size_t s) {
    Lookout lookout(control);
    control.crew.run(threads, [&](std::size_t first, std::size_t last) {
      for (std::size_t part = first; part < last; part++) {
        double* const y = work.data() + 2 * n * part;
        double* const column = y + n;
        for (std::size_t c = s * part / threads; c < s * (part + 1) / threads; c++) {
          for (std::size_t i = 0; i < n; i++) column[i] = r[i * s + c];
          solve_lu(factor, column, y, column, lookout);
          if (lookout.look()) return;
          for (std::size_t i = 0; i < n; i++) z[i * s + c] = column[i];
        }
      }
    });
    lookout.rethrow();
  };
  return refine(control, {A, b, x, columns, rtol, most, residual_norms, backward_errors}, apply);
}

const Exposed lu_solve_{expose<lu_solve>("luSolve")};

}  // namespace

void LuFactor::check_order(std::size_t n) const {
  bool fits = inverse_diagonal.size() == n && rows.size() == n && columns.size() == n;
  for (const Csr* part : {&lower, &upper}) {
    fits = fits && part->rows() == n && part->pattern.rows == part->pattern.columns;
    if (fits) part->pattern.check_indices();
  }
  if (!fits) throw Misuse("ERR_SHAPE", "the factor must be for as many unknowns as A has");
}

void solve_lu(const LuFactor& factor, const double* r, double* y, double* z, Lookout& lookout) {
  const RawCsr L = raw(factor.lower), U = raw(factor.upper);
  const std::size_t n = factor.rows.size(), size = factor.lower.nonzeros() + factor.upper.nonzeros() + n;
  const std::size_t piece = std::max<std::size_t>(1, kEntriesPerPoll * n / std::max<std::size_t>(size, 1));
  for (std::size_t from = 0; from < n && !lookout.look(); from += piece)
    tiles().level_forward(L, factor.rows.data(), r, y, from, std::min(from + piece, n));
  for (std::size_t to = n; to > 0 && !lookout.look(); to -= std::min(to, piece))
    tiles().level_backward(U, factor.inverse_diagonal.data(), factor.columns.data(), y, z, to - std::min(to, piece),
                           to);
}

}  // namespace krylov
