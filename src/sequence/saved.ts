import { KrylovError } from '../core/errors.ts'
import type { Arm } from './arms.ts'
import { type BinnedOptions, binned } from './binned.ts'
import { type ChebCbOptions, chebCb } from './cheb-cb.ts'
import { fixed, formula, isDirect } from './direct.ts'
import type { DirectState } from './direct-value.ts'
import { goldenSection } from './golden-section.ts'
import type { Learner } from './learner.ts'
import { defined, type Plan, type SequenceOptions } from './options.ts'
import type { SavedLedger } from './report.ts'
import { thompson } from './thompson.ts'
import { tsallisInf } from './tsallis-inf.ts'

/** A learner as plain data. */
export interface SavedLearner {
  readonly name: string
  readonly options: object
}

/** A sequence as plain data. */
export interface SavedSequence extends SavedLedger {
  readonly kind: 'sequence'
  readonly version: 1
  readonly options: {
    readonly tune?: {
      readonly tunes: 'omega' | 'preconditioner'
      readonly learner: SavedLearner
      readonly grid?: readonly number[]
      readonly arms?: readonly Arm[]
    }
  } & Omit<SequenceOptions, 'tune' | 'context'>
  readonly state: object
  readonly direct: DirectState
  readonly backstops: Readonly<Record<string, object>>
  readonly contextLength: number
  readonly x: readonly number[] | null
}

/**
 * Refuses what {@link SavedSequence} is not; the state of the learner is compared with a fresh one by `restoredState`.
 *
 * @throws KrylovError ERR_FORMAT
 */
export function checkSaved(saved: unknown): SavedSequence {
  const wrong = (what: string) => new KrylovError('ERR_FORMAT', `restoreSequence: this is no saved sequence: ${what}`)
  if (!isRecord(saved) || saved.kind !== 'sequence' || saved.version !== 1)
    throw wrong('it has another kind or version')
  const { options, direct, backstops, contextLength, x, chosen, values, losses, counts } = saved
  for (const [name, record] of Object.entries({ options, direct, backstops, ...(x === null ? {} : { x }) }))
    if (name === 'x' ? !isNumbers(x) : !isRecord(record)) throw wrong(name)
  if (!Object.values(direct as object).every(Number.isFinite)) throw wrong('direct')
  if (!Number.isInteger(contextLength)) throw wrong('contextLength')
  if (!isNumbers(counts) || counts.length !== 4) throw wrong('counts')
  const logs = [chosen, values, losses]
  if (!logs.every(isNumbers) || logs.some(log => log.length !== logs[0]!.length)) throw wrong('chosen, values, losses')
  const { tune } = options as { tune?: unknown }
  if (tune !== undefined && !(isRecord(tune) && isRecord(tune.learner) && isRecord(tune.learner.options)))
    throw wrong('options.tune')
  return saved as unknown as SavedSequence
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isNumbers = (value: unknown): value is readonly number[] => Array.isArray(value) && value.every(Number.isFinite)

/** What makes the same sequence again, functions apart. */
export function optionsFrom<Step>(options: SequenceOptions<Step>, plan: Plan): SavedSequence['options'] {
  const { tune: given, context: __, ...rest } = options
  const { tunes, learner, grid, arms } = plan
  if (given === undefined) return defined(rest) as SavedSequence['options']
  const saved = { name: learner.name, options: isDirect(learner) && learner.name === 'formula' ? {} : learner.options }
  const tune = tunes === 'omega' ? { tunes, learner: saved, grid } : { tunes, learner: saved, arms }
  return { ...defined(rest), tune } as SavedSequence['options']
}

/** The learner of this name and these options. */
export function learnerFrom(saved: SavedLearner): Learner {
  const { name, options } = saved
  switch (name) {
    case 'thompson':
      return thompson(options)
    case 'tsallisInf':
      return tsallisInf(options)
    case 'chebCb':
      return chebCb(options as ChebCbOptions)
    case 'goldenSection':
      return goldenSection(options)
    case 'fixed':
      return fixed((options as { value: number }).value)
    case 'formula':
      return formula(options)
    case 'binned': {
      const { learner, ...bins } = options as BinnedOptions & { learner: SavedLearner }
      if (!isRecord(learner)) throw new KrylovError('ERR_FORMAT', 'restoreSequence: binned without its learner')
      return binned(learnerFrom(learner), bins)
    }
    default:
      throw new KrylovError('ERR_FORMAT', `restoreSequence: there is no learner ${String(name)}`)
  }
}
