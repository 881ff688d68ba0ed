#include "core/team.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

#include "core/pause.hpp"

#if defined(__linux__)
#include <pthread.h>
#include <sched.h>
#endif

namespace krylov {

namespace {

constexpr int kSeats = 64;             // most threads in one crew
constexpr int kChunks = 32;            // per segment: an uneven end costs at most 1/32 of a sweep
constexpr int kSpin = 2000;            // pauses before a worker goes back to sleep: about 30 us
constexpr int kSpinForOthers = 50000;  // pauses before the caller yields its core to a preempted worker

// Unclaimed chunks [first, last) of one thread's share, tagged with the sweep they belong to: 32 + 16 + 16 bits, so
// that a claim is one compare-and-swap and a claim on an old sweep always fails.
struct Range {
  std::uint32_t epoch;
  std::uint16_t first, last;
  std::uint64_t packed() const { return std::uint64_t{epoch} << 32 | std::uint64_t{first} << 16 | last; }
  static Range of(std::uint64_t bits) {
    return {static_cast<std::uint32_t>(bits >> 32), static_cast<std::uint16_t>(bits >> 16),
            static_cast<std::uint16_t>(bits)};
  }
};

struct alignas(64) Segment {
  std::atomic<std::uint64_t> range{0};
};

}  // namespace

struct Shift {
  explicit Shift(int threads) : seats(threads) {}

  const int seats;
  std::array<Segment, kSeats> segments;
  std::atomic<void (*)(void*, std::size_t, std::size_t)> call{nullptr};
  std::atomic<void*> context{nullptr};
  std::atomic<std::size_t> pieces{0};
  alignas(64) std::atomic<std::uint32_t> epoch{0};
  alignas(64) std::atomic<std::size_t> open{0};     // chunks of the current sweep that are not done
  alignas(64) std::atomic<std::uint64_t> taken{1};  // a bit per seat; seat 0 is the caller's
  std::atomic<bool> wanting{false};
  std::atomic<bool> ended{false};

  // First piece of a segment: an even share for every seat, whoever sits there.
  std::size_t start(int segment) const { return pieces.load(std::memory_order_relaxed) * segment / seats; }

  // Claims one chunk of a segment, from its front if it is the thread's own and from its back otherwise, and runs it.
  bool work_on(int segment, bool own) {
    std::atomic<std::uint64_t>& range = segments[segment].range;
    std::uint64_t bits = range.load(std::memory_order_acquire);
    for (;;) {
      Range left = Range::of(bits);
      if (left.first >= left.last) return false;
      const auto run = call.load(std::memory_order_relaxed);
      void* const with = context.load(std::memory_order_relaxed);
      const std::size_t begin = start(segment), end = start(segment + 1);
      const int chunk = own ? left.first++ : --left.last;
      if (!range.compare_exchange_weak(bits, left.packed(), std::memory_order_acq_rel)) continue;
      // only now is it certain that what was read belongs to this sweep: it cannot end before this chunk is done
      const std::size_t chunks = std::min<std::size_t>(kChunks, end - begin);
      run(with, begin + (end - begin) * chunk / chunks, begin + (end - begin) * (chunk + 1) / chunks);
      open.fetch_sub(1, std::memory_order_release);
      return true;
    }
  }

  void work(int seat) {
    while (work_on(seat, true)) {
    }
    for (int other = 1; other < seats; other++)
      while (work_on((seat + other) % seats, false)) {
      }
  }

  // A worker's stay: until the call ends, or nothing came for a while.
  void serve(int seat) {
    std::uint32_t seen = epoch.load(std::memory_order_acquire) - 1;
    for (int idle = 0; idle < kSpin && !ended.load(std::memory_order_relaxed);) {
      const std::uint32_t now = epoch.load(std::memory_order_acquire);
      if (now == seen) {
        idle++;
        spin_pause();
        continue;
      }
      seen = now;
      idle = 0;
      work(seat);
    }
  }
};

namespace {

// The process-wide team. Leaked on purpose: its threads are never joined, so that neither exit nor an unloading
// environment waits for them.
class Team {
 public:
  static Team& get() {
    static Team* team = new Team;
    return *team;
  }

  int threads() const { return threads_.load(std::memory_order_relaxed); }
  void set_threads(int n) { threads_.store(std::clamp(n, 1, kSeats), std::memory_order_relaxed); }

