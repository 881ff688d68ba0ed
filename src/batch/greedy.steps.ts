import { type Steps, tick } from '../core/steps.ts'
import type { Projection } from './projection.steps.ts'

const BLOCK = 256 // entries between two looks at whether a distance is too long already
const GRAIN = 1_000_000 // operations: about 1 ms
const ROUNDING = 1e-9 // relative; far above what the projection loses

/**
 * The chain from `from` (the first member, where that is -1) to the nearest of `members` by Euclidean distance, to the
 * nearest of those left, and so on; of equals the first (Wang et al. 2024). What the projection shows to be farther than the
 * nearest so far is not looked at in full, which changes no choice. Members ascend. Work: N^2 directions, and N d for few.
 */
export function* greedySteps(
  fields: readonly Float64Array[],
  projection: Projection,
  members: Int32Array,
  from: number,
): Steps<Int32Array> {
  const order = new Int32Array(members.length)
  const left = members.slice()
  const bounds = new Float64Array(members.length)
  let work = 0
  for (let done = 0, at = from; done < order.length; done++) {
    const count = order.length - done
    const here = at < 0 ? 0 : yield* nearest(at, count)
    at = left[here]!
    order[done] = at
    left.copyWithin(here, here + 1, count)
  }
  return order

  /** Which of the first `count` that are left is nearest to field `at`. */
  function* nearest(at: number, count: number): Steps<number> {
    const likely = bound(at, count)
    let best = likely
    let shortest = squaredDistance(fields[at]!, fields[left[likely]!]!)
    for (let i = 0; i < count; i++) {
      if (i === likely || !(bounds[i]! <= shortest)) continue
      const other = fields[left[i]!]!
      const distance = squaredDistance(fields[at]!, other, shortest)
      if (distance < shortest || (distance === shortest && i < best)) [best, shortest] = [i, distance]
      work += other.length
      if (work > GRAIN) {
        work = 0
        yield tick
      }
    }
    return best
  }

  /** Fills in what the squared distances are at least; returns where that is least. */
  function bound(at: number, count: number): number {
    const { directions, coordinates, rest, scale } = projection
    work += count * (directions + 2)
    let least = 0
    for (let i = 0; i < count; i++) {
      const other = left[i]!
      let sum = (rest[at]! - rest[other]!) ** 2
      for (let j = 0; j < directions; j++) {
        const difference = coordinates[at * directions + j]! - coordinates[other * directions + j]!
        sum += difference * difference
      }
      bounds[i] = Math.max(0, Math.sqrt(sum) * (1 - ROUNDING) - ROUNDING * scale) ** 2
      if (bounds[i]! < bounds[least]!) least = i
    }
    return least
  }
}

/** ||x - y||^2, or something above `enough` where it is. */
function squaredDistance(x: Float64Array, y: Float64Array, enough = Number.POSITIVE_INFINITY): number {
  let a = 0
  let b = 0
  for (let from = 0; from < x.length; from += BLOCK) {
    const to = Math.min(from + BLOCK, x.length)
    let k = from
    for (; k + 1 < to; k += 2) {
      const p = x[k]! - y[k]!
      const q = x[k + 1]! - y[k + 1]!
      a += p * p
      b += q * q
    }
    if (k < to) a += (x[k]! - y[k]!) ** 2
    if (a + b > enough) break
  }
  return a + b
}
