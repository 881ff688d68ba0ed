import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { addTimes, rowsOf, times } from '../dense/times.ts'
import { type Orthonormal, orthonormal } from './orthonormal.ts'

const ENOUGH = 0.01 // share of a squared column that is left, above which one projection does

/** An orthonormal basis that grows by blocks. */
export class Basis {
  readonly rows: number
  readonly blocks: Dense[] = []
  columns = 0

  constructor(rows: number) {
    this.rows = rows
  }

  /**
   * X = (what the basis has) + Q R: Q is added, R returned. X is overwritten. Block Gram-Schmidt, once more where little of a
   * column was left; directions not longer than `floor` are left out. 4 rows (columns so far) b flops a projection.
   */
  *extend(X: Dense, floor: number): Steps<Orthonormal> {
    let taken = yield* this.project(X)
    let found = yield* orthonormal(X, floor)
    const lost = (j: number) => found.squares[j]! < ENOUGH * (found.squares[j]! + taken[j]!)
    if (found.Q.columns < X.columns || taken.some((_, j) => lost(j))) {
      taken = yield* this.project(found.Q)
      const again = yield* orthonormal(found.Q, 0.5)
      found = { Q: again.Q, R: yield* times(again.R, found.R), squares: found.squares }
    }
    if (found.Q.columns > 0) {
      this.blocks.push(found.Q)
      this.columns += found.Q.columns
    }
    return found
  }

  /** X -= Q Q^T X; returns the squares of what was taken out of each column. */
  private *project(X: Dense): Steps<Float64Array> {
    const taken = new Float64Array(X.columns)
    for (const Q of this.blocks) {
      const C = yield* times(Q, X, 'A')
      for (let at = 0; at < C.values.length; at++) taken[at % X.columns]! += C.values[at]! ** 2
      yield* addTimes(X, -1, Q, C)
    }
    return taken
  }

  /** Q S, S as many rows as the basis has columns (or fewer: the first ones). */
  *times(S: Dense): Steps<Dense> {
    const X = { rows: this.rows, columns: S.columns, values: float64(this.rows * S.columns) }
    let at = 0
    for (const Q of this.blocks) {
      if (at === S.rows) break
      yield* addTimes(X, 1, Q, rowsOf(S, at, at + Q.columns))
      at += Q.columns
    }
    return X
  }
}
