#include "learned/graph_network.hpp"

#include <algorithm>
#include <cmath>

#include "core/shared_out.hpp"

namespace krylov {

namespace {

constexpr double kShare = 1.0 / 3;  // of a sum over a row or a column of a triangle, which has about so many entries

double soft(double x) { return x / (1 + std::abs(x)); }
double slope(double x) { return 1 / ((1 + std::abs(x)) * (1 + std::abs(x))); }

// sums = W x + b; W by inputs
void affine(const double* w, std::size_t hidden, const double* x, std::size_t inputs, double* sums) {
  std::copy_n(w + inputs * hidden, hidden, sums);
  for (std::size_t f = 0; f < inputs; f++, w += hidden)
    for (std::size_t q = 0; q < hidden; q++) sums[q] += w[q] * x[f];
}

// gx = W^T g; adds the derivative by W and b.
void affine_back(const double* w, std::size_t hidden, const double* x, std::size_t inputs, const double* g,
                 double* gradient, double* gx) {
  for (std::size_t q = 0; q < hidden; q++) gradient[inputs * hidden + q] += g[q];
  for (std::size_t f = 0; f < inputs; f++, w += hidden, gradient += hidden) {
    double sum = 0;
    for (std::size_t q = 0; q < hidden; q++) {
      sum += w[q] * g[q];
      gradient[q] += x[f] * g[q];
    }
    gx[f] = sum;
  }
}

// Where the layers begin.
struct Offsets {
  explicit Offsets(const GraphShape& s)
      : hidden(s.hidden),
        node_encoder((std::size_t(s.edge_inputs) + 1) * hidden),
        start(node_encoder + (std::size_t(s.node_inputs) + 1) * hidden),
        round((3 * hidden + 1) * hidden),
        edge_decoder(start + 2 * s.rounds * round),
        node_decoder(edge_decoder + hidden + 1) {}
  std::size_t edge(std::size_t r) const { return start + 2 * r * round; }
  std::size_t node(std::size_t r) const { return start + (2 * r + 1) * round; }
  std::size_t hidden, node_encoder, start, round, edge_decoder, node_decoder;
};

using States = std::vector<double>;

// The sums of m over rows and over columns of the triangle, as the network sees them.
struct Gathered {
  Gathered(const Pattern& p, std::size_t hidden, const States& m) : own(p.rows * hidden), other(p.rows * hidden) {
    for (std::size_t j = 0; j < static_cast<std::size_t>(p.rows); j++)
      for (Index e = p.row_pointers[j]; e < p.row_pointers[j + 1]; e++) {
        const std::size_t i = p.column_indices[e] * hidden;
        for (std::size_t q = 0; q < hidden; q++) {
          const double share = kShare * m[e * hidden + q];
          own[j * hidden + q] += share;
          other[i + q] += share;
        }
      }
  }
  States own, other;
};

void join(std::size_t hidden, const double* a, const double* b, const double* c, double* x) {
  std::copy_n(a, hidden, x);
  std::copy_n(b, hidden, x + hidden);
  std::copy_n(c, hidden, x + 2 * hidden);
}

std::vector<double> decoded(const double* w, std::size_t hidden, const States& states) {
  std::vector<double> out(states.size() / hidden);
  for (std::size_t i = 0; i < out.size(); i++) {
    double sum = w[hidden];
    for (std::size_t q = 0; q < hidden; q++) sum += w[q] * states[i * hidden + q];
    out[i] = sum;
  }
  return out;
}

// The derivative by the states; adds that by the parameters.
States decoded_back(const double* w, std::size_t hidden, const States& states, const std::vector<double>& g,
                    double* gradient) {
  States out(states.size());
  for (std::size_t i = 0; i < g.size(); i++) {
    gradient[hidden] += g[i];
    for (std::size_t q = 0; q < hidden; q++) {
      gradient[q] += g[i] * states[i * hidden + q];
      out[i * hidden + q] = g[i] * w[q];
    }
  }
  return out;
}

}  // namespace

GraphEvaluation evaluate_graph(Control& control, const GraphShape& shape, const double* theta, const Graph& graph,
                               bool traced) {
  const Pattern& p = graph.pattern;
  const std::size_t hidden = shape.hidden, rows = p.rows, count = p.nonzeros();
  const Offsets at(shape);
  GraphEvaluation found;
  States m(count * hidden), h(rows * hidden), sums;
  const auto layer = [&](States& state) {
    if (traced) found.trace.push_back({sums, m, h});
    share_out(control, state.size(), [&](std::size_t from, std::size_t to) {
      for (std::size_t s = from; s < to; s++) state[s] += soft(sums[s]);
    });
  };
  const auto encode = [&](const double* w, const double* features, std::size_t inputs, States& state) {
    sums.assign(state.size(), 0);
    share_out(control, state.size() / hidden, [&](std::size_t from, std::size_t to) {
      for (std::size_t s = from; s < to; s++) affine(w, hidden, features + s * inputs, inputs, &sums[s * hidden]);
    });
    layer(state);
  };
  encode(theta, graph.edges, shape.edge_inputs, m);
  encode(theta + at.node_encoder, graph.nodes, shape.node_inputs, h);
  for (std::size_t r = 0; r < static_cast<std::size_t>(shape.rounds); r++) {
    sums.assign(count * hidden, 0);
    share_out(control, rows, [&](std::size_t from, std::size_t to) {
      std::vector<double> x(3 * hidden);
      for (std::size_t j = from; j < to; j++)
        for (Index e = p.row_pointers[j]; e < p.row_pointers[j + 1]; e++) {
          join(hidden, &m[e * hidden], &h[j * hidden], &h[p.column_indices[e] * hidden], x.data());
          affine(theta + at.edge(r), hidden, x.data(), 3 * hidden, &sums[e * hidden]);
        }
    });
    layer(m);
    const Gathered sides(p, hidden, m);
    control.poll();
    sums.assign(rows * hidden, 0);
    share_out(control, rows, [&](std::size_t from, std::size_t to) {
      std::vector<double> x(3 * hidden);
      for (std::size_t i = from; i < to; i++) {
        join(hidden, &h[i * hidden], &sides.own[i * hidden], &sides.other[i * hidden], x.data());
        affine(theta + at.node(r), hidden, x.data(), 3 * hidden, &sums[i * hidden]);
      }
    });
    layer(h);
  }
  found.edges = decoded(theta + at.edge_decoder, hidden, m);
  found.nodes = decoded(theta + at.node_decoder, hidden, h);
  if (traced) found.trace.push_back({{}, std::move(m), std::move(h)});
  return found;
}

void differentiate_graph(const GraphShape& shape, const double* theta, const Graph& graph, const GraphEvaluation& found,
                         const std::vector<double>& g_edges, const std::vector<double>& g_nodes, double* gradient) {
  const Pattern& p = graph.pattern;
  const std::size_t hidden = shape.hidden, rows = p.rows;
  const Offsets at(shape);
  const auto& trace = found.trace;
  States gm = decoded_back(theta + at.edge_decoder, hidden, trace.back().m, g_edges, gradient + at.edge_decoder);
  States gh = decoded_back(theta + at.node_decoder, hidden, trace.back().h, g_nodes, gradient + at.node_decoder);
  std::vector<double> g(hidden), x(3 * hidden),
      gx(std::max<std::size_t>({3 * hidden, std::size_t(shape.edge_inputs), std::size_t(shape.node_inputs)}));
  const auto through = [&](const States& state, const States& sums, std::size_t i) {
    for (std::size_t q = 0; q < hidden; q++) g[q] = state[i * hidden + q] * slope(sums[i * hidden + q]);
  };
  const auto add = [&](States& to, std::size_t i, std::size_t part) {
    for (std::size_t q = 0; q < hidden; q++) to[i * hidden + q] += gx[part * hidden + q];
  };
  for (std::size_t r = shape.rounds; r-- > 0;) {
    const GraphEvaluation::Layer &edges = trace[2 + 2 * r], &nodes = trace[3 + 2 * r];
    const Gathered sides(p, hidden, nodes.m);
    States g_own(rows * hidden), g_other(rows * hidden);
    for (std::size_t i = 0; i < rows; i++) {
      join(hidden, &nodes.h[i * hidden], &sides.own[i * hidden], &sides.other[i * hidden], x.data());
      through(gh, nodes.sums, i);
      affine_back(theta + at.node(r), hidden, x.data(), 3 * hidden, g.data(), gradient + at.node(r), gx.data());
      add(gh, i, 0);
      add(g_own, i, 1);
      add(g_other, i, 2);
    }
    for (std::size_t j = 0; j < rows; j++)
      for (std::size_t e = p.row_pointers[j]; e < static_cast<std::size_t>(p.row_pointers[j + 1]); e++) {
        const std::size_t i = p.column_indices[e];
        for (std::size_t q = 0; q < hidden; q++)
          gm[e * hidden + q] += kShare * (g_own[j * hidden + q] + g_other[i * hidden + q]);
        join(hidden, &edges.m[e * hidden], &edges.h[j * hidden], &edges.h[i * hidden], x.data());
        through(gm, edges.sums, e);
        affine_back(theta + at.edge(r), hidden, x.data(), 3 * hidden, g.data(), gradient + at.edge(r), gx.data());
        add(gm, e, 0);
        add(gh, j, 1);
        add(gh, i, 2);
      }
  }
  const auto encode_back = [&](std::size_t offset, const double* features, std::size_t inputs, const States& state,
                               const States& sums) {
    for (std::size_t s = 0; s * hidden < state.size(); s++) {
      through(state, sums, s);
      affine_back(theta + offset, hidden, features + s * inputs, inputs, g.data(), gradient + offset, gx.data());
    }
  };
  encode_back(at.node_encoder, graph.nodes, shape.node_inputs, gh, trace[1].sums);
  encode_back(0, graph.edges, shape.edge_inputs, gm, trace[0].sums);
}

}  // namespace krylov
