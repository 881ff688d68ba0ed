#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>

#include "core/plain.hpp"
#include "core/random.hpp"

// The loops of the learners over flat states, twin of src/sequence/*.loops.ts, operation for operation: elementary
// functions and random numbers are our own, so that the same state gives the same bits on both backends and on every
// machine. To be compiled with -ffp-contract=off. Every state begins with its seed, its stream of it, and the rounds
// played. `c` is what a learner sees of the context.
namespace krylov::learning {

enum : std::size_t { kSeed, kStream, kRounds, kHead };

inline std::uint64_t integer(double x) { return x >= 0 && x < 9007199254740992.0 ? static_cast<std::uint64_t>(x) : 0; }

// Entry `index` of the stream of uniform doubles that a state draws from.
inline double uniform_at(const double* state, double index) {
  double u;
  fillUniform({&u, 1}, integer(state[kSeed]), integer(state[kStream]), integer(index));
  return u;
}

// The arms of a state of so many numbers, of which `head` belong to none and `stride` to each.
inline std::size_t arms_of(ConstVector data, std::size_t head, std::size_t stride) {
  if (data.size() < head + stride || (data.size() - head) % stride != 0)
    throw Misuse("ERR_SHAPE", "a learner's state must hold as many numbers for every arm");
  return (data.size() - head) / stride;
}

}  // namespace krylov::learning
