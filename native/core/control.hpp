#pragma once
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <span>
#include <vector>

#include "core/arena.hpp"
#include "core/error.hpp"
#include "core/team.hpp"
#include "core/types.hpp"

namespace krylov {

// How a running call is watched and stopped, and where its memory and its threads come from. The border derives from
// it; a program without Node uses it as it is.
class Control {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Control(int threads = 0, Clock::time_point deadline = Clock::time_point::max())
      : crew(threads), deadline_(deadline) {}
  virtual ~Control() = default;

  // Reports an iteration. True: the time limit has passed, return what there is. Throws Cancelled.
  bool iterate(double iteration, double residual_norm) {
    poll();
    report(iteration, residual_norm);
    return deadline_ != Clock::time_point::max() && Clock::now() >= deadline_;
  }

  // Called at least every 5 ms of work. Throws Cancelled.
  void poll() {
    if (cancelled()) throw Cancelled{};
  }

  // An output array whose size is known only now; the caller of the method owns it.
  template <class T>
  std::span<T> allocate(std::size_t n) {
    return {static_cast<T*>(allocate_bytes(n * sizeof(T))), n};
  }

  // The same with the entries of a list.
  template <class T>
  std::span<T> handed_over(const std::vector<T>& list) {
    const std::span<T> out = allocate<T>(list.size());
    std::copy(list.begin(), list.end(), out.begin());
    return out;
  }

  Arena arena;
  Crew crew;

 protected:
  virtual bool cancelled() const { return false; }
  virtual void report(double, double) {}
  virtual void* allocate_bytes(std::size_t bytes) { return arena.doubles((bytes + 7) / 8).data(); }

 private:
  Clock::time_point deadline_;
};

}  // namespace krylov
