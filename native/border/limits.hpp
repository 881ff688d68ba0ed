#pragma once
#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/control.hpp"

namespace krylov {

constexpr std::size_t kMostLeaves = 64;  // of any method's arguments

// Milliseconds from now as a point in time; a number that is none, or centuries: never.
inline Control::Clock::time_point deadline_after(double milliseconds) {
  if (!(milliseconds < 1e12)) return Control::Clock::time_point::max();
  return Control::Clock::now() + std::chrono::microseconds(std::llround(std::max(0.0, milliseconds) * 1e3));
}

// The number of threads that a call asks for; 0: all.
inline int thread_count(double wanted) { return wanted >= 1 ? static_cast<int>(std::min(wanted, 1024.0)) : 0; }

}  // namespace krylov
