// Calls that are cancelled from another thread, at any moment: they end within milliseconds, and so do time limits.
#include <chrono>
#include <thread>

#include "check.hpp"
#include "plain_values.hpp"

using namespace krylov;
using Clock = Control::Clock;

class Cancellable : public Control {
 public:
  using Control::Control;
  std::atomic<bool> cancel{false};
  std::atomic<double> iteration{0};

 protected:
  bool cancelled() const override { return cancel.load(std::memory_order_relaxed); }
  void report(double i, double) override { iteration.store(i, std::memory_order_relaxed); }
};

int main() {
  set_team_threads(3);
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 3; caller++)
    callers.emplace_back([caller] {
      for (int round = 0; round < 15; round++) {
        Poisson system(220);
        Values values;
        Cancellable control;
        const std::vector<Handle> leaves = system.leaves(values, 0, 1e9);
        std::thread canceller([&] {
          std::this_thread::sleep_for(std::chrono::microseconds(700 * (round + caller)));
          control.cancel = true;
        });
        bool ended = false;
        try {
          entry(round % 2 == 0 ? "cg" : "minres").call(values, values, control, leaves);
        } catch (const Cancelled&) {
          ended = true;
        }
        check(ended, "a cancelled call throws Cancelled");
        canceller.join();
      }
    });
  for (std::thread& caller : callers) caller.join();

  Poisson system(220);
  Values values;
  const auto start = Clock::now();
  Control control(0, start + std::chrono::milliseconds(60));
  const std::vector<Handle> leaves = system.leaves(values, 0, 1e9);
  const List result = Values::get<List>(entry("cg").call(values, values, control, leaves));
  const std::string reason = Values::get<std::string>(result[0]);
  check(reason == "time-limit" || reason == "stagnated" || reason == "converged", "a time limit ends a solve");
  check(Clock::now() - start < std::chrono::seconds(5), "in time");
  return failed();
}
