/** What was solved, with what, by whom. */
export interface Case {
  readonly subject: string
  readonly problem: string
  readonly n: number
  readonly nnz: number
  readonly method: string
  /** krylov's own half, or the name of a rival: one of the two. */
  readonly backend?: 'native' | 'ts'
  readonly rival?: string
  readonly threads: number
}

/** Times are milliseconds. */
export interface Measured {
  readonly iterations: number
  readonly setup: number
  readonly solve: number
  /** One iteration, the beginning and the end of the solve taken out. */
  readonly iteration?: number
  /** Bytes that one iteration has to move, by the method's traffic formula. */
  readonly bytes?: number
  readonly gbps?: number
  /** Achieved bandwidth / that of a read stream over the same bytes on the same threads, run in turns with it. */
  readonly ofStream?: number
  /** Recomputed from x. */
  readonly relativeResidual?: number
  /** Counted bytes of the first 20 systems of a sequence, and of all. */
  readonly charged?: readonly [first: number, all: number]
  /** Systems of a sequence that were not solved. */
  readonly missed?: number
  /** Median of the ratios of its time to that of krylov's native half on `against` threads, in the same round. */
  readonly ratio?: number
  readonly against?: number
  /** Of a learned preconditioner: what its set-up takes beyond the classical one, and training, spread over 1000 solves. */
  readonly inference?: number
  readonly training?: number
  readonly version?: string
  /** Errors after each iteration, for figures. */
  readonly history?: readonly number[]
}

export interface Absent {
  /** Why there is no figure: such a row cannot be quoted as met. */
  readonly absent: string
}

/** The one row type of every benchmark. */
export type Row = Case & (Measured | Absent)

export const isMeasured = (row: Row): row is Case & Measured => !('absent' in row)

/** Who computed: `krylov`, `krylov ts`, or the rival's name. */
export const who = ({ backend, rival }: Case): string => rival ?? (backend === 'ts' ? 'krylov ts' : 'krylov')
