import { describe, expect, it } from 'vitest'
import { normal } from '../../src/core/random.ts'
import { dense } from '../../src/dense/dense.ts'
import { type Choice, type SolveOptions, solve, solveSync } from '../../src/solve/solve.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { diffusion2d } from '../../src/sparse/gallery/diffusion.ts'
import { poisson2d } from '../../src/sparse/gallery/poisson.ts'
import { randomGraphLaplacian } from '../../src/sparse/gallery/random-graph.ts'
import { both } from '../support/both.ts'
import { densely, gallery, norm, trueRelativeResidual } from '../support/problems.ts'
import { generator, randomVector } from '../support/random.ts'

const ones = (n: number) => new Float64Array(n).fill(1)
const diagonal = (values: readonly number[]) => {
  const at = values.map((_, i) => i)
  return Csr.fromTriplets(values.length, values.length, at, at, values)
}

/** [H B^T; B 0]: what constrained minimisation gives. */
function saddlePoint(m: number): Csr {
  const H = poisson2d(m)
  const { rowPointers, columnIndices } = H.pattern
  const [i, j, a]: number[][] = [[], [], []]
  for (let row = 0; row < H.rows; row++)
    for (let k = rowPointers[row]!; k < rowPointers[row + 1]!; k++) {
      i!.push(row)
      j!.push(columnIndices[k]!)
      a!.push(H.values[k]!)
    }
  for (let c = 0; c < m; c++)
    for (let k = 0; k < m; k++) {
      i!.push(H.rows + c, c * m + k)
      j!.push(c * m + k, H.rows + c)
      a!.push(1, 1)
    }
  return Csr.fromTriplets(H.rows + m, H.rows + m, i!, j!, a!)
}

const symmetric = gallery.filter(({ tag }) => tag !== 'nonsymmetric')

describe('solve', () => {
  it.each(symmetric)('$name', async ({ A, b }) => {
    const found = await both<[Csr, Float64Array], Awaited<ReturnType<typeof solve>>>(
      solveSync as never,
      solve as never,
      A,
      b,
    )
    expect(found.converged).toBe(true)
    expect(trueRelativeResidual(A, found.x as never, b)).toBeLessThanOrEqual(1.01e-8)
    expect(found.why).toContain(found.method)
  })

  it.each([10, 40])('a saddle point problem, m = %i', m => {
    const A = saddlePoint(m)
    const b = normal(1, A.rows)
    const { x, converged, method } = solveSync(A, b)
    expect(converged).toBe(true)
    expect(trueRelativeResidual(A, x, b)).toBeLessThanOrEqual(1.01e-8)
    expect(method).not.toMatch(/^cg|^cholesky/)
  })

  it('several right-hand sides, definite or not', () => {
    for (const { A, tag } of symmetric.filter(({ A }) => A.rows > 1 && A.rows < 500)) {
      const s = 3
      const X = normal(2, A.rows * s)
      const columns = Array.from({ length: s }, (_, c) =>
        densely(
          A,
          X.filter((_, at) => at % s === c),
        ),
      )
      const B = dense(
        A.rows,
        s,
        Float64Array.from({ length: A.rows * s }, (_, at) => columns[at % s]![Math.floor(at / s)]!),
      )
      const found = solveSync(A, B)
      expect([tag, found.converged]).toEqual([tag, true])
      expect(found.columns.length).toBe(s)
      for (let c = 0; c < s; c++) {
        const x = Float64Array.from({ length: A.rows }, (_, i) => found.x.values[i * s + c]!)
        expect(trueRelativeResidual(A, x, columns[c]!)).toBeLessThanOrEqual(1.01e-8)
      }
    }
  })

  it('dense matrices, definite, indefinite, and nearly empty ones', () => {
    const n = 120
    const a = randomVector(generator(1), n * n)
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a[i * n + j] = a[j * n + i]!
    const shifted = a.map((x, at) => (at % (n + 1) === 0 ? 2 * n + x : x))
    const b = normal(3, n)
    const chosen = [shifted, a, poisson2d(11).toDense().values].map(values => {
      const A = dense(Math.sqrt(values.length), Math.sqrt(values.length), values)
      const rhs = b.subarray(0, Math.min(n, A.rows)).slice()
      const full = A.rows > n ? ones(A.rows) : rhs
      const { x, method, converged } = solveSync(A, full)
      expect(converged).toBe(true)
      expect(trueRelativeResidual(Csr.fromDense(A), x, full)).toBeLessThanOrEqual(1e-8)
      return method
    })
    expect(chosen.slice(0, 2)).toEqual(['cholesky', 'bunch-kaufman'])
  })

  it('chooses the same way every time', () => {
    const A = diffusion2d(40, { contrast: 1e4, seed: 1 })
    const choices = [1, 2, 3].map(() => solveSync(A.withValues(A.values), ones(A.rows)))
    expect(new Set(choices.map(({ why }) => why)).size).toBe(1)
    expect(new Set(choices.map(({ method }) => method)).size).toBe(1)
  })
})

