// Memory of calls: aligned, used again, and never in two hands.
#include <cstdint>
#include <cstring>
#include <thread>
#include <vector>

#include "check.hpp"
#include "core/buffer.hpp"

using krylov::Buffer;
using krylov::Pages;

int main() {
  void* const first = Pages::take(100'000);
  check(reinterpret_cast<std::uintptr_t>(first) % 64 == 0, "a block is aligned to a cache line");
  Pages::give_back(first, 100'000);
  void* const second = Pages::take(99'000);
  check(second == first, "a block of about the same size serves again");
  void* const third = Pages::take(100'000);
  check(third != second, "a block is in one hand");
  Pages::give_back(second, 99'000);
  Pages::give_back(third, 100'000);

  {
    Buffer<double> dirty(50'000);
    for (double& value : dirty) value = 1;
  }
  Buffer<double> zeros = Buffer<double>::zeros(50'000);
  bool zero = true;
  for (const double value : zeros) zero &= value == 0;
  check(zero, "zeros are zeros in a block that served before");
  for (std::size_t k = 0; k < zeros.size(); k++) zeros[k] = static_cast<double>(k);
  zeros.grow(70'000);
  bool kept = zeros.size() == 70'000;
  for (std::size_t k = 0; k < 50'000; k++) kept &= zeros[k] == static_cast<double>(k);
  check(kept, "a buffer that grows keeps what it had");

  std::vector<std::thread> threads;
  for (int t = 0; t < 4; t++)
    threads.emplace_back([t] {
      for (int round = 0; round < 500; round++) {
        const std::size_t bytes = 40'000 + 10'000 * (round % 40);
        void* const block = Pages::take(bytes);
        std::memset(block, t, bytes);
        const unsigned char* const seen = static_cast<const unsigned char*>(block);
        check(seen[0] == t && seen[bytes / 2] == t && seen[bytes - 1] == t, "nobody else writes into a block");
        Pages::give_back(block, bytes);
      }
    });
  for (std::thread& thread : threads) thread.join();
  return failed();
}
