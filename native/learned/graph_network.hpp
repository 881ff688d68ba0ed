#pragma once
#include <vector>

#include "core/control.hpp"
#include "core/matrix.hpp"
#include "core/plain.hpp"

namespace krylov {

// A network that passes messages along the entries of a strictly upper triangle; see
// src/learned/graph-network.steps.ts.
struct GraphShape {
  Index edge_inputs = 0, node_inputs = 0, hidden = 0, rounds = 0;
  static constexpr auto fields =
      std::tuple{field("edgeInputs", &GraphShape::edge_inputs), field("nodeInputs", &GraphShape::node_inputs),
                 field("hidden", &GraphShape::hidden), field("rounds", &GraphShape::rounds)};
  std::size_t parameters() const {
    const std::size_t h = hidden;
    return (std::size_t(edge_inputs) + node_inputs + 2 + rounds * 2 * (3 * h + 1)) * h + 2 * (h + 1);
  }
  void check() const {
    const auto within = [](Index n, Index least, Index most) { return n >= least && n <= most; };
    if (!within(edge_inputs, 1, 64) || !within(node_inputs, 1, 64) || !within(hidden, 1, 64) || !within(rounds, 0, 16))
      throw Misuse("ERR_SHAPE", "the network is too large");
  }
};

// So many features per entry and per unknown.
struct Graph {
  const Pattern& pattern;
  const double *edges, *nodes;
};

// One evaluation: its outputs, and per layer its sums and the states before it where it was traced.
struct GraphEvaluation {
  std::vector<double> edges, nodes;
  struct Layer {
    std::vector<double> sums, m, h;
  };
  std::vector<Layer> trace;
};

GraphEvaluation evaluate_graph(Control&, const GraphShape&, const double* theta, const Graph&, bool traced);
// Adds the derivative by the parameters, where those by the outputs are given.
void differentiate_graph(const GraphShape&, const double* theta, const Graph&, const GraphEvaluation&,
                         const std::vector<double>& g_edges, const std::vector<double>& g_nodes, double* gradient);

}  // namespace krylov
