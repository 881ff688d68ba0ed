#include "core/pages.hpp"

#include <bit>
#include <cstdint>
#include <mutex>
#include <new>
#include <vector>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace krylov {

namespace {

constexpr std::size_t kWorthKeeping = 1 << 15, kMostKept = 1 << 24;
constexpr std::align_val_t kAlignment{64};

struct Block {
  void* data;
  std::size_t bytes;
};

// Blocks that wait, the last one given back at the end. Leaked on purpose: threads may outlive static objects. Giving
// back asks for no memory, since it may be what a failed call does.
struct Waiting {
  std::mutex guard;
  std::vector<Block> blocks;
  std::size_t bytes = 0;

  Waiting() { blocks.reserve(kMostKept / kWorthKeeping + 1); }
  static Waiting& get() {
    static Waiting* waiting = new Waiting;
    return *waiting;
  }

  // Frees the oldest, until no more than `most` bytes wait.
  void drop(std::size_t most) {
    auto oldest = blocks.begin();
    for (; bytes > most; oldest++) {
      bytes -= oldest->bytes;
      ::operator delete(oldest->data, kAlignment);
    }
    blocks.erase(blocks.begin(), oldest);
  }
};

// Sizes come in eight steps from a power of two to the next, so that blocks of about one size serve each other.
std::size_t rounded(std::size_t bytes) {
  const std::size_t step = std::size_t{1} << (std::bit_width(bytes) - 4);
  return (bytes + step - 1) / step * step;
}

}  // namespace

void* Pages::take(std::size_t bytes) {
  if (bytes < kWorthKeeping) return ::operator new(bytes, kAlignment);
  const std::size_t size = rounded(bytes);
  {
    Waiting& waiting = Waiting::get();
    const std::lock_guard lock(waiting.guard);
    for (auto block = waiting.blocks.end(); block != waiting.blocks.begin();) {
      if ((--block)->bytes != size) continue;
      void* const data = block->data;
      waiting.blocks.erase(block);
      waiting.bytes -= size;
      return data;
    }
    // as many bytes as are wanted: what waits adds nothing to the most that a process ever holds
    waiting.drop(waiting.bytes > size ? waiting.bytes - size : 0);
  }
  void* const data = ::operator new(size, kAlignment);
  ask_for_large(data, size);
  return data;
}

void Pages::give_back(void* data, std::size_t bytes) {
  if (data == nullptr) return;
  if (bytes < kWorthKeeping || bytes > kMostKept / 4) return ::operator delete(data, kAlignment);
  const std::size_t size = rounded(bytes);
  Waiting& waiting = Waiting::get();
  const std::lock_guard lock(waiting.guard);
  waiting.blocks.push_back({data, size});
  waiting.bytes += size;
  waiting.drop(kMostKept);
}

void Pages::ask_for_large([[maybe_unused]] void* data, [[maybe_unused]] std::size_t bytes) {
#if defined(__linux__)
  constexpr std::uintptr_t kLarge = 1 << 21;
  if (bytes < kWorthAsking) return;
  const std::uintptr_t begin = (reinterpret_cast<std::uintptr_t>(data) + kLarge - 1) / kLarge * kLarge;
  const std::uintptr_t end = (reinterpret_cast<std::uintptr_t>(data) + bytes) / kLarge * kLarge;
  if (begin < end) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
#endif
}

}  // namespace krylov
