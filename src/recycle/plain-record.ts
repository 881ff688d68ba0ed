import { refuse } from '../core/errors.ts'

/** Checks a record of numbers and flags that a user hands back: those of `initial`, which stands for none. */
export function checkRecord<T extends object>(method: string, name: string, given: unknown, initial: T): T {
  if (given === undefined) return initial
  if (typeof given !== 'object' || given === null) throw refuse('ERR_TYPE', method, name, 'an object', given)
  const fields = given as Readonly<Record<string, unknown>>
  for (const [key, value] of Object.entries(initial)) {
    const found = fields[key]
    const fits = typeof found === typeof value && (typeof found !== 'number' || Number.isFinite(found))
    if (!fits) throw refuse('ERR_TYPE', method, `${name}.${key}`, `a finite ${typeof value}`, found)
  }
  return Object.fromEntries(Object.keys(initial).map(key => [key, fields[key]])) as T
}
