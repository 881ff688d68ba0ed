import type { Recipe } from '../precondition/recipe.ts'
import { checkName } from './arguments.ts'
import { UsageError } from './command.ts'

type MakeRecipe = (options: Readonly<Record<string, number>>) => Recipe

const makers: Readonly<Record<string, () => Promise<MakeRecipe>>> = {
  none: async () => (await import('../precondition/identity.ts')).identity,
  jacobi: async () => (await import('../precondition/jacobi.ts')).jacobi,
  ssor: async () => (await import('../precondition/ssor.ts')).ssor,
  ic0: async () => (await import('../precondition/ic0.ts')).ic0,
  ric0: async () => (await import('../precondition/ric0.ts')).ric0,
  chebyshev: async () => (await import('../precondition/chebyshev.ts')).chebyshev,
}

export const preconditionerNames = Object.keys(makers)

interface Specification {
  readonly name: string
  readonly options: Readonly<Record<string, number>>
}

/** Reads `name:key=value,...`, such as `ric0:omega=0.99`. */
export function readPreconditioner(text: string): Specification {
  const colon = text.indexOf(':')
  const name = checkName('--preconditioner', colon < 0 ? text : text.slice(0, colon), preconditionerNames)
  const options: Record<string, number> = {}
  for (const pair of colon < 0 ? [] : text.slice(colon + 1).split(',')) {
    const [, key, value] = /^\s*(\w+)\s*=\s*(\S+)\s*$/.exec(pair) ?? []
    const number = Number(value)
    if (key === undefined || Number.isNaN(number))
      throw new UsageError(`--preconditioner ${text}: expected key=number, got ${JSON.stringify(pair)}`)
    options[key] = number
  }
  return { name, options }
}

/** The recipe that `name:key=value,...` stands for. */
export async function recipeOf(text: string): Promise<Recipe> {
  const { name, options } = readPreconditioner(text)
  return (await makers[name]!())(options)
}
