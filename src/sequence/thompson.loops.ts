import { normalAt } from '../core/random.ts'
import { HEAD, type Loops, ROUNDS, SEED, STREAM } from './loops.ts'

const FORGOTTEN = 1e-3 // plays, discounted, below which an arm counts as never played
const LARGEST = 8.7 // no sample of a normal lies further out: sqrt(-2 log 2^-54)

/** Thompson sampling. State: per arm, one list after the other, plays, sum of losses, sum of their squares, discounted by `keep`. */
export const thompsonLoops = (keep: number): Loops => ({
  size: arms => HEAD + 3 * arms,
  arms: size => (size - HEAD) / 3,
  begin: () => {},
  choose(data) {
    const arms = (data.length - HEAD) / 3
    const [sums, squares] = [HEAD + arms, HEAD + 2 * arms]
    const [seed, stream, first] = [data[SEED]!, data[STREAM]!, data[ROUNDS]! * arms]
    let [count, total, within, played, best] = [0, 0, 0, 0, 0]
    for (let a = 0; a < arms; a++) {
      const n = data[HEAD + a]!
      if (n < FORGOTTEN) return a
      const sum = data[sums + a]!
      count += n
      total += sum
      within += Math.max(0, data[squares + a]! - (sum * sum) / n)
      played++
      if (sum * data[HEAD + best]! < data[sums + best]! * n) best = a
    }
    const mean = total / count
    const deviation = Math.sqrt(Math.max(within / Math.max(1, count - played), 1e-4 * mean * mean))
    // the arm of the smallest mean first: those that no sample can bring below its own need none
    const leader = best
    let least = Number.POSITIVE_INFINITY
    for (let turn = -1; turn < arms; turn++) {
      if (turn === leader) continue
      const a = turn < 0 ? leader : turn
      const n = data[HEAD + a]!
      const spread = deviation * Math.sqrt(1 / n)
      const center = data[sums + a]! / n
      if (center - LARGEST * spread >= least) continue
      const sample = center + spread * normalAt(seed, stream, first + a)
      if (sample < least) {
        least = sample
        best = a
      }
    }
    return best
  },
  learn(data, arm, loss) {
    const arms = (data.length - HEAD) / 3
    if (keep < 1) for (let k = HEAD; k < data.length; k++) data[k]! *= keep
    data[ROUNDS]! += 1
    data[HEAD + arm]! += 1
    data[HEAD + arms + arm]! += loss
    data[HEAD + 2 * arms + arm]! += loss * loss
  },
})
