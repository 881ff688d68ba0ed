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
using Shorts = std::span<std::int16_t>;
using ConstShorts = std::span<const std::int16_t>;

// Numbers in either precision: one of the two spans is in use.
struct Reals {
  ConstVector doubles;
  ConstFloats singles;
  std::size_t size() const { return doubles.size() + singles.size(); }
};

// Column indices, or their distances from a base that the reader knows: one of the two spans is in use.
struct Columns {
  ConstIndices indices;
  ConstShorts distances;
  std::size_t size() const { return indices.size() + distances.size(); }
};

// What an array holds.
enum class Element { kDouble, kSingle, kIndex, kShort };

}  // namespace krylov
