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
      return binned(learnerFrom(learner), bins)
    }
    default:
      throw new KrylovError('ERR_FORMAT', `restoreSequence: there is no learner ${String(name)}`)
  }
}
