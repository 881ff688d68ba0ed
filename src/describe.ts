import { bytes } from './core/bytes.ts'
import { makeControl } from './core/control.ts'
import { runSync } from './core/drive.ts'
import { KrylovError, refuse } from './core/errors.ts'
import type { CsrData } from './core/types.ts'
import { describeLdlt } from './direct/describe.ts'
import {
  describeAmg,
  describeChebyshev,
  describeDiagonals,
  describeFactor,
  describeJacobi,
  describeLevels,
  describeLu,
  describeTwoLevel,
} from './precondition/describe.ts'
import { bandwidth } from './sparse/bandwidth.ts'
import { Csr } from './sparse/csr.ts'
import { describePlan } from './sparse/storage-plan.describe.ts'

/** What `describe` says of one kind of thing, line by line. A further kind is a further row of `describers`. */
type Describer = (thing: never) => readonly string[]

const describers: Readonly<Record<string, Describer>> = {
  matrix: describeMatrix,
  identity: () => ['identity'],
  jacobi: describeJacobi,
  factor: describeFactor,
  levels: describeLevels,
  diagonals: describeDiagonals,
  chebyshev: describeChebyshev,
  'two-level': describeTwoLevel,
  lu: describeLu,
  amg: describeAmg,
  ldlt: describeLdlt,
  'external-factor': describeLdlt,
}

/**
 * What a thing is and how it is used, as text to read: of a matrix its size, its non-zeros, how far it reaches from the
 * diagonal, and how its products read it, why, and in how many bytes; of a preconditioner or a factorization what it is
 * made of and what it takes.
 *
 * @throws KrylovError ERR_TYPE for a thing of no known kind
 */
export function describe(thing: CsrData | { readonly kind: string }): string {
  const describer = describers[kindOf(thing)]
  if (describer === undefined)
    throw refuse('ERR_TYPE', 'describe', 'thing', 'a Csr matrix or a record of a known kind', thing)
  try {
    return describer(thing as never).join('\n')
  } catch (error) {
    if (error instanceof KrylovError) throw error
    throw refuse('ERR_TYPE', 'describe', 'thing', 'a record with all its fields', thing)
  }
}

/** Records are tagged; what has a pattern is a matrix. */
function kindOf(thing: unknown): string {
  if (typeof thing !== 'object' || thing === null) return ''
  const { kind, pattern } = thing as { readonly kind?: unknown; readonly pattern?: unknown }
  if (typeof kind === 'string' && Object.hasOwn(describers, kind) && kind !== 'matrix') return kind
  return typeof pattern === 'object' && pattern !== null ? 'matrix' : ''
}

function describeMatrix(given: CsrData): readonly string[] {
  const A = Csr.from(given, 'describe', 'thing')
  const { lower, upper } = bandwidth(A)
  const average = A.rows > 0 ? (A.nonZeros / A.rows).toFixed(1) : '0'
  return [
    `matrix ${A.rows} x ${A.columns}, ${A.nonZeros} non-zeros (${average} a row), ${bytes(matrixBytes(A))}`,
    `bandwidth: ${lower} below the diagonal, ${upper} above it`,
    ...runSync(describePlan(A), makeControl('describe', {})),
  ]
}

const matrixBytes = ({ pattern, values }: Csr): number =>
  pattern.rowPointers.byteLength + pattern.columnIndices.byteLength + values.byteLength
