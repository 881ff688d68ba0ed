#pragma once
#include <string>

#include "suitesparse/shim.hpp"

namespace krylov {

// Where the shim lies that calls SuiteSparse, or empty. Looks, and loads nothing.
std::string find_suitesparse();

// Its functions, loaded by the first call; null where there is no shim, or it was compiled against another major
// version of CHOLMOD than it finds.
const KrylovSuiteSparse* suitesparse();

}  // namespace krylov
