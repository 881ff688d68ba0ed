import type { Steps } from '../core/steps.ts'
import { eigenvectors } from '../dense/eigenvectors.steps.ts'
import { product, transposedProduct } from '../dense/small-products.steps.ts'
import { solveUpper, solveUpperFromRight, thinQr } from '../dense/thin-qr.steps.ts'

/**
 * The harmonic Ritz vectors of smallest absolute value of a relation A V = W G: G^T G z = theta G^T (W^T V) z (Morgan 2002;
 * Parks et al. 2006). G and F = W^T V: rows x m, by columns. Returns an orthonormal basis of what at most `most` of
 * them span (they may nearly depend on each other, and digits would go with R^-1), each m long, one after the other; of a complex
 * pair both parts or none. Empty where the eigenvalues do not come out. Work: 30 m^3.
 */
function* harmonicVectors(
  G: Float64Array,
  F: Float64Array,
  rows: number,
  m: number,
  most: number,
): Steps<Float64Array> {
  if (most >= m) return identityColumns(m)
  const { kept, Q, R } = yield* thinQr(G, rows, m)
  if (kept.length < m) return identityColumns(m).subarray(0, most * m)
  // 1 / theta are the eigenvalues of G^+ F
  const E = yield* transposedProduct(Q, rows, F)
  solveUpper(R, m, E)
  const found = yield* eigenvectors(transposed(E, m), m)
  if (found === undefined) return new Float64Array(0)
  const { real, imaginary, vectors } = found
  const size = Float64Array.from(real, (re, j) => Math.hypot(re, imaginary[j]!))
  const order = Array.from(size.keys()).filter(j => imaginary[j]! >= 0)
  order.sort((i, j) => size[j]! - size[i]! || i - j)
  const P: number[] = []
  for (const j of order) {
    const width = imaginary[j]! > 0 ? 2 : 1
    if (P.length + width * m > most * m) continue
    for (let c = j; c < j + width; c++) for (let i = 0; i < m; i++) P.push(vectors[i * m + c]!)
  }
  return (yield* thinQr(Float64Array.from(P), m, P.length / m)).Q
}

/**
 * The same, scaled: S, m long columns, with G S = Q orthonormal; those with dependent images are left out. Both by columns.
 */
export function* harmonicBasis(
  G: Float64Array,
  F: Float64Array,
  rows: number,
  m: number,
  most: number,
): Steps<{ count: number; S: Float64Array; Q: Float64Array }> {
  const P = yield* harmonicVectors(G, F, rows, m, most)
  const { kept, Q, R } = yield* thinQr(yield* product(G, rows, P), rows, P.length / m)
  const S = new Float64Array(kept.length * m)
  kept.forEach((from, j) => {
    S.set(P.subarray(from * m, (from + 1) * m), j * m)
  })
  solveUpperFromRight(R, kept.length, S)
  return { count: kept.length, S, Q }
}

function identityColumns(m: number): Float64Array {
  const I = new Float64Array(m * m)
  for (let i = 0; i < m; i++) I[i * m + i] = 1
  return I
}

function transposed(A: Float64Array, m: number): Float64Array {
  const T = new Float64Array(m * m)
  for (let i = 0; i < m; i++) for (let j = 0; j < m; j++) T[i * m + j] = A[j * m + i]!
  return T
}
