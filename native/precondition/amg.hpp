#pragma once
#include <functional>
#include <vector>

#include "precondition/hierarchy.hpp"

namespace krylov {

struct AmgSettings {
  double damping = 4.0 / 3;  // omega times the bound of the spectrum, of the step that smooths T
  double threshold = 0;      // of strength on the finest level; halved from level to level
  Index coarsest = 1;        // unknowns that the coarsest level may have
  Index block_size = 1;
  Index columns = 0;      // vectors in `near`; 0 stands for the constant one
  bool l1 = false;        // whether the smoother's D holds the sums of magnitudes of the rows
  Index bits = 0;         // of the numbers that a cycle reads: 32, 64, or 0 for what the diagonal allows
  bool constant = false;  // whether constants are the null space of A
  static constexpr auto fields =
      std::tuple{field("damping", &AmgSettings::damping),   field("threshold", &AmgSettings::threshold),
                 field("coarsest", &AmgSettings::coarsest), field("blockSize", &AmgSettings::block_size),
                 field("columns", &AmgSettings::columns),   field("l1", &AmgSettings::l1),
                 field("bits", &AmgSettings::bits),         field("constant", &AmgSettings::constant)};
};

// The numbers of a hierarchy, and the rest of it.
struct AmgValues {
  bool ok = false;  // whether every level has a positive diagonal and the coarsest is positive (semi)definite
  Reals finest, values, inverse_diagonal;
  ConstVector largest, coarse;
  static constexpr auto fields =
      std::tuple{field("ok", &AmgValues::ok),           field("finest", &AmgValues::finest),
                 field("values", &AmgValues::values),   field("inverseDiagonal", &AmgValues::inverse_diagonal),
                 field("largest", &AmgValues::largest), field("coarse", &AmgValues::coarse)};
};

struct AmgBuilt {
  bool ok = false;
  Reals finest, values, inverse_diagonal;
  ConstVector largest, coarse;
  ConstIndices levels, row_pointers, column_indices, aggregates;
  ConstVector thresholds;
  static constexpr auto fields = std::tuple{field("ok", &AmgBuilt::ok),
                                            field("finest", &AmgBuilt::finest),
                                            field("values", &AmgBuilt::values),
                                            field("inverseDiagonal", &AmgBuilt::inverse_diagonal),
                                            field("largest", &AmgBuilt::largest),
                                            field("coarse", &AmgBuilt::coarse),
                                            field("levels", &AmgBuilt::levels),
                                            field("rowPointers", &AmgBuilt::row_pointers),
                                            field("columnIndices", &AmgBuilt::column_indices),
                                            field("aggregates", &AmgBuilt::aggregates),
                                            field("thresholds", &AmgBuilt::thresholds)};
};

// A level in the making. Its matrix is A's own, or the product of the level above.
struct SetupLevel {
  MatrixView<double> A;
  Product product;
  Scaling scale;
  Buffer<Index> aggregates;
  OwnedPattern P, R;
  PatternView known_P, known_R;  // of an update, which keeps them
  Buffer<double> transfer;
  Buffer<Index> source;
  double threshold = 0;

  PatternView p() const { return P.rows > 0 ? P.view() : known_P; }
  PatternView r() const { return R.row_pointers.size() > 0 ? R.view() : known_R; }
};

// Factors of the terms of P, one per entry of the matrix of a level; none where the level keeps its terms.
using Weigh = std::function<Buffer<float>(Control&, const MatrixView<double>& A, const double* diagonal,
                                          const NodeGraph&, const Aggregates&, std::size_t level)>;

// Smoothed aggregation (Vanek, Mandel and Brezina 1996): the levels of A, finest first.
AmgBuilt hierarchy(Control&, const Csr& A, ConstVector near, const AmgSettings&, const Weigh&);

// The arrays that a cycle reads (but for the finest level in double: that is A's own), and the factor of the coarsest
// level. What has been packed is given back. No levels: those of a set-up that failed.
void finish(Control&, std::vector<SetupLevel>& levels, ConstVector given, const AmgSettings&, AmgValues& out);
void pack_pattern(Control&, std::vector<SetupLevel>& levels, AmgBuilt& out);

}  // namespace krylov
