import type { Outcome, Reason } from './stopping.ts'

/** What a conjugate-gradient iteration leaves behind: counts, residual norms, and its Lanczos matrix. */
export class Trace {
  operator = 0
  preconditioner = 0
  readonly #history: number[] | undefined
  readonly #diagonal: number[] = []
  readonly #offDiagonal: number[] = []
  #alpha = 1
  #whole = true

  constructor(history: boolean) {
    this.#history = history ? [] : undefined
  }

  start(norm: number): void {
    this.#history?.push(norm)
  }

  /**
   * One iteration. T_ii = 1 / alpha_i + beta_i / alpha_(i-1) and T_(i,i-1) = sqrt(beta_i) / alpha_(i-1) (Golub and
   * Van Loan, 11.3.5), up to the first restart.
   */
  step(norm: number, alpha: number, beta: number, fresh: boolean): void {
    this.#history?.push(norm)
    if (fresh && this.#diagonal.length > 0) this.#whole = false
    if (!this.#whole) return
    if (this.#diagonal.length > 0) this.#offDiagonal.push(Math.sqrt(beta) / this.#alpha)
    this.#diagonal.push(1 / alpha + beta / this.#alpha)
    this.#alpha = alpha
  }

  end(reason: Reason, iterations: number, residualNorm: number): Outcome {
    const { operator, preconditioner } = this
    return {
      reason,
      iterations,
      residualNorm,
      operator,
      preconditioner,
      history: Float64Array.from(this.#history ?? []),
      diagonal: Float64Array.from(this.#diagonal),
      offDiagonal: Float64Array.from(this.#offDiagonal),
    }
  }
}
