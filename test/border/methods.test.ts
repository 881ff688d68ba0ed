import { describe, expect, it } from 'vitest'
import { backend, native } from '../../src/core/backend.ts'
import { makeControl } from '../../src/core/control.ts'
import { runSync } from '../../src/core/drive.ts'
import { callNative, startNative } from '../../src/core/native.ts'
import { float32, float64, int32 } from '../../src/core/shared.ts'
import { bunchKaufmanSolveSteps, bunchKaufmanSteps } from '../../src/dense/bunch-kaufman.steps.ts'
import { choleskySolveSteps, choleskySteps } from '../../src/dense/cholesky.steps.ts'
import { amdSteps } from '../../src/direct/amd.steps.ts'
import { ldltSteps } from '../../src/direct/ldlt.steps.ts'
import { ldltSolveSteps } from '../../src/direct/ldlt-solve.steps.ts'
import { luSteps } from '../../src/direct/lu.steps.ts'
import { luSolveSteps } from '../../src/direct/lu-solve.steps.ts'
import { symbolicSteps } from '../../src/direct/symbolic.steps.ts'
import * as krylov from '../../src/index.ts'
import { reference } from '../../src/kernels/reference.ts'
import { amgSteps, amgUpdateSteps } from '../../src/precondition/amg.steps.ts'
import { diagonalRunsSteps, diagonalShapeSteps, fillDiagonalsSteps } from '../../src/precondition/diagonals.steps.ts'
import { ictSteps } from '../../src/precondition/ict.steps.ts'
import { ilu0Steps } from '../../src/precondition/ilu0.steps.ts'
import { incompleteCholeskySteps } from '../../src/precondition/incomplete-cholesky.steps.ts'
import { inverseDiagonalSteps } from '../../src/precondition/jacobi.steps.ts'
import { lanczosSteps } from '../../src/precondition/lanczos.steps.ts'
import { lanczosStart } from '../../src/precondition/lanczos.ts'
import { levelScheduleSteps } from '../../src/precondition/levels.steps.ts'
import { renumberSteps } from '../../src/precondition/renumber.steps.ts'
import { ssorSteps } from '../../src/precondition/ssor.steps.ts'
import { colouringSteps } from '../../src/relaxation/colouring.steps.ts'
import { sorSteps } from '../../src/relaxation/sor.steps.ts'
import { replaySteps } from '../../src/sequence/replay.steps.ts'
import { envelopeCholeskySteps } from '../../src/solve/envelope-cholesky.steps.ts'
import { lookSteps } from '../../src/solve/structure.steps.ts'
import type { Csr } from '../../src/sparse/csr.ts'
import { examineSteps } from '../../src/sparse/examine.steps.ts'
import { poisson2d } from '../../src/sparse/gallery/poisson.ts'
import { patternShapeSteps } from '../../src/sparse/pattern-shape.steps.ts'
import { runPatternSteps, runValuesSteps } from '../../src/sparse/run-pattern.steps.ts'
import { slicePatternSteps, sliceValuesSteps } from '../../src/sparse/slices.steps.ts'
import { upperTriangleSteps } from '../../src/sparse/upper.steps.ts'
import { factored, square } from '../support/dense-twins.ts'
import { digest } from '../support/digest.ts'
import { gameOf } from '../support/games.ts'
import { amgSettings, learnedTwins } from '../support/learned-twins.ts'
import { generator, randomCsr, randomSpd, randomVector } from '../support/random.ts'
import { shared, solverTwins, stopping, type Twin } from '../support/solver-twins.ts'
import { factorOf, luOf, numericArgs } from '../support/sparse-factors.ts'
import { subjectTwins } from '../support/subject-twins.ts'

/* Every native method, in both forms, against the steps of the same name over the reference kernels. */

