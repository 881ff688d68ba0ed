/**
 * Solves G y = g in place, G a small symmetric positive definite matrix of order g.length, which is overwritten: Cholesky, its
 * diagonal scaled to 1. False where it is not positive definite to rounding.
 */
export function smallSolve(G: Float64Array, g: Float64Array): boolean {
  const n = g.length
  const scale = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    scale[i] = 1 / Math.sqrt(G[i * n + i]!)
    if (!(scale[i]! > 0 && scale[i]! < Number.POSITIVE_INFINITY)) return false
  }
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = G[i * n + j]! * scale[i]! * scale[j]!
      for (let m = 0; m < j; m++) sum -= G[i * n + m]! * G[j * n + m]!
      if (i === j && !(sum > Number.EPSILON)) return false
      G[i * n + j] = i === j ? Math.sqrt(sum) : sum / G[j * n + j]!
    }
  }
  for (let i = 0; i < n; i++) {
    let sum = g[i]! * scale[i]!
    for (let m = 0; m < i; m++) sum -= G[i * n + m]! * g[m]!
    g[i] = sum / G[i * n + i]!
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = g[i]!
    for (let m = i + 1; m < n; m++) sum -= G[m * n + i]! * g[m]!
    g[i] = sum / G[i * n + i]!
  }
  for (let i = 0; i < n; i++) g[i]! *= scale[i]!
  return true
}
