#pragma once
#include <array>
#include <string>
#include <variant>

#include "core/matrix.hpp"
#include "direct/ldlt.hpp"
#include "direct/lu.hpp"
#include "kernels/diagonals.hpp"

namespace krylov {

// Built preconditioners: plain records, each an alternative of one variant. They apply z = M^-1 r.

struct Identity {
  static constexpr const char* kind = "identity";
  static constexpr auto fields = std::tuple{};
  void check_order(std::size_t) const {}
};

struct Jacobi {
  static constexpr const char* kind = "jacobi";
  ConstVector inverse_diagonal;
  static constexpr auto fields = std::tuple{field("inverseDiagonal", &Jacobi::inverse_diagonal)};
  void check_order(std::size_t n) const;
};

// z = (U^T D U)^-1 r, U unit upper triangular with strict part `upper`, D diagonal and positive.
struct Factor {
  static constexpr const char* kind = "factor";
  std::string method;
  Csr upper;
  ConstVector inverse_diagonal;
  Index blocks = 1;  // diagonal blocks of equal size that no entry of U couples
  static constexpr auto fields =
      std::tuple{field("method", &Factor::method), field("upper", &Factor::upper),
                 field("inverseDiagonal", &Factor::inverse_diagonal), field("blocks", &Factor::blocks)};
  void check_order(std::size_t n) const;
};

// The same in another numbering: new row p is old row order[p], new rows starts[l] .. starts[l + 1] - 1 are level l,
// and rows of one level do not need each other. `lower` is the transpose of `upper`.
struct LevelFactor {
  static constexpr const char* kind = "levels";
  std::string method;
  ConstIndices order, starts;
  Csr lower, upper;
  ConstVector inverse_diagonal;  // in the new numbering
  static constexpr auto fields =
      std::tuple{field("method", &LevelFactor::method), field("order", &LevelFactor::order),
                 field("starts", &LevelFactor::starts), field("lower", &LevelFactor::lower),
                 field("upper", &LevelFactor::upper),   field("inverseDiagonal", &LevelFactor::inverse_diagonal)};
  void check_order(std::size_t n) const;
};

// The same as Factor with U kept by its diagonals.
struct DiagonalFactor {
  static constexpr const char* kind = "diagonals";
  std::string method;
  Diagonals upper;
  ConstVector inverse_diagonal;
  static constexpr auto fields =
      std::tuple{field("method", &DiagonalFactor::method), field("upper", &DiagonalFactor::upper),
                 field("inverseDiagonal", &DiagonalFactor::inverse_diagonal)};
  void check_order(std::size_t n) const;
};

// z = p(D^-1 A) D^-1 r, p the Chebyshev polynomial of `degree` on [smallest, largest].
struct Chebyshev {
  static constexpr const char* kind = "chebyshev";
  Matrix matrix;
  ConstVector inverse_diagonal;
  Index degree = 1;
  double smallest = 0, largest = 0;
  static constexpr auto fields =
      std::tuple{field("matrix", &Chebyshev::matrix), field("inverseDiagonal", &Chebyshev::inverse_diagonal),
                 field("degree", &Chebyshev::degree), field("smallest", &Chebyshev::smallest),
                 field("largest", &Chebyshev::largest)};
  void check_order(std::size_t n) const;
};

// One cycle of multigrid. Level 0 is A itself (`pattern`, `finest`); the flat arrays hold, level after level, the
// prolongation P to it from the next, P^T, and the matrix of the next. `levels` is their table: four numbers a level,
// its unknowns, the entries of its matrix and of P, and its nodes. All but the table is in one precision.
struct Amg {
  static constexpr const char* kind = "amg";
  enum class Cycle { kV, kW, kK };
  friend constexpr auto names_of(Cycle) { return std::array{"v", "w", "k"}; }
  enum class Smoother { kJacobi, kChebyshev, kL1 };
  friend constexpr auto names_of(Smoother) { return std::array{"jacobi", "chebyshev", "l1"}; }

  Cycle cycle = Cycle::kW;
  Smoother smoother = Smoother::kChebyshev;
  Index degree = 1;
  Pattern pattern;
  Reals finest;
  ConstIndices levels, row_pointers, column_indices;
  Reals values, inverse_diagonal;
  ConstVector largest, coarse;
  ConstIndices aggregates;
  ConstVector thresholds;
  ConstVector ratios;  // per level: Chebyshev smoothing damps [largest / ratio, largest]
  Index block_size = 1;
  ConstVector near;
  Index columns = 0;
  bool constant = false;
  double damping = 4.0 / 3;  // of the step that smooths T
  static constexpr auto fields = std::tuple{field("cycle", &Amg::cycle),
                                            field("smoother", &Amg::smoother),
                                            field("degree", &Amg::degree),
                                            field("pattern", &Amg::pattern),
                                            field("finest", &Amg::finest),
                                            field("levels", &Amg::levels),
                                            field("rowPointers", &Amg::row_pointers),
                                            field("columnIndices", &Amg::column_indices),
                                            field("values", &Amg::values),
                                            field("inverseDiagonal", &Amg::inverse_diagonal),
                                            field("largest", &Amg::largest),
                                            field("coarse", &Amg::coarse),
                                            field("aggregates", &Amg::aggregates),
                                            field("thresholds", &Amg::thresholds),
                                            field("ratios", &Amg::ratios),
                                            field("blockSize", &Amg::block_size),
                                            field("near", &Amg::near),
                                            field("columns", &Amg::columns),
                                            field("constant", &Amg::constant),
                                            field("damping", &Amg::damping)};
  void check_order(std::size_t n) const;
};

// z = base^-1 r + P E^-1 P^T r: row i of P has a one in column aggregates[i]. `members` lists the rows of each column.
struct TwoLevel {
  static constexpr const char* kind = "two-level";
  using Base = std::variant<Jacobi, Factor, LevelFactor, DiagonalFactor>;
  Base base;
  ConstIndices aggregates, starts, members;
  LdltFactor coarse;  // of E
  static constexpr auto fields = std::tuple{field("base", &TwoLevel::base), field("aggregates", &TwoLevel::aggregates),
                                            field("starts", &TwoLevel::starts), field("members", &TwoLevel::members),
                                            field("coarse", &TwoLevel::coarse)};
  void check_order(std::size_t n) const;
};

using Preconditioner = std::variant<Identity, Jacobi, Factor, LevelFactor, DiagonalFactor, Chebyshev, Amg, TwoLevel,
                                    LdltFactor, LuFactor>;  // LdltFactor: with |D|

KRYLOV_CROSSES_IN_ONE_PLACE(extern, Preconditioner);

}  // namespace krylov
