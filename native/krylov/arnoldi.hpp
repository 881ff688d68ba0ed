#pragma once
#include "kernels/sweeps.hpp"

namespace krylov {

// Makes vector number `count` of the block V orthogonal to those before it, which are orthonormal, and of norm 1; each
// has n entries, and they stand as far apart as `k` says. As it was, it is V h: h gets count + 1 entries, the last of
// which, also returned, is the norm that was left. It is 0 where the vector depends on the others, and not finite where
// the vector is not.
//
// Classical Gram-Schmidt in blocks, repeated where it has to be (Giraud, Langou and Rozloznik 2005): each correction
// measures on its way how far from orthogonal it left the vector. Traffic: V twice, three times where repeated.
double orthonormalise(Sweeps& k, Vector V, std::size_t n, std::size_t count, Vector h);

}  // namespace krylov
