#pragma once
#include "kernels/sweeps.hpp"
#include "kernels/wavefront.hpp"
#include "precondition/kinds.hpp"

namespace krylov {

// z = p(D^-1 A) D^-1 r: Saad, Iterative Methods for Sparse Linear Systems (2003), Algorithm 12.1, from a zero start.
// Blocked in time: step i works on rows that step i - 1 left one chunk behind, so that up to eight steps read memory
// once: (matrix + 56 n) bytes for them, against as many for each step by itself. Chunks are at least as long as A
// reaches from the diagonal; where they no longer fit the cache, or are few, the steps follow each other.
// Workspace: 2 n. The order of every sum is that of its row, whoever computes it.
class ChebyshevSweep {
 public:
  ChebyshevSweep(Control& control, const Chebyshev& M, std::size_t n);

  // z = M^-1 r; returns r . z
  double operator()(Sweeps& k, ConstVector r, Vector z);

 private:
  struct Step {
    double a, b;  // d = a D^-1 (r - A z) + b d; the first has none before it: d = a D^-1 r
  };

  void step(std::size_t i, const RawMatrix& A, ConstVector r, Vector z, std::size_t from, std::size_t to);
  // Where step i leaves its z: they take turns, and the last has the caller's.
  Vector result_of(std::size_t i, Vector z) const { return (steps_.size() - i) % 2 == 1 ? z : other_; }

  Control& control_;
  const Chebyshev& M_;
  const std::size_t n_;
  std::size_t chunk_ = 0;  // rows; 0: not blocked
  std::vector<Step> steps_;
  Vector d_, other_;
};

}  // namespace krylov
