import type { Steps } from '../core/steps.ts'
import { greedySteps } from './greedy.steps.ts'
import { hilbertSteps } from './hilbert.steps.ts'
import { project } from './projection.steps.ts'

export type OrderMethod = 'greedy' | 'grouped' | 'hilbert'

const DIRECTIONS = 16
const GROUP = 512 // fields: a group is as much work as a field of 16 * 512 / 2 entries is to project

/** An order in which neighbours are alike. */
export function* orderSteps(fields: readonly Float64Array[], method: OrderMethod, seed: number): Steps<Int32Array> {
  const projection = yield* project(fields, DIRECTIONS, seed)
  if (method === 'greedy') return yield* greedySteps(fields, projection, Int32Array.from(fields.keys()), -1)
  const curve = yield* hilbertSteps(projection, fields.length)
  if (method === 'hilbert') return curve
  const order = new Int32Array(curve.length)
  for (let from = 0; from < curve.length; from += GROUP) {
    const group = curve.subarray(from, from + GROUP)
    const first = from === 0 ? group[0]! : order[from - 1]!
    const members = Int32Array.from(group).sort()
    order.set(yield* greedySteps(fields, projection, members, first), from)
  }
  return order
}
