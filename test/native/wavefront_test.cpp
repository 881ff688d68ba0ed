// Tasks that wait for each other: each is done once, after all that it needs, whatever threads there are.
#include <thread>
#include <vector>

#include "check.hpp"
#include "kernels/wavefront.hpp"

using krylov::Crew;
using krylov::Index;
using krylov::Wavefront;

static constexpr std::size_t kSteps = 300;

// Every task adds up what it needs, so that a race is one for the sanitizer too.
static void waves(Crew& crew, std::size_t lanes, const std::vector<Index>& needs) {
  std::vector<long> found(lanes * kSteps), wanted(lanes * kSteps);
  const auto compute = [&](std::vector<long>& values, std::size_t lane, std::size_t step) {
    long sum = step > 0 ? values[(step - 1) * lanes + lane] : 0;
    for (std::size_t m = 0; m < lanes; m++) {
      const Index back = needs[lane * lanes + m];
      if (m != lane && back >= 0 && step >= static_cast<std::size_t>(back)) sum += values[(step - back) * lanes + m];
    }
    values[step * lanes + lane] += sum % 1000 + static_cast<long>(lane + 1);
  };
  for (std::size_t step = 0; step < kSteps; step++)
    for (std::size_t lane = 0; lane < lanes; lane++) compute(wanted, lane, step);
  Wavefront wavefront(lanes, needs);
  const auto body = [&](const Wavefront::Task& task) { compute(found, task.lane, task.step); };
  wavefront.run(crew, 0, kSteps / 3, body);
  wavefront.run(crew, kSteps / 3, kSteps, body);
  check(found == wanted, "every task is done once, after what it needs");
}

static void waves_of_all_kinds(int threads) {
  Crew crew(threads);
  const Index none = Wavefront::kNone;
  for (std::size_t lanes : {1, 2, 4, 8}) {
    std::vector<Index> left(lanes * lanes, none), both(lanes * lanes, none), all(lanes * lanes);
    for (std::size_t l = 0; l < lanes; l++)
      for (std::size_t m = 0; m < lanes; m++) {
        all[l * lanes + m] = m > l;
        if (m + 1 == l) left[l * lanes + m] = both[l * lanes + m] = 0;
        if (m == l + 1) both[l * lanes + m] = 1;
      }
    for (const auto& needs : {std::vector<Index>(lanes * lanes, none), left, both, all}) waves(crew, lanes, needs);
  }
}

int main() {
  krylov::set_team_threads(5);
  for (int threads = 1; threads <= 5; threads++) waves_of_all_kinds(threads);
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 3; caller++)
    callers.emplace_back([caller] {
      for (int k = 0; k < 4; k++) waves_of_all_kinds(2 + caller);
    });
  for (std::thread& caller : callers) caller.join();
  return failed();
}
