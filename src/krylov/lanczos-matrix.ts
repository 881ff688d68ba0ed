import type { Outcome } from './stopping.ts'

/**
 * The Lanczos matrix of M^-1 A that conjugate gradients' coefficients make: T_ii = 1 / alpha_i + beta_i / alpha_(i-1),
 * T_(i,i-1) = sqrt(beta_i) / alpha_(i-1) (Golub and Van Loan, 11.3.5), up to the first restart.
 */
export class LanczosMatrix {
  readonly #diagonal: number[] = []
  readonly #offDiagonal: number[] = []
  #alpha = 1
  #whole = true

  step(alpha: number, beta: number, restarted: boolean): void {
    const first = this.#diagonal.length === 0
    if (restarted && !first) this.#whole = false
    if (!this.#whole) return
    if (!first) this.#offDiagonal.push(Math.sqrt(beta) / this.#alpha)
    this.#diagonal.push(1 / alpha + beta / this.#alpha)
    this.#alpha = alpha
  }

  /** The outcome with this matrix in it. */
  in(outcome: Outcome): Outcome {
    return {
      ...outcome,
      diagonal: Float64Array.from(this.#diagonal),
      offDiagonal: Float64Array.from(this.#offDiagonal),
    }
  }
}
