#pragma once
#include <cstddef>

namespace krylov {

// Memory of calls, aligned to 64 bytes. Pages that were never touched come one at a time, 4 KB at up to 5 us each in a
// virtual machine, and a set-up of multigrid touches as many as it takes microseconds. So what a call gives back waits
// for the next one, 16 MB at most in a process, and large blocks ask for large pages.
class Pages {
 public:
  static void* take(std::size_t bytes);
  static void give_back(void* block, std::size_t bytes);  // as many as were asked for

  static constexpr std::size_t kWorthAsking = 1 << 22;
  // Asks for large pages inside [data, data + bytes); where there are none nothing changes.
  static void ask_for_large(void* data, std::size_t bytes);
};

}  // namespace krylov
