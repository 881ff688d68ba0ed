#pragma once
#include <algorithm>

#include "completion/rows.hpp"
#include "kernels/tiles.hpp"

namespace krylov {

// The rows of the factor that stays, in either precision: each `length` doubles or singles, of which those from the
// rank on are zero where it was packed.
struct Features {
  const double* doubles = nullptr;
  const float* singles = nullptr;
  std::size_t length = 0, last = 0;  // last: number of the last row
  bool packed = false;

  std::size_t row_bytes() const { return length * (singles != nullptr ? sizeof(float) : sizeof(double)); }
  const char* rows() const {
    return singles != nullptr ? reinterpret_cast<const char*>(singles) : reinterpret_cast<const char*>(doubles);
  }
};

inline constexpr std::size_t kWorthPacking = 4;  // times that a row is read

// V as it is, or where its rows are read often a copy: rows begin at lines of the cache, and lie on large pages.
inline Features features_of(Control& control, const Reals& V, std::size_t rank, std::size_t rows, std::size_t reads,
                            std::size_t length) {
  const auto copied = [&](const auto* from) {
    using Real = std::remove_const_t<std::remove_pointer_t<decltype(from)>>;
    Real* const to = control.arena.array<Real>(rows * length + 16);
    share_out(control, rows, [&](std::size_t first, std::size_t end) {
      for (std::size_t j = first; j < end; j++)
        std::fill(std::copy_n(from + j * rank, rank, to + j * length), to + (j + 1) * length, Real{0});
    });
    return to;
  };
  const bool packed = reads >= kWorthPacking * rows;
  Features features{nullptr, nullptr, packed ? length : rank, rows - 1, packed};
  if (V.singles.empty())
    features.doubles = packed ? copied(V.doubles.data()) : V.doubles.data();
  else
    features.singles = packed ? copied(V.singles.data()) : V.singles.data();
  return features;
}

}  // namespace krylov
