import type { Row } from './row.ts'

/** What the command line asks for. */
export interface Options {
  /** Small problems and few rounds: minutes become seconds. */
  readonly quick: boolean
  /** The largest problems to convergence as well: some minutes per contender. */
  readonly full: boolean
  /** Without the rivals, for work on krylov's own speed. */
  readonly alone: boolean
  /** Takes rows as soon as they are measured, so that a run which is cut short loses none of them. */
  readonly keep: (rows: readonly Row[]) => void
}

/** Odd, so that the median is a round that was. */
export const rounds = ({ quick }: Options): number => (quick ? 3 : 5)
