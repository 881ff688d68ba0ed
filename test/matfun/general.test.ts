import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Dense, KrylovError } from '../../src/index.ts'
import { dense, differentiateSync, expmSync, logm, logmSync, sqrtm, sqrtmSync } from '../../src/index.ts'
import { inner, stack } from '../support/batches.ts'
import { frobenius, identity, minus, randomDense, times, transposed } from '../support/dense.ts'
import { failure, type Loose } from '../support/misuse.ts'

/* Functions of general matrices, against 50 digits, see golden/general.py; and against themselves. */

interface Case {
  readonly f: 'sqrtm' | 'logm' | 'expm'
  readonly spectrum: string
  readonly n: number
  readonly A: number[]
  readonly E: number[]
  readonly F: number[]
  readonly value: number[]
  readonly derivative: number[]
  readonly second?: number[]
  /** ||L_f(A)|| ||A||_F / ||f(A)||_F */
  readonly condition: number
}
interface Negative {
  readonly f: 'sqrtm' | 'logm'
  readonly spectrum: string
  readonly n: number
  readonly A: number[]
  readonly real: number[]
  readonly imaginary: number[]
}
const golden = JSON.parse(readFileSync(new URL('golden/general.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Case[]
  readonly negative: readonly Negative[]
}
const EPS = Number.EPSILON
const functions = { sqrtm: sqrtmSync, logm: logmSync, expm: expmSync }
const general = { structure: 'general' } as const
const apart = (X: Dense, wanted: Dense) => frobenius(minus(X, wanted)) / frobenius(wanted)

/** Eigenvalues well to the right, vectors far from orthogonal. */
function shifted(n: number, seed = 1): Dense {
  const A = randomDense(n, n, seed)
  return dense(
    n,
    n,
    A.values.map((a, at) => a / Math.sqrt(n) + (at % (n + 1) === 0 ? 2 : 0)),
  )
}

describe.each(golden.cases.map(given => [`${given.f} of ${given.spectrum}`, given] as const))('%s', (_, given) => {
  const { n } = given
  const [A, E, F, value, derivative] = [given.A, given.E, given.F, given.value, given.derivative].map(list =>
    dense(n, n, list),
  ) as [Dense, Dense, Dense, Dense, Dense]
  const bound = 10 * n * EPS * Math.max(1, given.condition)

  it('value and both derivatives', () => {
    const found = functions[given.f](A, general)
    expect(apart(found.value, value)).toBeLessThan(bound)
    expect(found.residual).toBeLessThan(50 * n * EPS)
    expect(apart(found.pushforward(E), derivative)).toBeLessThan(bound)
    expect(Math.abs(inner(found.pullback(F), E) - inner(F, derivative))).toBeLessThan(
      bound * frobenius(F) * frobenius(derivative),
    )
  })

  it('second derivative', () => {
    if (given.second === undefined) return expect(n).toBeGreaterThan(4)
    // <F, D^2 f [E, H]> = <H, hessianVector(F, E)> with the golden D^2 f [E, F], so H = F
    const found = functions[given.f](A, general).hessianVector(F, E)
    const second = dense(n, n, given.second)
    expect(Math.abs(inner(found, F) - inner(F, second))).toBeLessThan(10 * bound * frobenius(F) * frobenius(second))
  })
})

describe.each(golden.negative.map(given => [`${given.f} of ${given.spectrum}`, given] as const))('%s', (_, given) => {
  it('complex values, and a named error without', () => {
    const { n, f } = given
    const A = dense(n, n, given.A)
    const { value, residual } = functions[f](A, { structure: 'general', complex: true })
    const scale = Math.hypot(frobenius(dense(n, n, given.real)), frobenius(dense(n, n, given.imaginary)))
    expect(frobenius(minus(value.real, dense(n, n, given.real))) / scale).toBeLessThan(1e3 * n * EPS)
    expect(frobenius(minus(value.imaginary, dense(n, n, given.imaginary))) / scale).toBeLessThan(1e3 * n * EPS)
    expect(residual).toBeLessThan(50 * n * EPS)
    expect(failure(() => functions[f](A, general))).toMatchObject({ code: 'ERR_INDEFINITE' })
  })
})

describe('functions of general matrices', () => {
  it.each([1, 2, 5, 41])('n = %i: X^2 = A, exp(log A) = A, and adjoints are adjoint', n => {
    const A = shifted(n)
    const [E, G] = [randomDense(n, n, 2), randomDense(n, n, 3)]
    const root = sqrtmSync(A, general)
    expect(apart(times(root.value, root.value), A)).toBeLessThan(50 * n * EPS)
    const logarithm = logmSync(A, general)
    expect(apart(expmSync(logarithm.value, general).value, A)).toBeLessThan(100 * n * EPS)
    for (const f of [root, logarithm, expmSync(A, general)]) {
      const [along, back] = [f.pushforward(E), f.pullback(G)]
      expect(Math.abs(inner(G, along) - inner(back, E))).toBeLessThan(1e-12 * frobenius(G) * frobenius(along))
    }
    // X L + L X = E
    const L = root.pushforward(E)
    const sum = dense(
      n,
      n,
      times(root.value, L).values.map((x, at) => x + times(L, root.value).values[at]!),
    )
    expect(apart(sum, E)).toBeLessThan(1e-12)
  })

  it('hessianVector is symmetric in its directions, and what pullback changes by', () => {
    const n = 6
    const [A, G, E, H] = [shifted(n), randomDense(n, n, 2), randomDense(n, n, 3), randomDense(n, n, 4)]
    for (const f of [sqrtmSync, logmSync, expmSync]) {
      const { hessianVector } = f(A, general)
      const [left, right] = [inner(hessianVector(G, E), H), inner(hessianVector(G, H), E)]
      expect(Math.abs(left - right)).toBeLessThan(1e-10 * Math.abs(left))
      const step = 1e-5
      const moved = (t: number) =>
        f(
          dense(
            n,
            n,
            A.values.map((a, at) => a + t * E.values[at]!),
          ),
          general,
        ).pullback(G)
      const slope = (inner(moved(step), H) - inner(moved(-step), H)) / (2 * step)
      expect(Math.abs(slope - left)).toBeLessThan(1e-6 * frobenius(G) * frobenius(E) * frobenius(H))
    }
  })

  it('agrees with the symmetric route on symmetric matrices', () => {
    const B = randomDense(12, 12, 5)
    const A = dense(
      12,
      12,
      times(B, transposed(B)).values.map((x, at) => x / 12 + (at % 13 === 0 ? 0.5 : 0)),
    )
    for (const f of [sqrtmSync, logmSync, expmSync]) expect(apart(f(A, general).value, f(A).value)).toBeLessThan(1e-12)
  })

  it('takes large norms by halving only as far as powers ask for', () => {
    // far from 1 in size
    for (const size of [1e-200, 1e200]) {
      const B = dense(2, 2, [size, 2 * size, -size, 3 * size])
      const root = sqrtmSync(B, general)
      expect(root.residual).toBeLessThan(1e-14)
      const shift = Math.log(size)
      const wanted = logmSync(dense(2, 2, [1, 2, -1, 3]), general).value
      const near = logmSync(B, general).value.values.map((x, at) => x - (at % 3 === 0 ? shift : 0))
      expect(apart(dense(2, 2, near), wanted)).toBeLessThan(1e-12)
    }
    // nilpotent but for a tiny part: the norm says 2^-20, the powers none
    const A = dense(2, 2, [1, 1e6, 0, -1])
    const e = Math.exp(1)
    const wanted = dense(2, 2, [e, 1e6 * Math.sinh(1), 0, 1 / e])
    expect(apart(expmSync(A, general).value, wanted)).toBeLessThan(1e-14)
    expect(Math.abs(expmSync(A, general).value.values[3]! * e - 1)).toBeLessThan(1e-12)
    expect(expmSync(dense(2, 2, [0, 0, 0, 0]), general).value).toEqual(identity(2))
    expect(apart(expmSync(dense(1, 1, [-700]), general).value, dense(1, 1, [Math.exp(-700)]))).toBeLessThan(1e-12)
  })

  it('gives a batch the bits of its matrices, and its state to be taken up', async () => {
    const list = [shifted(7, 1), shifted(7, 2), shifted(7, 3)]
    for (const f of [sqrtmSync, logmSync, expmSync]) {
      const batch = f(stack(...list), { ...general, count: 3 })
      const G = stack(...[4, 5, 6].map(seed => randomDense(7, 7, seed)))
      const back = batch.pullback(G)
      for (const [i, A] of list.entries()) {
        const alone = f(A, general)
        expect(batch.value.values.subarray(49 * i, 49 * i + 49)).toEqual(alone.value.values)
        const own = alone.pullback(G.values.slice(49 * i, 49 * i + 49))
        expect(back.values.subarray(49 * i, 49 * i + 49)).toEqual(own.values)
      }
      expect(differentiateSync(structuredClone(batch.state)).pullback(G)).toEqual(back)
    }
    const { value, pullback } = await sqrtm(list[0]!, general)
    expect(value).toEqual(sqrtmSync(list[0]!, general).value)
    expect(await pullback(list[1]!)).toEqual(sqrtmSync(list[0]!, general).pullback(list[1]!))
    const complex = await logm(list[0]!, { structure: 'general', complex: true })
    expect(complex.value.imaginary.values.every(x => x === 0)).toBe(true)
    expect(apart(complex.value.real, logmSync(list[0]!, general).value)).toBeLessThan(1e-13)
  })

  it('has the same bits on any number of threads, alone or in a batch', () => {
    const n = 130 // so that products are cut
    const list = [shifted(n, 1), shifted(n, 2)]
    for (const f of [sqrtmSync, expmSync]) {
      const batch = f(stack(...list), { ...general, count: 2, threads: 2 })
      for (const [i, A] of list.entries())
        for (const threads of [1, 2]) {
          const { values } = f(A, { ...general, threads }).value
          expect(batch.value.values.subarray(n * n * i, n * n * (i + 1))).toEqual(values)
        }
    }
  })

  it('refuses what it cannot do', () => {
    const A = shifted(3)
    const code = (act: () => unknown) => (failure(act) as KrylovError).code
    expect((failure(() => sqrtmSync(A)) as KrylovError).message).toMatch(/structure/)
    const loose = sqrtmSync as Loose
    expect(code(() => loose(A, { structure: 'spd' }))).toBe('ERR_OPTION')
    expect(code(() => loose(A, { complex: true }))).toBe('ERR_OPTION')
    expect(code(() => loose(A, { structure: 'general', complex: 1 }))).toBe('ERR_OPTION')
    expect(code(() => loose(A, { structure: 'general', eigenvalues: 'clamp' }))).toBe('ERR_OPTION')
    expect(code(() => (expmSync as Loose)(A, { structure: 'general', complex: true }))).toBe('ERR_OPTION')
    expect(code(() => sqrtmSync(dense(2, 2, [0, 1, 0, 0]), general))).toBe('ERR_SINGULAR')
    expect(code(() => logmSync(dense(2, 2, [1, 1, 1, 1]), general))).toBe('ERR_SINGULAR')
    expect(code(() => logmSync(dense(2, 2, [1, Number.NaN, 1, 1]), general))).toBe('ERR_NOT_FINITE')
    expect(code(() => expmSync(dense(2, 2, [1e40, 0, 0, 0]), general))).toBe('ERR_NOT_FINITE')
    expect(code(() => expmSync(dense(2, 2, [1e3, 0, 0, 0]), general))).toBe('ERR_NOT_FINITE')
    const complex = sqrtmSync(A, { structure: 'general', complex: true })
    expect(code(() => complex.pullback(A))).toBe('ERR_UNSUPPORTED')
    expect(code(() => complex.hessianVector(A, A))).toBe('ERR_UNSUPPORTED')
    const { state } = sqrtmSync(A, general)
    if (state.kind !== 'schur') throw new Error('unexpected')
    const forged = { ...state, triangles: state.triangles.map((x, at) => (at === 6 ? 1 : x)) }
    expect(code(() => differentiateSync(forged))).toBe('ERR_FORMAT')
  })
})
