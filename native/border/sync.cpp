#include "border/sync.hpp"

#include <array>
#include <cmath>

#include "border/values.hpp"
#include "core/method.hpp"

namespace krylov {

namespace {

constexpr std::size_t kMost = 64;  // leaves of any method's arguments

class SyncControl : public Control {
 public:
  SyncControl(napi_env env, napi_value on_iteration, int threads, Clock::time_point deadline)
      : Control(threads, deadline), env_(env), on_iteration_(on_iteration) {}

  std::vector<Allocation> allocations;

 protected:
  bool cancelled() const override { return threw_; }

  void report(double iteration, double residual_norm) override {
    if (on_iteration_ == nullptr) return;
    napi_handle_scope scope;
    napi_open_handle_scope(env_, &scope);
    napi_value undefined, arguments[2];
    napi_get_undefined(env_, &undefined);
    napi_create_double(env_, iteration, &arguments[0]);
    napi_create_double(env_, residual_norm, &arguments[1]);
    threw_ = napi_call_function(env_, undefined, on_iteration_, 2, arguments, nullptr) != napi_ok;
    napi_close_handle_scope(env_, scope);
    if (threw_) throw Cancelled{};
  }

  void* allocate_bytes(std::size_t bytes) override {
    allocations.push_back(allocate_shared(env_, bytes));
    return allocations.back().data;
  }

 private:
  napi_env env_;
  napi_value on_iteration_;
  bool threw_ = false;
};

// Runs an entry; what goes wrong becomes a JavaScript exception. One that a callback threw is pending already.
template <class Act>
napi_value guarded(napi_env env, Act&& act) {
  try {
    return act();
  } catch (const Cancelled&) {
  } catch (const Misuse& misuse) {
    napi_throw(env, js_error(env, misuse.code(), misuse.what()));
  } catch (const std::bad_alloc&) {
    napi_throw(env, js_error(env, "ERR_MEMORY", "cannot allocate workspace"));
  } catch (const std::exception& error) {
    napi_throw(env, js_error(env, "ERR_BACKEND", error.what()));
  }
  return nullptr;
}

struct Given {
  std::array<Handle, kMost> values;
  std::size_t count = kMost;
  const Entry* entry = nullptr;

  Given(napi_env env, napi_callback_info info) {
    void* data;
    napi_get_cb_info(env, info, &count, reinterpret_cast<napi_value*>(values.data()), nullptr, &data);
    entry = static_cast<const Entry*>(data);
  }
  // The leaves after the first `skip` arguments.
  std::span<const Handle> leaves(std::size_t skip) const {
    if (count < skip || count > kMost)
      throw Misuse("ERR_TYPE", std::string(entry->name) + ": wrong number of arguments");
    return {values.data() + skip, count - skip};
  }
};

}  // namespace

napi_value call_sync(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    const Given given(env, info);
    const auto leaves = given.leaves(3);
    JsReader reader(env, false);
    const double limit = reader.number(given.values[0], "timeLimit");
    const int threads = static_cast<int>(reader.number(given.values[1], "threads"));
    napi_valuetype type;
    napi_typeof(env, js(given.values[2]), &type);
    const auto deadline = limit < 1e12 ? Control::Clock::now() + std::chrono::microseconds(std::llround(limit * 1e3))
                                       : Control::Clock::time_point::max();
    SyncControl control(env, type == napi_function ? js(given.values[2]) : nullptr, threads, deadline);
    JsWriter writer(env, control.allocations);
    return js(given.entry->call(reader, writer, control, leaves));
  });
}

napi_value call_kernel(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    const Given given(env, info);
    JsReader reader(env, false);
    const auto leaves = given.leaves(1);
    const int threads = static_cast<int>(reader.number(given.values[0], "threads"));
    SyncControl control(env, nullptr, threads, Control::Clock::time_point::max());
    JsWriter writer(env, control.allocations);
    return js(given.entry->call(reader, writer, control, leaves));
  });
}

}  // namespace krylov
