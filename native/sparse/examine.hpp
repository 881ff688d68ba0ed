#pragma once
#include "core/control.hpp"
#include "core/csr.hpp"

namespace krylov {

// What one pass over a matrix finds out.
struct Facts {
  double not_finite = -1;  // first stored entry that is NaN or infinite
  double largest = 0;      // max |a_ij|
  double asymmetry = 0;    // max |a_ij - a_ji|; infinite where the matrix is not square
  static constexpr auto fields = std::tuple{field("notFinite", &Facts::not_finite), field("largest", &Facts::largest),
                                            field("asymmetry", &Facts::asymmetry)};
};

Facts examine(Control& control, const Csr& A);

}  // namespace krylov
