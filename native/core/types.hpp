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

}  // namespace krylov
