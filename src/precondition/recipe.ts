import type { ControlOptions } from '../core/control.ts'
import { controlKeys } from '../core/control.ts'
import { refuse } from '../core/errors.ts'
import { forms, unknownOption } from '../core/method.ts'
import type { Steps } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import { Csr } from '../sparse/csr.ts'
import type { Preconditioner } from './kinds.ts'

/** "Build one for whatever A you are given": what the option `preconditioner` takes besides built values. */
export interface Recipe {
  readonly recipe: string
  /** Builds the preconditioner of a square matrix as steps of the solver `method`. */
  readonly build: (method: string, A: Csr) => Steps<Preconditioner>
}

/** A preconditioner's name: itself a recipe, made into others by options, and callable on a matrix. */
export interface RecipeFunction<Options, Built extends Preconditioner = Preconditioner> extends Recipe {
  /** The recipe with these options. */
  (options?: Options): Recipe
  /** Builds the preconditioner of A off the JavaScript thread. */
  (A: CsrData, options?: Options & ControlOptions): Promise<Built>
  /** Builds the preconditioner of A, blocking. */
  readonly sync: (A: CsrData, options?: Options & ControlOptions) => Built
}

/**
 * Makes a recipe of its parts: option names, a check that fills in defaults and refuses bad values, and the steps
 * that build.
 */
export function recipe<Options extends object, Checked, Built extends Preconditioner = Preconditioner>(
  name: string,
  keys: readonly (keyof Options & string)[],
  check: (method: string, options: Options) => Checked,
  build: (method: string, A: Csr, options: Checked) => Steps<Built>,
): RecipeFunction<Options, Built> {
  const { async, sync } = forms<[CsrData, (Options & ControlOptions)?], Built>(
    name,
    1,
    keys,
    function* (call, matrix, options) {
      const A = square(call.name, Csr.from(matrix, call.name))
      return yield* build(call.name, A, check(call.name, options ?? ({} as Options)))
    },
  )
  const withOptions = (options: Options = {} as Options): Recipe => {
    if (typeof options !== 'object' || options === null || Array.isArray(options) || ArrayBuffer.isView(options))
      throw refuse('ERR_OPTION', name, 'options', 'an object', options)
    for (const key of Object.keys(options))
      if (!keys.includes(key as keyof Options & string))
        throw unknownOption(name, key, new Set([...keys, ...controlKeys]))
    const checked = check(name, options)
    return { recipe: name, build: (method, A) => build(method, square(method, A), checked) }
  }
  const call = (first?: Options | CsrData, options?: Options & ControlOptions) =>
    isMatrix(first) ? async(first, options) : withOptions(first)
  const defaults: Recipe = {
    recipe: name,
    build: (method, A) => build(method, square(method, A), check(name, {} as Options)),
  }
  return Object.assign(call as RecipeFunction<Options, Built>, defaults, { sync })
}

const isMatrix = (value: unknown): value is CsrData =>
  typeof value === 'object' && value !== null && 'pattern' in value && 'values' in value

/** Whether a value is a recipe. */
export const isRecipe = (value: unknown): value is Recipe =>
  (typeof value === 'object' || typeof value === 'function') &&
  value !== null &&
  typeof (value as Partial<Recipe>).build === 'function' &&
  typeof (value as Partial<Recipe>).recipe === 'string'

function square(method: string, A: Csr): Csr {
  if (A.rows !== A.columns) throw refuse('ERR_SHAPE', method, 'A', 'square', `${A.rows} x ${A.columns}`)
  return A
}

/** Checks a numeric option: finite and inside [low, high], or (low, high) where `open`. */
export function numberOption(
  method: string,
  name: string,
  value: unknown,
  low: number,
  high: number,
  open = false,
): number {
  const inside = typeof value === 'number' && (open ? value > low && value < high : value >= low && value <= high)
  if (!inside)
    throw refuse(
      'ERR_OPTION',
      method,
      `option ${name}`,
      `a number in ${open ? `(${low}, ${high})` : `[${low}, ${high}]`}`,
      value,
    )
  return value
}
