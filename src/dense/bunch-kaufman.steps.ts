import { type Steps, tick } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'

/** Signs of the eigenvalues, read off the pivots (Sylvester). */
export interface Inertia {
  readonly negative: number
  /** Pivots of zero, or not finite: the factor cannot be solved with. */
  readonly zero: number
}

const ALPHA = (1 + Math.sqrt(17)) / 8 // bounds the growth of either kind of pivot alike

/**
 * P A P^T = L D L^T, D of blocks of order 1 and 2, in place: Bunch and Kaufman 1977, diagonal pivoting. Row j of the array
 * holds column j of L, on and right of the diagonal, which is what LAPACK's dsytrf leaves for 'L' in a column-major
 * array; only that triangle is read. `pivots` (n) as there: k + 1 where row k was exchanged with it, or twice -(k + 1) for a
 * block of order 2. n^3 / 3 flops.
 */
export function* bunchKaufmanSteps(k: Kernels, a: Float64Array, n: number, pivots: Int32Array): Steps<Inertia> {
  let work = 0
  for (let j = 0; j < n; ) {
    const { at, pair, empty } = choose(a, n, j)
    const second = pair ? j + 1 : j
    if (at !== second) exchange(a, n, second, at)
    if (pair && at !== second) swap(a, j * n + second, j * n + at)
    if (!empty && pair) eliminatePair(a, n, j)
    else if (!empty) eliminate(a, n, j)
    pivots[j] = pair ? -(at + 1) : at + 1
    if (pair) pivots[second] = -(at + 1)
    j = second + 1
    work += (n - j) ** 2
    if (work > k.grain) {
      work = 0
      yield tick
    }
  }
  return inertia(a, n, pivots)
}

interface Pivot {
  /** The unknown to exchange with. */
  readonly at: number
  readonly pair: boolean
  /** Whether there is nothing to eliminate. */
  readonly empty: boolean
}

function choose(a: Float64Array, n: number, j: number): Pivot {
  const diagonal = Math.abs(a[j * n + j]!)
  let off = 0
  let m = j
  for (let c = j + 1; c < n; c++)
    if (m === j || Math.abs(a[j * n + c]!) > off) {
      off = Math.abs(a[j * n + c]!)
      m = c
    }
  if (!(Math.max(diagonal, off) > 0)) return { at: j, pair: false, empty: true }
  if (diagonal >= ALPHA * off) return { at: j, pair: false, empty: false }
  let largest = 0
  for (let r = j; r < m; r++) largest = Math.max(largest, Math.abs(a[r * n + m]!))
  for (let c = m + 1; c < n; c++) largest = Math.max(largest, Math.abs(a[m * n + c]!))
  if (diagonal >= ALPHA * off * (off / largest)) return { at: j, pair: false, empty: false }
  return { at: m, pair: !(Math.abs(a[m * n + m]!) >= ALPHA * largest), empty: false }
}

function swap(a: Float64Array, x: number, y: number): void {
  const kept = a[x]!
  a[x] = a[y]!
  a[y] = kept
}

/** Exchanges unknowns q < p of what is left from row q on. */
function exchange(a: Float64Array, n: number, q: number, p: number): void {
  for (let c = p + 1; c < n; c++) swap(a, q * n + c, p * n + c)
  for (let c = q + 1; c < p; c++) swap(a, q * n + c, c * n + p)
  swap(a, q * n + q, p * n + p)
}

function eliminate(a: Float64Array, n: number, j: number): void {
  const row = j * n
  const inverse = 1 / a[row + j]!
  for (let r = j + 1; r < n; r++) {
    const l = a[row + r]! * inverse
    for (let c = r; c < n; c++) a[r * n + c]! -= l * a[row + c]!
  }
  for (let c = j + 1; c < n; c++) a[row + c]! *= inverse
}

/** D = [d0 e; e d1]; the columns of L are D^-1 times those of A, scaled against overflow. */
function eliminatePair(a: Float64Array, n: number, j: number): void {
  const [u, v] = [j * n, (j + 1) * n]
  const e = a[u + j + 1]!
  const d0 = a[u + j]! / e
  const d1 = a[v + j + 1]! / e
  const scale = 1 / ((d0 * d1 - 1) * e)
  for (let r = j + 2; r < n; r++) {
    const l = scale * (d1 * a[u + r]! - a[v + r]!)
    const m = scale * (d0 * a[v + r]! - a[u + r]!)
    for (let c = r; c < n; c++) a[r * n + c]! -= l * a[u + c]! + m * a[v + c]!
    a[u + r] = l
    a[v + r] = m
  }
}

function inertia(a: Float64Array, n: number, pivots: Int32Array): Inertia {
  let negative = 0
  let zero = 0
  for (let j = 0; j < n; ) {
    const d = a[j * n + j]!
    if (pivots[j]! > 0) {
      if (!(Math.abs(d) > 0 && Number.isFinite(d))) zero++
      if (d < 0) negative++
      j++
    } else {
      negative++ // a block of order 2 has one eigenvalue of either sign
      if (!Number.isFinite(d) || !Number.isFinite(a[j * n + j + 1]!)) zero++
      j += 2
    }
  }
  return { negative, zero }
}

/** X = A^-1 X in place, X n x s, row-major. */
export function* bunchKaufmanSolveSteps(
  k: Kernels,
  a: Float64Array,
  n: number,
  pivots: Int32Array,
  x: Float64Array,
  s: number,
): Steps<void> {
  const ticks = Math.max(1, Math.floor(k.grain / (n * s)))
  const swapRows = (i: number, j: number) => {
    for (let c = 0; i !== j && c < s; c++) swap(x, i * s + c, j * s + c)
  }
  const target = (j: number) => Math.abs(pivots[j]!) - 1
  const subtract = (j: number, from: number) => {
    for (let r = from; r < n; r++) for (let c = 0; c < s; c++) x[r * s + c]! -= a[j * n + r]! * x[j * s + c]!
  }
  const gather = (j: number, from: number) => {
    for (let r = from; r < n; r++) for (let c = 0; c < s; c++) x[j * s + c]! -= a[j * n + r]! * x[r * s + c]!
  }
  let j = 0
  while (j < n) {
    if (j % ticks === 0) yield tick
    if (pivots[j]! > 0) {
      swapRows(j, target(j))
      subtract(j, j + 1)
      for (let c = 0; c < s; c++) x[j * s + c]! /= a[j * n + j]!
      j++
      continue
    }
    swapRows(j + 1, target(j))
    subtract(j, j + 2)
    subtract(j + 1, j + 2)
    const e = a[j * n + j + 1]!
    const d0 = a[j * n + j]! / e
    const d1 = a[(j + 1) * n + j + 1]! / e
    const scale = 1 / (d0 * d1 - 1)
    for (let c = 0; c < s; c++) {
      const y0 = x[j * s + c]! / e
      const y1 = x[(j + 1) * s + c]! / e
      x[j * s + c] = scale * (d1 * y0 - y1)
      x[(j + 1) * s + c] = scale * (d0 * y1 - y0)
    }
    j += 2
  }
  while (j-- > 0) {
    if (j % ticks === 0) yield tick
    if (pivots[j]! > 0) {
      gather(j, j + 1)
      swapRows(j, target(j))
      continue
    }
    j--
    gather(j, j + 2)
    gather(j + 1, j + 2)
    swapRows(j + 1, target(j))
  }
}
