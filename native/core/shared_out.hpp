#pragma once
#include <algorithm>
#include <atomic>
#include <mutex>
#include <vector>

#include "core/lookout.hpp"

namespace krylov {

// Rows that a thread takes at a time where rows are much work each, and below which one thread does it all.
inline constexpr std::size_t kRowsPerPiece = 512;
inline constexpr std::size_t kPiecesPerLook = 4;  // after which a thread looks for an abort

// Runs body(first, last) over [0, pieces) on the call's threads, up to `each` at a time; an abort, or an exception of
// any of them, ends it and is thrown here.
template <class Body>
void in_pieces(Control& control, std::size_t pieces, std::size_t each, Body&& body) {
  std::atomic<bool> failed{false};
  Lookout lookout(control);
  control.crew.run(pieces, [&](std::size_t first, std::size_t last) {
    for (; first < last && !failed.load(std::memory_order_relaxed) && !lookout.look(); first += each) try {
        body(first, std::min(first + each, last));
      } catch (...) {
        failed.store(true, std::memory_order_relaxed);
        throw;
      }
  });
  lookout.rethrow();
  control.poll();
}

// Runs body(from, to) over [0, rows) in that way.
template <class Body>
void share_out(Control& control, std::size_t rows, Body&& body) {
  in_pieces(
      control, (rows + kRowsPerPiece - 1) / kRowsPerPiece, kPiecesPerLook,
      [&](std::size_t first, std::size_t last) { body(first * kRowsPerPiece, std::min(last * kRowsPerPiece, rows)); });
}

// Workspaces that threads borrow, one each at a time: as many as there are threads, made when they are wanted.
template <class Scratch>
class Pool {
 public:
  template <class Make, class Use>
  void with(Make&& make, Use&& use) {
    std::unique_ptr<Scratch> mine;
    {
      const std::lock_guard lock(guard_);
      if (!free_.empty()) {
        mine = std::move(free_.back());
        free_.pop_back();
      }
    }
    if (!mine) mine = std::make_unique<Scratch>(make());
    use(*mine);
    const std::lock_guard lock(guard_);
    free_.push_back(std::move(mine));
  }

 private:
  std::mutex guard_;
  std::vector<std::unique_ptr<Scratch>> free_;
};

}  // namespace krylov
