#include "precondition/lengths.hpp"

#include <algorithm>

#include "core/shared_out.hpp"

namespace krylov {

template <class Real>
void order_by_length(Control& control, RawLevel<Real>& A, std::size_t rows) {
  const std::size_t strips = (rows + kStrip - 1) / kStrip;
  std::uint16_t* const counts = control.arena.array<std::uint16_t>(strips * kLengths);
  std::uint8_t* const order = control.arena.array<std::uint8_t>(rows);
  share_out(control, rows, [&](std::size_t begin, std::size_t most) {
    std::uint8_t lengths[kStrip];
    for (std::size_t from = begin; from < most; from += kStrip) {
      const std::size_t to = std::min(from + kStrip, most);
      Index next[kLengths + 2] = {};
      for (std::size_t i = from; i < to; i++) {
        const Index first = std::clamp<Index>(A.row_pointers[i], 0, A.nonzeros);
        const Index end = std::clamp<Index>(A.row_pointers[i + 1], first, A.nonzeros);
        next[1 + (lengths[i - from] = static_cast<std::uint8_t>(std::min<Index>(end - first, kLengths)))]++;
      }
      std::copy_n(next + 1, kLengths, counts + from / kStrip * kLengths);
      for (int m = 0; m <= kLengths; m++) next[m + 1] += next[m];
      for (std::size_t i = from; i < to; i++)
        order[from + next[lengths[i - from]]++] = static_cast<std::uint8_t>(i - from);
    }
  });
  A.counts = counts;
  A.order = order;
}

template void order_by_length(Control&, RawLevel<float>&, std::size_t);
template void order_by_length(Control&, RawLevel<double>&, std::size_t);

}  // namespace krylov
