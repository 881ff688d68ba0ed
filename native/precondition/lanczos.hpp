#pragma once
#include <functional>

#include "core/control.hpp"
#include "core/matrix.hpp"
#include "dense/tridiagonal.hpp"

namespace krylov {

struct Spectrum : Extremes {
  Index steps = 0;  // that were made: products with A
  static constexpr auto fields = std::tuple_cat(Extremes::fields, std::tuple{field("steps", &Spectrum::steps)});
};

// Extreme eigenvalues of D^-1/2 A D^-1/2 by `steps` of Lanczos from `start`; where `most` is larger, steps go on until
// the gap that the spectrum leaves in (0, 2) has settled. w = A v is what `multiply` makes.
using Multiply = std::function<void(ConstVector v, Vector w)>;
Spectrum lanczos(Control& control, const Multiply& multiply, ConstVector inverse_diagonal, ConstVector start,
                 Index steps, Index most);

}  // namespace krylov
