#include <cmath>
#include <vector>

#include "core/shared_out.hpp"
#include "precondition/hierarchy.hpp"

namespace krylov {

static constexpr double kDependent = 1e-8;  // a column that keeps less of itself than this depends on those before it

// Orthonormal columns in each aggregate, by modified Gram-Schmidt, and R with T R = B: `near` holds B by rows. A
// dependent column of an aggregate becomes zero. One constant vector needs no arithmetic: T = 1.
Tentative tentative(Control& control, const Index* aggregates, Index nodes, Index count, ConstVector near,
                    Index columns, Index block_size) {
  Tentative T;
  T.columns = columns;
  T.block_size = block_size;
  if (near.empty()) return T;
  const std::size_t k = columns;
  T.values = Buffer<double>(near.size());
  std::copy(near.begin(), near.end(), T.values.begin());
  T.coarse = Buffer<double>::zeros(std::size_t(count) * k * k);
  std::vector<Index> starts(count + 1, 0), members;
  for (Index I = 0; I < nodes; I++)
    if (aggregates[I] >= 0) starts[aggregates[I] + 1]++;
  for (Index c = 0; c < count; c++) starts[c + 1] += starts[c];
  members.resize(starts[count]);
  std::vector<Index> next(starts.begin(), starts.end() - 1);
  for (Index I = 0; I < nodes; I++)
    if (aggregates[I] >= 0) members[next[aggregates[I]]++] = I;
  share_out(control, count, [&](std::size_t from, std::size_t to) {
    std::vector<double*> rows;
    for (std::size_t c = from; c < to; c++) {
      rows.clear();
      for (Index m = starts[c]; m < starts[c + 1]; m++)
        for (Index e = 0; e < block_size; e++)
          rows.push_back(T.values.data() + (std::size_t(members[m]) * block_size + e) * k);
      double* const R = T.coarse.data() + c * k * k;
      for (std::size_t q = 0; q < k; q++) {
        double size = 0;
        for (const double* row : rows) size += row[q] * row[q];
        const double before = std::sqrt(size);
        for (std::size_t p = 0; p < q; p++) {
          double dot = 0;
          for (const double* row : rows) dot += row[p] * row[q];
          for (double* row : rows) row[q] -= dot * row[p];
          R[p * k + q] = dot;
        }
        size = 0;
        for (const double* row : rows) size += row[q] * row[q];
        const double after = std::sqrt(size);
        const double scale = after > kDependent * before ? 1 / after : 0;
        R[q * k + q] = scale > 0 ? after : 0;
        for (double* row : rows) row[q] *= scale;
      }
    }
  });
  return T;
}

}  // namespace krylov
