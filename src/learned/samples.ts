import { float64, int32 } from '../core/shared.ts'

/** Right-hand sides of a sample, which are iterated together. */
export const COLUMNS = 8

/** Numbers per sample in `table`: unknowns, coarse unknowns, entries, terms, entries of P, network. */
export const SAMPLE_FIELDS = 6

/** One level of one matrix with its prolongation in pieces, ready for the loss. Blocks hold COLUMNS numbers per row. */
export interface Sample {
  readonly unknowns: number
  readonly coarse: number
  /** Which network weighs its terms: 0 on finest levels. */
  readonly network: number
  readonly rowPointers: Int32Array
  readonly columnIndices: Int32Array
  readonly values: Float64Array
  readonly inverseDiagonal: Float64Array
  /** Terms of each row; the entry of P that each belongs to, its value, and what the network sees of it. */
  readonly termPointers: Int32Array
  readonly termPlaces: Int32Array
  readonly termValues: Float64Array
  readonly inputs: Float64Array
  readonly coarsePointers: Int32Array
  readonly coarseColumns: Int32Array
  /** Momentum and size of each step of the smoother. */
  readonly smoother: Float64Array
  /** How much of a coarse correction is taken: one number. */
  readonly scale: Float64Array
  /** The error and the residual that CG begins with. */
  readonly error: Float64Array
  readonly residual: Float64Array
}

const arrays = [
  'rowPointers',
  'columnIndices',
  'values',
  'inverseDiagonal',
  'termPointers',
  'termPlaces',
  'termValues',
  'inputs',
  'coarsePointers',
  'coarseColumns',
  'smoother',
  'scale',
  'error',
  'residual',
] as const

/** Samples one after the other. */
export type SampleSet = Pick<Sample, (typeof arrays)[number]> & {
  readonly table: Int32Array
  /** Steps of the smoother. */
  readonly degree: number
}

/** Joins samples whose smoothers have the same number of steps. */
export function joinSamples(samples: readonly Sample[]): SampleSet {
  const table = int32(SAMPLE_FIELDS * samples.length)
  samples.forEach((sample, s) => {
    const { unknowns, coarse, columnIndices, termPlaces, coarseColumns, network } = sample
    const numbers = [unknowns, coarse, columnIndices.length, termPlaces.length, coarseColumns.length, network]
    table.set(numbers, SAMPLE_FIELDS * s)
  })
  const joined = Object.fromEntries(
    arrays.map(name => {
      const parts = samples.map(sample => sample[name])
      const length = parts.reduce((sum, part) => sum + part.length, 0)
      const whole = parts[0] instanceof Int32Array ? int32(length) : float64(length)
      let at = 0
      for (const part of parts) {
        whole.set(part, at)
        at += part.length
      }
      return [name, whole]
    }),
  ) as Pick<Sample, (typeof arrays)[number]>
  return { table, degree: (samples[0]?.smoother.length ?? 0) / 2, ...joined }
}

/** Sample s of a set, as views. */
export function sampleOf(set: SampleSet, inputs: number, s: number): Sample {
  const at = { rows: 0, entries: 0, unknowns: 0, terms: 0, coarse: 0 }
  const field = (of: number, f: number): number => set.table[SAMPLE_FIELDS * of + f]!
  for (let of = 0; of < s; of++) {
    at.rows += field(of, 0) + 1
    at.unknowns += field(of, 0)
    at.entries += field(of, 2)
    at.terms += field(of, 3)
    at.coarse += field(of, 4)
  }
  const [n, coarse, entries, terms, transfers, network] = [0, 1, 2, 3, 4, 5].map(f => field(s, f)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const rows = <T extends Int32Array>(array: T) => array.subarray(at.rows, at.rows + n + 1)
  const steps = 2 * set.degree
  return {
    unknowns: n,
    coarse,
    network,
    rowPointers: rows(set.rowPointers),
    columnIndices: set.columnIndices.subarray(at.entries, at.entries + entries),
    values: set.values.subarray(at.entries, at.entries + entries),
    inverseDiagonal: set.inverseDiagonal.subarray(at.unknowns, at.unknowns + n),
    termPointers: rows(set.termPointers),
    termPlaces: set.termPlaces.subarray(at.terms, at.terms + terms),
    termValues: set.termValues.subarray(at.terms, at.terms + terms),
    inputs: set.inputs.subarray(inputs * at.terms, inputs * (at.terms + terms)),
    coarsePointers: rows(set.coarsePointers),
    coarseColumns: set.coarseColumns.subarray(at.coarse, at.coarse + transfers),
    smoother: set.smoother.subarray(steps * s, steps * (s + 1)),
    scale: set.scale.subarray(s, s + 1),
    error: set.error.subarray(COLUMNS * at.unknowns, COLUMNS * (at.unknowns + n)),
    residual: set.residual.subarray(COLUMNS * at.unknowns, COLUMNS * (at.unknowns + n)),
  }
}
