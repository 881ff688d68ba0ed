#include "completion/ridge_batch.hpp"
#include "core/method.hpp"

namespace krylov {
namespace {

struct RowSettings {
  Index rank = 0;
  double ridge = 0;
  bool scaled = false;
  Index steps = 0;
  bool nonnegative = false;
  static constexpr auto fields = std::tuple{field("rank", &RowSettings::rank), field("ridge", &RowSettings::ridge),
                                            field("scaled", &RowSettings::scaled), field("steps", &RowSettings::steps),
                                            field("nonnegative", &RowSettings::nonnegative)};
};

// Row i of X becomes the minimiser, or an approximation to it, of sum w (y - offset - x . v)^2 + x . B x over the
// observed entries of row i of A, v being rows of V: H x = c with H = V_S^T W V_S + B, B = diag(base) + ridge. By steps
// of conjugate gradients from what X was, preconditioned by diag(W_i / n spread + B); or exactly. Empty `weights`,
// `offsets`, `base` are ones, zeros, zeros. Returns sum w (y - offset - x . v)^2 at the end. Rows are shared out by
// their entries; the sum is that of pieces in their order. Workspace: a row's part of V per thread.
double factor_rows(Control& control, const Csr& A, ConstVector weights, ConstVector offsets, const Reals& V, Vector X,
                   ConstVector spread, ConstVector base, const RowSettings& settings) {
  const std::size_t rank = std::max<Index>(settings.rank, 0), rows = A.rows(), columns = A.pattern.columns;
  const auto fits = [](ConstVector list, std::size_t n) { return list.empty() || list.size() == n; };
  const bool gradients = settings.steps > 0 && !settings.nonnegative;
  if (X.size() != rows * rank || V.size() != columns * rank || !fits(weights, A.nonzeros()) ||
      !fits(offsets, columns) || !fits(base, rank) || (gradients && spread.size() != rank))
    throw Misuse("ERR_SHAPE", "A, its weights and offsets, V, X, spread and base must fit");
  A.pattern.check_pointers();
  if (rank == 0 || rows == 0) {
    A.pattern.check_columns(0, A.nonzeros());
    double square = 0;
    for (std::size_t e = 0; e < A.nonzeros(); e++) {
      const double error = A.values[e] - (offsets.empty() ? 0 : offsets[A.pattern.column_indices[e]]);
      square += (weights.empty() ? 1 : weights[e]) * error * error;
    }
    return square;
  }
  const bool few = settings.steps == 0 && !settings.nonnegative && rank <= kRidgeColumns;
  const std::size_t length = few ? ridge_width(rank) : (rank + kGatherWidth - 1) / kGatherWidth * kGatherWidth;
  const Features features = features_of(control, V, rank, columns, A.nonzeros(), length);
  const RidgeSide side{features, offsets.empty() ? nullptr : offsets.data(), base};
  const auto entry = [&](std::size_t row) {
    return std::min<std::size_t>(static_cast<std::uint32_t>(A.pattern.row_pointers[row]), A.nonzeros());
  };
  const auto row_of = [&](std::size_t i) -> RidgeRow {
    const std::size_t at = entry(i), s = std::max(at, entry(i + 1)) - at;
    return {A.pattern.column_indices.data() + at,
            s,
            A.nonzeros() - at,
            A.values.data() + at,
            weights.empty() ? nullptr : weights.data() + at,
            settings.scaled ? static_cast<double>(s) * settings.ridge : settings.ridge,
            X.data() + i * rank};
  };
  // fewer entries than columns and nothing else: what the row was says which of many solutions
  const auto singular = [&](const RidgeRow& row) { return settings.ridge == 0 && base.empty() && row.count < rank; };
  const auto one_by_one = [&](Solver& solver, const RidgeRow& row) {
    solver.gather(side, row);
    if (!gradients && !settings.nonnegative) return solver.solve(row, singular(row));
    double value = solver.begin(row.x);
    if (settings.nonnegative) {
      value -= solver.by_descent();
    } else {
      const double share = solver.weight() / static_cast<double>(columns);
      for (std::size_t c = 0; c < rank; c++) solver.diagonal()[c] = share * spread[c] + solver.base()[c];
      value -= solver.by_cg(settings.steps);
    }
    return std::max(0.0, value - solver.end(row.x));
  };
  const std::vector<std::size_t> starts = row_pieces(A.pattern);
  std::vector<double> squares(starts.size());
  Pool<Solver> solvers;
  Pool<RidgeBatch> batches;
  each_piece(control, starts, [&](std::size_t from, std::size_t to, std::size_t piece) {
    A.pattern.check_columns(entry(from), entry(to));
    const auto each = [&](auto&& body) {
      for (std::size_t i = from; i < to; i++) {
        const RidgeRow row = row_of(i);
        if (row.count == 0)
          std::fill_n(row.x, rank, 0.0);
        else
          squares[piece] += body(row);
      }
    };
    const auto in_turn = [&](Solver& solver) { each([&](const RidgeRow& row) { return one_by_one(solver, row); }); };
    const auto by_eight = [&](Solver& solver, RidgeBatch& batch) {
      each([&](const RidgeRow& row) { return singular(row) ? one_by_one(solver, row) : batch.add(row); });
      squares[piece] += batch.finish();
    };
    solvers.with([&] { return Solver(rank); },
                 [&](Solver& solver) {
                   if (!few || !features.packed) return in_turn(solver);
                   batches.with([&] { return RidgeBatch(rank, side); },
                                [&](RidgeBatch& batch) { by_eight(solver, batch); });
                 });
  });
  double square = 0;
  for (const double part : squares) square += part;
  return square;
}

const Exposed factor_rows_{expose<factor_rows>("factorRows")};

}  // namespace
}  // namespace krylov
