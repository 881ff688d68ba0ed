import { float64 } from '../core/shared.ts'

/** What one arm was given and cost. */
export interface ArmReport {
  readonly arm: string
  readonly pulls: number
  /** NaN where it was never played. */
  readonly meanLoss: number
}

/** What a sequence did. */
export interface SequenceReport {
  readonly solves: number
  /** Iterations of all solves, those of arms that were given up included. */
  readonly iterations: number
  /** Loss of all solves, in products with A or, with `loss: 'time'`, in milliseconds. */
  readonly loss: number
  /** What this cost above the arm of the smallest mean loss, had that been its cost in every solve. */
  readonly regret: number
  readonly arms: readonly ArmReport[]
  /** Per solve, the number of its arm, and -1 for a value that was not learnt. */
  readonly chosen: Int32Array
  /** Per solve, its parameter: omega, or the number of the preconditioner. */
  readonly values: Float64Array
  /** Per solve. */
  readonly losses: Float64Array
  /** Solves in which the reference took over. */
  readonly takenOver: number
  /** Milliseconds: in solvers, and in choosing and learning. */
  readonly time: { readonly solve: number; readonly learn: number }
}

/** A list of numbers that grows. */
export class Log {
  #entries = float64(64)
  length = 0

  push(entry: number): void {
    if (this.length === this.#entries.length) {
      const larger = float64(2 * this.length)
      larger.set(this.#entries)
      this.#entries = larger
    }
    this.#entries[this.length++] = entry
  }

  toArray(): Float64Array {
    return this.#entries.slice(0, this.length)
  }

  static from(entries: readonly number[]): Log {
    const log = new Log()
    for (const entry of entries) log.push(entry)
    return log
  }
}

/** Sums up the logs of a sequence. */
export function summary(
  labels: readonly string[],
  chosen: Log,
  values: Log,
  losses: Log,
): Omit<SequenceReport, 'iterations' | 'takenOver' | 'time'> {
  const [arms, spent] = [Int32Array.from(chosen.toArray()), losses.toArray()]
  const pulls = new Float64Array(labels.length)
  const sums = new Float64Array(labels.length)
  let loss = 0
  arms.forEach((arm, at) => {
    loss += spent[at]!
    if (arm < 0) return
    pulls[arm]! += 1
    sums[arm]! += spent[at]!
  })
  const means = Array.from(sums, (sum, arm) => (pulls[arm]! > 0 ? sum / pulls[arm]! : Number.NaN))
  const least = Math.min(...means.filter(mean => !Number.isNaN(mean)))
  return {
    solves: spent.length,
    loss,
    regret: least < Number.POSITIVE_INFINITY ? loss - least * spent.length : 0,
    arms: labels.map((arm, at) => ({ arm, pulls: pulls[at]!, meanLoss: means[at]! })),
    chosen: arms,
    values: values.toArray(),
    losses: spent,
  }
}
