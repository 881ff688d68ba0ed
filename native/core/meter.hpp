#pragma once
#include <cstdint>

#include "core/control.hpp"

namespace krylov {

// Polls a control after every million entries of work that a loop says it has done: about 2 ms.
class Meter {
 public:
  explicit Meter(Control& control) : control_(control) {}
  void spend(std::int64_t entries) {
    if ((spent_ += entries) < kEntries) return;
    spent_ = 0;
    control_.poll();
  }

 private:
  static constexpr std::int64_t kEntries = 1 << 20;
  Control& control_;
  std::int64_t spent_ = 0;
};

}  // namespace krylov
