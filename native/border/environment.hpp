#pragma once
#include <napi.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <unordered_set>

namespace krylov {

class Job;

// What one JavaScript environment (the main thread, or a worker) has under way. At its end its own jobs are cancelled
// and waited for, and nobody else's.
class Environment : public std::enable_shared_from_this<Environment> {
 public:
  // Makes the state of `env`; called once, when the addon is loaded into it.
  static void open(napi_env env);
  static Environment& of(napi_env env);

  // On the JavaScript thread: a promise is owed, which keeps the event loop alive; it was settled.
  void begin();
  void end();

  // On a job's thread, first of all: false if the environment is closing, whose memory may be gone already. A job that
  // still waits for a thread is thus not waited for.
  bool enter(const std::shared_ptr<Job>& job);
  // On a job's thread: has `message` delivered on the JavaScript thread; false if the environment is closing.
  enum class Message { allocate, done };
  bool post(const std::shared_ptr<Job>& job, Message message);
  // The job has stopped touching the environment and its arrays.
  void retire(const std::shared_ptr<Job>& job);

  std::mutex mutex;
  std::condition_variable changed;
  bool closing = false;

 private:
  explicit Environment(napi_env env) : env_(env) {}
  static void close(void* self);
  static void deliver(napi_env env, napi_value, void* context, void* data);

  napi_env env_;
  napi_threadsafe_function channel_ = nullptr;
  std::unordered_set<std::shared_ptr<Job>> running_;  // jobs that have a thread, guarded by mutex
  std::size_t pending_ = 0;                           // JavaScript thread only: promises not yet settled
};

}  // namespace krylov
