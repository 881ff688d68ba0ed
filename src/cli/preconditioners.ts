import { preconditioners } from '../methods.ts'
import type { Recipe } from '../precondition/recipe.ts'
import { checkName } from './arguments.ts'
import { UsageError } from './usage-error.ts'

const makers = new Map(preconditioners.map(({ name, recipe }) => [name === 'identity' ? 'none' : name, recipe]))

export const preconditionerNames = [...makers.keys()]

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
export function recipeOf(text: string): Recipe {
  const { name, options } = readPreconditioner(text)
  return makers.get(name)!(options)
}
