#pragma once
#include "core/control.hpp"

namespace krylov {

// LAPACK says first how much workspace it wants.
template <class Call>
void with_workspace(Control& control, Call&& call) {
  double wanted = 0;
  int size = -1;
  call(&wanted, &size);
  size = static_cast<int>(wanted);
  call(control.arena.doubles(static_cast<std::size_t>(size)).data(), &size);
}

}  // namespace krylov
