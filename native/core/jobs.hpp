#pragma once
#include <functional>

namespace krylov {

// Runs `job` on one of the process-wide job threads; jobs above the limit wait in order. The threads are never joined
// and never those of libuv's pool, which files and name look-ups share. Throws std::system_error where not a single
// thread is to be had.
void submit_job(std::function<void()> job);

}  // namespace krylov
