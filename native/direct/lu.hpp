#pragma once
#include "core/control.hpp"
#include "core/csr.hpp"

namespace krylov {

// P A Q = L D U, or nearly: row p of L is row rows[p] of A, column p of U is column columns[p]. L and U have ones on
// their diagonals, which are not stored.
struct LuFactor {
  static constexpr const char* kind = "lu";
  std::string method;
  ConstIndices rows, columns;
  Csr lower, upper;
  ConstVector inverse_diagonal;  // of D
  static constexpr auto fields =
      std::tuple{field("method", &LuFactor::method),   field("rows", &LuFactor::rows),
                 field("columns", &LuFactor::columns), field("lower", &LuFactor::lower),
                 field("upper", &LuFactor::upper),     field("inverseDiagonal", &LuFactor::inverse_diagonal)};
  void check_order(std::size_t n) const;
};

// The arrays of an LU factor.
struct LuArrays {
  ConstIndices rows, columns;
  Csr lower, upper;
  ConstVector inverse_diagonal;
  Index replaced = 0;  // pivots that were zero
  static constexpr auto fields = std::tuple{field("rows", &LuArrays::rows),
                                            field("columns", &LuArrays::columns),
                                            field("lower", &LuArrays::lower),
                                            field("upper", &LuArrays::upper),
                                            field("inverseDiagonal", &LuArrays::inverse_diagonal),
                                            field("replaced", &LuArrays::replaced)};
};

// How entries are kept and pivots chosen.
struct LuSettings {
  double drop_tolerance = 0;   // entries up to this share of their row in A are dropped; 0 drops none
  double max_fill = 0;         // entries that a row of either factor may have more than A has there
  double pivot_tolerance = 1;  // row r's pivot is on the diagonal where that is at least this share of the largest
  static constexpr auto fields =
      std::tuple{field("dropTolerance", &LuSettings::drop_tolerance), field("maxFill", &LuSettings::max_fill),
                 field("pivotTolerance", &LuSettings::pivot_tolerance)};
};

}  // namespace krylov
