#pragma once
#include <vector>

#include "learned/blocks.hpp"

namespace krylov {

constexpr std::size_t kSampleFields = 6;  // numbers per sample in a set's table

// Samples one after the other; see src/learned/samples.ts.
struct SampleSet {
  ConstIndices row_pointers, column_indices;
  ConstVector values, inverse_diagonal;
  ConstIndices term_pointers, term_places;
  ConstVector term_values, inputs;
  ConstIndices coarse_pointers, coarse_columns;
  ConstVector smoother, scale, error, residual;
  ConstIndices table;
  Index degree = 0;
  static constexpr auto fields = std::tuple{field("rowPointers", &SampleSet::row_pointers),
                                            field("columnIndices", &SampleSet::column_indices),
                                            field("values", &SampleSet::values),
                                            field("inverseDiagonal", &SampleSet::inverse_diagonal),
                                            field("termPointers", &SampleSet::term_pointers),
                                            field("termPlaces", &SampleSet::term_places),
                                            field("termValues", &SampleSet::term_values),
                                            field("inputs", &SampleSet::inputs),
                                            field("coarsePointers", &SampleSet::coarse_pointers),
                                            field("coarseColumns", &SampleSet::coarse_columns),
                                            field("smoother", &SampleSet::smoother),
                                            field("scale", &SampleSet::scale),
                                            field("error", &SampleSet::error),
                                            field("residual", &SampleSet::residual),
                                            field("table", &SampleSet::table),
                                            field("degree", &SampleSet::degree)};
};

// Sample s of a set, as views: of those before it only the table is read.
struct Sample {
  Sample(const SampleSet& set, std::size_t inputs, std::size_t s);

  std::size_t unknowns = 0, coarse = 0, network = 0;
  double scale = 1;  // how much of a coarse correction is taken
  ConstIndices row_pointers, column_indices;
  ConstVector values, inverse_diagonal;
  ConstIndices term_pointers, term_places;
  ConstVector term_values, inputs;
  ConstIndices coarse_pointers, coarse_columns;
  ConstVector smoother, error, residual;

 private:
  void check() const;
};

// A cycle of two grids on blocks, P the values of the prolongation.
class TwoGrid {
 public:
  TwoGrid(const Sample& sample, const std::vector<double>& P);
  // Whether P^T A P is positive definite.
  bool ok() const { return ok_; }

  // What one application leaves behind: the residual before the coarse correction, and that correction.
  struct Applied {
    Block before, y, z;
  };
  // z = M^-1 r: smoothing, coarse correction, smoothing.
  void apply(const Block& r, Applied& out) const;
  // z = M^-1 g; adds to gP the derivative of g . M^-1 r, of which `applied` is left.
  void back(const Applied& applied, const Block& g, Block& z, std::vector<double>& gP) const;
  // y += sign A x
  void add_product(double sign, const Block& x, Block& y) const;

 private:
  void smooth(const Block& b, Block& x) const;
  void add_prolonged(double scale, const Block& x, Block& y) const;
  void coarse_solve(const Block& r, Block& y) const;

  const Sample& sample_;
  const std::vector<double>& P_;
  std::vector<double> factor_;
  bool ok_ = false;
};

}  // namespace krylov
