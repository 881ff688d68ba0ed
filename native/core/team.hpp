#pragma once
#include <atomic>
#include <cstddef>
#include <exception>
#include <memory>
#include <type_traits>

namespace krylov {

struct Shift;  // the state that a crew shares with its workers

// The threads that serve one call. The calling thread always works itself and never waits for a worker to come:
// workers of the process-wide team join at sweep boundaries when they are free, and leave when the call ends. Pieces
// are claimed dynamically, from a segment per thread, so that a thread that stays finds its rows in its own cache and
// one that never comes costs nothing.
class Crew {
 public:
  // `threads`: most threads this call may use, the calling one included; 0: as many as the team allows.
  explicit Crew(int threads);
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  int threads() const { return threads_; }

  // Runs body(from, to) over [0, pieces), each piece once, on any thread; returns when every one is done. What one of
  // them throws, memory that is not to be had above all, is thrown here then: a worker has nobody to throw it to, and
  // the others still work on the caller's stack.
  template <class Body>
  void run(std::size_t pieces, Body&& body) {
    if (threads_ <= 1 || pieces <= 1) {
      if (pieces > 0) body(std::size_t{0}, pieces);
      return;
    }
    Guarded<std::remove_reference_t<Body>> guarded{body};
    sweep([](void* context, std::size_t from,
             std::size_t to) { static_cast<decltype(guarded)*>(context)->run(from, to); },
          &guarded, pieces);
    if (guarded.failure) std::rethrow_exception(guarded.failure);
  }

 private:
  template <class Body>
  struct Guarded {
    Body& body;
    std::atomic<bool> failed{false};
    std::exception_ptr failure = nullptr;  // the first

    void run(std::size_t from, std::size_t to) noexcept {
      try {
        body(from, to);
      } catch (...) {
        if (!failed.exchange(true)) failure = std::current_exception();
      }
    }
  };

  void sweep(void (*call)(void*, std::size_t, std::size_t), void* context, std::size_t pieces);

  int threads_;
  std::shared_ptr<Shift> shift_;
};

// Threads a call may use when it does not say, the calling one included; at least 1.
int team_threads();
void set_team_threads(int n);

}  // namespace krylov
