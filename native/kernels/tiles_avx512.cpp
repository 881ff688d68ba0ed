#define KRYLOV_ISA avx512
#define KRYLOV_LANES 8
#include "kernels/tiles.inc"
