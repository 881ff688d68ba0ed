#pragma once
#include "core/csr.hpp"

namespace krylov {

// The strictly upper triangle of a square pattern, and where its rows start in it: the symbolic part of a factor.
struct UpperTriangle {
  Pattern pattern;
  ConstIndices starts;    // per row, the offset of the first entry right of the diagonal in the full pattern
  ConstIndices diagonal;  // per row, the offset of the diagonal entry in the full pattern, or -1
  static constexpr auto fields =
      std::tuple{field("pattern", &UpperTriangle::pattern), field("starts", &UpperTriangle::starts),
                 field("diagonal", &UpperTriangle::diagonal)};

  // Lengths and offsets fit the matrix A. Throws Misuse.
  void check_against(const Csr& A) const {
    const std::size_t n = A.rows();
    bool bad =
        pattern.rows != A.pattern.rows || pattern.columns != pattern.rows || starts.size() != n || diagonal.size() != n;
    if (!bad) {
      A.pattern.check_indices();
      pattern.check_indices();
      for (std::size_t i = 0; i < n; i++) {
        const std::size_t length = pattern.row_pointers[i + 1] - pattern.row_pointers[i];
        bad |= starts[i] < 0 || static_cast<std::size_t>(starts[i]) + length > A.nonzeros();
        bad |= diagonal[i] < -1 || diagonal[i] >= static_cast<Index>(A.nonzeros());
      }
    }
    if (bad) throw Misuse("ERR_INDEX", "the triangle does not belong to the matrix");
  }
};

}  // namespace krylov
