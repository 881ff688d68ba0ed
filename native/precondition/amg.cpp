#include "precondition/amg.hpp"

#include <algorithm>

#include "core/method.hpp"
#include "core/shared_out.hpp"

namespace krylov {

namespace {

constexpr std::size_t kMostLevels = 24;
constexpr double kStalled = 0.8;  // a level that keeps more of its unknowns is not worth having

// A copy whose indices nobody can write to while they say where to write.
OwnedPattern owned_pattern(Control& control, const Pattern& given) {
  const std::size_t n = given.rows;
  OwnedPattern own{given.rows, given.columns, Buffer<Index>(n + 1), Buffer<Index>(given.nonzeros())};
  std::copy(given.row_pointers.begin(), given.row_pointers.end(), own.row_pointers.begin());
  share_out(control, given.nonzeros(), [&](std::size_t from, std::size_t to) {
    std::copy(given.column_indices.begin() + from, given.column_indices.begin() + to,
              own.column_indices.begin() + from);
  });
  Pattern{given.rows, given.columns, own.row_pointers, own.column_indices}.check_indices();
  return own;
}

// The next level's matrix and near-null space; false where there is none worth having.
bool coarsen(Control& control, SetupLevel& level, SetupLevel& next, Buffer<double>& near, Index block_size,
             double threshold, Index columns, double damping, const Weigh& weigh, std::size_t depth) {
  for (const double theta : {threshold, 0.0}) {
    const NodeGraph graph = strength(control, level.A, level.scale.diagonal.data(), block_size, theta);
    Aggregates found = aggregate(control, graph);
    if (found.count > 0 && double(found.count) * columns <= kStalled * level.A.pattern.rows) {
      Tentative T = tentative(control, found.of.data(), graph.pattern.rows, found.count, near, columns, block_size);
      Buffer<float> factors;
      if (weigh) factors = weigh(control, level.A, level.scale.diagonal.data(), graph, found, depth);
      Prolongation P = prolongation(control, level.A, level.scale.diagonal.data(), graph, found.of.data(), found.count,
                                    T, damping / level.scale.diagonal_bound, factors);
      level.aggregates = std::move(found.of);
      level.P = std::move(P.pattern);
      level.transfer = std::move(P.values);
      level.threshold = theta;
      near = std::move(T.coarse);
      break;
    }
    if (theta == 0) return false;
  }
  Transposed R = transpose(control, level.P.view());
  level.R = std::move(R.pattern);
  level.source = std::move(R.source);
  next.product = galerkin(control, level.r(), level.source.data(), level.A, {level.p(), level.transfer.data()});
  next.A = {next.product.pattern.view(), next.product.values.data()};
  return true;
}

void check_settings(const AmgSettings& settings, const Csr& A, ConstVector near) {
  const bool fits = A.pattern.rows == A.pattern.columns && settings.block_size >= 1 && settings.columns >= 0 &&
                    A.pattern.rows % settings.block_size == 0 && settings.coarsest >= 0 &&
                    near.size() == A.rows() * settings.columns;
  if (!fits) throw Misuse("ERR_SHAPE", "A, its near-null vectors and the block size must fit");
}

}  // namespace

AmgBuilt hierarchy(Control& control, const Csr& A, ConstVector near, const AmgSettings& settings, const Weigh& weigh) {
  check_settings(settings, A, near);
  OwnedPattern own = owned_pattern(control, A.pattern);
  std::vector<SetupLevel> levels;
  levels.reserve(kMostLevels);
  levels.emplace_back();
  levels[0].A = {own.view(), A.values.data()};
  Buffer<double> B(near.size());
  std::copy(near.begin(), near.end(), B.begin());
  Index block_size = settings.block_size;
  const Index columns = std::max<Index>(1, settings.columns);
  double threshold = settings.threshold;
  for (;;) {
    SetupLevel& level = levels.back();
    if (!scaling(control, level.A, settings.l1, level.scale)) {
      levels.clear();
      break;
    }
    if (level.A.pattern.rows <= settings.coarsest || levels.size() == kMostLevels) break;
    SetupLevel next;
    const std::size_t depth = levels.size() - 1;
    if (!coarsen(control, level, next, B, block_size, threshold, columns, settings.damping, weigh, depth)) break;
    level.scale.diagonal = {};
    levels.push_back(std::move(next));
    block_size = columns;
    threshold /= 2;
  }
  if (levels.size() > 1) own.column_indices = {};
  AmgValues values;
  finish(control, levels, A.values, settings, values);
  AmgBuilt built{
      values.ok, values.finest, values.values, values.inverse_diagonal, values.largest, values.coarse, {}, {}, {}, {},
      {}};
  pack_pattern(control, levels, built);
  return built;
}

namespace {

AmgBuilt amg_setup(Control& control, const Csr& A, ConstVector near, const AmgSettings& settings) {
  return hierarchy(control, A, near, settings, {});
}

// The hierarchy of another matrix with the same pattern: aggregates and the patterns of all products are kept.
AmgValues amg_update(Control& control, const Csr& A, const Amg& M, const AmgSettings& settings) {
  check_settings(settings, A, M.near);
  const OwnedPattern own = owned_pattern(control, A.pattern);
  const std::size_t count = M.levels.size() / kLevelFields;
  Buffer<Index> table(M.levels.size()), row_pointers(M.row_pointers.size()), columns(M.column_indices.size());
  Buffer<Index> aggregates(M.aggregates.size());
  std::copy(M.levels.begin(), M.levels.end(), table.begin());
  std::copy(M.row_pointers.begin(), M.row_pointers.end(), row_pointers.begin());
  std::copy(M.column_indices.begin(), M.column_indices.end(), columns.begin());
  std::copy(M.aggregates.begin(), M.aggregates.end(), aggregates.begin());
  Amg kept = M;
  kept.pattern = {own.rows, own.columns, own.row_pointers, own.column_indices};
  kept.levels = table;
  kept.row_pointers = row_pointers;
  kept.column_indices = columns;
  kept.aggregates = aggregates;
  kept.check_order(A.rows());
  if (count == 0) throw Misuse("ERR_SHAPE", "there are no levels");

  std::vector<SetupLevel> levels(count);
  Buffer<double> B(M.near.size());
  std::copy(M.near.begin(), M.near.end(), B.begin());
  const Index k = std::max<Index>(1, settings.columns);
  const Index* row = row_pointers.data();
  const Index* column = columns.data();
  const Index* node = aggregates.data();
  levels[0].A = {own.view(), A.values.data()};
  Index block_size = settings.block_size;
  for (std::size_t l = 0; l < count; l++) {
    SetupLevel& level = levels[l];
    if (!scaling(control, level.A, settings.l1, level.scale)) {
      levels.clear();
      break;
    }
    if (l + 1 == count) break;
    const Index n = level.A.pattern.rows, coarse = table[kLevelFields * (l + 1)];
    const auto next = [&](Index rows, Index wide) {
      const PatternView view{rows, wide, row, column};
      row += rows + 1;
      column += view.nonzeros();
      return view;
    };
    level.known_P = next(n, coarse);
    level.known_R = next(coarse, n);
    const PatternView product = next(coarse, coarse);
    const NodeGraph graph = strength(control, level.A, level.scale.diagonal.data(), block_size, M.thresholds[l]);
    Tentative T = tentative(control, node, graph.pattern.rows, coarse / k, B, k, block_size);
    level.transfer = prolongation_values(control, level.A, level.scale.diagonal.data(), graph, node, T, level.known_P,
                                         settings.damping / level.scale.diagonal_bound);
    node += graph.pattern.rows;
    B = std::move(T.coarse);
    level.source = std::move(transpose(control, level.known_P).source);
    levels[l + 1].product.values = galerkin_values(control, level.known_R, level.source.data(), level.A,
                                                   {level.known_P, level.transfer.data()}, product);
    levels[l + 1].A = {product, levels[l + 1].product.values.data()};
    block_size = k;
  }
  AmgValues values;
  finish(control, levels, A.values, settings, values);
  return values;
}

const Exposed methods[] = {Exposed{expose<amg_setup>("amgSetup")}, Exposed{expose<amg_update>("amgUpdate")}};

}  // namespace
}  // namespace krylov
