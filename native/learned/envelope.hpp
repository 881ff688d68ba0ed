#pragma once
#include <cmath>

#include "core/lookout.hpp"
#include "learned/blocks.hpp"

namespace krylov {

// The logarithm of how much an iteration of CG reduces the energy norm of the error; see
// src/learned/envelope.steps.ts. `multiply(x, y)` adds A x to y, `apply(r, kept)` leaves M^-1 r in kept.z, and
// `back(kept, g, z)` M^-1 g in z, and adds the derivative of g . M^-1 r to where gradients are collected.
template <class Kept, class Multiply, class Apply, class Back>
double envelope(ConstVector error, ConstVector residual, Index iterations, Lookout& lookout, bool wanted,
                Multiply&& multiply, Apply&& apply, Back&& back) {
  Block e(error.begin(), error.end()), r(residual.begin(), residual.end()), p(e.size(), 0.0), q;
  struct Step {
    Kept kept;
    Sums alpha, beta;
  };
  std::vector<Step> steps(iterations);
  const Sums begun = dots(e, r);
  Sums rho{};
  for (Index t = 0; t < iterations; t++) {
    if (lookout.look()) return 0;
    Step& step = steps[t];
    apply(r, step.kept);
    const Block& z = step.kept.z;
    const Sums rz = dots(r, z);
    for (std::size_t c = 0; c < kColumns; c++) step.beta[c] = t == 0 ? 0 : rz[c] / rho[c];
    rho = rz;
    for (std::size_t i = 0; i < p.size(); i++) p[i] = z[i] + step.beta[i % kColumns] * p[i];
    q.assign(p.size(), 0.0);
    multiply(p, q);
    const Sums pq = dots(p, q);
    for (std::size_t c = 0; c < kColumns; c++) step.alpha[c] = rz[c] / pq[c];
    add_columns(step.alpha, -1, p, e);
    add_columns(step.alpha, -1, q, r);
  }
  const Sums left = dots(e, r);
  double loss = 0;
  for (std::size_t c = 0; c < kColumns; c++) loss += std::log(left[c] / begun[c]) / (2 * double(iterations) * kColumns);
  if (!wanted || !std::isfinite(loss)) return loss;

  Block ge = r, gp(p.size(), 0.0), z;
  for (std::size_t i = 0; i < ge.size(); i++) ge[i] /= double(iterations) * kColumns * left[i % kColumns];
  for (Index t = iterations; t-- > 0;) {
    if (lookout.look()) return 0;
    const Step& step = steps[t];
    add_columns(step.alpha, -1, ge, gp);
    back(step.kept, gp, z);
    multiply(z, ge);
    for (std::size_t i = 0; i < gp.size(); i++) gp[i] *= step.beta[i % kColumns];
  }
  return loss;
}

}  // namespace krylov
