#pragma once
#include <napi.h>

#include <atomic>
#include <memory>
#include <string>

#include "border/environment.hpp"
#include "border/values.hpp"
#include "core/method.hpp"

namespace krylov {

// name(timeLimit, threads, block, ...arguments): a promise; runs on a job's thread.
napi_value start_job(napi_env env, napi_callback_info info);

// One asynchronous call, from its arguments to its promise.
class Job : public std::enable_shared_from_this<Job> {
 public:
  Job(Environment& environment, std::unique_ptr<Call> call, int threads, Control::Clock::time_point deadline);

  void attach(napi_env env, napi_deferred deferred, napi_ref kept, std::span<double> block);
  void run();  // on the job's thread
  void cancel() { cancelled_.store(true, std::memory_order_relaxed); }

  // On the JavaScript thread.
  void answer_allocation(napi_env env);
  void settle(napi_env env);

 private:
  friend class JobControl;
  bool is_cancelled() const;

  std::shared_ptr<Environment> environment_;
  std::unique_ptr<Call> call_;
  int threads_;
  Control::Clock::time_point deadline_;
  napi_deferred deferred_ = nullptr;
  napi_ref kept_ = nullptr;  // the arrays that the call reads
  std::span<double> block_;  // shared with JavaScript: cancel flag, iteration, residual norm
  std::atomic<bool> cancelled_{false};

  std::size_t wanted_bytes_ = 0;  // a request for an output array, guarded by the environment's mutex
  bool answered_ = false;
  std::vector<Allocation> allocations_;

  std::string error_code_, error_text_;
};

}  // namespace krylov
