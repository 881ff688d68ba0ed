import { refuse } from '../core/errors.ts'
import { checkOptions } from '../core/method.ts'
import { integerOption } from '../core/options.ts'
import { checkSeed } from '../core/random.ts'
import {
  type FastJl,
  type Gaussian,
  type Made,
  padded,
  type Shape,
  type Sjlt,
  type SparseStack,
  type Srht,
  type VerySparse,
} from './kinds.ts'

/** Options of every sketching operator. */
export interface SketchOptions {
  /** Rows of the sketch. */
  readonly rows: number
  /** Its columns: as many as what it is applied to has rows. */
  readonly columns: number
  /** An integer from 0 to 2^53 - 1; default 0. Equal seeds, shapes and kinds give equal operators. */
  readonly seed?: number
  /** Likewise. Default 0; pass `operator.next` for both to draw the next one. */
  readonly stream?: number
}

const MOST = 2 ** 31 - 1

function shape(name: string, options: SketchOptions, keys: readonly string[]): Made<Shape> {
  if (options === undefined) throw refuse('ERR_OPTION', name, 'options', 'an object with rows and columns', options)
  checkOptions(name, options, new Set(['rows', 'columns', 'seed', 'stream', ...keys]))
  const { rows, columns, seed = 0, stream = 0 } = options
  for (const [key, n] of [
    ['rows', rows],
    ['columns', columns],
  ] as const)
    if (!Number.isInteger(n) || n < 1 || n > MOST)
      throw refuse('ERR_SHAPE', name, `option ${key}`, `an integer from 1 to ${MOST}`, n)
  const state = { seed: checkSeed(name, 'option seed', seed), stream: checkSeed(name, 'option stream', stream) }
  return { rows, columns, state, next: { seed, stream: stream + 1 } }
}

const perColumn = (name: string, zeta: number, rows: number): number =>
  integerOption(name, 'zeta', zeta, 1, Math.min(rows, 64))

function share(name: string, key: string, value: number): number {
  if (typeof value !== 'number' || !(value > 0 && value <= 1))
    throw refuse('ERR_OPTION', name, `option ${key}`, 'above 0, at most 1', value)
  return value
}

/** Options of {@link sparseStack} and {@link sjlt}. */
export interface SparseSketchOptions extends SketchOptions {
  /** Entries of a column, 1 to 64 and at most `rows`; default 8, or `rows` where that is less. Fewer than 4 are unsafe. */
  readonly zeta?: number
}

/**
 * `zeta` CountSketches stacked, each of rows / zeta rows, scaled by 1 / sqrt(zeta) (Camano, Epperly, Meyer and Tropp 2025).
 * The default choice: as good as a Gaussian from zeta = 8 on, at the cost of zeta additions for each entry of A.
 *
 * @throws KrylovError ERR_SHAPE, ERR_OPTION
 */
export function sparseStack(options: SparseSketchOptions): Made<SparseStack> {
  const given = shape('sparseStack', options, ['zeta'])
  const { zeta = Math.min(8, given.rows) } = options
  return { kind: 'sparse-stack', ...given, zeta: perColumn('sparseStack', zeta, given.rows) }
}

/**
 * `zeta` entries in distinct rows anywhere (Kane and Nelson 2014; Cohen 2016, OSNAP).
 *
 * @throws KrylovError ERR_SHAPE, ERR_OPTION
 */
export function sjlt(options: SparseSketchOptions): Made<Sjlt> {
  const given = shape('sjlt', options, ['zeta'])
  const { zeta = Math.min(8, given.rows) } = options
  return { kind: 'sjlt', ...given, zeta: perColumn('sjlt', zeta, given.rows) }
}

/**
 * One entry in each column (Charikar, Chen and Farach-Colton 2002; Clarkson and Woodruff 2013). Unsafe alone: of columns that
 * are nearly unit vectors two fall into one row unless rows >> columns^2, and the sketch is singular where A is not.
 *
 * @throws KrylovError ERR_SHAPE, ERR_OPTION
 */
export const countSketch = (options: SketchOptions): Made<SparseStack> => ({
  kind: 'sparse-stack',
  ...shape('countSketch', options, []),
  zeta: 1,
})

/**
 * Independent normals of variance 1 / rows: the safest sketch and the dearest, 2 rows flops for each entry of A.
 *
 * @throws KrylovError ERR_SHAPE, ERR_OPTION
 */
export const gaussian = (options: SketchOptions): Made<Gaussian> => ({
  kind: 'gaussian',
  ...shape('gaussian', options, []),
})

/**
 * The subsampled randomized Hadamard transform (Ailon and Chazelle 2006; Tropp 2011). Dense: it mixes all rows of A, in
 * log2(columns) additions for each entry. On aligned rows it needs rows of the order of n log n.
 *
 * @throws KrylovError ERR_SHAPE, where there are more rows than columns padded to a power of two as well; ERR_OPTION
 */
export function srht(options: SketchOptions): Made<Srht> {
  const given = shape('srht', options, [])
  const most = padded(given.columns)
  if (given.rows > most) throw refuse('ERR_SHAPE', 'srht', 'option rows', `at most ${most}, columns padded`, given.rows)
  return { kind: 'srht', ...given }
}

const LEAST = 32 // entries in a row of P: the distortion of one vector is 1.06 times a Gaussian's

/** Options of {@link fastJL}. */
export interface FastJlOptions extends SketchOptions {
  /**
   * Share of the entries of P that are there; default max(e ln^2 m / ln(1 / e), ln m, 32) / columns with e = 1/4, m = columns,
   * at most 1: below 32 in a row fourth moments are not a Gaussian's.
   */
  readonly q?: number
}

/**
 * The fast Johnson-Lindenstrauss transform (Ailon and Chazelle 2006) with the sparser P of Fandina, Hogsgaard and Larsen (2023).
 *
 * @throws KrylovError ERR_SHAPE, ERR_OPTION
 */
export function fastJL(options: FastJlOptions): Made<FastJl> {
  const given = shape('fastJL', options, ['q'])
  const logarithm = Math.log(Math.max(2, given.columns))
  const each = Math.max((0.25 * logarithm ** 2) / Math.log(4), logarithm, LEAST)
  const { q = Math.min(1, each / padded(given.columns)) } = options
  return { kind: 'fast-jl', ...given, q: share('fastJL', 'q', q) }
}

/** Options of {@link verySparse}. */
export interface VerySparseOptions extends SketchOptions {
  /** Share of the entries that are there; default 1 / sqrt(columns). */
  readonly density?: number
}

/**
 * Very sparse random projections (Li, Hastie and Church 2006). For rows of A that are dense: a unit vector may come out as zero.
 *
 * @throws KrylovError ERR_SHAPE, ERR_OPTION
 */
export function verySparse(options: VerySparseOptions): Made<VerySparse> {
  const given = shape('verySparse', options, ['density'])
  const { density = 1 / Math.sqrt(given.columns) } = options
  return { kind: 'very-sparse', ...given, density: share('verySparse', 'density', density) }
}
