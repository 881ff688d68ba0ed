import { refuse } from '../core/errors.ts'
import { chebyshev } from '../precondition/chebyshev.ts'
import { ic0 } from '../precondition/ic0.ts'
import { identity } from '../precondition/identity.ts'
import { jacobi } from '../precondition/jacobi.ts'
import type { Recipe } from '../precondition/recipe.ts'
import { ric0 } from '../precondition/ric0.ts'
import { ssor } from '../precondition/ssor.ts'

/** A preconditioner as plain data: the name of its recipe, and options. */
export type Arm = readonly [recipe: string, options?: object]

const recipes: Readonly<Record<string, (options?: object) => Recipe>> = {
  identity,
  jacobi,
  ssor: options => ssor(options),
  ic0: options => ic0(options),
  ric0: options => ric0(options),
  chebyshev: options => chebyshev(options),
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
  return make(options as object | undefined)
}

/** How an arm is shown: `ric0 omega=0.99`. */
export const labelOf = ([name, options = {}]: Arm): string =>
  [name, ...Object.entries(options).map(([key, value]) => `${key}=${value}`)].join(' ')