const triangleOf = (A: Csr) => runSync(upperTriangleSteps(reference, A.pattern, 1), control())
/** A grid of about as many rows: what has diagonals. */
const gridOf = (A: Csr) => (A.rows < 40 ? A : poisson2d(20, Math.floor(A.rows / 20)))
const control = () => makeControl('test', {})
const factorArgs = (A: Csr, ...settings: number[]) => {
  const triangle = triangleOf(A)
  return [A, triangle, ...settings, float64(triangle.pattern.columnIndices.length), float64(A.rows)]
}
const relaxed = (A: Csr, random: () => number, coloured: boolean) => {
  const none = { order: int32(0), starts: int32(1), offsets: int32(1), columns: int32(0), source: int32(0) }
  const colours = coloured ? runSync(colouringSteps(reference, A.pattern), control()) : none
  const [b, x] = [randomVector(random, A.rows), randomVector(random, A.rows, 1)]
  return [A, b, x, triangleOf(A).diagonal, colours, { omega: 1.2, symmetric: !coloured, simultaneous: false }, stopping]
}
const shuffled = (n: number) => {
  const order = int32(n)
  for (let i = 0; i < n; i++) order[i] = (i * 7919 + 13) % n
  return order
}

/** A hierarchy of A by the reference. */
const hierarchy = (A: Csr, random: () => number) => {
  const near = randomVector(random, A.rows, 3)
  const built = runSync(amgSteps(reference, A, near, amgSettings), control())
  const chosen = {
    kind: 'amg',
    cycle: 'v',
    smoother: 'chebyshev',
    degree: 2,
    damping: 4 / 3,
    blockSize: 1,
    columns: 1,
    constant: false,
  }
  const ratios = float64(built.largest.length).fill(5)
  return { ...chosen, pattern: A.pattern, near, ...built, ratios, finest: A.values }
}