describe('trivial systems', () => {
  it('of no, one and some uncoupled unknowns', async () => {
    expect(solveSync(diagonal([]), []).x.length).toBe(0)
    expect((await solve(diagonal([]), [])).converged).toBe(true)
    expect([...solveSync(diagonal([4]), [2]).x]).toEqual([0.5])
    expect([...solveSync(dense(1, 1, [-4]), [2]).x]).toEqual([-0.5])
    const { x, method } = solveSync(diagonal([1, -2, 4]), [1, 2, 8])
    expect([[...x], method]).toEqual([[1, -1, 2], 'diagonal'])
  })

  it('with empty rows, and with explicit zeros', () => {
    expect([...solveSync(diagonal([2, 0, 4]), [2, 0, 4]).x]).toEqual([1, 0, 1])
    expect(solveSync(diagonal([2, 0, 4]), [2, 1, 4])).toMatchObject({ converged: false, reason: 'stagnated' })
    const A = Csr.fromTriplets(3, 3, [0, 0, 1, 1, 2], [0, 1, 0, 1, 2], [2, 0, 0, 3, 0])
    expect([...solveSync(A, [2, 3, 0]).x]).toEqual([1, 1, 0])
    const P = poisson2d(5)
    const padded = Csr.fromDense(
      dense(
        26,
        26,
        Float64Array.from({ length: 676 }, (_, at) =>
          at % 26 < 25 && at < 650 ? P.toDense().values[Math.floor(at / 26) * 25 + (at % 26)]! : 0,
        ),
      ),
    )
    expect(solveSync(padded, [...ones(25), 0]).converged).toBe(true)
    expect(solveSync(padded, ones(26)).converged).toBe(false)
  })

  it('with b = 0, and with numbers near the ends of their range', () => {
    expect(norm(solveSync(poisson2d(9), new Float64Array(81)).x)).toBe(0)
    for (const size of [1e200, 1e-200]) {
      const A = poisson2d(9)
      const b = ones(81).map(x => x * size)
      const { x, converged } = solveSync(A.withValues(A.values.map(a => a * size)), b)
      expect(converged).toBe(true)
      expect(trueRelativeResidual(A, x, ones(81))).toBeLessThanOrEqual(1e-8)
    }
  })
})

describe('singular systems', () => {
  const A = randomGraphLaplacian(300, { degree: 4, seed: 6 })

  it('are solved where they are consistent, and not called so where they are not', () => {
    const b = densely(A, normal(8, A.rows))
    for (const options of [{}, { nullspace: 'constant' }] satisfies SolveOptions[]) {
      const { x, converged } = solveSync(A, b, options)
      expect(converged).toBe(true)
      expect(trueRelativeResidual(A, x, b)).toBeLessThanOrEqual(1.01e-8)
      expect(solveSync(A, ones(A.rows), options).converged).toBe(false)
    }
  })

  it('of a dense matrix of rank one', () => {
    const u = normal(1, 40)
    const uu = dense(
      40,
      40,
      Float64Array.from({ length: 1600 }, (_, at) => u[Math.floor(at / 40)]! * u[at % 40]!),
    )
    expect(solveSync(uu, u).converged).toBe(true)
    expect(solveSync(uu, normal(2, 40))).toMatchObject({ converged: false })
  })
})

describe('what is asked for', () => {
  const A = diffusion2d(60, { contrast: 1e4, seed: 2 })
  const b = ones(A.rows)

  it('is kept: tolerances, history, limits', () => {
    expect(solveSync(A, b, { rtol: 1e-12 }).relativeResidual).toBeLessThanOrEqual(1e-12)
    expect(solveSync(A, b, { rtol: 0, atol: 1e-6 }).residualNorm).toBeLessThanOrEqual(1e-6)
    const found = solveSync(A, b, { rtol: 1e-30, maxIterations: 3 })
    expect(found.converged).toBe(false)
    expect(found.relativeResidual).toBeCloseTo(trueRelativeResidual(A, found.x, b), 12)
    expect(Number.isFinite(norm(found.x))).toBe(true)
    expect(solveSync(A, b, { rtol: 1e-30, timeLimit: 0 }).converged).toBe(false)
  })

  it('is aborted', async () => {
    const reason = new Error('enough')
    await expect(solve(A, b, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })

  it.each<[string, () => Choice, string, RegExp]>([
    [
      'a null space of a matrix that is not symmetric',
      () => solveSync(dense(2, 2, [1, 2, 3, 4]), [1, 1], { nullspace: 'constant' }),
      'ERR_OPTION',
      /option nullspace must be "?absent/,
    ],
    [
      'an operator',
      () => solveSync({ rows: 1, columns: 1, apply() {} } as never, [1]),
      'ERR_UNSUPPORTED',
      /cg, minres or gmres/,
    ],
    ['no matrix', () => solveSync(null as never, [1]), 'ERR_TYPE', /solveSync: A/],
    ['b too short', () => solveSync(A, [1]), 'ERR_SHAPE', /b must be 3600 long/],
    [
      'b not finite',
      () =>
        solveSync(
          A,
          b.map(() => Number.NaN),
        ),
      'ERR_NOT_FINITE',
      /b\[0\]/,
    ],
    ['A not finite', () => solveSync(A.withValues(A.values.map(() => 1 / 0)), b), 'ERR_NOT_FINITE', /A\.values/],
    ['an option that is none', () => solveSync(A, b, { rtoll: 1 } as never), 'ERR_OPTION', /rtol/],
    ['a preconditioner', () => solveSync(A, b, { preconditioner: {} } as never), 'ERR_OPTION', /preconditioner/],
    ['a bad tolerance', () => solveSync(A, b, { rtol: -1 }), 'ERR_OPTION', /rtol/],
    ['a bad null space', () => solveSync(A, b, { nullspace: 'waves' as never }), 'ERR_OPTION', /nullspace/],
  ])('is refused: %s', (_, act, code, text) => {
    expect(act).toThrow(expect.objectContaining({ code, message: expect.stringMatching(text) }))
  })
})
