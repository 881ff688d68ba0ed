/** Adam (Kingma and Ba 2015), its rate falling to zero along half a cosine; gradients longer than `clip` are cut. */
export class Adam {
  readonly #mean: Float64Array
  readonly #square: Float64Array
  readonly #steps: number
  readonly #rate: number
  #step = 0

  constructor(count: number, steps: number, rate: number) {
    this.#mean = new Float64Array(count)
    this.#square = new Float64Array(count)
    this.#steps = steps
    this.#rate = rate
  }

  /** Moves theta against the gradient. */
  step(theta: Float64Array, gradient: Float64Array): void {
    let norm = 0
    for (const g of gradient) norm += g * g
    const cut = Math.min(1, CLIP / Math.max(Math.sqrt(norm), 1e-300))
    const rate = (this.#rate * (1 + Math.cos((Math.PI * this.#step) / this.#steps))) / 2
    this.#step++
    const [mean, square] = [1 - FIRST ** this.#step, 1 - SECOND ** this.#step]
    for (let i = 0; i < theta.length; i++) {
      const g = cut * gradient[i]!
      this.#mean[i] = FIRST * this.#mean[i]! + (1 - FIRST) * g
      this.#square[i] = SECOND * this.#square[i]! + (1 - SECOND) * g * g
      theta[i]! -= (rate * (this.#mean[i]! / mean)) / (Math.sqrt(this.#square[i]! / square) + TINY)
    }
  }
}

const CLIP = 1
const FIRST = 0.9
const SECOND = 0.98
const TINY = 1e-8