const twins: Record<string, Twin> = {
  ...learnedTwins,
  amd: { steps: amdSteps, args: A => [A.pattern], tolerance: 0 },
  symbolicFactor: {
    steps: symbolicSteps,
    args: A => [A.pattern, runSync(amdSteps(reference, A.pattern), control())],
    tolerance: 0,
  },
  ldltNumeric: { steps: ldltSteps, args: A => [...numericArgs(A)], tolerance: 1e-12 },
  ldltSolve: {
    steps: ldltSolveSteps,
    args: (A, random) => {
      const b = randomVector(random, 3 * A.rows)
      return [A, factorOf(A), b, float64(3 * A.rows), 3, 1e-8, 5, float64(3), float64(3)]
    },
    tolerance: 1e-12,
  },
  lu: {
    steps: luSteps,
    args: A => {
      const settings = { dropTolerance: A.rows % 2 === 1 ? 0.01 : 0, maxFill: 4, pivotTolerance: 0.1 }
      return [A, runSync(amdSteps(reference, A.pattern), control()), settings]
    },
    tolerance: 1e-9,
  },
  luSolve: {
    steps: luSolveSteps,
    args: (A, random) => {
      const b = randomVector(random, 3 * A.rows)
      return [A, luOf(A), b, float64(3 * A.rows), 3, 1e-8, 5, float64(3), float64(3)]
    },
    tolerance: 1e-12,
  },
  ilu0: { steps: ilu0Steps, args: A => [A], tolerance: 1e-9 },
  ict: { steps: ictSteps, args: A => [A, 1e-2, 3, 0.5, 0], tolerance: 1e-9 },
  amgSetup: {
    steps: amgSteps,
    args: (A, random) => [A, randomVector(random, A.rows, 3), amgSettings],
    tolerance: 1e-9,
  },
  amgUpdate: { steps: amgUpdateSteps, args: (A, random) => [A, hierarchy(A, random), amgSettings], tolerance: 1e-9 },
  examine: { steps: examineSteps, args: A => [A], tolerance: 0 },
  patternShape: { steps: patternShapeSteps, args: A => [A.pattern], tolerance: 0 },
  runPattern: { steps: runPatternSteps, args: A => [A.pattern], tolerance: 0 },
  runValues: {
    steps: runValuesSteps,
    args: A => [A, runSync(runPatternSteps(reference, A.pattern), control())],
    tolerance: 0,
  },
  slicePattern: { steps: slicePatternSteps, args: A => [A.pattern], tolerance: 0 },
  sliceValues: {
    steps: sliceValuesSteps,
    args: A => {
      const slices = runSync(slicePatternSteps(reference, A.pattern), control())
      return [A, slices, float64(slices.columns.length)]
    },
    tolerance: 0,
  },
  envelopeCholesky: {
    steps: envelopeCholeskySteps,
    args: (A, random) => [A, randomVector(random, 2 * A.rows), float64(2 * A.rows), 2, 1e-8, 3, float64(2)],
    tolerance: 1e-12,
  },
  look: { steps: lookSteps, args: A => [A], tolerance: 1e-12 },
  upperTriangle: { steps: upperTriangleSteps, args: A => [A.pattern, 1], tolerance: 0 },
  colouring: { steps: colouringSteps, args: A => [A.pattern], tolerance: 0 },
  sor: { steps: sorSteps, args: (A, random) => relaxed(A, random, A.rows % 2 === 1), tolerance: 1e-7, iterates: true },
  levelSchedule: { steps: levelScheduleSteps, args: A => [triangleOf(A).pattern, A.rows % 3], tolerance: 0 },
  diagonalShape: { steps: diagonalShapeSteps, args: A => [triangleOf(gridOf(A)).pattern], tolerance: 0 },
  fillDiagonals: {
    steps: fillDiagonalsSteps,
    args: A => {
      const grid = gridOf(A)
      const { pattern, starts } = triangleOf(grid)
      const values = float64(pattern.columnIndices.length)
      for (let i = 0; i < grid.rows; i++)
        for (let k = pattern.rowPointers[i]!; k < pattern.rowPointers[i + 1]!; k++)
          values[k] = grid.values[k + starts[i]! - pattern.rowPointers[i]!]! + i
      const length = grid.rows > 0 ? 2 * grid.rows + 1 : 0
      const offsets = int32(1)
      offsets[0] = 20
      return [{ pattern, values }, offsets, float64(length), float32(0)]
    },
    tolerance: 0,
  },
  diagonalRuns: {
    steps: diagonalRunsSteps,
    args: A => {
      const settled = (i: number) => (i % 300 < 20 ? i : 1)
      const inverse = float64(A.rows).map(settled)
      const values = float64(A.rows > 0 ? 2 * A.rows + 1 : 0).map((_, i) => settled(i % Math.max(1, A.rows)))
      const offsets = int32(1)
      offsets[0] = Math.min(20, A.rows)
      const single = A.rows % 4 === 1
      const singles = single ? float32(values.length) : float32(0)
      if (single) singles.set(values)
      return [offsets, single ? float64(0) : shared(values), singles, shared(inverse), A.rows % 2 === 0]
    },
    tolerance: 0,
  },
  renumber: {
    steps: renumberSteps,
    args: A => [A.values, shuffled(A.nonZeros), float64(A.nonZeros)],
    tolerance: 0,
  },
  replay: { steps: replaySteps, args: (A, random) => gameOf(A.rows, random), tolerance: 0 },
  inverseDiagonal: { steps: inverseDiagonalSteps, args: A => [A, float64(A.rows)], tolerance: 1e-15 },
  incompleteCholesky: { steps: incompleteCholeskySteps, args: A => factorArgs(A, 0.97, 0), tolerance: 1e-9 },
  ssorFactor: { steps: ssorSteps, args: A => factorArgs(A, 1.3), tolerance: 1e-13 },
  lanczos: {
    steps: lanczosSteps,
    args: A => [A, shared(A.diagonal().map(d => 1 / d)), lanczosStart(A.rows), 3, 12],
    tolerance: 1e-9,
  },
  cholesky: { steps: choleskySteps, args: (A, random) => square(A, random, 2 * A.rows), tolerance: 1e-12 },
  choleskySolve: { steps: choleskySolveSteps, args: (A, random) => factored(A, random, true), tolerance: 1e-12 },
  bunchKaufman: {
    steps: bunchKaufmanSteps,
    args: (A, random) => [...square(A, random, 0), int32(Math.min(A.rows, 150))],
    tolerance: 1e-9,
  },
  bunchKaufmanSolve: {
    steps: bunchKaufmanSolveSteps,
    args: (A, random) => factored(A, random, false),
    tolerance: 1e-9,
  },
  ...subjectTwins,
  ...solverTwins,
}

