#pragma once
#include <cmath>
#include <variant>

#include "core/error.hpp"
#include "core/plain.hpp"

namespace krylov {

// Sketching operators: a distribution, a shape and a state, each an alternative of one variant. Entry (i, j) is a
// function of those alone.

struct SketchState {
  double seed = 0, stream = 0;
  static constexpr auto fields = std::tuple{field("seed", &SketchState::seed), field("stream", &SketchState::stream)};
};

struct SketchShape {
  Index rows = 0, columns = 0;
  SketchState state;
  void check() const {
    if (rows < 1 || columns < 1) throw Misuse("ERR_SHAPE", "an operator needs rows and columns");
  }
};

// `zeta` entries +-1 in each column, one in each of as many blocks of rows.
struct SparseStack : SketchShape {
  static constexpr const char* kind = "sparse-stack";
  Index zeta = 1;
  static constexpr auto fields = std::tuple{field("rows", &SparseStack::rows), field("columns", &SparseStack::columns),
                                            field("state", &SparseStack::state), field("zeta", &SparseStack::zeta)};
};

// The same in distinct rows anywhere.
struct Sjlt : SketchShape {
  static constexpr const char* kind = "sjlt";
  Index zeta = 1;
  static constexpr auto fields = std::tuple{field("rows", &Sjlt::rows), field("columns", &Sjlt::columns),
                                            field("state", &Sjlt::state), field("zeta", &Sjlt::zeta)};
};

// Entries +-1, each there with probability `density`.
struct VerySparse : SketchShape {
  static constexpr const char* kind = "very-sparse";
  double density = 1;
  static constexpr auto fields = std::tuple{field("rows", &VerySparse::rows), field("columns", &VerySparse::columns),
                                            field("state", &VerySparse::state), field("density", &VerySparse::density)};
};

// Standard normals.
struct Gaussian : SketchShape {
  static constexpr const char* kind = "gaussian";
  static constexpr auto fields = std::tuple{field("rows", &Gaussian::rows), field("columns", &Gaussian::columns),
                                            field("state", &Gaussian::state)};
};

using ColumnSketch = std::variant<SparseStack, Sjlt, VerySparse, Gaussian>;

}  // namespace krylov
