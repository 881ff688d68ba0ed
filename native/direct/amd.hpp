#pragma once
#include "core/control.hpp"
#include "core/csr.hpp"

namespace krylov {

// The elimination order of least fill that approximate minimum degree finds: row k of the ordered matrix is row
// order[k] of A.
ConstIndices amd_order(Control& control, const Pattern& pattern);

}  // namespace krylov
