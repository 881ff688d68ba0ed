#define KRYLOV_ISA avx2
#include "kernels/tiles.inc"
