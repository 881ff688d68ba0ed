/*
 * Products with a basis: vectors as long as w, one after the other. Four at a time, so that w is read a quarter as often.
 */

/** out[j] = v_j . w */
export function basisDots(V: Float64Array, w: Float64Array, out: Float64Array): void {
  const n = w.length
  const count = out.length
  let j = 0
  for (; j + 3 < count; j += 4) {
    const at = j * n
    let s0 = 0
    let s1 = 0
    let s2 = 0
    let s3 = 0
    for (let i = 0; i < n; i++) {
      const wi = w[i]!
      s0 += V[at + i]! * wi
      s1 += V[at + n + i]! * wi
      s2 += V[at + 2 * n + i]! * wi
      s3 += V[at + 3 * n + i]! * wi
    }
    out[j] = s0
    out[j + 1] = s1
    out[j + 2] = s2
    out[j + 3] = s3
  }
  for (; j < count; j++) {
    let sum = 0
    for (let i = 0, at = j * n; i < n; i++) sum += V[at + i]! * w[i]!
    out[j] = sum
  }
}

/** w -= V h; then out = v_j . w for as many vectors as it has room for, and w . w last. */
export function basisSubtract(V: Float64Array, h: Float64Array, w: Float64Array, out: Float64Array): void {
  const n = w.length
  let j = 0
  for (; j + 3 < h.length; j += 4) {
    const at = j * n
    const [h0, h1, h2, h3] = [h[j]!, h[j + 1]!, h[j + 2]!, h[j + 3]!]
    for (let i = 0; i < n; i++)
      w[i]! -= h0 * V[at + i]! + h1 * V[at + n + i]! + (h2 * V[at + 2 * n + i]! + h3 * V[at + 3 * n + i]!)
  }
  for (; j < h.length; j++) for (let i = 0, at = j * n; i < n; i++) w[i]! -= h[j]! * V[at + i]!
  const last = out.length - 1
  basisDots(V, w, out.subarray(0, last))
  basisDots(w, w, out.subarray(last))
}

/** X = V S + beta X, rows [from, to), S by columns; X may be the first vectors of V where beta is zero. */
export function basisCombine(
  V: Float64Array,
  S: Float64Array,
  beta: number,
  X: Float64Array,
  n: number,
  from: number,
  to: number,
): void {
  const columns = n === 0 ? 0 : X.length / n
  const count = n === 0 ? 0 : V.length / n
  const sums = new Float64Array(columns * BLOCK)
  for (let first = from; first < to; first += BLOCK) {
    const rows = Math.min(BLOCK, to - first)
    for (let c = 0; c < columns; c++) {
      const sum = sums.subarray(c * BLOCK, c * BLOCK + rows)
      for (let i = 0; i < rows; i++) sum[i] = beta === 0 ? 0 : beta * X[c * n + first + i]!
      for (let j = 0; j < count; j++) {
        const s = S[c * count + j]!
        const at = j * n + first
        for (let i = 0; i < rows; i++) sum[i]! += s * V[at + i]!
      }
    }
    for (let c = 0; c < columns; c++) X.set(sums.subarray(c * BLOCK, c * BLOCK + rows), c * n + first)
  }
}

const BLOCK = 256 // rows: of 40 vectors 80 kB
