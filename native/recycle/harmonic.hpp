#pragma once
#include <vector>

#include "core/control.hpp"

namespace krylov {

// Vectors S, m long, with G S = Q orthonormal: by columns.
struct HarmonicBasis {
  std::size_t count;
  std::vector<double> S, Q;
};

// Vectors that span the `most` harmonic Ritz vectors of smallest absolute value, scaled; those with dependent images
// are left out.
HarmonicBasis harmonic_basis(Control& control, ConstVector G, ConstVector F, std::size_t rows, std::size_t m,
                             std::size_t most);

}  // namespace krylov
