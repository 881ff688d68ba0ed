import { KrylovError, refuse } from '../core/errors.ts'
import type { Call } from '../core/method.ts'
import { uniformAt } from '../core/random.ts'
import { int32 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Csr } from '../sparse/csr.ts'
import { bothWays, countsOf, type Observed, ownObserved, selected } from './observations.ts'
import type { Settings } from './options.ts'
import type { Problem } from './problem.ts'

const HELD = 1 // stream of the seed that draws validation entries

/** A problem as it was given: what is left of it to fit, and the rows and columns that have little. */
export interface Prepared {
  readonly problem: Problem
  readonly thin: { readonly rows: Int32Array; readonly columns: Int32Array }
}

interface Entries {
  readonly A: Csr
  readonly weights: Float64Array
}

/** Splits the observations, sees to thin rows and columns, and takes the mean off. */
export function* prepare(
  call: Call,
  { A, weights }: Entries,
  settings: Settings,
  validation: number | Observed | undefined,
): Steps<Prepared> {
  if (A.nonZeros === 0) throw refuse('ERR_SHAPE', call.name, 'observed', 'at least one entry', 0)
  const { fitted, held } = yield* split(call, { A, weights }, settings.seed, validation)
  if (fitted.A.nonZeros === 0) throw refuse('ERR_OPTION', call.name, 'option validation', 'less than all', validation)
  const dropped = settings.thin === 'drop' ? yield* withoutThin(fitted, settings.rank) : fitted
  if (dropped.A.nonZeros === 0)
    throw refuse('ERR_OPTION', call.name, "option thin: 'drop'", 'one that leaves observations', 'none')
  const implicit = settings.confidence === undefined ? dropped : asPreferences(call.name, dropped, settings.confidence)
  const observed = yield* bothWays(implicit.A, implicit.weights)
  const counts = [fitted.A, observed.byColumn].map(countsOf) as [Int32Array, Int32Array]
  if (settings.thin === 'drop') counts[1] = columnCounts(fitted.A)
  const [rows, columns] = counts.map(list => thinOf(list, settings.rank)) as [Int32Array, Int32Array]
  if (settings.thin === 'error' && rows.length + columns.length > 0) {
    const [what, at, has] =
      rows.length > 0 ? ['row', rows[0]!, counts[0][rows[0]!]!] : ['column', columns[0]!, counts[1][columns[0]!]!]
    throw new KrylovError(
      'ERR_SHAPE',
      `${call.name}: observed must have at least ${settings.rank} entries in each row and column, got ${has} in ${what} ${at}`,
    )
  }
  const { rowWeights: w, byRow } = observed
  let [weight, sum, square] = [0, 0, 0]
  for (let e = 0; e < byRow.nonZeros; e++) {
    const one = w.length === 0 ? 1 : w[e]!
    weight += one
    sum += one * byRow.values[e]!
    square += one * byRow.values[e]! ** 2
  }
  const problem = {
    observed,
    held: settings.confidence === undefined ? held : held?.withValues(new Float64Array(held.nonZeros).fill(1)),
    // of implicit feedback every entry counts
    weight: settings.confidence === undefined ? weight : weight + byRow.rows * byRow.columns,
    size: Math.sqrt(square / weight),
    mean: settings.biases ? sum / weight : 0,
    biases: settings.biases,
    ridge: settings.ridge,
    biasRidge: settings.biasRidge,
    scaling: settings.ridgeScaling,
    confidence: settings.confidence,
    nonnegative: settings.nonnegative,
    single: settings.single,
    range: settings.range,
  }
  return { problem, thin: { rows, columns } }
}

/** Which observations are fitted, and which are held out. */
function* split(call: Call, entries: Entries, seed: number, validation: number | Observed | undefined) {
  const { name } = call
  if (validation === undefined) return { fitted: entries, held: undefined }
  if (typeof validation === 'number') {
    if (!(validation > 0 && validation < 1))
      throw refuse('ERR_OPTION', name, 'option validation', 'a share between 0 and 1', validation)
    const isHeld = (e: number) => uniformAt(seed, HELD, e) < validation
    const fitted = yield* selected(entries.A, entries.weights, e => !isHeld(e))
    const { A: held } = yield* selected(entries.A, entries.weights, isHeld)
    return { fitted, held: held.nonZeros > 0 ? held : undefined }
  }
  const { A: held } = yield* ownObserved(call, 'option validation', validation, 'average')
  const { rows, columns } = entries.A
  if (held.rows !== rows || held.columns !== columns)
    throw refuse('ERR_SHAPE', name, 'option validation', `${rows} x ${columns}`, `${held.rows} x ${held.columns}`)
  return { fitted: entries, held: held.nonZeros > 0 ? held : undefined }
}

/** Takes rows and columns out until all that are left have `rank` entries. */
function* withoutThin(entries: Entries, rank: number): Steps<Entries> {
  for (let left = entries; ; ) {
    const [rows, columns] = [countsOf(left.A), columnCounts(left.A)]
    const next = yield* selected(left.A, left.weights, (_, i, j) => rows[i]! >= rank && columns[j]! >= rank)
    if (next.A.nonZeros === left.A.nonZeros) return left
    left = next
  }
}

function columnCounts({ pattern: { columns, columnIndices } }: Csr): Int32Array {
  const counts = int32(columns)
  for (const j of columnIndices) counts[j]!++
  return counts
}

function thinOf(counts: Int32Array, rank: number): Int32Array {
  const found: number[] = []
  counts.forEach((count, i) => {
    if (count < rank) found.push(i)
  })
  return Int32Array.from(found)
}

/**
 * Counts as weighted preferences: of an entry with confidence c = 1 + a, c (1 - x)^2 is a ((1 + a) / a - x)^2 + x^2 and a
 * constant, and x^2 is counted for all entries alike by the Gram matrix.
 */
function asPreferences(name: string, { A, weights }: Entries, confidence: number): Entries {
  const bad = A.values.findIndex(count => !(count > 0))
  if (bad >= 0)
    throw refuse('ERR_OPTION', name, `observed.values[${bad}]`, 'above 0 where there is a confidence', A.values[bad])
  const extra = A.values.map((count, e) => confidence * count * (weights[e] ?? 1))
  return { A: A.withValues(extra.map(a => (1 + a) / a)), weights: A.withValues(extra).values }
}
