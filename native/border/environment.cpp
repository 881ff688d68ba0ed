#include "border/environment.hpp"

#include "border/job.hpp"

namespace krylov {

namespace {

struct Letter {
  std::shared_ptr<Job> job;
  Environment::Message message;
};

}  // namespace

void Environment::open(napi_env env) {
  auto* const held = new std::shared_ptr<Environment>(new Environment(env));
  Environment* const self = held->get();
  napi_set_instance_data(
      env, held, [](napi_env, void* data, void*) { delete static_cast<std::shared_ptr<Environment>*>(data); }, nullptr);
  napi_value name = nullptr;
  napi_create_string_utf8(env, "krylov", NAPI_AUTO_LENGTH, &name);
  // a worker may be terminated while it loads the addon
  if (napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, nullptr, nullptr, nullptr, deliver,
                                      &self->channel_) != napi_ok)
    throw Napi::Error::New(env, "the environment is closing");
  napi_unref_threadsafe_function(env, self->channel_);
  napi_add_env_cleanup_hook(env, close, self);  // after the channel's own: hooks run last in, first out
}

Environment& Environment::of(napi_env env) {
  void* data = nullptr;
  napi_get_instance_data(env, &data);
  return **static_cast<std::shared_ptr<Environment>*>(data);
}

void Environment::begin() {
  if (pending_++ == 0) napi_ref_threadsafe_function(env_, channel_);
}

void Environment::end() {
  if (--pending_ == 0) napi_unref_threadsafe_function(env_, channel_);
}

bool Environment::enter(const std::shared_ptr<Job>& job) {
  std::lock_guard lock(mutex);
  if (closing) return false;
  running_.insert(job);
  return true;
}

bool Environment::post(const std::shared_ptr<Job>& job, Message message) {
  std::lock_guard lock(mutex);
  if (closing) return false;
  auto* const letter = new Letter{job, message};
  if (napi_call_threadsafe_function(channel_, letter, napi_tsfn_nonblocking) == napi_ok) return true;
  delete letter;
  return false;
}

void Environment::retire(const std::shared_ptr<Job>& job) {
  std::lock_guard lock(mutex);
  running_.erase(job);
  changed.notify_all();
}

void Environment::deliver(napi_env env, napi_value, void*, void* data) {
  const std::unique_ptr<Letter> letter(static_cast<Letter*>(data));
  if (env == nullptr) return;  // the environment is going: nobody is left to tell
  if (letter->message == Message::allocate)
    letter->job->answer_allocation(env);
  else
    letter->job->settle(env);
}

void Environment::close(void* self) {
  auto* const environment = static_cast<Environment*>(self);
  std::unique_lock lock(environment->mutex);
  environment->closing = true;
  for (const std::shared_ptr<Job>& job : environment->running_) job->cancel();
  environment->changed.notify_all();
  environment->changed.wait(lock, [&] { return environment->running_.empty(); });
}

}  // namespace krylov
