#include "krylov/eisenstat_cg.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>

#include "core/shared_out.hpp"
#include "krylov/lanczos_matrix.hpp"
#include "krylov/watch.hpp"

namespace krylov {

namespace {

constexpr double kSame = 1e-12;  // relative difference of two ways to compute one number
constexpr Index kLookEvery = 8;  // iterations between computed residual norms; those between are estimates
constexpr double kNear = 2;      // from this multiple of the target on, every norm is computed

bool same(double a, double b) { return std::abs(a - b) <= kSame * std::abs(b); }

}  // namespace

std::optional<double> relaxation_of(Control& control, const Csr& A, const Preconditioner& M) {
  const auto* const factor = std::get_if<DiagonalFactor>(&M);
  if (factor == nullptr || factor->method != "ssor" || factor->upper.values.empty()) return std::nullopt;
  A.pattern.check_indices();
  const ConstIndices given = factor->upper.plan.offsets;
  constexpr std::size_t kMost = 16;
  if (given.size() > kMost) return std::nullopt;
  std::array<Index, kMost> offsets{};
  std::copy(given.begin(), given.end(), offsets.begin());
  const std::size_t n = A.rows(), count = given.size();
  const ConstVector values = factor->upper.values;
  if (values.size() != (count + 1) * n + 1 || factor->inverse_diagonal.size() != n) return std::nullopt;
  const Index nonzeros = static_cast<Index>(A.nonzeros());
  const ConstIndices row = A.pattern.row_pointers, col = A.pattern.column_indices;
  // Entries of U that rows [from, to) of A account for; nothing where they differ. An omega of zero is found out.
  const auto compare = [&](std::size_t from, std::size_t to, double& omega) -> std::optional<std::size_t> {
    std::size_t met = 0;
    for (std::size_t i = from; i < to; i++) {
      Index at = std::clamp(row[i], 0, nonzeros);
      const Index end = std::clamp(row[i + 1], at, nonzeros);
      while (at < end && static_cast<std::size_t>(col[at]) < i) at++;
      if (at == end || static_cast<std::size_t>(col[at]) != i) return std::nullopt;
      const double d = A.values[at++];
      std::size_t k = count;
      for (; at < end; at++) {
        const Index offset = col[at] - static_cast<Index>(i);
        std::size_t place = count * n + i + 1;
        if (offset != 1) {
          while (k > 0 && offsets[k - 1] < offset) k--;
          if (k == 0 || offsets[k - 1] != offset) return std::nullopt;
          place = (k - 1) * n + i;
        }
        const double u = values[place], a = A.values[at];
        if (u != 0) met++;
        if (omega == 0 && a != 0) omega = u * d / a;
        if (!same(u * d, omega * a)) return std::nullopt;
      }
      if (!(omega == 0 || same(factor->inverse_diagonal[i] * d, omega * (2 - omega)))) return std::nullopt;
    }
    return met;
  };
  double omega = 0;
  std::size_t done = 0, met = 0;
  while (done < n && omega == 0) {
    const std::size_t end = std::min(done + kRowsPerPiece, n);
    const std::optional<std::size_t> found = compare(done, end, omega);
    if (!found) return std::nullopt;
    met += *found;
    done = end;
    control.poll();
  }
  std::atomic<std::size_t> others{0}, stored{0};
  std::atomic<bool> differ{false};
  share_out(control, n - done, [&](std::size_t from, std::size_t to) {
    double known = omega;
    if (differ.load(std::memory_order_relaxed)) return;
    if (const std::optional<std::size_t> found = compare(done + from, done + to, known))
      others += *found;
    else
      differ = true;
  });
  if (differ) return std::nullopt;
  share_out(control, values.size(), [&](std::size_t from, std::size_t to) {
    std::size_t count_here = 0;
    for (const double u : values.subspan(from, to - from)) count_here += u != 0;
    stored += count_here;
  });
  if (stored != met + others || !(omega > 0 && omega < 2)) return std::nullopt;
  return omega;
}

// Conjugate gradients with symmetric SOR in Eisenstat's form (Eisenstat 1981): with M = U^T E U, D = omega (2 - omega)
// E and A = (U^T D + D U - (2 - omega) D) / omega, the iteration on U^-T A U^-1 needs the two solves that M does and no
// product with A. y = U^-T r, t = U^-1 E^-1 q is the direction in x. The residual that ends it is |r| = |U^T y|:
// computed every eighth iteration, estimated by its ratio to sqrt(y . E^-1 y) between, computed again near the target;
// Watch has the last word with b - A x. Workspace: 5n. Traffic: twice the factor + 160 n bytes.
Outcome eisenstat_cg(Control& control, const Csr& A, ConstVector b, Vector x, const DiagonalFactor& factor,
                     DiagonalSolve& solve, double omega, const Stopping& stopping) {
  const std::size_t n = b.size();
  const ConstVector d = factor.inverse_diagonal;
  const double share = 2 - omega;
  Sweeps k(control, n);
  Arena& arena = control.arena;
  const Vector y = arena.doubles(n), q = arena.doubles(n), t = arena.doubles(n), v = arena.doubles(n);
  const Vector r = v;  // between iterations only
  Watch watch(k, A, b, x, {}, r, stopping);
  LanczosMatrix lanczos;
  double rho = 0, last = 0, steepest = 0, per = 0;

  watch.start();
  for (Index i = 0, looked = 0;; i++) {
    if (auto ended = watch.ended(i)) return lanczos.in(*std::move(ended));
    const bool restarted = watch.restart();
    if (restarted) {
      solve.forward(control, r, y, 0, solve.steps());
      rho = k.scale(d, y, t);
      per = watch.norm / std::sqrt(rho);
    }
    watch.preconditioner_count++;
    if (!(rho > 0 && rho < kInfinity)) {
      k.copy(y, t);
      return lanczos.in(watch.stop(named(rho, k.dot(y, y), k.dot(y, y), Reason::indefinite_preconditioner), i));
    }
    const double beta = restarted ? 0 : rho / last;
    last = rho;
    k.eisenstat_direction(beta, y, q, t);
    solve.backward(control, d, t, 0, solve.steps());
    const double curvature = share * solve.forward_half(control, share, d, q, t, v);
    steepest = std::max(steepest, curvature / rho);
    if (!(curvature > kEpsilon * steepest * rho && curvature < kInfinity)) {
      const double qq = k.dot(q, q), vv = k.dot(v, v);
      return lanczos.in(watch.stop(named(curvature, qq, vv, Reason::indefinite_operator), i));
    }
    const double alpha = rho / curvature;
    rho = k.eisenstat_advance(alpha, share, d, t, v, x, y);
    lanczos.step(alpha, beta, restarted);

    double norm = per * std::sqrt(rho);
    if (stopping.history || i + 1 - looked >= kLookEvery || !(norm > kNear * watch.target())) {
      looked = i + 1;
      norm = solve.transposed_norm(control, y);
      per = norm / std::sqrt(rho);
    }
    if (auto broken = watch.after(i + 1, norm)) return lanczos.in(*std::move(broken));
  }
}

}  // namespace krylov
