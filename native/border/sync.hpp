#pragma once
#include <napi.h>

namespace krylov {

struct Entry;

// name(timeLimit, threads, onIteration | undefined, ...arguments): runs on the calling thread.
napi_value call_sync(napi_env env, napi_callback_info info);

// name(threads, ...arguments): a kernel, no time limit.
napi_value call_kernel(napi_env env, napi_callback_info info);

}  // namespace krylov
