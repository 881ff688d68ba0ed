#pragma once
#include <cstddef>
#include <memory>
#include <vector>

#include "core/pages.hpp"
#include "core/types.hpp"

namespace krylov {

// Workspace of one call: released at its end, counted in bytes.
class Arena {
 public:
  Vector doubles(std::size_t n) { return {reserve<double>(n), n}; }
  Indices indices(std::size_t n) { return {reserve<Index>(n), n}; }
  template <class Real>
  Real* array(std::size_t n) {
    return reserve<Real>(n);
  }
  std::size_t bytes() const { return bytes_; }

 private:
  struct Free {
    std::size_t bytes;
    void operator()(void* block) const { Pages::give_back(block, bytes); }
  };

  template <class T>
  T* reserve(std::size_t n) {
    const std::size_t size = n * sizeof(T) + 64;
    blocks_.emplace_back(Pages::take(size), Free{size});
    bytes_ += n * sizeof(T);
    return static_cast<T*>(blocks_.back().get());
  }

  std::vector<std::unique_ptr<void, Free>> blocks_;
  std::size_t bytes_ = 0;
};

}  // namespace krylov
