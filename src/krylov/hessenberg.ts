import type { Outcome } from './stopping.ts'

const STEPS = 12 // of power iteration: within a few per cent, which is what a condition number is worth

/**
 * The least-squares problem of Arnoldi's process, min || beta e_1 - H y ||, column by column: H is brought to upper
 * triangular form R by plane rotations (Saad and Schultz 1986). All arrays are small.
 */
export class HessenbergLeastSquares {
  /** Columns that take part. */
  count = 0
  /** || beta e_1 - H y || for the best y. */
  residual = 0
  readonly #most: number
  /** R by columns, each `most` long. */
  readonly #R: Float64Array
  readonly #cosines: Float64Array
  readonly #sines: Float64Array
  /** Q^T beta e_1. */
  readonly #g: Float64Array
  #smallest = Number.POSITIVE_INFINITY
  #largest = 0

  constructor(most: number) {
    this.#most = most
    this.#R = new Float64Array(most * most)
    this.#cosines = new Float64Array(most)
    this.#sines = new Float64Array(most)
    this.#g = new Float64Array(most + 1)
  }

  /** Starts anew; what the last cycle tells of the singular values is kept. */
  begin(beta: number): void {
    this.#look()
    this.count = 0
    this.residual = Math.abs(beta)
    this.#g.fill(0)
    this.#g[0] = beta
  }

  /**
   * Takes the next column, count + 2 entries of which the last is not negative. False where it adds nothing, since H is
   * singular with it: then it is left out.
   */
  push(h: Float64Array): boolean {
    const j = this.count
    const r = this.#R.subarray(j * this.#most, (j + 1) * this.#most)
    let [upper, size] = [h[0]!, h[j + 1]! * h[j + 1]!]
    for (let i = 0; i <= j; i++) size += h[i]! * h[i]!
    for (let i = 0; i < j; i++) {
      const [c, s, lower] = [this.#cosines[i]!, this.#sines[i]!, h[i + 1]!]
      r[i] = c * upper + s * lower
      upper = c * lower - s * upper
    }
    const pivot = Math.hypot(upper, h[j + 1]!)
    if (!(pivot > Number.EPSILON * Math.sqrt(size))) return false
    r[j] = pivot
    const [c, s] = [upper / pivot, h[j + 1]! / pivot]
    this.#cosines[j] = c
    this.#sines[j] = s
    this.#g[j + 1] = -s * this.#g[j]!
    this.#g[j] = c * this.#g[j]!
    this.residual = Math.abs(this.#g[j + 1]!)
    this.count++
    return true
  }

  /** y = R^-1 g, `count` entries. */
  solve(y: Float64Array): void {
    for (let i = 0; i < this.count; i++) y[i] = this.#g[i]!
    this.#solveUpper(y)
  }

  /** The outcome with estimates of the extreme singular values of the operator, from all cycles. */
  in(outcome: Outcome): Outcome {
    this.#look()
    if (!(this.#largest > 0)) return outcome
    const diagonal = Float64Array.of(this.#smallest, this.#largest)
    return { ...outcome, diagonal, offDiagonal: new Float64Array(1) }
  }

  /** The extreme singular values of R, by power iteration on R^T R and on its inverse. */
  #look(): void {
    const n = this.count
    if (n === 0) return
    const v = new Float64Array(n)
    const iterate = (act: () => void): number => {
      let size = 0
      v.fill(1 / Math.sqrt(n))
      for (let step = 0; step < STEPS; step++) {
        act()
        size = Math.hypot(...v)
        for (let i = 0; i < n; i++) v[i]! /= size
      }
      return Math.sqrt(size)
    }
    const largest = iterate(() => {
      this.#multiplyUpper(v)
      this.#multiplyLower(v)
    })
    const smallest =
      1 /
      iterate(() => {
        this.#solveLower(v)
        this.#solveUpper(v)
      })
    if (largest > this.#largest) this.#largest = largest
    if (smallest < this.#smallest) this.#smallest = smallest
  }

  /** v = R v */
  #multiplyUpper(v: Float64Array): void {
    for (let i = 0; i < this.count; i++) {
      let sum = 0
      for (let j = i; j < this.count; j++) sum += this.#R[j * this.#most + i]! * v[j]!
      v[i] = sum
    }
  }

  /** v = R^T v */
  #multiplyLower(v: Float64Array): void {
    for (let j = this.count - 1; j >= 0; j--) {
      let sum = 0
      for (let i = 0; i <= j; i++) sum += this.#R[j * this.#most + i]! * v[i]!
      v[j] = sum
    }
  }

  /** v = R^-1 v */
  #solveUpper(v: Float64Array): void {
    for (let j = this.count - 1; j >= 0; j--) {
      const column = j * this.#most
      v[j]! /= this.#R[column + j]!
      for (let i = 0; i < j; i++) v[i]! -= this.#R[column + i]! * v[j]!
    }
  }

  /** v = R^-T v */
  #solveLower(v: Float64Array): void {
    for (let j = 0; j < this.count; j++) {
      const column = j * this.#most
      for (let i = 0; i < j; i++) v[j]! -= this.#R[column + i]! * v[i]!
      v[j]! /= this.#R[column + j]!
    }
  }
}
