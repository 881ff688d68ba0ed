import { refuse } from '../core/errors.ts'
import { isShared, sharedFloat32, sharedFloat64, sharedInt32 } from '../core/shared.ts'
import type { DiagonalPlan, Diagonals } from '../kernels/kernels.ts'

const MOST_OFFSETS = 16
const MOST_LANES = 8

/** A factor's diagonals and their plan for n unknowns, checked in full, on shared memory: the same object if it was. */
export function checkDiagonals(method: string, given: unknown, n: number): Diagonals {
  const { plan, values, single, forwardRuns, backwardRuns } = (given ?? {}) as Partial<Record<keyof Diagonals, unknown>>
  const record = (plan ?? {}) as Partial<Record<keyof DiagonalPlan, unknown>>
  const need = (holds: boolean, name: string) => {
    if (!holds) throw refuse('ERR_SHAPE', method, `preconditioner.upper.${name}`, `for ${n} unknowns`, plan)
  }
  const list = (name: keyof DiagonalPlan): Int32Array => {
    const value = record[name]
    need(value instanceof Int32Array, `plan.${name}`)
    return sharedInt32(value as Int32Array)
  }
  const size = (name: 'period' | 'group'): number => {
    const value = record[name]
    need(Number.isInteger(value) && (value as number) >= 1 && (value as number) < 2 ** 31, `plan.${name}`)
    return value as number
  }
  need(record.rows === n && n > 0, 'plan.rows')
  const checked: DiagonalPlan = {
    rows: n,
    offsets: list('offsets'),
    period: size('period'),
    group: size('group'),
    cuts: list('cuts'),
    needs: list('needs'),
    forwardStarts: list('forwardStarts'),
    forwardMasks: list('forwardMasks'),
    backwardStarts: list('backwardStarts'),
    backwardMasks: list('backwardMasks'),
  }
  const { offsets, period, cuts, needs } = checked
  need(
    offsets.length <= MOST_OFFSETS &&
      offsets.every((offset, d) => offset > 1 && offset < n && (d === 0 || offset < offsets[d - 1]!)),
    'plan.offsets',
  )
  const lanes = cuts.length - 1
  need(
    lanes >= 1 &&
      lanes <= MOST_LANES &&
      cuts.every((cut, l) => (l === 0 ? cut === 0 : cut > cuts[l - 1]!)) &&
      cuts[lanes] === period,
    'plan.cuts',
  )
  const possible = (back: number, at: number) => back === -1 || back >= (at % lanes > Math.floor(at / lanes) ? 1 : 0)
  need(needs.length === lanes * lanes && needs.every(possible), 'plan.needs')
  need(areSegments(checked.forwardStarts, checked.forwardMasks, offsets, n, true), 'plan.forwardStarts')
  need(areSegments(checked.backwardStarts, checked.backwardMasks, offsets, n, false), 'plan.backwardStarts')

  need(values instanceof Float64Array && single instanceof Float32Array, 'values')
  const length = (offsets.length + 1) * n + 1
  const [double, float] = [values as Float64Array, single as Float32Array]
  need(double.length + float.length === length && double.length * float.length === 0, 'values')
  const sum = double.length > 0 ? total(double) : total(float)
  if (sum !== 0) throw refuse('ERR_NOT_FINITE', method, 'preconditioner.upper.values', 'finite', sum)
  const runs = (list: unknown, name: string): Int32Array => {
    need(list instanceof Int32Array && areRuns(list, n), name)
    return sharedInt32(list as Int32Array)
  }
  const [forward, backward] = [runs(forwardRuns, 'forwardRuns'), runs(backwardRuns, 'backwardRuns')]
  const asGiven = Object.entries(checked).every(([key, value]) => Object.is(record[key as keyof DiagonalPlan], value))
  const runsAsGiven = forward === forwardRuns && backward === backwardRuns
  if (asGiven && runsAsGiven && isShared(double) && isShared(float)) return given as Diagonals
  const [kept, inSingle] = [sharedFloat64(double), sharedFloat32(float)]
  return { plan: checked, values: kept, single: inSingle, forwardRuns: forward, backwardRuns: backward }
}

/** 0 where all are finite, NaN otherwise. */
function total(list: Float64Array | Float32Array): number {
  let sum = 0
  for (let i = 0; i < list.length; i++) sum += list[i]! * 0
  return sum
}

/** Whether the runs ascend inside n rows. */
const areRuns = (runs: Int32Array, n: number): boolean =>
  runs.length % 2 === 0 && runs.every((edge, k) => edge <= n && edge >= (k === 0 ? 0 : runs[k - 1]!))

/** Whether the segments ascend from 0 to n and none of their diagonals leaves the vectors. */
function areSegments(
  starts: Int32Array,
  masks: Int32Array,
  offsets: Int32Array,
  n: number,
  isForward: boolean,
): boolean {
  if (starts.length !== masks.length + 1 || starts[0] !== 0 || starts[masks.length] !== n) return false
  return masks.every((mask, s) => {
    if (!(starts[s]! < starts[s + 1]!) || mask < 0 || mask >= 2 ** offsets.length) return false
    return offsets.every((offset, d) => {
      if (((mask >> d) & 1) === 0) return true
      return isForward ? starts[s]! >= offset : starts[s + 1]! <= n - offset
    })
  })
}
