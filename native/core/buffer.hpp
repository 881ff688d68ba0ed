#pragma once
#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>

#include "core/pages.hpp"

namespace krylov {

// Memory of a call that is given back before the call ends: not initialised, or zero.
template <class T>
class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(std::size_t n) : data_(take(n), Free{n}), size_(n) {}
  static Buffer zeros(std::size_t n) {
    Buffer buffer(n);
    std::memset(static_cast<void*>(buffer.data()), 0, n * sizeof(T));
    return buffer;
  }

  std::size_t size() const { return size_; }
  T* data() { return data_.get(); }
  const T* data() const { return data_.get(); }
  T& operator[](std::size_t i) { return data_.get()[i]; }
  const T& operator[](std::size_t i) const { return data_.get()[i]; }
  T* begin() { return data(); }
  T* end() { return data() + size_; }
  const T* begin() const { return data(); }
  const T* end() const { return data() + size_; }
  operator std::span<T>() { return {data(), size_}; }
  operator std::span<const T>() const { return {data(), size_}; }

  // Room for n entries; what there was stays.
  void grow(std::size_t n) {
    Buffer larger(n);
    std::copy_n(data(), std::min(n, size_), larger.data());
    *this = std::move(larger);
  }

 private:
  static std::size_t bytes(std::size_t n) { return n * sizeof(T) + 64; }
  static T* take(std::size_t n) { return static_cast<T*>(Pages::take(bytes(n))); }
  struct Free {
    std::size_t n = 0;
    void operator()(T* block) const { Pages::give_back(block, bytes(n)); }
  };

  std::unique_ptr<T[], Free> data_;
  std::size_t size_ = 0;
};

}  // namespace krylov
