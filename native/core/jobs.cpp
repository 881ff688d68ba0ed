#include "core/jobs.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>

#include "core/pause.hpp"

namespace krylov {

namespace {

// Leaked on purpose, like the team: its threads outlive every environment.
class Queue {
 public:
  static Queue& get() {
    static Queue* queue = new Queue;
    return *queue;
  }

  void submit(std::function<void()> job) {
    std::unique_lock lock(mutex_);
    jobs_.push_back(std::move(job));
    waiting_.store(jobs_.size(), std::memory_order_relaxed);
    if (idle_ < jobs_.size() && threads_ < kMost) {
      try {
        std::thread([this] { life(); }).detach();
        threads_++;
        return;
      } catch (const std::system_error&) {
        if (threads_ == 0) {
          jobs_.pop_back();
          waiting_.store(0, std::memory_order_relaxed);
          throw;
        }
      }
    }
    lock.unlock();
    ready_.notify_one();
  }

 private:
  // Pauses before an idle thread goes to sleep, about 30 us: one small job often follows another.
  static constexpr int kSpin = 2000;
  // Jobs that run at the same time: two per core, so that a short one need not wait for the long ones, at least 4.
  const std::size_t kMost = std::max(4u, 2 * std::thread::hardware_concurrency());

  void life() {
    std::unique_lock lock(mutex_);
    for (;;) {
      idle_++;
      if (jobs_.empty()) {
        lock.unlock();
        for (int spin = 0; spin < kSpin && waiting_.load(std::memory_order_relaxed) == 0; spin++) spin_pause();
        lock.lock();
      }
      ready_.wait(lock, [this] { return !jobs_.empty(); });
      idle_--;
      std::function<void()> job = std::move(jobs_.front());
      jobs_.pop_front();
      waiting_.store(jobs_.size(), std::memory_order_relaxed);
      lock.unlock();
      job();
      job = nullptr;  // what it holds goes before the lock is taken again
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<std::function<void()>> jobs_;
  std::atomic<std::size_t> waiting_{0};  // jobs_.size(), for threads that look without the lock
  std::size_t idle_ = 0, threads_ = 0;
};

}  // namespace

void submit_job(std::function<void()> job) { Queue::get().submit(std::move(job)); }

}  // namespace krylov
