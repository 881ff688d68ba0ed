#pragma once
#include <variant>

#include "core/csr.hpp"
#include "core/slices.hpp"
#include "core/spelling.hpp"

namespace krylov {

// How the products of a matrix read it: storage plans, each an alternative of one variant. A plan repeats what the
// compressed rows say in another order, and sums every row in the same order as they do.

struct CsrPlan {
  static constexpr const char* kind = "csr";
  static constexpr auto fields = std::tuple{};
};

// Runs of consecutive rows whose entries lie at the same offsets from the diagonal. Run r is rows starts[r] ..
// starts[r + 1] - 1, its offsets are those of stencil stencils[r]. Where at[r] < 0 all its rows have the values
// constants[~at[r]] on; else its values begin at values[at[r]]: rows in blocks of 8, entry k of a block's rows side by
// side.
struct Runs {
  static constexpr const char* kind = "runs";
  ConstIndices starts, stencils, pointers, offsets, at;
  ConstVector constants, values;
  static constexpr auto fields = std::tuple{field("starts", &Runs::starts),
                                            field("stencils", &Runs::stencils),
                                            field("pointers", &Runs::pointers),
                                            field("offsets", &Runs::offsets),
                                            field("at", &Runs::at),
                                            field("constants", &Runs::constants),
                                            field("values", &Runs::values)};
  void check() const {
    if (starts.empty() || stencils.size() + 1 != starts.size() || at.size() != stencils.size() || pointers.empty())
      throw Misuse("ERR_SHAPE", "a run pattern needs a start, a stencil and values for each run");
  }
};

// SELL-8-1024: in each window of 1024 rows the rows shorter than 64 sorted by length, counts[64 w + l] of length l, the
// longer ones after them, as `order` says; values and columns of the short ones from starts[w] on, 8 rows of one
// length at a time (or what is left of them), entry k of those rows side by side. Columns are counted from the first
// row of their window where 16 bits are enough for that.
struct Sell {
  static constexpr const char* kind = "sell";
  ConstIndices starts, counts, order;
  Columns columns;
  ConstVector values;
  static constexpr auto fields =
      std::tuple{field("starts", &Sell::starts), field("counts", &Sell::counts), field("order", &Sell::order),
                 field("columns", &Sell::columns), field("values", &Sell::values)};
  void check() const {
    const std::size_t windows = starts.size();
    if (counts.size() != kSliceLengths * windows || order.size() > kSliceWindow * windows ||
        values.size() != columns.size())
      throw Misuse("ERR_SHAPE", "a sliced matrix needs its starts, counts and order for each window");
  }
};

using Plan = std::variant<CsrPlan, Runs, Sell>;

// A sparse matrix and how its products read it.
struct Matrix : Csr {
  Plan plan;

  Matrix() = default;
  Matrix(const Csr& A) : Csr(A) {}

  static constexpr auto fields =
      std::tuple{field("pattern", &Matrix::pattern), field("values", &Matrix::values), field("plan", &Matrix::plan)};
};

KRYLOV_CROSSES_IN_ONE_PLACE(extern, Matrix);

}  // namespace krylov
