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
  // w = M1^-1 A M2^-1 v, M = M1 M2 a factorization. Workspace: n more.
  void between(ConstVector v, Vector w) {
    if (y_.empty()) y_ = k_.control().arena.doubles(v.size());
    watch_.preconditioner_count++;
    M_.backward(k_, v, z_);
    product(z_, y_);
    M_.forward(k_, y_, w);
  }
  // w = M1^-1 r
  void enter(ConstVector r, Vector w) { M_.forward(k_, r, w); }
  // x += M2^-1 s
  void leave(ConstVector s, Vector x) {
    M_.backward(k_, s, z_);
    k_.axpy(1, z_, x);
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
  Vector z_, y_;
};

}  // namespace krylov
