import { checkRecord } from './plain-record.ts'

/** What a space knows of the sequence it serves, as plain numbers. */
export interface SpaceHistory {
  /** Products of the last system that was solved without a space; -1 before the first. */
  readonly cold: number
  /** Drift of the first vectors from one system to the next, a running mean; -1 before the first. */
  readonly drift: number
}

const unknown: SpaceHistory = { cold: -1, drift: -1 }

/** Vectors that are brought up to date, a product each, for every product of a system without them. */
const SHARE = 0.2

/**
 * Drift of its first four vectors beyond which a space of no known history is left alone. Neighbours in the sequences (b) to (e)
 * of docs/recycling.md stay below 0.4, with and without a preconditioner, pairs of unrelated matrices are seen from 0.37 on.
 */
const STRANGE = 0.43

const KEPT = 0.5 // of the old mean

/** Vectors of a space that a system of the sequence may bring up to date: a fifth of what it would take without them. */
export const affordable = ({ cold }: SpaceHistory): number =>
  cold < 0 ? Number.POSITIVE_INFINITY : Math.floor(SHARE * cold)

/** Drift of its first vectors that shows a space to be of another problem than the sequence's. */
export const strangeness = ({ drift }: SpaceHistory): number => (drift < 0 ? STRANGE : 1.5 * drift + 0.2)

/** After a system that took iterations: whether it was solved with the space, its products, and the drift; NaN: not measured. */
export const noted = (history: SpaceHistory, used: boolean, products: number, early: number): SpaceHistory => ({
  cold: used ? history.cold : products,
  drift: Number.isNaN(early) ? history.drift : history.drift < 0 ? early : KEPT * history.drift + (1 - KEPT) * early,
})

/** Checks what came with a space. */
export const checkHistory = (method: string, given: unknown): SpaceHistory =>
  checkRecord(method, 'option space.history', given, unknown)
