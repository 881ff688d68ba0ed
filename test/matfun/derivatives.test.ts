import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Dense, MatrixFunctionSync } from '../../src/index.ts'
import { dense, expmSync, funmSync, invSqrtmSync, logmSync, powmSync, sqrtmSync } from '../../src/index.ts'
import { definite, inner, randomSymmetric } from '../support/batches.ts'
import { frobenius, identity, minus, scaled } from '../support/dense.ts'

/* Against 50 digits, see golden/make.py; and against themselves. */

interface Case {
  readonly f: 'sqrtm' | 'invSqrtm' | 'logm' | 'expm' | 'powm'
  readonly spectrum: string
  readonly n: number
  readonly A: number[]
  readonly E: number[]
  readonly F: number[]
  readonly value: number[]
  readonly derivative: number[]
  readonly second?: number[]
}
const golden = JSON.parse(readFileSync(new URL('golden/mpmath.json', import.meta.url), 'utf8')) as {
  readonly power: number
  readonly cases: readonly Case[]
}
const EPS = Number.EPSILON

const functions = {
  sqrtm: sqrtmSync,
  invSqrtm: invSqrtmSync,
  logm: logmSync,
  expm: expmSync,
  powm: (A: Dense) => powmSync(A, golden.power),
}

/** Its value, slope and curvature in a table give the same function. */
const tables = {
  sqrtm: { f: Math.sqrt, derivative: (x: number) => 0.5 / Math.sqrt(x), second: (x: number) => -0.25 / x ** 1.5 },
  invSqrtm: {
    f: (x: number) => 1 / Math.sqrt(x),
    derivative: (x: number) => -0.5 / x ** 1.5,
    second: (x: number) => 0.75 / x ** 2.5,
  },
  logm: { f: Math.log, derivative: (x: number) => 1 / x, second: (x: number) => -1 / x ** 2 },
  expm: { f: Math.exp, derivative: Math.exp, second: Math.exp },
  powm: {
    f: (x: number) => x ** golden.power,
    derivative: (x: number) => golden.power * x ** (golden.power - 1),
    second: (x: number) => golden.power * (golden.power - 1) * x ** (golden.power - 2),
  },
}

const square = (n: number, list: readonly number[]) => dense(n, n, list)
const apart = (X: Dense, wanted: Dense) => frobenius(minus(X, wanted)) / frobenius(wanted)

describe.each(golden.cases.map(given => [`${given.f} of ${given.spectrum}`, given] as const))('%s', (_, given) => {
  const { n } = given
  const [A, E, F, value, derivative] = [given.A, given.E, given.F, given.value, given.derivative].map(list =>
    square(n, list),
  ) as [Dense, Dense, Dense, Dense, Dense]
  const kappa = given.spectrum === 'hard' ? 1e6 : given.spectrum === 'mild' ? 12 : 10
  const bound = 100 * n * EPS * kappa

  it('value and both derivatives', () => {
    const found = functions[given.f](A)
    expect(apart(found.value, value)).toBeLessThan(bound)
    expect(apart(found.pushforward(E), derivative)).toBeLessThan(bound)
    // <G, L(A, E)> = <pullback(G), E>
    expect(Math.abs(inner(found.pullback(F), E) - inner(F, derivative))).toBeLessThan(
      bound * frobenius(F) * frobenius(derivative),
    )
  })

  it('as a table of f, to what close eigenvalues leave', () => {
    const found = funmSync(A, tables[given.f])
    expect(apart(found.pushforward(E), derivative)).toBeLessThan(Math.max(1e-9, bound))
  })

  it('second derivative', () => {
    if (given.second === undefined) return expect(n).toBeGreaterThan(4)
    const second = square(n, given.second)
    const G = randomSymmetric(n, 5)
    for (const [found, near] of [
      [functions[given.f](A), 1e-11],
      [funmSync(A, tables[given.f]), 1e-6],
    ] as const)
      expect(Math.abs(inner(found.hessianVector(G, E), F) - inner(G, second))).toBeLessThan(
        near * frobenius(G) * (frobenius(second) + frobenius(E) * frobenius(F)),
      )
  })
})

