// The thread team under use by several crews at once: every piece is done exactly once, whoever comes and goes.
#include <new>
#include <numeric>
#include <thread>
#include <vector>

#include "check.hpp"
#include "core/team.hpp"

using krylov::Crew;

// Runs sweeps of many sizes; returns whether each piece was run once.
static void sweep_often(int threads, int rounds) {
  Crew crew(threads);
  std::vector<int> done(5000);
  for (int round = 0; round < rounds; round++) {
    const std::size_t pieces = round % 3 == 0 ? 5000 : round % 67;
    std::fill(done.begin(), done.end(), 0);
    crew.run(pieces, [&](std::size_t from, std::size_t to) {
      for (std::size_t i = from; i < to; i++) done[i]++;
    });
    check(std::accumulate(done.begin(), done.end(), std::size_t{0}) == pieces, "every piece is done");
    for (std::size_t i = 0; i < pieces; i++)
      if (done[i] != 1) return check(false, "every piece is done once");
  }
}

// What pieces throw comes out of the sweep once, when all others are done.
static void sweep_and_throw(int threads) {
  Crew crew(threads);
  for (std::size_t thrower = 0; thrower < 600; thrower += 37) {
    std::atomic<std::size_t> done{0};
    bool caught = false;
    try {
      crew.run(600, [&](std::size_t from, std::size_t to) {
        for (std::size_t i = from; i < to; i++) {
          if (i == thrower || i == 599) throw std::bad_alloc();
          done++;
        }
      });
    } catch (const std::bad_alloc&) {
      caught = true;
    }
    check(caught, "an exception arrives");
    check(threads == 1 || done > 0, "and the others work on");
  }
}

int main() {
  krylov::set_team_threads(4);
  sweep_and_throw(1);
  sweep_and_throw(4);
  sweep_often(0, 2000);
  sweep_often(1, 50);
  sweep_often(64, 2000);

  // several crews, crews inside the pieces of others, and crews that live for one sweep
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 4; caller++)
    callers.emplace_back([caller] {
      for (int k = 0; k < 30; k++) sweep_often(1 + (caller + k) % 5, 60);
      Crew outer(4);
      std::atomic<int> inner_pieces{0};
      outer.run(40, [&](std::size_t from, std::size_t to) {
        for (std::size_t i = from; i < to; i++) {
          Crew inner(3);
          inner.run(100, [&](std::size_t first, std::size_t last) { inner_pieces += static_cast<int>(last - first); });
        }
      });
      check(inner_pieces == 4000, "crews inside crews");
    });
  std::thread changer([] {
    for (int k = 0; k < 400; k++) {
      krylov::set_team_threads(1 + k % 9);
      std::this_thread::yield();
    }
  });
  for (std::thread& caller : callers) caller.join();
  changer.join();
  krylov::set_team_threads(0);
  check(krylov::team_threads() == 1, "at least one thread");
  krylov::set_team_threads(1000);
  check(krylov::team_threads() == 64, "at most 64");
  return failed();
}
