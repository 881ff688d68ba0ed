#pragma once
#include "sketch/sample.hpp"

namespace krylov {

// Operators that mix all rows of A at once.

// P H D: signs, the Walsh-Hadamard transform of the next power of two, `rows` of its rows.
struct Hadamard : SketchShape {
  static constexpr const char* kind = "srht";
  static constexpr auto fields = std::tuple{field("rows", &Hadamard::rows), field("columns", &Hadamard::columns),
                                            field("state", &Hadamard::state)};
};

// The same with P_ij ~ N(0, 1 / q), there with probability `q`.
struct FastJl : SketchShape {
  static constexpr const char* kind = "fast-jl";
  double q = 1;
  static constexpr auto fields = std::tuple{field("rows", &FastJl::rows), field("columns", &FastJl::columns),
                                            field("state", &FastJl::state), field("q", &FastJl::q)};
};

using MixingSketch = std::variant<Hadamard, FastJl>;

// Entries of P, row after row: row i has places[pointers[i]] .. places[pointers[i + 1] - 1].
struct Selection {
  std::vector<std::size_t> pointers, places;
  std::vector<double> values;
};

// The least power of two that is not below n.
inline std::size_t padded(Index n) {
  std::size_t length = 1;
  while (length < static_cast<std::size_t>(n)) length *= 2;
  return length;
}

// +-1 for the entries of D.
std::vector<double> draw_signs(const SketchShape& S);
Selection draw_selection(const MixingSketch& S);

}  // namespace krylov
