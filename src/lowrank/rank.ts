import { refuse } from '../core/errors.ts'
import { integerOption } from '../core/options.ts'

/** How far an approximation of low rank is to go: one of `rank` and `tolerance`. */
export interface RankOptions {
  /** A positive integer; more than the matrix has is all it has. */
  readonly rank?: number
  /** Relative to the norm of A, 0 to 1. */
  readonly tolerance?: number
  /** An integer from 0 to 2^53 - 1; default 0. */
  readonly seed?: number
}

/** Checks that one of them is given. */
export function rankOf(method: string, options: RankOptions | undefined): RankOptions {
  const { rank, tolerance } = options ?? {}
  if ((rank === undefined) === (tolerance === undefined))
    throw refuse('ERR_OPTION', method, 'option rank', 'given, or else tolerance, and not both', rank)
  if (rank !== undefined) integerOption(method, 'rank', rank, 1, 2 ** 31 - 1)
  if (tolerance !== undefined && !(typeof tolerance === 'number' && tolerance >= 0 && tolerance <= 1))
    throw refuse('ERR_OPTION', method, 'option tolerance', 'a number from 0 to 1', tolerance)
  return { ...(rank === undefined ? {} : { rank }), ...(tolerance === undefined ? {} : { tolerance }) }
}
