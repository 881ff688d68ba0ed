#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <thread>

#include "core/pause.hpp"
#include "core/team.hpp"
#include "core/types.hpp"

namespace krylov {

// Tasks that wait for each other, without barriers. They stand in `lanes` lanes, each to be done in order of its steps;
// task (lane, step) also waits until lane m has done step - needs[lane][m], where needs is not negative. All that is
// shared are two counters per lane: a thread claims a task only when everything before it is done, and never waits
// while it holds one, so any subset of the threads makes progress and one that is preempted delays only what needs its
// task.
class Wavefront {
 public:
  static constexpr std::size_t kLanes = 8;
  static constexpr int kNone = -1;

  struct Task {
    std::size_t lane, step;
  };

  // needs[l * lanes + m] >= (m > l): so that the order by step, then by lane, is always possible.
  Wavefront(std::size_t lanes, ConstIndices needs) : lanes_(lanes), needs_(needs) {}

  // body(task): steps [from, to) of all lanes, on the crew's threads.
  template <class Body>
  void run(Crew& crew, std::size_t from, std::size_t to, Body&& body) {
    for (std::size_t l = 0; l < lanes_; l++) {
      lane_[l].claimed.store(static_cast<std::uint32_t>(from), std::memory_order_relaxed);
      lane_[l].done.store(static_cast<std::uint32_t>(from), std::memory_order_relaxed);
    }
    const std::size_t seats = crew.threads();
    crew.run(seats, [&](std::size_t seat, std::size_t end) {
      for (; seat < end; seat++) take_part(seat * lanes_ / seats, to, body);
    });
  }

 private:
  static constexpr std::uint32_t kLead = 4;  // steps that a lane may be ahead of the last: what a cache holds of them
  static constexpr int kSpin = 2000;         // pauses, about 30 us, before a core is offered to somebody else

  struct alignas(64) Lane {
    std::atomic<std::uint32_t> claimed{0}, done{0};
  };

  template <class Body>
  void take_part(std::size_t home, std::size_t to, Body& body) {
    for (int idle = 0;;) {
      bool over = true, worked = false;
      for (std::size_t k = 0; k < lanes_ && !worked; k++) {
        const std::size_t l = home + k < lanes_ ? home + k : home + k - lanes_;
        std::uint32_t step = lane_[l].claimed.load(std::memory_order_relaxed);
        if (step >= to) continue;
        over = false;
        if (!ready(l, step) || !lane_[l].claimed.compare_exchange_strong(step, step + 1, std::memory_order_relaxed))
          continue;
        body(Task{l, step});
        lane_[l].done.store(step + 1, std::memory_order_release);
        worked = true;
      }
      if (worked) {
        idle = 0;
      } else if (over) {
        return;
      } else if (++idle < kSpin) {
        spin_pause();
      } else {
        std::this_thread::yield();
      }
    }
  }

  std::uint32_t done(std::size_t lane) const { return lane_[lane].done.load(std::memory_order_acquire); }

  bool ready(std::size_t l, std::uint32_t step) const {
    if (done(l) != step) return false;
    for (std::size_t m = 0; m < lanes_; m++) {
      const int back = needs_[l * lanes_ + m];
      if (m != l && back != kNone && done(m) + back < step + 1) return false;
    }
    return l + 1 == lanes_ || step < done(lanes_ - 1) + kLead;
  }

  const std::size_t lanes_;
  const ConstIndices needs_;
  std::array<Lane, kLanes> lane_;
};

}  // namespace krylov
