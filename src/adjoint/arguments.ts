import { copied } from '../core/shared.ts'
import { checkFinite, checkVector } from '../core/vector.ts'

/** A finite vector of n entries, copied: derivatives are taken later. */
export function vectorOf(name: string, argument: string, given: unknown, n: number): Float64Array {
  const vector = copied(checkVector(name, argument, given, n))
  checkFinite(name, argument, vector)
  return vector
}

/** What a derivative takes besides its cotangent. */
export interface DerivativeOptions {
  readonly signal?: AbortSignal
}

/** Names of {@link DerivativeOptions}. */
export const derivativeKeys: ReadonlySet<string> = new Set(['signal'])

/** The signal alone, for the methods that a derivative calls. */
export const signalOf = ({ signal }: DerivativeOptions = {}): DerivativeOptions =>
  signal === undefined ? {} : { signal }
