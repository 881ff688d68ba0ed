import { describe, expect, it } from 'vitest'
import { normal } from '../../src/core/random.ts'
import { gmres, gmresSync } from '../../src/krylov/gmres.ts'
import { ic0 } from '../../src/precondition/ic0.ts'
import { ilu0 } from '../../src/precondition/ilu0.ts'
import { ilut } from '../../src/precondition/ilut.ts'
import { jacobi } from '../../src/precondition/jacobi.ts'
import { lu } from '../../src/precondition/lu.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { convectionDiffusion2d } from '../../src/sparse/gallery/convection.ts'
import { diffusion2d } from '../../src/sparse/gallery/diffusion.ts'
import { poisson2d } from '../../src/sparse/gallery/poisson.ts'
import { both } from '../support/both.ts'
import { densely, trueRelativeResidual } from '../support/problems.ts'
import { withEigenvalues } from '../support/small.ts'

const A = convectionDiffusion2d(20, { diffusion: 0.01, angle: 0.4 })
const b = normal(3, A.rows)

describe('gmres', () => {
  it('never lets the residual grow, restarts included', () => {
    const { history, reason } = gmresSync(A, b, { restart: 7, history: true })
    expect(reason).toBe('converged')
    expect(history!.length).toBeGreaterThan(20)
    history!.forEach((norm, i) => {
      if (i > 0) expect(norm).toBeLessThanOrEqual(history![i - 1]! * (1 + 1e-10))
    })
  })

  it('ends within as many steps as the minimal polynomial has roots', () => {
    const five = withEigenvalues(Array.from({ length: 40 }, (_, i) => [1, 2, -3, 5, 8][i % 5]!))
    const solution = gmresSync(five, normal(1, 40), { rtol: 1e-12 })
    expect([solution.reason, solution.iterations]).toEqual(['converged', 5])
  })

  it('solves a cyclic shift after n steps, and not one before', () => {
    const n = 24
    const rows = Array.from({ length: n }, (_, i) => i)
    const shift = Csr.fromTriplets(
      n,
      n,
      rows,
      rows.map(i => (i + 1) % n),
      rows.map(() => 1),
    )
    const e = new Float64Array(n).fill(0, 1)
    e[0] = 1
    const { history, reason, iterations } = gmresSync(shift, e, { restart: n, history: true })
    expect([reason, iterations]).toEqual(['converged', n])
    expect(history![n - 1]).toBeCloseTo(1, 12)
    expect(gmresSync(shift, e, { restart: n - 1, maxIterations: 500 }).converged).toBe(false)
  })

  it('measures the true residual on either side of the preconditioner', async () => {
    const scale = Float64Array.from({ length: A.rows }, (_, i) => 10 ** ((i % 7) - 3))
    const { rowPointers } = A.pattern
    const values = A.values.slice()
    for (let i = 0; i < A.rows; i++) for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) values[k]! *= scale[i]!
    const rows = A.withValues(values)
    const rhs = b.map((value, i) => value * scale[i]!)
    for (const side of ['left', 'right'] as const) {
      const solution = await both(gmresSync, gmres, rows, rhs, { preconditioner: jacobi, side, restart: 60 })
      expect(solution.reason).toBe('converged')
      expect(trueRelativeResidual(rows, solution.x, rhs)).toBeLessThanOrEqual(1.001e-8)
    }
  })

  it('may split a factorization, and still measures the true residual', async () => {
    const symmetric = diffusion2d(20, { contrast: 100, seed: 2 })
    for (const [system, M, kind] of [
      [A, ilu0.sync(A), 'lu'],
      [A, ilut.sync(A, { dropTolerance: 0.1 }), 'lu'],
      [symmetric, ic0.sync(symmetric, { schedule: 'serial' }), 'factor'],
      [symmetric, ic0.sync(symmetric, { schedule: 'levels' }), 'levels'],
      [symmetric, ic0.sync(symmetric, { schedule: 'diagonals' }), 'diagonals'],
    ] as const) {
      expect(M.kind).toBe(kind)
      const rhs = normal(4, system.rows)
      const options = { preconditioner: M, restart: 60 }
      const solution = await both(gmresSync, gmres, system, rhs, { ...options, side: 'split' })
      expect(solution.reason).toBe('converged')
      expect(trueRelativeResidual(system, solution.x, rhs)).toBeLessThanOrEqual(1.001e-8)
      const right = gmresSync(system, rhs, options)
      expect(Math.abs(solution.iterations - right.iterations)).toBeLessThanOrEqual(3 + right.iterations / 4)
    }
    expect(() => gmresSync(A, b, { side: 'split', preconditioner: jacobi })).toThrow(/'right' or 'left'/)
    expect(gmresSync(A, b, { side: 'split' }).x).toEqual(gmresSync(A, b).x)
  })

  it('minimises L^-1 r where a factorization is split', () => {
    // M = A exactly: one step from anywhere, whatever the side
    const solution = gmresSync(A, b, { side: 'split', preconditioner: lu.sync(A), rtol: 1e-12 })
    expect([solution.reason, solution.iterations]).toEqual(['converged', 1])
  })

  it('goes on from a first guess, and keeps it unchanged', () => {
    const half = gmresSync(A, b, { maxIterations: 20 })
    const guess = half.x.slice()
    const rest = gmresSync(A, b, { x0: half.x })
    expect(half.x).toEqual(guess)
    expect(rest.converged).toBe(true)
    expect(rest.iterations).toBeLessThan(gmresSync(A, b).iterations)
  })

  it('estimates the extreme singular values', () => {
    const M = withEigenvalues(Array.from({ length: 30 }, (_, i) => (i === 0 ? 0.01 : 1 + i / 10)))
    const { spectrum } = gmresSync(M, normal(5, 30), { rtol: 1e-12 })
    expect(spectrum.smallest).toBeGreaterThan(0.009)
    expect(spectrum.smallest).toBeLessThan(0.0125)
    expect(spectrum.largest).toBeGreaterThan(3.5)
    expect(spectrum.largest).toBeLessThan(4)
  })

  it('names the breakdown of a singular system, and gives what there is', () => {
    const nilpotent = Csr.fromTriplets(2, 2, [0], [1], [1])
    const solution = gmresSync(nilpotent, [1, 0])
    expect([solution.reason, [...solution.x]]).toEqual(['breakdown', [0, 0]])
    const projector = Csr.fromTriplets(3, 3, [0, 1], [0, 1], [2, 4])
    const consistent = gmresSync(projector, [2, 4, 0])
    expect([consistent.reason, ...consistent.x]).toEqual(['converged', expect.closeTo(1), expect.closeTo(1), 0])
    const inconsistent = gmresSync(projector, [2, 4, 1])
    expect(inconsistent.converged).toBe(false)
    expect(inconsistent.residualNorm).toBeCloseTo(1, 10)
  })

  it('takes no more steps than there are unknowns between restarts', () => {
    const small = Csr.fromTriplets(2, 2, [0, 0, 1], [0, 1, 1], [1, 5, 2])
    expect(gmresSync(small, [1, 1], { restart: 1000 })).toMatchObject({ converged: true, iterations: 2 })
  })

  it('runs matrix-free, with a preconditioner that answers later', async () => {
    const d = A.diagonal()
    const operator = {
      rows: A.rows,
      columns: A.rows,
      apply: (x: Float64Array, y: Float64Array) => {
        y.set(densely(A, x))
      },
    }
    const preconditioner = async (r: Float64Array) => r.map((v, i) => v / d[i]!)
    const solution = await gmres(operator, b, { preconditioner })
    expect([solution.reason, solution.driver]).toEqual(['converged', 'ts'])
    const same = gmresSync(A, b, { preconditioner: jacobi })
    expect(Math.abs(solution.iterations - same.iterations)).toBeLessThanOrEqual(1)
  })

  it('stays at the residual that doubles allow, and says so', () => {
    const solution = gmresSync(poisson2d(30), normal(1, 900), { rtol: 0, restart: 200 })
    expect(solution.reason).toBe('stagnated')
    expect(solution.relativeResidual).toBeLessThan(1e-14)
  })

  it.each([
    ['restart', 0],
    ['restart', 1.5],
    ['restart', '30'],
    ['side', 'both'],
    ['nullspace', 'constant'],
  ])('refuses %s %s', (key, value) => {
    expect(() => gmresSync(A, b, { [key]: value } as never)).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION', message: expect.stringContaining(`gmresSync: option ${key}`) }),
    )
  })
})
