import { HEAD, type Loops, ROUNDS } from './loops.ts'

const LOW = HEAD // arms low .. high hold the best one
const HIGH = HEAD + 1
const LISTS = HEAD + 2 // per arm, one list after the other: solves, sum of losses

const GOLDEN = 0.3819660112501051 // (3 - sqrt 5) / 2

/** Golden-section search; means of `solves` losses are compared. */
export const goldenSectionLoops = (solves: number): Loops => ({
  size: arms => LISTS + 2 * arms,
  arms: size => (size - LISTS) / 2,
  begin(data, arms) {
    data[HIGH] = arms - 1
  },
  choose(data) {
    const [low, high] = [data[LOW]!, data[HIGH]!]
    if (low === high) return low
    const [left, right] = [leftOf(low, high), rightOf(low, high)]
    return data[LISTS + left]! <= data[LISTS + right]! ? left : right
  },
  learn(data, arm, loss) {
    const sums = LISTS + (data.length - LISTS) / 2
    data[ROUNDS]! += 1
    data[LISTS + arm]! += 1
    data[sums + arm]! += loss
    for (;;) {
      const [low, high] = [data[LOW]!, data[HIGH]!]
      if (low === high) return
      const [left, right] = [leftOf(low, high), rightOf(low, high)]
      const [before, after] = [data[LISTS + left]!, data[LISTS + right]!]
      if (before < solves || after < solves) return
      if (data[sums + left]! / before <= data[sums + right]! / after) data[HIGH] = Math.max(left, right - 1)
      else data[LOW] = Math.min(right, left + 1)
    }
  },
})

/** The two arms that are compared, left < right: a golden section apart from the ends, or neighbours. */
function leftOf(low: number, high: number): number {
  if (high - low === 2) return low
  const offset = Math.max(1, Math.floor(GOLDEN * (high - low) + 0.5))
  if (low + offset < high - offset) return low + offset
  return low + (high - low > 2 ? 1 : 0)
}

function rightOf(low: number, high: number): number {
  if (high - low === 2) return low + 1
  const offset = Math.max(1, Math.floor(GOLDEN * (high - low) + 0.5))
  if (low + offset < high - offset) return high - offset
  return high - (high - low > 2 ? 1 : 0)
}
