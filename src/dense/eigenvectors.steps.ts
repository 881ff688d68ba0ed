import { type Steps, tick } from '../core/steps.ts'
import { type RealSchur, realSchur } from './real-schur.steps.ts'

/** Eigenvalues of a real matrix, pairs side by side, and their vectors: of a pair, columns j and j + 1 are Re and Im. */
export interface Eigenvectors {
  readonly real: Float64Array
  /** Positive in the first of a pair. */
  readonly imaginary: Float64Array
  /** n x n, row-major. */
  readonly vectors: Float64Array
}

/**
 * Eigenvalues and right eigenvectors of a small square matrix, n x n, row-major, which is overwritten: back substitution in
 * its real Schur form. Undefined where that has none.
 */
export function* eigenvectors(A: Float64Array, n: number): Steps<Eigenvectors | undefined> {
  const schur = yield* realSchur(A, n)
  if (schur === undefined) return undefined
  const { T } = schur
  const found = { real: new Float64Array(n), imaginary: new Float64Array(n), vectors: new Float64Array(n * n) }
  for (let j = 0; j < n; j++) {
    const pair = j + 1 < n && T[(j + 1) * n + j] !== 0
    found.real[j] = T[j * n + j]!
    if (pair) {
      const [a, b, c, d] = [T[j * n + j]!, T[j * n + j + 1]!, T[(j + 1) * n + j]!, T[(j + 1) * n + j + 1]!]
      const half = (a - d) / 2
      found.real.fill((a + d) / 2, j, j + 2)
      found.imaginary[j] = Math.sqrt(-(half * half + b * c))
      found.imaginary[j + 1] = -found.imaginary[j]!
    }
    vectorOf(schur, n, j, found, pair)
    yield tick
    if (pair) j++
  }
  return found
}

/** Solves (T - lambda I) x = 0 upwards from the block at j, and writes Z x, of norm 1, into columns j (and j + 1). */
function vectorOf({ T, Z }: RealSchur, n: number, j: number, found: Eigenvectors, pair: boolean): void {
  const [p, q] = [found.real[j]!, found.imaginary[j]!]
  const last = pair ? j + 1 : j
  const re = new Float64Array(n)
  const im = new Float64Array(n)
  re[last] = 1
  if (pair) {
    // row j + 1 of the block: c x_j = (lambda - d) x_(j+1)
    re[j] = (p - T[last * n + last]!) / T[last * n + j]!
    im[j] = q / T[last * n + j]!
  }
  const largest = T.reduce((most, t) => Math.max(most, Math.abs(t)), 0)
  const tiny = Math.max(Number.EPSILON * largest, 2 ** -500) // its square is a number as well
  const right = (i: number): Complex => {
    let [a, b] = [0, 0]
    for (let k = i + 1; k <= last; k++) {
      a -= T[i * n + k]! * re[k]!
      b -= T[i * n + k]! * im[k]!
    }
    return [a, b]
  }
  for (let i = j - 1; i >= 0; i--) {
    if (i === 0 || T[i * n + i - 1] === 0) {
      ;[re[i], im[i]] = quotient(right(i), [T[i * n + i]! - p, -q], tiny)
      continue
    }
    const above = i - 1
    const [f, g] = [right(i), right(above)]
    const [a, b, c, d] = [T[above * n + above]!, T[above * n + i]!, T[i * n + above]!, T[i * n + i]!]
    const determinant: Complex = [(a - p) * (d - p) - q * q - b * c, -q * (a - p) - q * (d - p)]
    const x = [(d - p) * g[0] + q * g[1] - b * f[0], (d - p) * g[1] - q * g[0] - b * f[1]] as const
    const y = [(a - p) * f[0] + q * f[1] - c * g[0], (a - p) * f[1] - q * f[0] - c * g[1]] as const
    ;[re[above], im[above]] = quotient(x, determinant, tiny * tiny)
    ;[re[i], im[i]] = quotient(y, determinant, tiny * tiny)
    i--
  }
  write(Z, n, j, pair, re, im, found.vectors)
}

type Complex = readonly [re: number, im: number]

/** x / y; a zero y becomes `tiny`, as if T were another matrix within rounding. */
function quotient([a, b]: Complex, [c, d]: Complex, tiny: number): Complex {
  const size = Math.max(Math.abs(c), Math.abs(d))
  if (size <= tiny) return [a / tiny, b / tiny]
  const [u, v] = [c / size, d / size]
  const square = (u * u + v * v) * size
  return [(a * u + b * v) / square, (b * u - a * v) / square]
}

function write(
  Z: Float64Array,
  n: number,
  j: number,
  pair: boolean,
  re: Float64Array,
  im: Float64Array,
  vectors: Float64Array,
): void {
  let square = 0
  for (let i = 0; i < n; i++) {
    let [a, b] = [0, 0]
    for (let k = 0; k < n; k++) {
      a += Z[i * n + k]! * re[k]!
      b += Z[i * n + k]! * im[k]!
    }
    vectors[i * n + j] = a
    if (pair) vectors[i * n + j + 1] = b
    square += a * a + b * b
  }
  const scale = 1 / Math.sqrt(square)
  for (let i = 0; i < n; i++) {
    vectors[i * n + j]! *= scale
    if (pair) vectors[i * n + j + 1]! *= scale
  }
}
