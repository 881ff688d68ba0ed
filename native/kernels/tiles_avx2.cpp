#define KRYLOV_ISA avx2
#define KRYLOV_LANES 4
#include "kernels/tiles.inc"