const maps: readonly (readonly [name: string, f: (A: Dense) => MatrixFunctionSync])[] = [
  ['sqrtm', sqrtmSync],
  ['invSqrtm', invSqrtmSync],
  ['logm', logmSync],
  ['expm', expmSync],
  ['powm 0.3', A => powmSync(A, 0.3)],
  ['powm 7', A => powmSync(A, 7)],
  ['powm -2', A => powmSync(A, -2)],
  ['funm', A => funmSync(A, { f: Math.sin, derivative: Math.cos, second: x => -Math.sin(x) })],
]

describe.each(maps)('%s', (_, f) => {
  const A = definite(20, 1e4, 3)
  const found = f(A)
  const [G, E, F] = [7, 8, 9].map(seed => randomSymmetric(20, seed)) as [Dense, Dense, Dense]

  it('central differences agree to 1e-6', () => {
    const step = 1e-4 / 1e4
    const moved = (sign: number) =>
      f(
        dense(
          20,
          20,
          A.values.map((a, at) => a + sign * step * E.values[at]!),
        ),
      )
    const [up, down] = [moved(1), moved(-1)]
    const slope = dense(
      20,
      20,
      up.value.values.map((x, at) => (x - down.value.values[at]!) / (2 * step)),
    )
    const jump = found.pushforward(E)
    // differences of values lose what the values have more digits than they
    const floor = (1e-14 * frobenius(found.value)) / step / frobenius(jump)
    expect(apart(slope, jump)).toBeLessThan(1e-6 + 100 * floor)
  })

  it('is its own adjoint', () => {
    const [Ju, Jv] = [found.pushforward(E), found.pullback(G)]
    expect(Math.abs(inner(Ju, G) - inner(E, Jv))).toBeLessThan(1e-13 * frobenius(Ju) * frobenius(G))
  })

  it('Hessian-vector products are symmetric', () => {
    const [a, b] = [inner(found.hessianVector(G, E), F), inner(found.hessianVector(G, F), E)]
    expect(Math.abs(a - b)).toBeLessThan(
      1e-10 * Math.max(Math.abs(a), frobenius(found.hessianVector(G, E)) * frobenius(F)),
    )
  })

  it('what is not symmetric is symmetrised', () => {
    const tilted = dense(
      20,
      20,
      G.values.map((g, at) => g + (Math.floor(at / 20) < at % 20 ? 1 : Math.floor(at / 20) > at % 20 ? -1 : 0)),
    )
    expect(apart(found.pullback(tilted), found.pullback(G))).toBeLessThan(1e-12)
    const out = found.pullback(tilted)
    for (let i = 0; i < 20; i++) for (let j = 0; j < i; j++) expect(out.values[i * 20 + j]).toBe(out.values[j * 20 + i])
  })
})

it('gradients are finite at equal eigenvalues, and what they should be', () => {
  const A = scaled(identity(6), new Float64Array(6).fill(4))
  const G = randomSymmetric(6, 1)
  for (const gap of [0, 1e-15, 1e-12]) {
    const near = dense(
      6,
      6,
      A.values.map((a, at) => (at === 7 ? a * (1 + gap) : a)),
    )
    const times = (factor: number) =>
      dense(
        6,
        6,
        G.values.map(g => factor * g),
      )
    expect(apart(sqrtmSync(near).pullback(G), times(1 / 4))).toBeLessThan(1e-11)
    expect(apart(logmSync(near).pullback(G), times(1 / 4))).toBeLessThan(1e-11)
    // -1/x^2, which a published normalisation has as log x
    expect(apart(powmSync(near, -1).pullback(G), times(-1 / 16))).toBeLessThan(1e-11)
    expect(apart(funmSync(near, tables.sqrtm).pullback(G), times(1 / 4))).toBeLessThan(1e-11)
  }
})
