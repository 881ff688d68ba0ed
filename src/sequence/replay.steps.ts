import { type Steps, tick } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { type Kind, loopsOf } from './kinds.loops.ts'

const TICK = 1000 // rounds between ticks: 2 ms

/**
 * Plays a learner against losses that are known beforehand, a row of one per arm each: in round t the learner of bin bins[t]
 * sees c[t]; its state is that slice of `states`, overwritten. A loss of 0 teaches nothing. Writes the arms chosen.
 */
export function* replaySteps(
  _: Kernels,
  settings: Kind,
  losses: Float64Array,
  bins: Int32Array,
  c: Float64Array,
  states: Float64Array,
  count: number,
  chosen: Int32Array,
): Steps<void> {
  const loops = loopsOf(settings)
  const size = states.length / count
  const arms = loops.arms(size)
  const parts = Array.from({ length: count }, (_, bin) => states.subarray(bin * size, (bin + 1) * size))
  for (let t = 0; t < chosen.length; t++) {
    if (t % TICK === 0) yield tick
    const data = parts[bins[t]!]!
    const arm = loops.choose(data, c[t]!)
    const loss = losses[t * arms + arm]!
    chosen[t] = arm
    if (loss > 0) loops.learn(data, arm, loss, c[t]!)
  }
}
