#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/method.hpp"
#include "core/owned.hpp"
#include "precondition/shift_ladder.hpp"

namespace krylov {

namespace {

// A threshold factor, U^T D U ~ A, and how it came about. Not `ok`: the arrays are empty.
struct ThresholdFactor : FactorReport {
  Csr upper;
  ConstVector inverse_diagonal;
  static constexpr auto fields =
      std::tuple_cat(FactorReport::fields, std::tuple{field("upper", &ThresholdFactor::upper),
                                                      field("inverseDiagonal", &ThresholdFactor::inverse_diagonal)});
};

constexpr std::int64_t kWorkPerPoll = 1 << 20;  // entries: about 2 ms

// The factor in the making, of A scaled to a unit diagonal.
struct Columns {
  std::vector<Index> pointers, indices;
  std::vector<double> values, d;
};

// Brings the rows whose |w| is above the threshold to the front, of these the `most` largest; returns how many.
Index keep(Index* rows, Index length, const double* w, double threshold, double most) {
  Index count = 0;
  for (Index at = 0; at < length; at++) {
    const Index i = rows[at];
    if (!(std::abs(w[i]) > threshold)) continue;
    rows[at] = rows[count];
    rows[count++] = i;
  }
  if (count <= most) return count;
  std::nth_element(rows, rows + static_cast<Index>(most), rows + count, [w](Index i, Index j) {
    return std::abs(w[i]) != std::abs(w[j]) ? std::abs(w[i]) > std::abs(w[j]) : i < j;
  });
  return static_cast<Index>(most);
}

// Square roots of A's diagonal. False where an entry is not positive.
bool roots_of_diagonal(const Csr& A, Vector root) {
  for (Index i = 0; i < A.pattern.rows; i++) {
    root[i] = 0;
    for (Index at = A.pattern.row_pointers[i]; at < A.pattern.row_pointers[i + 1]; at++)
      if (A.pattern.column_indices[at] == i) root[i] = std::sqrt(A.values[at]);
    if (!(root[i] > 0 && root[i] < std::numeric_limits<double>::infinity())) return false;
  }
  return true;
}

bool factor(Control& control, const Csr& A, double drop_tolerance, double max_fill, double omega, double shift,
            ConstVector root, Columns& L) {
  const Index n = A.pattern.rows;
  const Index* const row = A.pattern.row_pointers.data();
  const Index* const col = A.pattern.column_indices.data();
  const double floor = omega > 0 ? 1e-2 * (1 - omega) + 1e-10 : 1e-10;
  std::vector<Index> next(n), head(n, -1), link(n), touched(n), stamp(n, -1);
  std::vector<double> w(n);
  std::vector<double>& d = L.d;
  d.assign(n, 1 + shift);
  L.pointers.assign(n + 1, 0);
  L.indices.clear();
  L.values.clear();
  const auto push = [&](Index c, Index at) {
    next[c] = at;
    link[c] = head[L.indices[at]];
    head[L.indices[at]] = c;
  };
  std::int64_t work = kWorkPerPoll;
  for (Index j = 0; j < n; j++) {
    if (work >= kWorkPerPoll) {
      work = 0;
      control.poll();
    }
    Index count = 0;
    double size = 1 + shift;
    for (Index at = row[j]; at < row[j + 1]; at++) {
      const Index i = col[at];
      if (i <= j) continue;
      w[i] = A.values[at] / (root[i] * root[j]);
      size += std::abs(w[i]);
      if (stamp[i] == j) continue;  // a column twice: somebody writes into the matrix
      stamp[i] = j;
      touched[count++] = i;
    }
    const Index own = count;
    for (Index c = head[j]; c != -1;) {
      const Index following = link[c], from = next[c], end = L.pointers[c + 1];
      const double f = L.values[from] * d[c];
      d[j] -= f * L.values[from];
      for (Index at = from + 1; at < end; at++) {
        const Index i = L.indices[at];
        if (stamp[i] != j) {
          stamp[i] = j;
          touched[count++] = i;
          w[i] = 0;
        }
        w[i] -= f * L.values[at];
      }
      work += end - from;
      if (from + 1 < end) push(c, from + 1);
      c = following;
    }
    const double threshold = d[j] > 0 ? drop_tolerance * size * std::sqrt(d[j]) : 0;
    const Index kept = keep(touched.data(), count, w.data(), threshold, own + max_fill);
    for (Index at = kept; at < count; at++) {
      const Index i = touched[at];
      const double moved = omega * w[i];
      d[i] += moved * root[j] / root[i];  // in the units of A, so that its row sums are what is kept
      d[j] += moved * root[i] / root[j];
    }
    if (!(d[j] > floor && d[j] < std::numeric_limits<double>::infinity())) return false;
    if (L.indices.size() + kept > 0x7fffffff) throw Misuse("ERR_MEMORY", "the factor has 2^31 entries or more");
    const Index start = static_cast<Index>(L.indices.size());
    std::sort(touched.begin(), touched.begin() + kept);
    for (Index at = 0; at < kept; at++) {
      L.indices.push_back(touched[at]);
      L.values.push_back(w[touched[at]] / d[j]);
    }
    L.pointers[j + 1] = start + kept;
    if (kept > 0) push(j, start);
    work += count;
  }
  return true;
}

// The factor of A itself: l_ij root_i / root_j, D_j root_j^2.
void unscale(Control& control, const Columns& L, ConstVector root, ThresholdFactor& out) {
  const Index n = static_cast<Index>(L.d.size());
  const Indices pointers = control.allocate<Index>(n + 1), indices = control.allocate<Index>(L.indices.size());
  const Vector values = control.allocate<double>(L.indices.size()), inverse = control.allocate<double>(n);
  std::copy(L.pointers.begin(), L.pointers.end(), pointers.begin());
  std::copy(L.indices.begin(), L.indices.end(), indices.begin());
  for (Index j = 0; j < n; j++) {
    inverse[j] = 1 / L.d[j] / root[j] / root[j];
    for (Index at = L.pointers[j]; at < L.pointers[j + 1]; at++)
      values[at] = L.values[at] * (root[L.indices[at]] / root[j]);
  }
  out.upper = {{n, n, pointers, indices}, values};
  out.inverse_diagonal = inverse;
}

// Incomplete Cholesky with threshold, column by column (Lin and More 1999; Saad 2003, section 10.8.3), of A scaled to a
// unit diagonal. Column j of L keeps entries above drop_tolerance ||A(j:n, j)||_1, and of these the largest, at most
// `max_fill` more than A has there; `omega` times what is dropped moves onto the two diagonals. A failed pivot restarts
// with a larger shift. Workspace: 6n.
ThresholdFactor ict(Control& control, const Csr& given, double drop_tolerance, double max_fill, double omega,
                    double shift) {
  if (given.pattern.rows != given.pattern.columns || !(max_fill >= 0))
    throw Misuse("ERR_SHAPE", "A must be square and maxFill not negative");
  const Csr A{owned(control, given.pattern), given.values};
  const Vector root = control.arena.doubles(A.rows());
  const bool positive = roots_of_diagonal(A, root);
  ThresholdFactor out;
  Columns L;
  static_cast<FactorReport&>(out) = shift_ladder(omega, shift, [&](double relaxation, double s) {
    return positive && factor(control, A, drop_tolerance, max_fill, relaxation, s, root, L);
  });
  if (out.ok) {
    unscale(control, L, root, out);
    return out;
  }
  const Indices zero = control.allocate<Index>(1);
  zero[0] = 0;
  out.upper = {{0, 0, zero, {}}, {}};
  return out;
}

const Exposed ict_{expose<ict>("ict")};

}  // namespace
}  // namespace krylov
