import { uniformAt } from '../core/random.ts'
import { HEAD, type Loops, ROUNDS, SEED, STREAM } from './loops.ts'

const TOTAL = HEAD // sum of the losses seen: their mean is the unit of a loss
const DEPTH = HEAD + 1 // how far below the least loss the normalisation lay, in units of 1 / eta
const LISTS = HEAD + 2 // per arm: its probability in the next round, losses over their probability, baselines

/** Tsallis-INF with learning rate rate / sqrt(t); `reduced`: losses in their reduced-variance form. */
export const tsallisInfLoops = (rate: number, reduced: boolean): Loops => ({
  size: arms => LISTS + 3 * arms,
  arms: size => (size - LISTS) / 3,
  begin(data, arms) {
    data[DEPTH] = 2
    data.fill(1 / arms, LISTS, LISTS + arms)
  },
  choose(data) {
    const arms = (data.length - LISTS) / 3
    let left = uniformAt(data[SEED]!, data[STREAM]!, data[ROUNDS]!)
    for (let a = 0; a < arms; a++) {
      left -= data[LISTS + a]!
      if (left < 0) return a
    }
    return arms - 1
  },
  learn(data, arm, loss) {
    const arms = (data.length - LISTS) / 3
    const rounds = data[ROUNDS]! + 1
    const total = data[TOTAL]! + loss
    const [losses, baselines] = [LISTS + arms, LISTS + 2 * arms]
    const p = data[LISTS + arm]!
    data[losses + arm]! += loss / p
    if (reduced && rounds >= 16) {
      for (let a = 0; a < arms; a++) if (rounds * data[LISTS + a]! >= 16) data[baselines + a]! += 0.5
      if (rounds * p >= 16) data[baselines + arm]! -= 0.5 / p
    }
    const unit = total > 0 ? rounds / total : 1
    let least = Number.POSITIVE_INFINITY
    for (let a = 0; a < arms; a++) {
      const k = data[losses + a]! * unit + data[baselines + a]!
      data[LISTS + a] = k
      if (k < least) least = k
    }
    data[ROUNDS] = rounds
    data[TOTAL] = total
    data[DEPTH] = normalise(data, arms, least, rate / Math.sqrt(rounds + 1), data[DEPTH]!)
  },
})

/**
 * Overwrites the losses k by p_a = 4 / (eta (k_a - x))^2 with x < min k such that they sum to 1; returns (min k - x) eta. Newton's
 * method from the depth of the last round: the sum is convex in x, so that from the first step on x falls to the root; where
 * that step goes beyond min k - 2 / eta, at which the sum is at least 1, it begins there.
 */
function normalise(data: Float64Array, arms: number, least: number, eta: number, depth: number): number {
  // in units of 1 / eta from the least loss: p = (2 / (g + y))^2, y = depth
  for (let a = LISTS; a < LISTS + arms; a++) data[a] = (data[a]! - least) * eta
  let y = depth
  for (let step = 0; step < 100; step++) {
    let sum = 0
    let slope = 0
    for (let a = LISTS; a < LISTS + arms; a++) {
      const root = 2 / (data[a]! + y)
      sum += root * root
      slope += root * root * root
    }
    const move = (sum - 1) / slope
    y = Math.max(2, y + move)
    if (Math.abs(move) <= 1e-9 * y) break
  }
  let sum = 0
  for (let a = LISTS; a < LISTS + arms; a++) {
    const root = 2 / (data[a]! + y)
    const p = root * root
    data[a] = p
    sum += p
  }
  for (let a = LISTS; a < LISTS + arms; a++) data[a]! /= sum
  return y
}
