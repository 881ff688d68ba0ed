#pragma once

namespace krylov {

// A factor of 1 where a condition holds, else of 0. It is read from memory: of any other choice compilers make a
// branch, which costs as much as ten additions where it is guessed wrong.
inline constexpr double kIf[2] = {0, 1};

}  // namespace krylov
