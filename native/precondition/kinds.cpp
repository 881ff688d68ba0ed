#include "precondition/kinds.hpp"

namespace krylov {

KRYLOV_CROSSES_IN_ONE_PLACE(, Matrix);
KRYLOV_CROSSES_IN_ONE_PLACE(, Preconditioner);

}  // namespace krylov
