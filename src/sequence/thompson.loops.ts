import { uniformAt } from '../core/random.ts'
import { HEAD, type Loops, ROUNDS, SEED, STREAM } from './loops.ts'
import { lowest, normalQuantile } from './normal-quantile.loops.ts'

const FORGOTTEN = 1e-3 // plays, discounted, below which an arm counts as never played
const UNIT = 2 ** -32

/** 32 bits for an arm out of those for a round: the finalizer of MurmurHash3 (Appleby 2011) over a Weyl sequence. */
function bits(round: number, arm: number): number {
  let h = (round + Math.imul(arm, 0x9e3779b9)) | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** Thompson sampling. State: per arm, one list after the other, plays, sum of losses, sum of their squares, discounted by `keep`. */
export const thompsonLoops = (keep: number): Loops => ({
  size: arms => HEAD + 3 * arms,
  arms: size => (size - HEAD) / 3,
  begin: () => {},
  choose(data) {
    const arms = (data.length - HEAD) / 3
    const [sums, squares] = [HEAD + arms, HEAD + 2 * arms]
    let [count, total, within, best] = [0, 0, 0, 0]
    for (let a = 0; a < arms; a++) {
      const n = data[HEAD + a]!
      if (n < FORGOTTEN) return a
      const sum = data[sums + a]!
      count += n
      total += sum
      within += Math.max(0, data[squares + a]! - (sum * sum) / n)
      if (sum * data[HEAD + best]! < data[sums + best]! * n) best = a
    }
    const mean = total / count
    const deviation = Math.sqrt(Math.max(within / Math.max(1, count - arms), 1e-4 * mean * mean))
    // the arm of the smallest mean first: those that their first bits keep above its sample need none of their own
    const round = Math.floor(uniformAt(data[SEED]!, data[STREAM]!, data[ROUNDS]!) * 2 ** 32) | 0
    const leader = best
    let least = Number.POSITIVE_INFINITY
    for (let turn = -1; turn < arms; turn++) {
      if (turn === leader) continue
      const a = turn < 0 ? leader : turn
      const n = data[HEAD + a]!
      const spread = deviation * Math.sqrt(1 / n)
      const center = data[sums + a]! / n
      const word = bits(round, a)
      if (center + spread * lowest[Math.clz32(word)]! >= least) continue
      const sample = center + spread * normalQuantile((word + 0.5) * UNIT)
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
