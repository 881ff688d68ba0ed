import type { Problem } from './problem.ts'

const SHARE = 0.2 // of the errors' rms times the root of the mean count: a tenth of the norm of such errors as a matrix
const FALLING = 0.98 // times the error before: a sweep that leaves more has stalled
const HALF = 0.5 // of the ridge is left after each stalled sweep
const LAST = 1e-2 // of SHARE, below which there is no ridge any more

/**
 * A ridge that shrinks with the errors, for problems that have none. Where few entries are seen, a direction that is not
 * found yet may be spent on a single row, whose entries it fits, and stay there for good. What it fits of one row is small
 * beside the errors as a whole: a ridge of their size leaves it out, while what runs through all rows passes. As the errors
 * fall the ridge does; where they do not, there is noise, and it goes.
 */
export class Opening {
  #share: number
  #error: number
  /** Of the mean count, times the mean weight. */
  readonly #root: number
  readonly #problem: Problem

  constructor(problem: Problem) {
    const { byRow } = problem.observed
    this.#problem = problem
    this.#error = problem.size
    this.#root = Math.sqrt(byRow.nonZeros / Math.min(byRow.rows, byRow.columns)) * (problem.weight / byRow.nonZeros)
    this.#share = problem.ridge > 0 || problem.confidence !== undefined ? 0 : SHARE
  }

  get isOver(): boolean {
    return this.#share === 0
  }

  /** The problem with the ridge that it is to have in the next sweep. */
  get problem(): Problem {
    if (this.isOver) return this.#problem
    const ridge = this.#share * this.#error * this.#root
    return { ...this.#problem, ridge, biasRidge: this.#problem.biases ? ridge : 0, scaling: 'none' }
  }

  /** Takes in the root mean square of the errors that a sweep has left. */
  after(error: number): void {
    if (!(error <= FALLING * this.#error)) this.#share *= HALF
    if (this.#share < LAST * SHARE) this.#share = 0
    this.#error = error
  }
}
