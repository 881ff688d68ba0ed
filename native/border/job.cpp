#include "border/job.hpp"

#include <array>

#include "border/limits.hpp"
#include "core/jobs.hpp"

namespace krylov {

// The control of a job: the block that it shares with JavaScript is polled and written, nothing is called.
class JobControl : public Control {
 public:
  explicit JobControl(Job& job) : Control(job.threads_, job.deadline_), job_(job) {}

 protected:
  bool cancelled() const override { return job_.is_cancelled(); }

  void report(double iteration, double residual_norm) override {
    std::atomic_ref(job_.block_[1]).store(iteration, std::memory_order_relaxed);
    std::atomic_ref(job_.block_[2]).store(residual_norm, std::memory_order_relaxed);
  }

  // Only the JavaScript thread can make a SharedArrayBuffer: asks it and waits.
  void* allocate_bytes(std::size_t bytes) override {
    Environment& environment = *job_.environment_;
    {
      std::lock_guard lock(environment.mutex);
      job_.wanted_bytes_ = bytes;
      job_.answered_ = false;
    }
    if (!environment.post(job_.shared_from_this(), Environment::Message::allocate)) throw Cancelled{};
    std::unique_lock lock(environment.mutex);
    environment.changed.wait(lock, [&] { return job_.answered_ || environment.closing; });
    if (!job_.answered_) throw Cancelled{};
    if (job_.wanted_bytes_ != bytes) throw Misuse("ERR_MEMORY", "cannot allocate the result");
    return job_.allocations_.back().data;
  }

 private:
  Job& job_;
};

Job::Job(Environment& environment, std::unique_ptr<Call> call, int threads, Control::Clock::time_point deadline)
    : environment_(environment.shared_from_this()), call_(std::move(call)), threads_(threads), deadline_(deadline) {}

void Job::attach(napi_deferred deferred, napi_ref kept, std::span<double> block) {
  deferred_ = deferred;
  kept_ = kept;
  block_ = block;
}

bool Job::is_cancelled() const {
  auto* const flag = reinterpret_cast<std::int32_t*>(block_.data());
  return cancelled_.load(std::memory_order_relaxed) || std::atomic_ref(*flag).load(std::memory_order_relaxed) != 0;
}

void Job::fail(const std::string& code, const std::string& text) {
  error_code_ = code;
  error_text_ = text;
}

void Job::run() {
  const std::shared_ptr<Environment> environment = environment_;
  const std::shared_ptr<Job> self = shared_from_this();
  if (!environment->enter(self)) return;
  try {
    JobControl control(*this);
    control.poll();
    call_->run(control);
    block_[3] = static_cast<double>(control.arena.bytes());
  } catch (const Cancelled&) {
    fail("ERR_CANCELLED", "the call was cancelled");
  } catch (const Misuse& misuse) {
    fail(misuse.code(), misuse.what());
  } catch (const std::bad_alloc&) {
    fail("ERR_MEMORY", "cannot allocate workspace");
  } catch (const std::exception& error) {
    fail("ERR_BACKEND", error.what());
  }
  environment->post(self, Environment::Message::done);
  environment->retire(self);
}

void Job::answer_allocation(napi_env env) {
  napi_handle_scope scope;
  napi_open_handle_scope(env, &scope);
  std::size_t bytes;
  {
    std::lock_guard lock(environment_->mutex);
    bytes = wanted_bytes_;
  }
  Allocation made{};
  bool ok = true;
  try {
    made = allocate_shared(env, bytes);
    allocations_.reserve(allocations_.size() + 1);
    ok = napi_create_reference(env, made.buffer, 1, &made.kept) == napi_ok;
  } catch (const std::exception&) {
    ok = false;
  }
  napi_close_handle_scope(env, scope);
  std::lock_guard lock(environment_->mutex);
  if (ok)
    allocations_.push_back(made);
  else
    wanted_bytes_ = bytes + 1;  // tells the job that it failed
  answered_ = true;
  environment_->changed.notify_all();
}

void Job::settle(napi_env env) {
  napi_handle_scope scope;
  napi_open_handle_scope(env, &scope);
  napi_value result = nullptr;
  if (error_code_.empty()) {
    try {
      JsWriter writer(env, allocations_);
      result = js(call_->result(writer));
    } catch (const Misuse& misuse) {
      fail(misuse.code(), misuse.what());
    } catch (const std::exception& error) {
      fail("ERR_MEMORY", error.what());
    }
  }
  if (error_code_.empty())
    napi_resolve_deferred(env, deferred_, result);
  else
    napi_reject_deferred(env, deferred_, js_error(env, error_code_, error_text_));
  for (const Allocation& allocation : allocations_) napi_delete_reference(env, allocation.kept);
  napi_delete_reference(env, kept_);
  environment_->end();
  napi_close_handle_scope(env, scope);
}

napi_value start_job(napi_env env, napi_callback_info info) {
  std::array<Handle, kMostLeaves> given;
  std::size_t count = given.size();
  void* data;
  napi_get_cb_info(env, info, &count, reinterpret_cast<napi_value*>(given.data()), nullptr, &data);
  const Entry& entry = *static_cast<const Entry*>(data);
  try {
    if (count < 3 || count > given.size())
      throw Misuse("ERR_TYPE", std::string(entry.name) + ": wrong number of arguments");
    JsReader reader(env, true);
    const auto deadline = deadline_after(reader.number(given[0], "timeLimit"));
    const int threads = thread_count(reader.number(given[1], "threads"));
    const Vector block = reader.doubles(given[2], "block");
    if (block.size() < 4) throw Misuse("ERR_SHAPE", "block must be 4 long");
    Environment& environment = Environment::of(env);
    auto job = std::make_shared<Job>(
        environment, entry.read(reader, std::span<const Handle>(given.data() + 3, count - 3)), threads, deadline);

    // Nothing starts unless all of this worked: in an environment that is being terminated it does not, and a job
    // whose arrays are not kept would read memory that is gone.
    napi_value list, promise;
    napi_ref kept;
    napi_deferred deferred;
    bool ok = napi_create_array(env, &list) == napi_ok;
    std::uint32_t at = 0;
    for (napi_value array : reader.arrays()) ok = ok && napi_set_element(env, list, at++, array) == napi_ok;
    ok = ok && napi_create_reference(env, list, 1, &kept) == napi_ok;
    if (!ok || napi_create_promise(env, &deferred, &promise) != napi_ok)
      throw Misuse("ERR_BACKEND", "the environment is closing");
    job->attach(deferred, kept, block);
    environment.begin();
    try {
      submit_job([job] { job->run(); });
    } catch (const std::exception& error) {
      job->fail("ERR_MEMORY", std::string("cannot start a thread: ") + error.what());
      job->settle(env);
    }
    return promise;
  } catch (const Misuse& misuse) {
    napi_throw(env, js_error(env, misuse.code(), misuse.what()));
  } catch (const std::exception& error) {
    napi_throw(env, js_error(env, "ERR_MEMORY", error.what()));
  }
  return nullptr;
}

}  // namespace krylov
