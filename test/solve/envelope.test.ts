import { describe, expect, it } from 'vitest'
import { normal } from '../../src/core/random.ts'
import { solveSync } from '../../src/solve/solve.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { poisson2d } from '../../src/sparse/gallery/poisson.ts'
import { densely, trueRelativeResidual } from '../support/problems.ts'

/** Rows that reach as far to the left as `reach` says, dominant. */
function ragged(n: number, reach: (i: number) => number): Csr {
  const [rows, columns, values]: [number[], number[], number[]] = [[], [], []]
  for (let i = 0; i < n; i++) {
    rows.push(i)
    columns.push(i)
    values.push(2 * n)
    for (const j of new Set([Math.max(0, i - reach(i)), Math.max(0, i - 1)])) {
      if (j === i) continue
      rows.push(i, j)
      columns.push(j, i)
      values.push(-1, -1)
    }
  }
  return Csr.fromTriplets(n, n, rows, columns, values)
}

const shapes: readonly (readonly [string, number, (i: number) => number])[] = [
  ['a band', 203, () => 7],
  ['rows as long as they can be', 61, i => i],
  ['steps', 150, i => i % 13],
  ['an arrow', 90, i => (i === 89 ? 89 : 1)],
  ['fewer rows than a group', 3, () => 2],
]

describe("Cholesky's factor in the envelope", () => {
  it.each(shapes)('solves %s', (_, n, reach) => {
    const A = ragged(n, reach)
    const b = densely(A, normal(3, n))
    const { x, method, iterations } = solveSync(A, b)
    expect([method, iterations]).toEqual(['cholesky', 0])
    expect(trueRelativeResidual(A, x, b)).toBeLessThan(1e-14)
  })

  it('takes several right-hand sides', () => {
    const A = poisson2d(12)
    const b = { rows: 144, columns: 3, values: normal(4, 3 * 144) }
    const { x, method } = solveSync(A, b)
    expect(method).toBe('cholesky')
    for (let c = 0; c < 3; c++) {
      const column = (of: Float64Array) => of.filter((_, at) => at % 3 === c)
      expect(trueRelativeResidual(A, column(x.values), column(b.values))).toBeLessThan(1e-13)
    }
  })

  it('fails where A is indefinite, and another method answers', () => {
    const A = poisson2d(9)
    const shifted = A.withValues(A.values.map(a => (a > 0 ? a - 2.9 : a)))
    const { converged, method, why } = solveSync(shifted, normal(5, 81))
    expect(converged).toBe(true)
    expect(method).not.toBe('cholesky')
    expect(why).toMatch(/cholesky failed \(A is not positive definite: the pivot of row \d+\)/)
  })
})
