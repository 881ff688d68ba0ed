import { refuse } from './errors.ts'

/** Checks an option that is an integer from `low` to `high`. */
export function integerOption(method: string, name: string, value: unknown, low: number, high: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < low || value > high)
    throw refuse('ERR_OPTION', method, `option ${name}`, `an integer from ${low} to ${high}`, value)
  return value
}
