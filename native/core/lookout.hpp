#pragma once
#include <atomic>
#include <thread>

#include "core/control.hpp"

namespace krylov {

// Lets the calling thread of several look for an abort, and the others know of it.
class Lookout {
 public:
  explicit Lookout(Control& control) : control_(control) {}
  // True: stop.
  bool look() {
    if (std::this_thread::get_id() == caller_ && !stopped_.load(std::memory_order_relaxed)) try {
        control_.poll();
      } catch (const Cancelled&) {
        stopped_.store(true, std::memory_order_relaxed);
      }
    return stopped_.load(std::memory_order_relaxed);
  }
  void rethrow() const {
    if (stopped_) throw Cancelled{};
  }

 private:
  Control& control_;
  std::thread::id caller_ = std::this_thread::get_id();
  std::atomic<bool> stopped_{false};
};

}  // namespace krylov
