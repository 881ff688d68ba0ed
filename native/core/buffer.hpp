#pragma once
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <span>

namespace krylov {

// Memory of a call that is given back before the call ends: not initialised, or zero page by page as it is touched.
template <class T>
class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(std::size_t n) : Buffer(n, std::malloc(n * sizeof(T) + 64)) {}
  static Buffer zeros(std::size_t n) { return Buffer(n, std::calloc(n * sizeof(T) + 64, 1)); }

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
    T* const moved = static_cast<T*>(std::realloc(data_.get(), n * sizeof(T) + 64));
    if (moved == nullptr) throw std::bad_alloc{};
    static_cast<void>(data_.release());
    data_.reset(moved);
    size_ = n;
  }

 private:
  struct Free {
    void operator()(T* block) const { std::free(block); }
  };

  Buffer(std::size_t n, void* block) : data_(static_cast<T*>(block)), size_(n) {
    if (block == nullptr) throw std::bad_alloc{};
  }

  std::unique_ptr<T[], Free> data_;
  std::size_t size_ = 0;
};

}  // namespace krylov
