#pragma once
#include <string>

namespace krylov {

// Where the BLAS library lies that dense methods would load, or empty. Looks, and loads nothing: loading starts a
// thread and takes 50 ms.
std::string find_blas();

}  // namespace krylov
