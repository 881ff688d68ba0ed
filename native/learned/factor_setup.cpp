#include <algorithm>
#include <cmath>

#include "core/method.hpp"
#include "core/shared_out.hpp"
#include "learned/factor_network.hpp"
#include "learned/graph_network.hpp"
#include "sparse/upper.hpp"

namespace krylov {

namespace {

// The network of a factor; its numbers are means and inverse deviations of the features, then its parameters.
struct FactorNetwork {
  Index edge_inputs = 0, node_inputs = 0, hidden = 0, rounds = 0;
  double strength = 1;  // what its outputs are multiplied by
  ConstVector numbers;
  static constexpr auto fields =
      std::tuple{field("edgeInputs", &FactorNetwork::edge_inputs), field("nodeInputs", &FactorNetwork::node_inputs),
                 field("hidden", &FactorNetwork::hidden),          field("rounds", &FactorNetwork::rounds),
                 field("strength", &FactorNetwork::strength),      field("numbers", &FactorNetwork::numbers)};
};

constexpr double kFar = 5;  // standard deviations, beyond which an input says no more
constexpr double kFew = 4;  // entries of an ordinary row

struct Features {
  std::vector<double> edges, nodes;
};

// The features of the factor L = U^T D^(1/2) of A; see src/learned/factor-network.steps.ts.
Features features_of(Control& control, const Csr& A, const UpperTriangle& triangle, ConstVector values,
                     ConstVector inverse_diagonal) {
  const Pattern& p = triangle.pattern;
  const std::size_t rows = p.rows;
  Features f{std::vector<double>(kEdgeFeatures * p.nonzeros()), std::vector<double>(kNodeFeatures * rows)};
  std::vector<double> product(rows), diagonal(rows);
  for (std::size_t j = 0; j < rows; j++) diagonal[j] = 1 / std::sqrt(inverse_diagonal[j]);
  for (std::size_t j = 0; j < rows; j++) {
    double y = diagonal[j];
    for (Index e = p.row_pointers[j]; e < p.row_pointers[j + 1]; e++) y += values[e] * diagonal[j];
    product[j] += diagonal[j] * y;
    for (Index e = p.row_pointers[j]; e < p.row_pointers[j + 1]; e++)
      product[p.column_indices[e]] += values[e] * diagonal[j] * y;
  }
  control.poll();
  const auto a = [&](std::size_t i) { return triangle.diagonal[i] < 0 ? 0.0 : A.values[triangle.diagonal[i]]; };
  for (std::size_t j = 0; j < rows; j++) {
    double* const node = &f.nodes[kNodeFeatures * j];
    node[0] = diagonal[j] * diagonal[j] / a(j);
    double sum = 0;
    for (Index k = A.pattern.row_pointers[j]; k < A.pattern.row_pointers[j + 1]; k++) sum += A.values[k];
    node[1] = sum / a(j);
    node[2] = (product[j] - sum) / a(j);
    node[4] = (p.row_pointers[j + 1] - p.row_pointers[j]) / kFew;
    for (Index e = p.row_pointers[j]; e < p.row_pointers[j + 1]; e++) {
      const std::size_t i = p.column_indices[e];
      f.nodes[kNodeFeatures * i + 3] += 1 / kFew;
      double* const edge = &f.edges[kEdgeFeatures * e];
      const double entry = values[e] * diagonal[j];
      edge[0] = A.values[triangle.starts[j] + e - p.row_pointers[j]] / std::sqrt(a(i) * a(j));
      edge[1] = entry / std::sqrt(a(i));
      edge[2] = entry / diagonal[i];
      edge[3] = entry / diagonal[j];
    }
  }
  control.poll();
  return f;
}

void normalise(std::vector<double>& features, std::size_t count, const double* numbers) {
  for (std::size_t at = 0; at < features.size(); at++) {
    const std::size_t f = at % count;
    features[at] = std::max(-kFar, std::min(kFar, (features[at] - numbers[f]) * numbers[count + f]));
  }
}

// A factor U^T D U whose entries a network has multiplied, in the place of that which it started from. Whether all of
// it is finite; otherwise nothing is changed.
bool learned_factor(Control& control, const Csr& A, const UpperTriangle& given, const FactorNetwork& network,
                    Vector values, Vector inverse_diagonal) {
  const UpperTriangle triangle = given.own(control, A);
  const GraphShape shape{network.edge_inputs, network.node_inputs, network.hidden, network.rounds};
  shape.check();
  const Pattern& p = triangle.pattern;
  const std::size_t normalised = 2 * (kEdgeFeatures + kNodeFeatures);
  const bool fits = values.size() == p.nonzeros() && inverse_diagonal.size() == static_cast<std::size_t>(p.rows) &&
                    shape.edge_inputs == Index{kEdgeFeatures} && shape.node_inputs == Index{kNodeFeatures} &&
                    network.numbers.size() == normalised + shape.parameters();
  if (!fits) throw Misuse("ERR_SHAPE", "the network and the factor must fit the triangle");
  Features f = features_of(control, A, triangle, values, inverse_diagonal);
  normalise(f.edges, kEdgeFeatures, network.numbers.data());
  normalise(f.nodes, kNodeFeatures, network.numbers.data() + 2 * kEdgeFeatures);
  const GraphEvaluation found =
      evaluate_graph(control, shape, network.numbers.data() + normalised, {p, f.edges.data(), f.nodes.data()}, false);
  const auto whole = [](const std::vector<double>& list) {
    return std::all_of(list.begin(), list.end(), [](double x) { return std::isfinite(x); });
  };
  if (!whole(found.edges) || !whole(found.nodes)) return false;
  for (std::size_t j = 0; j < found.nodes.size(); j++) {
    const double own = multiplier_of(network.strength * found.nodes[j]);
    inverse_diagonal[j] /= own * own;
    for (Index e = p.row_pointers[j]; e < p.row_pointers[j + 1]; e++)
      values[e] *= multiplier_of(network.strength * found.edges[e]) / own;
  }
  return true;
}

const Exposed learned_factor_{expose<learned_factor>("learnedFactor")};

}  // namespace
}  // namespace krylov
