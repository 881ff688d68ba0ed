#include <algorithm>
#include <cmath>
#include <limits>

#include "core/lookout.hpp"
#include "core/method.hpp"
#include "learned/envelope.hpp"
#include "learned/network.hpp"
#include "learned/two_grid.hpp"

namespace krylov {

namespace {

constexpr double kLeastSum = 0.2;  // of weighed terms' magnitudes: below it their sum is not scaled

// A prolongation by weighed terms.
struct Prolonged {
  Prolonged(const Sample& s, const NetworkShape& shape, const double* theta)
      : P(s.coarse_columns.size(), 0.0),
        outputs(s.term_places.size()),
        factors(s.term_places.size()),
        scales(s.unknowns),
        sums(s.unknowns) {
    Activations kept(shape);
    for (std::size_t i = 0; i < s.unknowns; i++) {
      double wanted = 0, sum = 0, magnitude = 0;
      for (Index t = s.term_pointers[i]; t < s.term_pointers[i + 1]; t++) {
        outputs[t] = evaluate(shape, theta, s.inputs.data() + t * shape.inputs, kept);
        factors[t] = std::exp(kReach * std::tanh(outputs[t]));
        const double term = factors[t] * s.term_values[t];
        wanted += s.term_values[t];
        sum += term;
        magnitude += std::abs(term);
      }
      const bool fine =
          sum > kLeastSum * magnitude && wanted > 0 && magnitude < std::numeric_limits<double>::infinity();
      sums[i] = wanted;
      scales[i] = fine ? wanted / sum : 0;
      for (Index t = s.term_pointers[i]; t < s.term_pointers[i + 1]; t++)
        P[s.term_places[t]] += fine ? scales[i] * factors[t] * s.term_values[t] : s.term_values[t];
    }
  }

  std::vector<double> P;
  std::vector<double> outputs, factors;  // per term
  std::vector<double> scales, sums;      // per row: what its terms were scaled by, 0 where it keeps its own; its sum
};

// From the derivative by P to that by the parameters.
void through_terms(const Sample& s, const NetworkShape& shape, const double* theta, const Prolonged& made,
                   const std::vector<double>& gP, double* gradient) {
  Activations kept(shape);
  for (std::size_t i = 0; i < s.unknowns; i++) {
    if (made.scales[i] == 0) continue;
    double along = 0;
    for (Index k = s.coarse_pointers[i]; k < s.coarse_pointers[i + 1]; k++) along += gP[k] * made.P[k];
    for (Index t = s.term_pointers[i]; t < s.term_pointers[i + 1]; t++) {
      const double tangent = std::tanh(made.outputs[t]);
      const double g = made.scales[i] * (gP[s.term_places[t]] - along / made.sums[i]) * s.term_values[t] *
                       made.factors[t] * kReach * (1 - tangent * tangent);
      const double* const x = s.inputs.data() + t * shape.inputs;
      evaluate(shape, theta, x, kept);
      differentiate(shape, theta, x, kept, g, gradient);
    }
  }
}

double loss_of(const Sample& s, const NetworkShape& shape, const double* theta, Index iterations, double* gradient,
               Lookout& lookout) {
  const Prolonged made(s, shape, theta);
  const TwoGrid cycle(s, made.P);
  if (!cycle.ok()) return std::numeric_limits<double>::quiet_NaN();
  std::vector<double> gP(made.P.size(), 0.0);
  const bool wanted = gradient != nullptr;
  const double loss = envelope<TwoGrid::Applied>(
      s.error, s.residual, iterations, lookout, wanted, [&](const Block& x, Block& y) { cycle.add_product(1, x, y); },
      [&](const Block& r, TwoGrid::Applied& kept) { cycle.apply(r, kept); },
      [&](const TwoGrid::Applied& kept, const Block& g, Block& z) { cycle.back(kept, g, z, gP); });
  if (wanted && std::isfinite(loss)) through_terms(s, shape, theta, made, gP, gradient);
  return loss;
}

// Per sample of a batch, the logarithm of how much an iteration of CG reduces the energy norm of the error, with a
// cycle of two grids as preconditioner, and its gradient; see src/learned/prolongation-loss.steps.ts.
void prolongation_loss(Control& control, const SampleSet& set, ConstIndices batch, const NetworkShape& shape,
                       ConstVector theta, Index iterations, Vector losses, Vector gradients) {
  shape.check();
  const std::size_t size = shape.parameters(), count = batch.size();
  const bool fits = theta.size() >= size && theta.size() % size == 0 && losses.size() == count && iterations >= 1 &&
                    iterations <= 1000 && (gradients.empty() || gradients.size() == count * theta.size());
  if (!fits) throw Misuse("ERR_SHAPE", "parameters, losses and gradients must fit the batch");
  std::vector<Sample> samples;
  for (const Index s : batch) samples.emplace_back(set, shape.inputs, static_cast<std::size_t>(s));
  std::fill(gradients.begin(), gradients.end(), 0.0);
  Lookout lookout(control);
  control.crew.run(count, [&](std::size_t from, std::size_t to) {
    for (std::size_t at = from; at < to; at++) {
      const std::size_t start = size * std::min(samples[at].network, theta.size() / size - 1);
      double* const gradient = gradients.empty() ? nullptr : gradients.data() + at * theta.size() + start;
      losses[at] = loss_of(samples[at], shape, theta.data() + start, iterations, gradient, lookout);
    }
  });
  lookout.rethrow();
  control.poll();
}

const Exposed prolongation_loss_{expose<prolongation_loss>("prolongationLoss")};

}  // namespace
}  // namespace krylov
