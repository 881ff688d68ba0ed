/** One figure of a border measurement, taken in a process of its own. */
export interface Figure {
  readonly method: string
  readonly n: number
  readonly nnz: number
  readonly threads: number
  /** Milliseconds. */
  readonly solve: number
  /** How many times it was taken. */
  readonly iterations: number
  readonly ratio?: number
  readonly bytes?: number
}

/** What a border measurement exports. */
export type Measure = (quick: boolean) => Promise<readonly Figure[]> | readonly Figure[]
