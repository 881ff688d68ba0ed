#define KRYLOV_ISA portable
#include "kernels/tiles.inc"
