// The job threads: every job runs once, in order where there is one thread's worth of them, and none waits for ever.
#include <chrono>
#include <thread>
#include <vector>

#include "check.hpp"
#include "core/jobs.hpp"

using krylov::submit_job;

static void wait_for(const std::atomic<int>& count, int wanted, const char* what) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (count < wanted && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(std::chrono::microseconds(100));
  check(count == wanted, what);
}

int main() {
  std::atomic<int> done{0};
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 4; caller++)
    callers.emplace_back([&] {
      for (int k = 0; k < 2000; k++) {
        submit_job([&] { done++; });
        if (k % 50 == 0) std::this_thread::sleep_for(std::chrono::microseconds(200));
      }
    });
  for (std::thread& caller : callers) caller.join();
  wait_for(done, 8000, "every job runs once");

  // one after the other, at the moment when the thread goes to sleep
  for (int k = 0; k < 300; k++) {
    std::atomic<int> one{0};
    submit_job([&] { one++; });
    wait_for(one, 1, "a job that follows another");
    for (int spin = 0; spin < k * 20; spin++) std::atomic_signal_fence(std::memory_order_seq_cst);
  }

  // more long ones than there are threads, and jobs that submit jobs
  std::atomic<int> late{0};
  for (int k = 0; k < 40; k++)
    submit_job([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      submit_job([&] { late++; });
    });
  wait_for(late, 40, "jobs of jobs");
  return failed();
}
