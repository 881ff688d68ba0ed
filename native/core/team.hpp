#pragma once
#include <cstddef>
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

  // Runs body(from, to) over [0, pieces), each piece once, on any thread; returns when every one is done.
  template <class Body>
  void run(std::size_t pieces, Body&& body) {
    if (threads_ <= 1 || pieces <= 1) {
      if (pieces > 0) body(std::size_t{0}, pieces);
      return;
    }
    using Plain = std::remove_reference_t<Body>;
    sweep([](void* context, std::size_t from, std::size_t to) { (*static_cast<Plain*>(context))(from, to); },
          const_cast<void*>(static_cast<const void*>(&body)), pieces);
  }

 private:
  void sweep(void (*call)(void*, std::size_t, std::size_t), void* context, std::size_t pieces);

  int threads_;
  std::shared_ptr<Shift> shift_;
};

// Threads a call may use when it does not say, the calling one included; at least 1.
int team_threads();
void set_team_threads(int n);

}  // namespace krylov