describe('every native method has its twin', () => {
  it('and none is missing', () => {
    expect(Object.keys(krylov)).toContain('cg')
    expect(backend().missing).toEqual([])
    const calls = Object.keys(native!.sync).filter(name => !name.startsWith('external')) // of foreign libraries
    expect(calls.filter(name => twins[name] === undefined)).toEqual([])
  })

  for (const [name, twin] of Object.entries(twins))
    for (const n of [0, 1, 2, 17, 1023, 1024, 1025])
      it(`${name}, n = ${n}`, async () => {
        const A = randomSpd(generator(n), n)
        const [here, there, wanted] = [1, 2, 3].map(() => twin.args(A, generator(99))) as [
          unknown[],
          unknown[],
          never[],
        ]
        const results = [
          callNative(name, here, control()),
          await startNative(name, there, control()),
          runSync(twin.steps(reference, ...wanted), control()),
        ]
        const [sync, async, steps] = [
          [results[0], here],
          [results[1], there],
          [results[2], wanted],
        ].map(numbersOf) as [Float64Array, Float64Array, Float64Array]
        expect(digest(async)).toBe(digest(sync))
        if (twin.spans === undefined) return expectNear(sync, steps, twin.tolerance, twin.iterates === true)
        const [got, want] = [
          [results[0], here],
          [results[2], wanted],
        ].map(part => numbersOf(twin.spans!(part))) as [Float64Array, Float64Array]
        expectNear(got, want, twin.tolerance, true)
      })

  it('examine finds the same first bad entry and the same asymmetry', () => {
    for (let seed = 0; seed < 20; seed++) {
      const random = generator(seed)
      const A = randomCsr(random, 60, seed % 4 === 0 ? 50 : 60)
      if (seed % 2 === 0) A.values[Math.floor(random() * A.nonZeros)] = seed % 3 === 0 ? Number.NaN : -1 / 0
      const wanted = runSync(examineSteps(reference, A), control())
      const found = callNative('examine', [A], control())
      if (wanted.notFinite < 0) expect(found).toEqual(wanted)
      else expect(found).toMatchObject({ notFinite: wanted.notFinite })
    }
  })
})

/** All numbers in a value, in order. */
function numbersOf(value: unknown): Float64Array {
  const list: number[] = []
  const visit = (part: unknown): void => {
    if (typeof part === 'number') list.push(part)
    else if (typeof part === 'boolean') list.push(part ? 1 : 0)
    else if (part instanceof Float64Array || part instanceof Int32Array) for (const v of part) list.push(v)
    else if (typeof part === 'object' && part !== null) Object.values(part).forEach(visit)
  }
  visit(value)
  return Float64Array.from(list)
}

/** Iterations differ a little between summation orders; then only what both have is compared. */
function expectNear(a: Float64Array, b: Float64Array, tolerance: number, mayDifferInLength: boolean): void {
  if (mayDifferInLength && a.length !== b.length) return
  expect(a.length).toBe(b.length)
  const size = b.reduce((most, value) => Math.max(most, Math.abs(value) < 1 / 0 ? Math.abs(value) : 0), 1)
  for (let i = 0; i < a.length; i++)
    if (!Object.is(a[i], b[i]) && !(Math.abs(a[i]! - b[i]!) <= tolerance * size))
      expect.fail(`number ${i}: ${a[i]} against ${b[i]}`)
}
