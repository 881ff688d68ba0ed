import { float64 } from '../core/shared.ts'

/** What was chosen for a solve, and what it cost. */
export interface SequenceChoice {
  /** Number of the arm, -1 where the parameter was not learnt. */
  readonly arm: number
  /** omega, or the number of the preconditioner. */
  readonly value: number
  readonly loss: number
  /** Whether the arm used up its budget and the reference went on. */
  readonly takenOver: boolean
  /** Of all that was tried for this system. */
  readonly iterations: number
}

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

/** What is kept of the past, as JSON can hold it. */
export interface SavedLedger {
  readonly chosen: readonly number[]
  readonly values: readonly number[]
  readonly losses: readonly number[]
  readonly counts: readonly [iterations: number, takenOver: number, mean: number, counted: number]
}

/** Keeps the books of a sequence. */
export class Ledger {
  readonly #chosen: Log
  readonly #values: Log
  readonly #losses: Log
  #counts: readonly [iterations: number, takenOver: number, mean: number, counted: number]
  solveTime = 0
  learnTime = 0

  constructor(
    { chosen, values, losses, counts }: SavedLedger = { chosen: [], values: [], losses: [], counts: [0, 0, 0, 0] },
  ) {
    ;[this.#chosen, this.#values, this.#losses] = [Log.from(chosen), Log.from(values), Log.from(losses)]
    this.#counts = counts
  }

  /** Mean of the losses that were learnt from. */
  get mean(): number {
    return this.#counts[2]
  }

  /** `learnt`: the loss that was learnt from, if any. */
  enter(choice: SequenceChoice, learnt: number | undefined): void {
    this.#chosen.push(choice.arm)
    this.#values.push(choice.value)
    this.#losses.push(choice.loss)
    const [iterations, takenOver, mean, counted] = this.#counts
    const more = learnt === undefined ? 0 : 1
    this.#counts = [
      iterations + choice.iterations,
      takenOver + (choice.takenOver ? 1 : 0),
      learnt === undefined ? mean : mean + (learnt - mean) / (counted + 1),
      counted + more,
    ]
  }

  save(): SavedLedger {
    const [chosen, values, losses] = [this.#chosen, this.#values, this.#losses].map(log => Array.from(log.toArray()))
    return { chosen: chosen!, values: values!, losses: losses!, counts: this.#counts }
  }

  report(labels: readonly string[]): SequenceReport {
    const [iterations, takenOver] = this.#counts
    return {
      ...summary(labels, this.#chosen, this.#values, this.#losses),
      iterations,
      takenOver,
      time: { solve: this.solveTime, learn: this.learnTime },
    }
  }
}

/** A list of numbers that grows. */
class Log {
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
function summary(
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
