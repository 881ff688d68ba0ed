#include "border/jobs.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>

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
    if (idle_ < jobs_.size() && threads_ < kMost) {
      try {
        std::thread([this] { life(); }).detach();
        threads_++;
        return;
      } catch (const std::system_error&) {
        if (threads_ == 0) {
          jobs_.pop_back();
          throw;
        }
      }
    }
    lock.unlock();
    ready_.notify_one();
  }

 private:
  // Jobs that run at the same time: two per core, so that a short one need not wait for the long ones, at least 4.
  const std::size_t kMost = std::max(4u, 2 * std::thread::hardware_concurrency());

  void life() {
    std::unique_lock lock(mutex_);
    for (;;) {
      idle_++;
      ready_.wait(lock, [this] { return !jobs_.empty(); });
      idle_--;
      std::function<void()> job = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      job();
      job = nullptr;  // what it holds goes before the lock is taken again
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<std::function<void()>> jobs_;
  std::size_t idle_ = 0, threads_ = 0;
};

}  // namespace

void submit_job(std::function<void()> job) { Queue::get().submit(std::move(job)); }

}  // namespace krylov
