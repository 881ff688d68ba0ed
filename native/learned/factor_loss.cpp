#include <cmath>
#include <limits>

#include "core/lookout.hpp"
#include "core/method.hpp"
#include "learned/envelope.hpp"
#include "learned/factor_network.hpp"
#include "learned/graph_network.hpp"

namespace krylov {

// What is made small; see src/learned/factor-loss.steps.ts.
enum class FactorLoss { inverse, neural_pcg, envelope };
constexpr auto names_of(FactorLoss) { return std::array{"inverse", "neuralPCG", "envelope"}; }

namespace {

// A matrix with the factor that the network starts from, and kColumns systems, kept by rows.
struct FactorSample {
  Pattern pattern;
  ConstIndices row_pointers, column_indices;
  ConstVector values, entries, diagonal, edges, nodes, solution, rhs;
  static constexpr auto fields = std::tuple{field("pattern", &FactorSample::pattern),
                                            field("rowPointers", &FactorSample::row_pointers),
                                            field("columnIndices", &FactorSample::column_indices),
                                            field("values", &FactorSample::values),
                                            field("entries", &FactorSample::entries),
                                            field("diagonal", &FactorSample::diagonal),
                                            field("edges", &FactorSample::edges),
                                            field("nodes", &FactorSample::nodes),
                                            field("solution", &FactorSample::solution),
                                            field("rhs", &FactorSample::rhs)};
  void check(const GraphShape& shape) const {
    shape.check();
    const std::size_t n = pattern.rows, count = pattern.nonzeros();
    pattern.check_indices();
    const Pattern matrix{pattern.rows, pattern.rows, row_pointers, column_indices};
    matrix.check_indices();
    if (pattern.columns != pattern.rows || values.size() != column_indices.size() || entries.size() != count ||
        diagonal.size() != n || edges.size() != count * shape.edge_inputs || nodes.size() != n * shape.node_inputs ||
        solution.size() != n * kColumns || rhs.size() != solution.size())
      throw Misuse("ERR_SHAPE", "the arrays of a sample must fit its pattern");
  }
};

// L by its columns below the diagonal, and its diagonal.
struct Lower {
  std::vector<double> entries, diagonal;
};

struct Solved {
  Block u, z;  // L^-1 r, and L^-T of that
};

void solve_with(const Pattern& p, const Lower& L, const Block& r, Solved& out) {
  out.u = r;
  for (std::size_t j = 0; j < static_cast<std::size_t>(p.rows); j++) {
    double* const uj = out.u.data() + j * kColumns;
    for (std::size_t c = 0; c < kColumns; c++) uj[c] /= L.diagonal[j];
    for (Index e = p.row_pointers[j]; e < p.row_pointers[j + 1]; e++)
      axpy(-L.entries[e], uj, out.u.data() + p.column_indices[e] * kColumns);
  }
  out.z = out.u;
  for (std::size_t j = p.rows; j-- > 0;) {
    double* const zj = out.z.data() + j * kColumns;
    for (Index e = p.row_pointers[j]; e < p.row_pointers[j + 1]; e++)
      axpy(-L.entries[e], out.z.data() + p.column_indices[e] * kColumns, zj);
    for (std::size_t c = 0; c < kColumns; c++) zj[c] /= L.diagonal[j];
  }
}

// g_ij += sign x_i . y_j on the pattern of L
void add_outer(const Pattern& p, Lower& g, double sign, const Block& x, const Block& y) {
  const auto dot = [&](std::size_t i, std::size_t j) {
    double sum = 0;
    for (std::size_t c = 0; c < kColumns; c++) sum += x[i * kColumns + c] * y[j * kColumns + c];
    return sum;
  };
  for (std::size_t j = 0; j < static_cast<std::size_t>(p.rows); j++) {
    g.diagonal[j] += sign * dot(j, j);
    for (Index e = p.row_pointers[j]; e < p.row_pointers[j + 1]; e++)
      g.entries[e] += sign * dot(p.column_indices[e], j);
  }
}

Block transposed_times(const Pattern& p, const Lower& L, const Block& x) {
  Block y(x.size(), 0.0);
  for (std::size_t j = 0; j < static_cast<std::size_t>(p.rows); j++) {
    axpy(L.diagonal[j], x.data() + j * kColumns, y.data() + j * kColumns);
    for (Index e = p.row_pointers[j]; e < p.row_pointers[j + 1]; e++)
      axpy(L.entries[e], x.data() + p.column_indices[e] * kColumns, y.data() + j * kColumns);
  }
  return y;
}

Block times(const Pattern& p, const Lower& L, const Block& y) {
  Block r(y.size(), 0.0);
  for (std::size_t j = 0; j < static_cast<std::size_t>(p.rows); j++) {
    axpy(L.diagonal[j], y.data() + j * kColumns, r.data() + j * kColumns);
    for (Index e = p.row_pointers[j]; e < p.row_pointers[j + 1]; e++)
      axpy(L.entries[e], y.data() + j * kColumns, r.data() + p.column_indices[e] * kColumns);
  }
  return r;
}

// |L L^T x - b| / |b|, or its square, in the mean; adds its derivative to g.
double residual_loss(const Pattern& p, const Lower& L, const Block& x, ConstVector b, bool squared, Lower& g) {
  const Block y = transposed_times(p, L, x);
  Block r = times(p, L, y);
  Sums left{}, whole{}, weights{};
  for (std::size_t i = 0; i < r.size(); i++) {
    r[i] -= b[i];
    left[i % kColumns] += r[i] * r[i];
    whole[i % kColumns] += b[i] * b[i];
  }
  double loss = 0;
  for (std::size_t c = 0; c < kColumns; c++) {
    const double share = left[c] / whole[c];
    loss += (squared ? share : std::sqrt(share)) / kColumns;
    weights[c] = (squared ? 2 : 1 / std::sqrt(std::max(share, 1e-300))) / (whole[c] * kColumns);
  }
  for (std::size_t i = 0; i < r.size(); i++) r[i] *= weights[i % kColumns];
  add_outer(p, g, 1, r, y);
  add_outer(p, g, 1, x, transposed_times(p, L, r));
  return loss;
}

// The loss of a sample; adds its gradient where there is room for it. NaN and no gradient where it is not finite.
double factor_loss(Control& control, const FactorSample& sample, const GraphShape& shape, ConstVector theta,
                   FactorLoss loss, Index iterations, Vector gradient) {
  sample.check(shape);
  const bool wanted = !gradient.empty();
  if (theta.size() != shape.parameters() || (wanted && gradient.size() != theta.size()) || iterations < 1 ||
      iterations > 1000)
    throw Misuse("ERR_SHAPE", "parameters and gradient must fit the network");
  const Pattern& p = sample.pattern;
  const Graph graph{p, sample.edges.data(), sample.nodes.data()};
  const GraphEvaluation found = evaluate_graph(control, shape, theta.data(), graph, wanted);
  Lower L{{sample.entries.begin(), sample.entries.end()}, {sample.diagonal.begin(), sample.diagonal.end()}};
  for (std::size_t e = 0; e < L.entries.size(); e++) L.entries[e] *= multiplier_of(found.edges[e]);
  for (std::size_t i = 0; i < L.diagonal.size(); i++) L.diagonal[i] *= multiplier_of(found.nodes[i]);
  Lower g{std::vector<double>(L.entries.size()), std::vector<double>(L.diagonal.size())};
  Lookout lookout(control);
  double value = 0;
  if (loss == FactorLoss::envelope) {
    Solved solved;
    value = envelope<Solved>(
        sample.solution, sample.rhs, iterations, lookout, wanted,
        [&](const Block& x, Block& y) {
          add_product(sample.row_pointers, sample.column_indices, sample.values, 1, x, y);
        },
        [&](const Block& r, Solved& kept) { solve_with(p, L, r, kept); },
        [&](const Solved& kept, const Block& gp, Block& s) {
          solve_with(p, L, gp, solved);
          add_outer(p, g, -1, solved.z, kept.u);
          add_outer(p, g, -1, kept.z, solved.u);
          s = solved.z;
        });
    lookout.rethrow();
  } else {
    const Block x(sample.solution.begin(), sample.solution.end());
    value = residual_loss(p, L, x, sample.rhs, loss == FactorLoss::neural_pcg, g);
  }
  if (!std::isfinite(value)) return std::numeric_limits<double>::quiet_NaN();
  if (!wanted) return value;
  control.poll();
  for (std::size_t e = 0; e < L.entries.size(); e++)
    g.entries[e] *= sample.entries[e] * multiplier_slope(found.edges[e]);
  for (std::size_t i = 0; i < L.diagonal.size(); i++)
    g.diagonal[i] *= sample.diagonal[i] * multiplier_slope(found.nodes[i]);
  differentiate_graph(shape, theta.data(), graph, found, g.entries, g.diagonal, gradient.data());
  return value;
}

const Exposed factor_loss_{expose<factor_loss>("factorLoss")};

}  // namespace
}  // namespace krylov
