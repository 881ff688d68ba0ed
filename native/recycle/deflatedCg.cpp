#include <cmath>

#include "core/matrix.hpp"
#include "core/method.hpp"
#include "dense/tridiagonal.hpp"
#include "krylov/lanczos_matrix.hpp"
#include "krylov/watch.hpp"
#include "precondition/apply.hpp"
#include "recycle/deflation.hpp"

namespace krylov {
namespace {

// An outcome with the lowest eigenvectors that were found, one after the other.
struct DeflatedOutcome : Outcome {
  ConstVector U;
  std::vector<double> values;
  static constexpr auto fields = std::tuple_cat(
      Outcome::fields, std::tuple{field("U", &DeflatedOutcome::U), field("values", &DeflatedOutcome::values)});
};

// Deflated conjugate gradients (Saad, Yeung, Erhel and Guyomarc'h 2000): the residual is kept orthogonal to a given
// space W, every direction A-orthogonal to it, so that the eigenvalues W covers delay nothing. Its images are computed
// anew. On the way eigCG's window (Stathopoulos and Orginos 2010) takes the `eigenvectors` lowest Ritz vectors of what
// is left; W and these together give the `recycle` lowest ones, the space that is returned.
// Workspace: (4 recycle + basis + 5) n.
DeflatedOutcome deflated_cg(Control& control, const Matrix& A, ConstVector b, Vector x,
                            const Preconditioner& preconditioner, const Stopping& stopping, Index eigenvectors,
                            Index basis, Index recycle, ConstVector given) {
  if (eigenvectors < 0 || basis <= 2 * eigenvectors || basis < 2 || recycle < 0)
    throw Misuse("ERR_OPTION", "basis must be above 2 eigenvectors");
  const std::size_t n = b.size(), kept = recycle;
  if (n > 0 && given.size() % n != 0) throw Misuse("ERR_SHAPE", "a space must hold whole vectors");
  BasisSweeps k(control, n);
  Applied M(control, preconditioner, n);
  Arena& arena = control.arena;
  const Vector r = arena.doubles(n), p = arena.doubles(n), q = arena.doubles(n), z = arena.doubles(n);
  Watch watch(k, A, b, x, {}, r, stopping);
  Deflation W(control, k, n, kept);
  RitzWindow window(control, k, n, basis, eigenvectors);
  LanczosMatrix lanczos;
  double rho = 0, alpha = 1, steepest = 0;
  bool ready = false;

  const auto image = [&](ConstVector w, Vector Aw) {
    watch.operator_count++;
    k.multiply(A, w, Aw);
  };
  const auto apply = [&](ConstVector from, Vector to) {
    watch.preconditioner_count++;
    return M(k, from, to);
  };
  const auto end = [&](Outcome&& outcome) {
    DeflatedOutcome out;
    static_cast<Outcome&>(out) = lanczos.in(std::move(outcome));
    const double largest = tridiagonal_extremes(out.diagonal, out.off_diagonal).largest;
    auto [U, values] = W.lowest(kept, window.pairs(), largest > 0 ? 1 / largest : 0, apply);
    out.operator_count = watch.operator_count;
    out.preconditioner_count = watch.preconditioner_count;
    out.U = U;
    out.values = std::move(values);
    return out;
  };

  watch.start();
  for (Index i = 0;; i++) {
    if (auto ended = watch.ended(i)) return end(*std::move(ended));
    const bool restarted = watch.restart();
    if (restarted && !ready) {
      ready = true;
      for (std::size_t at = 0; at < given.size() && W.count < kept; at += n) {
        control.poll();
        W.append(given.subspan(at, n), image);
      }
      if (W.count > 0) {
        W.correct(x, r);
        watch.renew();
        i--;
        continue;
      }
    }
    if (restarted) W.correct(x, r);
    if (restarted && i > 0) window.close();

    const double rz = apply(r, z);
    if (!(rz > 0 && rz < kInfinity))
      return end(watch.stop(named(rz, k.dot(r, r), k.dot(z, z), Reason::indefinite_preconditioner), i));
    const double beta = restarted ? 0 : rz / rho;
    rho = rz;
    window.push(z, rho, -std::sqrt(beta) / alpha);
    k.axpby(1, z, beta, p);
    W.deflate(z, p);

    const double curvature = k.multiply_dot(A, p, q);
    watch.operator_count++;
    steepest = std::max(steepest, curvature / rho);
    if (!(curvature > kEpsilon * steepest * rho && curvature < kInfinity))
      return end(watch.stop(named(curvature, k.dot(p, p), k.dot(q, q), Reason::indefinite_operator), i));
    window.curvature(curvature / rho + beta / alpha);
    alpha = rho / curvature;
    const double norm = std::sqrt(k.advance(alpha, p, q, x, r));
    lanczos.step(alpha, beta, restarted);

    if (auto broken = watch.after(i + 1, norm)) return end(*std::move(broken));
  }
}

const Exposed deflated_cg_{expose<deflated_cg>("deflatedCg")};

}  // namespace
}  // namespace krylov
