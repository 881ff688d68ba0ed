#define KRYLOV_ISA avx512
#include "kernels/tiles.inc"
