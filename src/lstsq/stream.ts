import { refuse } from '../core/errors.ts'
import type { Call } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { eachBlock } from '../core/stream.ts'
import type { CsrData, Dense } from '../core/types.ts'
import { isDense } from '../dense/dense.ts'
import { ownRows } from '../sketch/sketch.ts'
import type { Answer } from './answer.ts'
import { RowBuffer } from './row-buffer.ts'
import { type Sides, type Solved, sidesOf } from './sides.ts'
import { spectrumOf } from './singular.ts'
import { addMultipleOfIdentity, blockOf, explicit } from './triangle.ts'

/** Some rows of A with those of b. */
export interface RowsAndSides {
  readonly A: Dense | CsrData
  /** As long as A has rows, or a dense block with as many. */
  readonly b: ArrayLike<number> | Dense
}

/** Rows that come in pieces go into the triangle of [A b], which is all that is kept of them. */
export function* solveStream(
  call: Call,
  stream: AsyncIterable<RowsAndSides>,
  ridge: number,
): Steps<{ readonly solved: Solved; readonly sides: Sides }> {
  let rows: RowBuffer | undefined
  let sides: Sides | undefined
  yield* eachBlock(call, stream, function* (part) {
    if (typeof part !== 'object' || part === null)
      throw refuse('ERR_TYPE', call.name, 'a block of A', 'a record { A, b }', part)
    const block = yield* ownRows(call, 'a block of A', part.A)
    const { rows: count, columns } = isDense(block) ? block : block.pattern
    const given = yield* sidesOf(call, part.b, count)
    rows ??= new RowBuffer(columns, given.s, float64((columns + given.s) ** 2))
    sides ??= given
    if (columns !== rows.n)
      throw refuse('ERR_SHAPE', call.name, 'a block of A', `${rows.n} columns, as the first`, columns)
    if (given.s !== rows.s)
      throw refuse('ERR_SHAPE', call.name, 'a block of b', `${rows.s} columns, as the first`, given.s)
    yield* rows.add(block, given.B, 1 / given.unit)
  })
  if (rows === undefined || sides === undefined)
    throw refuse('ERR_SHAPE', call.name, 'A', 'a stream of rows', 'one that ended at once')
  yield* rows.flush()
  return { solved: yield* fromTriangle(rows, ridge), sides: { ...sides, unit: 1 } }
}

const PER_BLOCK = Number.EPSILON // a factorization's backward error is less; they add up at worst

/** Without the rows nothing can be recomputed: the backward error is a bound on what the factorizations did. */
function* fromTriangle({ n, s, R: whole, blocks }: RowBuffer, ridge: number): Steps<Solved> {
  if (ridge > 0) yield* addMultipleOfIdentity(whole, n, s, Math.sqrt(ridge))
  const R = blockOf(whole, n + s, 0, n, 0, n)
  const { rank, condition, P, start } = yield* spectrumOf(R, n, blockOf(whole, n + s, 0, n, n, s), s)
  const X = yield* explicit(P, n, rank).apply(start, s)
  const norms = residualNorms(whole, n, s, X)
  if (ridge > 0) for (let c = 0; c < s; c++) norms[c] = withoutRidge(norms[c]!, X, s, c, ridge)
  const answer: Answer = {
    X,
    norms,
    backwardError: (8 + Math.sqrt(n) + blocks) * PER_BLOCK,
    method: rank === n ? 'tsqr' : 'svd',
    condition,
    rank,
    late: false,
  }
  return { ...answer, passes: 1 }
}

/** ||b - A x|| = ||[C - R X; rest]|| of each column. */
function residualNorms(whole: Float64Array, n: number, s: number, X: Float64Array): Float64Array {
  const N = n + s
  const norms = new Float64Array(s)
  for (let c = 0; c < s; c++) {
    const parts: number[] = []
    for (let i = 0; i < N; i++) {
      let sum = whole[i * N + n + c]!
      for (let j = i; j < n; j++) sum -= whole[i * N + j]! * X[j * s + c]!
      parts.push(sum)
    }
    norms[c] = Math.hypot(...parts)
  }
  return norms
}

/** Of the norm of [b - A x; sqrt(ridge) x], the part that b - A x has. */
function withoutRidge(norm: number, X: Float64Array, s: number, c: number, ridge: number): number {
  let square = 0
  for (let at = c; at < X.length; at += s) square += X[at]! ** 2
  return Math.sqrt(Math.max(0, norm * norm - ridge * square))
}
