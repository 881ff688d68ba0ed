#pragma once
#include <vector>

#include "core/control.hpp"
#include "kernels/tiles.hpp"
#include "precondition/kinds.hpp"

namespace krylov {

// z = M^-1 r by one multigrid cycle from zero, with the vectors of its levels. The smoother is the same polynomial in
// D^-1 A before and after the coarse correction, so a V-cycle is symmetric; it is positive definite where `largest`
// bounds the spectrum of D^-1 A.
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
    Vector b, x, y, r;     // y: the other one of two iterates
    Vector c, v, d, w, t;  // of a K-cycle
  };

  template <class Real>
  void prepare(const Amg& M, const Real* finest, const Real* values, const Real* inverse_diagonal,
               std::vector<Level<Real>>& levels);
  template <class Real>
  RawBands<Real> by_diagonals(const RawLevel<Real>& A, std::size_t rows);
  template <class Real>
  void cycle(const LevelTiles<Real>& t, std::vector<Level<Real>>& levels, std::size_t l, ConstVector b, Vector x);
  template <class Real>
  void krylov_cycle(const LevelTiles<Real>& t, std::vector<Level<Real>>& levels, std::size_t l, ConstVector b,
                    Vector x);
  template <class Real>
  void product(const LevelTiles<Real>& t, const RawLevel<Real>& A, std::size_t rows, bool add, ConstVector x, Vector y);
  template <class Body>
  void rows(std::size_t n, std::size_t work, Body&& body);
  double dot(ConstVector x, ConstVector y);

  Control& control_;
  const Amg& M_;
  bool nested_;  // whether it is a K-cycle
  Vector partial_;
  std::vector<std::int64_t> offsets_;  // of `bands`
  std::vector<Level<float>> singles_;
  std::vector<Level<double>> doubles_;
};

}  // namespace krylov
