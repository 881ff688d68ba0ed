#pragma once
#include <cstdint>
#include <span>

// Plain data as C++ sees it: borrowed spans over arrays that somebody else owns.
namespace krylov {

using Index = std::int32_t;
using Vector = std::span<double>;
using ConstVector = std::span<const double>;
using Floats = std::span<float>;
using ConstFloats = std::span<const float>;
using Indices = std::span<Index>;
using ConstIndices = std::span<const Index>;

// Numbers in either precision: one of the two spans is in use.
struct Reals {
  ConstVector doubles;
  ConstFloats singles;
  std::size_t size() const { return doubles.size() + singles.size(); }
};

// What an array holds.
enum class Element { kDouble, kSingle, kIndex };

}  // namespace krylov
