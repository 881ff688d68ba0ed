#include "precondition/bands.hpp"

#include <algorithm>
#include <limits>
#include <mutex>

#include "core/shared_out.hpp"

namespace krylov {

namespace {

constexpr std::size_t kLeastBands = 1 << 14;  // rows of a level that is worth looking at by diagonals
constexpr std::size_t kMostBands = 16;
constexpr double kMostZeros = 1.4;  // numbers kept per entry, up to which they are fewer bytes than numbers and columns

}  // namespace

template <class Real>
RawBands<Real> by_diagonals(Control& control, const RawLevel<Real>& A, const Real* inverse_diagonal, std::size_t n,
                            std::vector<std::int64_t>& kept) {
  if (n < kLeastBands) return {};
  std::vector<std::int64_t> offsets;
  std::mutex guard;
  const auto bounds = [&](std::size_t i) {
    const Index first = std::clamp<Index>(A.row_pointers[i], 0, A.nonzeros);
    return std::pair{first, std::clamp<Index>(A.row_pointers[i + 1], first, A.nonzeros)};
  };
  share_out(control, n, [&](std::size_t from, std::size_t to) {
    std::vector<std::int64_t> found;
    Index before = 0, length = 0;  // of the last row that was looked at
    for (std::size_t i = from; i < to && found.size() <= kMostBands; i++) {
      const auto [first, end] = bounds(i);
      bool alike = i > from && end - first == length;
      for (Index k = 0; k < length && alike; k++)
        alike = A.column_indices[first + k] == std::int64_t{A.column_indices[before + k]} + 1;
      before = first;
      length = end - first;
      if (alike) continue;
      for (Index k = first; k < end; k++) {
        const std::int64_t offset = A.column_indices[k] - static_cast<std::int64_t>(i);
        if (std::find(found.begin(), found.end(), offset) == found.end()) found.push_back(offset);
      }
    }
    const std::lock_guard lock(guard);
    for (const std::int64_t offset : found)
      if (std::find(offsets.begin(), offsets.end(), offset) == offsets.end()) offsets.push_back(offset);
  });
  const std::size_t count = offsets.size();
  if (count == 0 || count > kMostBands || double(count) * n > kMostZeros * A.nonzeros) return {};
  std::sort(offsets.begin(), offsets.end());
  kept = offsets;
  const std::size_t strips = (n + kStrip - 1) / kStrip;
  Real *const values = control.arena.array<Real>(count * n), *const constants =
                                                                 control.arena.array<Real>((count + 1) * strips);
  // strip by strip in the first cache; what repeats one number is not written
  share_out(control, n, [&](std::size_t begin, std::size_t most) {
    std::vector<Real> strip(count * kStrip);
    for (std::size_t from = begin; from < most; from += kStrip) {
      const std::size_t to = std::min(from + kStrip, most);
      std::fill(strip.begin(), strip.end(), Real{0});
      for (std::size_t i = from; i < to; i++) {
        const auto [first, end] = bounds(i);
        bool whole = end - first == static_cast<Index>(count);
        for (std::size_t k = 0; k < count && whole; k++)
          whole = A.column_indices[first + k] == static_cast<std::int64_t>(i) + offsets[k];
        for (std::size_t k = 0; k < count && whole; k++) strip[k * kStrip + i - from] = A.values[first + k];
        if (whole) continue;
        std::size_t d = 0;
        for (Index k = first; k < end; k++) {
          const std::int64_t offset = A.column_indices[k] - static_cast<std::int64_t>(i);
          while (d < count && offsets[d] < offset) d++;
          if (d == count) break;
          if (offsets[d] == offset) strip[d * kStrip + i - from] = A.values[k];
        }
      }
      for (std::size_t d = 0; d <= count; d++) {
        const Real* const given = d < count ? strip.data() + d * kStrip : inverse_diagonal + from;
        const std::int64_t offset = d < count ? offsets[d] : 0;
        const std::int64_t low = std::max<std::int64_t>(0, -offset - static_cast<std::int64_t>(from));
        const std::int64_t high =
            std::min<std::int64_t>(to, static_cast<std::int64_t>(n) - offset) - static_cast<std::int64_t>(from);
        bool same = true;
        for (std::int64_t i = low + 1; i < high; i++) same &= given[i] == given[low];
        const bool constant = same && low < high;
        constants[d * strips + from / kStrip] = constant ? given[low] : std::numeric_limits<Real>::quiet_NaN();
        if (d < count && !constant) std::copy_n(given, to - from, values + d * n + from);
      }
    }
  });
  return {kept.data(), values, constants, count, n, strips};
}

template RawBands<float> by_diagonals(Control&, const RawLevel<float>&, const float*, std::size_t,
                                      std::vector<std::int64_t>&);
template RawBands<double> by_diagonals(Control&, const RawLevel<double>&, const double*, std::size_t,
                                       std::vector<std::int64_t>&);

}  // namespace krylov
