#pragma once
#include <vector>

#include "core/control.hpp"
#include "kernels/tiles.hpp"
#include "precondition/kinds.hpp"

namespace krylov {

// z = M^-1 r by one multigrid cycle from zero, with vectors in the precision of the hierarchy's numbers.
// The smoother is the same polynomial in D^-1 A before and after the coarse correction, so a V- or W-cycle is
// symmetric; it is positive definite where `largest` bounds the spectrum of D^-1 A.
class Multigrid {
 public:
  Multigrid(Control& control, const Amg& M);
  void apply(ConstVector r, Vector z);

 private:
  // d = momentum d + size D^-1 (b - A x), x += d
  struct Step {
    double momentum, size;
  };
  template <class Real>
  struct Level {
    Index n = 0;
    RawLevel<Real> A{}, P{}, R{};
    RawBands<Real> bands{};  // A by diagonals, where it has few
    const Real* inverse_diagonal = nullptr;
    std::vector<Step> steps;
    Real *b = nullptr, *x = nullptr, *y = nullptr, *r = nullptr;  // x and y: iterates, by turns
    Real *c = nullptr, *v = nullptr, *d = nullptr, *w = nullptr;  // of a K-cycle
  };
  template <class Real>
  struct Hierarchy {
    const LevelTiles<Real>* tiles = nullptr;
    std::vector<Level<Real>> levels;
  };

  template <class Real>
  void prepare(const Real* finest, const Real* values, const Real* inverse_diagonal, Hierarchy<Real>&);
  template <class Real>
  void apply(Hierarchy<Real>&, ConstVector r, Vector z);
  template <class Real>
  void enter(Hierarchy<Real>&, ConstVector r);
  template <class Real>
  Real* cycle(Hierarchy<Real>&, std::size_t l, double* out);
  template <class Real>
  Real* krylov_cycle(Hierarchy<Real>&, std::size_t l);
  template <class Real>
  void product(Hierarchy<Real>&, const RawLevel<Real>& A, std::size_t rows, bool add, const Real* x, Real* y);
  template <class Real>
  double dot(Hierarchy<Real>&, std::size_t n, const Real* x, const Real* y);
  template <class Body>
  void rows(std::size_t n, std::size_t work, Body&& body);

  Control& control_;
  const Amg& M_;
  bool nested_;        // whether it is a K-cycle
  double factor_ = 1;  // a power of two: what enters is of ordinary size, since singles have a narrow range
  Vector partial_, coarse_;
  std::vector<std::int64_t> offsets_;  // of `bands`
  Hierarchy<float> singles_;
  Hierarchy<double> doubles_;
};

}  // namespace krylov
