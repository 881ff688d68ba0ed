#pragma once
#include "recycle/recycled.hpp"

namespace krylov {

// What MINRES passes through on its way, and the subspace Y that comes of it, with its image D = A M^-1 Y (Wang, de
// Sturler and Paulino 2007). Lanczos vectors are gathered, behind C in `space`, until there are `basis` of them; then Y
// becomes the span of the `recycle` harmonic Ritz vectors of smallest absolute value in [Y V], and the gathering begins
// anew. Images come of A M^-1 [Y V] = [D C V+] G. No product with A. Workspace: 2 recycle n, and what lies in `space`.
class LanczosWindow {
 public:
  LanczosWindow(Control& control, BasisSweeps& k, std::size_t n, std::size_t basis, std::size_t recycle,
                Recycled& space);

  // Y begins as the space itself.
  void inherit();
  // Lanczos's process begins with v / gamma.
  void begin(ConstVector v, double gamma);
  // The image of its last vector is C b + beta, delta and gamma times the vector before, itself and the next, v /
  // gamma.
  void push(ConstVector b, double beta, double delta, double gamma, ConstVector v);
  // Takes what was gathered into Y.
  void close();
  // Hands Y over: `space` is then of it, its image orthonormal.
  void bequeath();

 private:
  std::vector<double> products(ConstVector V, ConstVector X);
  std::vector<double> gram(ConstVector D, ConstVector W);

  Control& control_;
  BasisSweeps& k_;
  std::size_t n_, apart_, basis_, recycle_;
  Recycled& space_;
  Vector Y_, D_;
  std::size_t found_ = 0, count_ = 0;  // vectors of Y and D, and of V
  std::vector<double> columns_;        // of G that belong to V: coefficients of C, and three of Lanczos's matrix
};

}  // namespace krylov
