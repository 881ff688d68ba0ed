import { refuse } from '../core/errors.ts'
import type { Call } from '../core/method.ts'
import { copied } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { ownVector } from '../core/vector.ts'
import { isDense } from '../dense/dense.ts'
import { largestOf, unitOf } from '../krylov/units.ts'
import type { Answer, LstsqMethod } from './answer.ts'
import { fromUnits } from './units.ts'

/** What is asked for. */
export interface Wanted {
  readonly method: 'auto' | Exclude<LstsqMethod, 'qr'>
  readonly seed: number
  readonly ridge: number
}

/** An answer in the caller's units. */
export interface Solved extends Answer {
  readonly passes: number
}

/** Right-hand sides, m x s, in a unit that doubles can square. */
export interface Sides {
  readonly B: Float64Array
  readonly s: number
  /** Whether they came as a block. */
  readonly block: boolean
  readonly unit: number
}

/** A vector, or a dense block of them, with `rows` rows. */
export function* sidesOf(call: Call, b: ArrayLike<number> | Dense | undefined, rows: number): Steps<Sides> {
  const block = isDense(b)
  const s = block ? b.columns : 1
  if (block && (b.rows !== rows || !Number.isInteger(s) || s < 1))
    throw refuse('ERR_SHAPE', call.name, 'b', `${rows} long or ${rows} x s`, `${b.rows} x ${s}`)
  const [name, given] = block ? ['b.values', b.values] : ['b', b]
  const B = yield* ownVector(call, name, given as ArrayLike<number>, rows * s)
  const unit = unitOf(largestOf(B))
  return { B: unit === 1 ? B : copied(B, unit), s, block, unit }
}

/** X and the norms from units of A's columns and of b, X in place. */
export function finished(answer: Answer, { s, unit }: Sides, units: Float64Array | undefined, passes: number): Solved {
  fromUnits(answer.X, s, units, unit)
  return { ...answer, norms: answer.norms.map(norm => norm / unit), passes }
}
