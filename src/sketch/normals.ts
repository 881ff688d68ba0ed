import { bind, run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { normalsSteps } from './normals.steps.ts'

const draw = bind('normals', normalsSteps)

/** Independent standard normals, rows x columns, from entry `first` of a stream on. */
export function* normals(rows: number, columns: number, seed: number, stream: number, first = 0): Steps<Dense> {
  const values = float64(rows * columns)
  yield* run(draw, values, seed, stream, first)
  return { rows, columns, values }
}
