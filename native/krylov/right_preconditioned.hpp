#pragma once
#include "core/matrix.hpp"
#include "krylov/watch.hpp"
#include "precondition/apply.hpp"

namespace krylov {

// A M^-1, for the solvers that work in the space M maps from; `watch` counts. Workspace: n.
class RightPreconditioned {
 public:
  RightPreconditioned(Sweeps& k, const Matrix& A, const Preconditioner& M, std::size_t n, Watch& watch)
      : plain(std::holds_alternative<Identity>(M)),
        k_(k),
        A_(A),
        M_(k.control(), M, n),
        watch_(watch),
        z_(k.control().arena.doubles(n)) {}

  const bool plain;  // M is the identity

  // w = A M^-1 v
  void image(ConstVector v, Vector w) { image(v, w, z_); }
  // The same; `kept` gets M^-1 v, unless M is the identity.
  void image(ConstVector v, Vector w, Vector kept) {
    if (!plain) apply(v, kept);
    product(plain ? v : ConstVector(kept), w);
  }
  // x += M^-1 s
  void correct(ConstVector s, Vector x) {
    if (!plain) apply(s, z_);
    k_.axpy(1, plain ? s : ConstVector(z_), x);
  }
  // w = M^-1 A v
  void from_left(ConstVector v, Vector w) {
    product(v, plain ? w : z_);
    if (!plain) apply(z_, w);
  }
  // w = A v
  void product(ConstVector v, Vector w) {
    watch_.operator_count++;
    k_.multiply(A_, v, w);
    k_.control().poll();
  }
  // z = M^-1 v
  void apply(ConstVector v, Vector z) {
    watch_.preconditioner_count++;
    M_(k_, v, z);
  }

 private:
  Sweeps& k_;
  const Matrix& A_;
  Applied M_;
  Watch& watch_;
  Vector z_;
};

}  // namespace krylov
