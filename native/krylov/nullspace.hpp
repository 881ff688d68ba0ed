#pragma once
#include "kernels/sweeps.hpp"

namespace krylov {

// v -= N N^T v, N an orthonormal basis of the null space, its vectors one after the other (empty: nothing to do).
inline void project(Sweeps& k, ConstVector N, Vector v) {
  for (std::size_t at = 0; at + v.size() <= N.size() && !v.empty(); at += v.size()) {
    const ConstVector u = N.subspan(at, v.size());
    k.axpy(-k.dot(u, v), u, v);
  }
}

}  // namespace krylov
