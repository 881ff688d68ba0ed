#define KRYLOV_ISA portable
#define KRYLOV_LANES 2
#include "kernels/tiles.inc"
