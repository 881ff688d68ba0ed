import { refuse } from '../core/errors.ts'
import { amg } from '../precondition/amg.ts'
import { chebyshev } from '../precondition/chebyshev.ts'
import { ic0 } from '../precondition/ic0.ts'
import { ict } from '../precondition/ict.ts'
import { identity } from '../precondition/identity.ts'
import { jacobi } from '../precondition/jacobi.ts'
import type { Recipe } from '../precondition/recipe.ts'
import { ric0 } from '../precondition/ric0.ts'
import { type SsorOptions, ssor } from '../precondition/ssor.ts'
import { type TwoLevelOptions, twoLevel } from '../precondition/twoLevel.ts'

/** A preconditioner as plain data: the name of its recipe, and options. The `base` of `twoLevel` is an arm itself. */
export type Arm = readonly [recipe: string, options?: object]

/** Unknowns from which CG with SSOR gains by Eisenstat's form: 42 to 20 us an iteration at 2400, for 80 us of set-up. */
const EISENSTAT = 2000

/** SSOR, where it pays in the form that Eisenstat's iteration wants. */
export function ssorBySize(options: SsorOptions = {}): Recipe {
  const plain = ssor(options)
  if (options.schedule !== undefined) return plain
  const large = ssor({ ...options, schedule: 'diagonals' })
  return { recipe: 'ssor', build: (method, A) => (A.rows >= EISENSTAT ? large : plain).build(method, A) }
}

interface TwoLevelArm extends TwoLevelOptions {
  readonly base?: unknown
}

const recipes: Readonly<Record<string, (method: string, options?: object) => Recipe>> = {
  identity: (_, options) => identity(options),
  jacobi: (_, options) => jacobi(options),
  ssor: (_, options) => ssorBySize(options),
  ic0: (_, options) => ic0(options),
  ric0: (_, options) => ric0(options),
  ict: (_, options) => ict(options),
  chebyshev: (_, options) => chebyshev(options),
  amg: (_, options) => amg(options),
  twoLevel: (method, options) => {
    const { base = ['ic0'], ...rest } = (options ?? {}) as TwoLevelArm
    return twoLevel({ ...rest, base: recipeOf(method, base) })
  },
}

/** The first is the reference. RIC on a logarithmic grid of 1 - omega, SSOR, the diagonal. */
export const defaultArms: readonly Arm[] = [
  ['ic0'],
  ['ric0', { omega: 0.99 }],
  ['ric0', { omega: 0.9 }],
  ['ric0', { omega: 0.999 }],
  ['ssor', { omega: 1 }],
  ['ssor', { omega: 1.5 }],
  ['jacobi'],
]

/** The recipe of an arm. */
export function recipeOf(method: string, arm: unknown): Recipe {
  const [name, options] = Array.isArray(arm) ? (arm as unknown[]) : []
  const make = typeof name === 'string' && Object.hasOwn(recipes, name) ? recipes[name] : undefined
  if (make === undefined)
    throw refuse('ERR_OPTION', method, 'an arm', `[${Object.keys(recipes).join(' | ')}, options?]`, name)
  if (options !== undefined && (typeof options !== 'object' || options === null))
    throw refuse('ERR_OPTION', method, `the options of arm ${name}`, 'an object', options)
  for (const [key, value] of Object.entries(options ?? {}))
    if (!isPlain(value))
      throw refuse(
        'ERR_OPTION',
        method,
        `option ${key} of arm ${name}`,
        'what JSON can hold: a sequence is saved',
        value,
      )
  return make(method, options as object | undefined)
}

const isPlain = (value: unknown): boolean =>
  typeof value === 'string' ||
  typeof value === 'boolean' ||
  (typeof value === 'number' && Number.isFinite(value)) ||
  (Array.isArray(value) && value.every(entry => isPlain(entry) || isOptions(entry)))

const isOptions = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) && Object.values(value).every(isPlain)

/** How an arm is shown: `ric0 omega=0.99`, `twoLevel base=(ic0) aggregates=64`. */
export const labelOf = ([name, options = {}]: Arm): string =>
  [
    name,
    ...Object.entries(options).map(([key, value]) => `${key}=${isArm(value) ? `(${labelOf(value)})` : value}`),
  ].join(' ')

const isArm = (value: unknown): value is Arm => Array.isArray(value) && typeof value[0] === 'string'
