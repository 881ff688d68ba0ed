#include "learned/terms.hpp"

#include <algorithm>
#include <array>

namespace krylov {

namespace {

constexpr double kAlike = 0.6;  // rows as long as most are, as a share of all, from which on a level is regular
constexpr Index kLongest = 64;

}  // namespace

bool is_regular(const PatternView& p) {
  std::array<Index, kLongest + 1> counts{};
  for (Index i = 0; i < p.rows; i++) counts[std::min(kLongest, p.row_pointers[i + 1] - p.row_pointers[i])]++;
  return *std::max_element(counts.begin(), counts.end()) > kAlike * p.rows;
}

Terms::Terms(Control& control, const MatrixView<double>& A, const double* diagonal, const NodeGraph& graph,
             const Aggregates& found)
    : A_(A), graph_(graph), sizes_(found.count + 1, 0.0F), nodes_(A.pattern.rows) {
  for (const Index c : found.of) sizes_[c + 1]++;
  for (float& size : sizes_) size /= kSize;
  sizes_[0] = 0;
  share_out(control, A.pattern.rows, [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; i++) {
      double sum = 0;
      Index degree = 0;
      for (Index k = A.pattern.row_pointers[i]; k < A.pattern.row_pointers[i + 1]; k++) {
        sum += A.values[k];
        degree += graph.strong[k];
      }
      const double inverse = 1 / diagonal[i];
      const Index c = found.of[i];
      nodes_[i] = {inverse, static_cast<float>(degree) / kSize, static_cast<float>(sum * inverse), sizes_[c + 1], c};
    }
  });
}

}  // namespace krylov
