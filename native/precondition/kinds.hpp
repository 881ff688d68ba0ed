#pragma once
#include <string>
#include <variant>

#include "core/csr.hpp"
#include "direct/ldlt.hpp"
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
  Csr matrix;
  ConstVector inverse_diagonal;
  Index degree = 1;
  double smallest = 0, largest = 0;
  static constexpr auto fields =
      std::tuple{field("matrix", &Chebyshev::matrix), field("inverseDiagonal", &Chebyshev::inverse_diagonal),
                 field("degree", &Chebyshev::degree), field("smallest", &Chebyshev::smallest),
                 field("largest", &Chebyshev::largest)};
  void check_order(std::size_t n) const;
};

// LdltFactor applies with |D|.
using Preconditioner = std::variant<Identity, Jacobi, Factor, LevelFactor, DiagonalFactor, Chebyshev, LdltFactor>;

}  // namespace krylov
