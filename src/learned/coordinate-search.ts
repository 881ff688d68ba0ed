import type { Steps } from '../core/steps.ts'

/**
 * Lowers `cost` from `start` by one coordinate at a time: a step up or down that helps is taken and the next one longer,
 * one that does not is halved. `rounds` passes over all coordinates.
 */
export function* coordinateSearch(
  start: readonly number[],
  sizes: readonly number[],
  rounds: number,
  cost: (at: readonly number[]) => Steps<number>,
): Steps<readonly number[]> {
  let at = start
  let lowest = yield* cost(at)
  const steps = [...sizes]
  for (let round = 0; round < rounds; round++)
    for (let i = 0; i < at.length; i++) {
      let size = steps[i]! / 2
      for (const step of [steps[i]!, -steps[i]!]) {
        const candidate = at.map((value, c) => (c === i ? value + step : value))
        const found = yield* cost(candidate)
        if (!(found < lowest)) continue
        lowest = found
        at = candidate
        size = LONGER * step
        break
      }
      steps[i] = size
    }
  return at
}

const LONGER = 1.3
