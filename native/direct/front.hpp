#pragma once
#include <array>
#include <atomic>

#include "core/control.hpp"
#include "kernels/tiles.hpp"

namespace krylov {

// Pivots by sign; those that were zero to rounding, and so replaced, last.
using Signs = std::array<std::int32_t, 3>;

// A pivot of the scaled matrix up to this is rounding.
constexpr double kTinyPivot = 1e-14;
// What stands in for it: sqrt(eps), which perturbs A by as little as refinement can take back.
constexpr double kReplacement = 1.0 / (1 << 26);

// Dense work on one front: the panel holds the columns of a supernode, `height` long, column by column; an update
// matrix is the lower triangle of what they take from the rows below, in a full square. Tiles are fixed, so that bits
// do not depend on who computes which.
class Front {
 public:
  explicit Front(Control& control)
      : control_(control), threads_(control.crew.threads()), work_(control.arena.doubles(threads_ * kWork)) {}

  Control& control() { return control_; }

  // L and D of the panel's columns in place, and update = -L2 D L2^T, L2 the rows below them. `alone`: on this thread,
  // which may be any, without looking for an abort.
  void factor(double* panel, std::size_t width, std::size_t height, double* d, double* update, Signs& signs,
              bool alone);

  static std::size_t workspace(int threads) { return threads * kWork; }

 private:
  static constexpr std::size_t kTile = 128;
  static constexpr std::size_t kRows = 256;  // of a triangular solve with kLdlBlock columns: 128 KB
  static constexpr std::size_t kWork = rank_work(kTile, kTile);
  static constexpr double kParallel = 1e6;      // flops below which one thread is faster than two: 50 us
  static constexpr double kFlopsPerPoll = 5e7;  // below 3 ms of the slowest instruction set

  void trailing(double* c, std::size_t ldc, std::size_t rows, std::size_t columns, const double* a, std::size_t lda,
                const double* d, std::size_t k, bool overwrite, bool alone);
  template <class Body>
  void share(std::size_t pieces, double flops, bool alone, Body&& body);

  // One packing buffer per thread of the call.
  double* take() {
    for (int slot = 0;; slot = (slot + 1) % threads_)
      if (!taken_[slot].test_and_set(std::memory_order_acquire)) return work_.data() + slot * kWork;
  }
  void give(double* work) { taken_[(work - work_.data()) / kWork].clear(std::memory_order_release); }

  Control& control_;
  int threads_;
  Vector work_;
  std::array<std::atomic_flag, 64> taken_{};
  const Tiles& t_ = krylov::tiles();
};

}  // namespace krylov
