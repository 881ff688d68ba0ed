/**
 * The reflection I - tau v v^T, v_0 = 1, that makes `count` entries of X, from `at` on and `stride` apart, into (beta, 0 ..):
 * beta takes the place of the first, v that of the others. Returns tau; signs as LAPACK's dlarfg.
 */
export function reflector(X: Float64Array, at: number, stride: number, count: number): number {
  const end = at + count * stride
  let largest = 0
  for (let p = at + stride; p < end; p += stride) largest = Math.max(largest, Math.abs(X[p]!))
  if (largest === 0) return 0
  const alpha = X[at]!
  const scale = Math.max(largest, Math.abs(alpha))
  let sum = 0
  for (let p = at; p < end; p += stride) sum += (X[p]! / scale) ** 2
  const beta = alpha > 0 ? -scale * Math.sqrt(sum) : scale * Math.sqrt(sum)
  for (let p = at + stride; p < end; p += stride) X[p]! /= alpha - beta
  X[at] = beta
  return (beta - alpha) / beta
}