  void enlist(const std::shared_ptr<Shift>& shift) {
    std::lock_guard lock(mutex_);
    shifts_.push_back(shift);
    for (; workers_ < shift->seats - 1; workers_++) {
      try {
        std::thread([this] { life(); }).detach();
      } catch (const std::system_error&) {
        return;  // no more threads to be had: those that are there do the work
      }
    }
  }

  void dismiss(const std::shared_ptr<Shift>& shift) {
    shift->ended.store(true, std::memory_order_relaxed);
    std::lock_guard lock(mutex_);
    std::erase(shifts_, shift);
  }

  void call_for_help(Shift& shift) {
    shift.wanting.store(true, std::memory_order_release);
    demand_.fetch_add(1, std::memory_order_release);
    demand_.notify_all();
  }

 private:
  Team() : threads_(available()) {}

  static int available() {
#if defined(__linux__)
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) return std::clamp(CPU_COUNT(&set), 1, kSeats);
#endif
    return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, kSeats);
  }

  void life() {
#if defined(__linux__)
    pthread_setname_np(pthread_self(), "krylov team");
#endif
    for (;;) {
      const std::uint32_t before = demand_.load(std::memory_order_acquire);
      int seat = 0;
      if (std::shared_ptr<Shift> shift = pick(seat)) {
        shift->serve(seat);
        shift->taken.fetch_and(~(std::uint64_t{1} << seat), std::memory_order_release);
      } else {
        for (int spin = 0; spin < kSpin && demand_.load(std::memory_order_relaxed) == before; spin++) spin_pause();
        demand_.wait(before, std::memory_order_acquire);
      }
    }
  }

  std::shared_ptr<Shift> pick(int& seat) {
    std::lock_guard lock(mutex_);
    for (const std::shared_ptr<Shift>& shift : shifts_) {
      if (!shift->wanting.load(std::memory_order_acquire)) continue;
      const std::uint64_t taken = shift->taken.load(std::memory_order_relaxed);
      for (seat = 1; seat < shift->seats; seat++) {
        if (taken >> seat & 1) continue;
        const std::uint64_t now = shift->taken.fetch_or(std::uint64_t{1} << seat) | std::uint64_t{1} << seat;
        if (__builtin_popcountll(now) == shift->seats) shift->wanting.store(false, std::memory_order_relaxed);
        return shift;
      }
      shift->wanting.store(false, std::memory_order_relaxed);
    }
    return nullptr;
  }

  std::atomic<int> threads_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<Shift>> shifts_;
  int workers_ = 0;
  std::atomic<std::uint32_t> demand_{0};
};

}  // namespace

Crew::Crew(int threads) : threads_(threads > 0 ? std::min(threads, team_threads()) : team_threads()) {}

Crew::~Crew() {
  if (shift_) Team::get().dismiss(shift_);
}

void Crew::sweep(void (*call)(void*, std::size_t, std::size_t), void* context, std::size_t pieces) {
  if (!shift_) {
    shift_ = std::make_shared<Shift>(threads_);
    Team::get().enlist(shift_);
  }
  Shift& shift = *shift_;
  const std::uint32_t epoch = shift.epoch.load(std::memory_order_relaxed) + 1;
  shift.call.store(call, std::memory_order_relaxed);
  shift.context.store(context, std::memory_order_relaxed);
  shift.pieces.store(pieces, std::memory_order_relaxed);
  std::array<std::uint16_t, kSeats> chunks;
  std::size_t total = 0;
  for (int s = 0; s < threads_; s++) {
    chunks[s] = static_cast<std::uint16_t>(std::min<std::size_t>(kChunks, shift.start(s + 1) - shift.start(s)));
    total += chunks[s];
  }
  shift.open.store(total, std::memory_order_relaxed);
  for (int s = 0; s < threads_; s++)
    shift.segments[s].range.store(Range{epoch, 0, chunks[s]}.packed(), std::memory_order_release);
  shift.epoch.store(epoch, std::memory_order_release);
  if (__builtin_popcountll(shift.taken.load(std::memory_order_relaxed)) < threads_) Team::get().call_for_help(shift);

  shift.work(0);
  for (int spins = 0; shift.open.load(std::memory_order_acquire) > 0; spins++) {
    if (spins < kSpinForOthers)
      spin_pause();
    else
      std::this_thread::yield();
  }
}

int team_threads() { return Team::get().threads(); }
void set_team_threads(int n) { Team::get().set_threads(n); }

}  // namespace krylov
