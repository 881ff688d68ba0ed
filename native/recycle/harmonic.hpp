#pragma once
#include <vector>

#include "core/control.hpp"

namespace krylov {

// The harmonic Ritz vectors of smallest absolute value of a relation A V = W G: G^T G z = theta G^T (W^T V) z (Morgan
// 2002; Parks et al. 2006). G and F = W^T V: rows x m, by columns. Returns an orthonormal basis of what
// at most `most` of them span (they may nearly depend on each other, and digits would go with R^-1), each m long, one
// after the other; of a complex pair both parts or none. Empty where the eigenvalues do not come out. Work: 30 m^3.
std::vector<double> harmonic_vectors(Control& control, ConstVector G, ConstVector F, std::size_t rows, std::size_t m,
                                     std::size_t most);

}  // namespace krylov
