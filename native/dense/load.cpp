#include "core/method.hpp"
#include "kernels/lapack.hpp"

namespace krylov {
namespace {

// Loads OpenBLAS; false: there is none, and the reference answers for what calls it.
bool load(Control&) { return lapack() != nullptr; }

const Exposed load_{expose<load>("externalLapack")};

}  // namespace
}  // namespace krylov
