#pragma once
#include <span>
#include <vector>

#include "krylov/stopping.hpp"

namespace krylov {

// The least-squares problem of Arnoldi's process, min || beta e_1 - H y ||, column by column: H is brought to upper
// triangular form R by plane rotations (Saad and Schultz 1986). All arrays are small.
class HessenbergLeastSquares {
 public:
  explicit HessenbergLeastSquares(std::size_t most)
      : most_(most), R_(most * most), cosines_(most), sines_(most), g_(most + 1) {}

  std::size_t count = 0;  // columns that take part
  double residual = 0;    // || beta e_1 - H y || for the best y

  // Starts anew; what the last cycle tells of the singular values is kept.
  void begin(double beta);
  // Takes the next column, count + 2 entries of which the last is not negative. False where it adds nothing, since H is
  // singular with it: then it is left out.
  bool push(ConstVector h);
  // y = R^-1 g, `count` entries.
  void solve(Vector y) const;
  // The outcome with estimates of the extreme singular values of the operator, from all cycles.
  Outcome in(Outcome outcome);

 private:
  double R(std::size_t i, std::size_t j) const { return R_[j * most_ + i]; }
  void look();
  void multiply_upper(Vector v) const;
  void multiply_lower(Vector v) const;
  void solve_upper(Vector v) const;
  void solve_lower(Vector v) const;

  std::size_t most_;
  std::vector<double> R_;  // by columns, each most_ long
  std::vector<double> cosines_, sines_;
  std::vector<double> g_;  // Q^T beta e_1
  double smallest_ = kInfinity, largest_ = 0;
};

}  // namespace krylov
