#include <cmath>
#include <utility>

#include "core/method.hpp"
#include "krylov/least_squares.hpp"

namespace krylov {

namespace {

// Minimises ||b - A x||^2 + damp^2 ||x||^2 by LSMR: Fong and Saunders 2011, the minimum residual method on the normal
// equations without forming them, so that ||A^T r|| never grows. From x = 0 it finds the solution of least norm.
// Workspace: 3 m + 5 n.
LeastOutcome lsmr(Control& control, const Matrix& A, const Matrix& At, ConstVector b, Vector x, double damp,
                  const Stopping& stopping) {
  Bidiagonal basis(control, A, At);
  LeastWatch watch(control, basis, A, At, b, x, damp, stopping);
  Sweeps& k = basis.columns;
  const Vector h = control.arena.doubles(x.size()), h_bar = control.arena.doubles(x.size());
  basis.start(b);
  k.copy(basis.v, h);
  k.fill(h_bar, 0);
  double alpha_bar = basis.alpha, zeta_bar = basis.alpha * basis.beta;
  double rho = 1, rho_bar = 1, c_bar = 1, s_bar = 0, zeta = 0;
  // of the residual (Fong and Saunders, section 5.1)
  double beta_dd = basis.beta, beta_d = 0, rho_d_old = 1, tau_old = 0, theta_tilde = 0, damped = 0;
  double square = basis.alpha * basis.alpha, largest = 0, smallest = kInfinity;
  LeastNorms norms{basis.beta, zeta_bar, basis.alpha, 1};
  for (Index i = 0;; i++) {
    if (auto ended = watch.ended(i, norms)) return *ended;
    basis.step();
    const double alpha = basis.alpha, beta = basis.beta;
    if (!(std::abs(alpha + beta) < kInfinity)) return watch.stop(LeastReason::not_finite, i, norms);

    const double alpha_hat = std::hypot(alpha_bar, damp), c_hat = alpha_bar / alpha_hat, s_hat = damp / alpha_hat;
    const double rho_old = std::exchange(rho, std::hypot(alpha_hat, beta));
    const double c = alpha_hat / rho, s = beta / rho, theta = s * alpha;
    alpha_bar = c * alpha;
    const double zeta_old = zeta, theta_bar = s_bar * rho, rho_temp = c_bar * rho;
    const double rho_bar_old = std::exchange(rho_bar, std::hypot(rho_temp, theta));
    c_bar = rho_temp / rho_bar;
    s_bar = theta / rho_bar;
    zeta = c_bar * zeta_bar;
    zeta_bar *= -s_bar;
    k.axpby(1, h, -theta_bar * rho / (rho_old * rho_bar_old), h_bar);
    k.axpy(zeta / (rho * rho_bar), h_bar, x);
    k.axpby(1, basis.v, -theta / rho, h);

    const double beta_acute = c_hat * beta_dd, beta_check = -s_hat * beta_dd, beta_hat = c * beta_acute;
    beta_dd = -s * beta_acute;
    const double theta_tilde_old = theta_tilde, rho_tilde_old = std::hypot(rho_d_old, theta_bar);
    const double c_tilde = rho_d_old / rho_tilde_old, s_tilde = theta_bar / rho_tilde_old;
    theta_tilde = s_tilde * rho_bar;
    rho_d_old = c_tilde * rho_bar;
    beta_d = -s_tilde * beta_d + c_tilde * beta_hat;
    tau_old = (zeta_old - theta_tilde_old * tau_old) / rho_tilde_old;
    const double tau_d = (zeta - theta_tilde * tau_old) / rho_d_old;
    damped += beta_check * beta_check;
    square += beta * beta;
    const double matrix = std::sqrt(square);
    square += alpha * alpha;
    largest = std::max(largest, rho_bar_old);
    if (i > 0) smallest = std::min(smallest, rho_bar_old);
    norms = {std::sqrt(damped + (beta_d - tau_d) * (beta_d - tau_d) + beta_dd * beta_dd), std::abs(zeta_bar), matrix,
             std::max(largest, rho_temp) / std::min(smallest, rho_temp)};
  }
}

const Exposed lsmr_{expose<lsmr>("lsmr")};

}  // namespace
}  // namespace krylov
