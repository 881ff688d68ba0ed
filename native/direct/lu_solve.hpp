#pragma once
#include "core/lookout.hpp"
#include "direct/lu.hpp"

namespace krylov {

// z = A^-1 r; y: workspace. Each has as many entries as the factor has rows, and z may be r.
void solve_lu(const LuFactor& factor, const double* r, double* y, double* z, Lookout& lookout);

}  // namespace krylov
