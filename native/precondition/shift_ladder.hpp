#pragma once
#include <algorithm>

#include "core/plain.hpp"
#include "core/types.hpp"

namespace krylov {

// How an incomplete factorization ended.
struct FactorReport {
  bool ok = false;   // whether every pivot passed its test; false leaves the arrays undefined
  double omega = 0;  // relaxation used in the end
  double shift = 0;  // shift used in the end: A + shift diag(A) was factored
  Index attempts = 0;
  static constexpr auto fields =
      std::tuple{field("ok", &FactorReport::ok), field("omega", &FactorReport::omega),
                 field("shift", &FactorReport::shift), field("attempts", &FactorReport::attempts)};
};

// Factors until every pivot passes: with the caller's shift, then 1e-3 doubling (Lin and More 1999), and all of these
// again without relaxation.
template <class Factor>
FactorReport shift_ladder(double omega, double shift, Factor&& factor) {
  constexpr double kFirstShift = 1e-3;
  constexpr int kShifts = 10;
  FactorReport report;
  for (const double relaxation : {omega, 0.0}) {
    double s = shift;
    for (int tries = 0; tries <= kShifts; tries++, s = std::max(kFirstShift, 2 * s)) {
      report.attempts++;
      if (!factor(relaxation, s)) continue;
      report.ok = true;
      report.omega = relaxation;
      report.shift = s;
      return report;
    }
    if (omega == 0) break;
  }
  return report;
}

}  // namespace krylov
