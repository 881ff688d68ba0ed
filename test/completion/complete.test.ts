import { describe, expect, it } from 'vitest'
import { half, sweep } from '../../src/completion/alt-min.ts'
import { factorRows } from '../../src/completion/factor-rows.ts'
import { bothWays, ownObserved } from '../../src/completion/observations.ts'
import { checkComplete } from '../../src/completion/options.ts'
import { prepare } from '../../src/completion/prepare.ts'
import { spectralStart } from '../../src/completion/start.ts'
import { makeControl } from '../../src/core/control.ts'
import { runSync } from '../../src/core/drive.ts'
import { run } from '../../src/core/method.ts'
import { normal, uniform } from '../../src/core/random.ts'
import { float64 } from '../../src/core/shared.ts'
import type { Steps } from '../../src/core/steps.ts'
import type { CsrData } from '../../src/core/types.ts'
import { backend, complete, completeSync, dense, type Observed, qrSync, svdSync } from '../../src/index.ts'
import { both } from '../support/both.ts'
import { entriesOf, partial, unseenError } from '../support/completion.ts'
import { frobenius, minus, scaled, times, transposed } from '../support/dense.ts'

const call = { name: 'test', form: 'sync' as const, control: makeControl('test', {}) }
const go = <R>(steps: Steps<R>): R => runSync(steps, call.control)
const prepared = (observed: Observed, options: { rank: number; ridge?: number; method?: 'altMin' | 'als' }) => {
  const settings = checkComplete('test', options, observed.rows, observed.columns)
  const { problem } = go(prepare(call, go(ownObserved(call, 'observed', observed)), settings, undefined))
  return { problem, factors: go(spectralStart('test', problem, settings.rank, 1)) }
}

/** In TypeScript, which takes five times as long, as many entries in each row of a smaller matrix. */
const n = backend().name === 'native' ? 1000 : 500

describe(`m = n = ${n}, rank 10, 200 entries in a row, singular values 1 .. 0.01`, () => {
  const truth = partial(n, n, 10, 200 / n, 100, 1)

  it.each(['altMin', 'als'] as const)('%s is right to 1e-12 within 25 sweeps', async method => {
    const options = { rank: 10, method, seed: 3, maxSweeps: 25 }
    const found = await both(completeSync, complete, truth.observed, options)
    expect(unseenError(truth, found)).toBeLessThan(1e-12)
    expect(found).toMatchObject({ converged: true, reason: 'converged', method })
    expect(found.trainError).toBe(found.history.train.at(-1))
    expect(found.coherence.left).toBeLessThan(6)
    expect(found.thin.rows).toHaveLength(0)
  })

  it('without the preconditioner warm conjugate gradients stall', () => {
    const { problem, factors } = prepared(truth.observed, { rank: 10 })
    const { byRow, byColumn } = problem.observed
    const [none, flat] = [float64(0), float64(10).fill(1)]
    const settings = { rank: 10, ridge: 0, scaled: false, steps: 3, nonnegative: false }
    const { left, right } = factors
    for (let sweep = 0; sweep < 25; sweep++) {
      go(run(factorRows, byRow, none, none, right, left, flat, none, settings))
      go(run(factorRows, byColumn, none, none, left, right, flat, none, settings))
    }
    const answer = { left: dense(n, 10, left), right: dense(n, 10, right) }
    expect(unseenError(truth, answer)).toBeGreaterThan(1e-3)
  })
})

describe('few entries: 2.2 times what the matrix has of freedom', () => {
  const truth = partial(600, 600, 10, 0.0727, 5, 1)

  it.each(['altMin', 'als'] as const)('%s is right', method => {
    const found = completeSync(truth.observed, { rank: 10, method, seed: 1, maxSweeps: 150 })
    expect(unseenError(truth, found)).toBeLessThan(1e-12)
    expect(found.converged).toBe(true)
  })

  it('where exact sweeps from the same start are not', () => {
    const { problem, factors } = prepared(truth.observed, { rank: 10, method: 'als' })
    for (let done = 0; done < 30; done++) go(sweep('test', problem, factors, 0))
    const lost = { left: dense(600, 10, factors.left), right: dense(600, 10, factors.right) }
    expect(unseenError(truth, lost)).toBeGreaterThan(0.1) // a direction is spent on one row
  })
})

describe('with a ridge', () => {
  const truth = partial(60, 50, 3, 0.5, 5, 2)
  const ridge = 0.02

  it('a half sweep of many steps is ridge regression row by row', () => {
    const { problem, factors } = prepared(truth.observed, { rank: 4, ridge })
    const { byRow, rowWeights } = problem.observed
    const side = { A: byRow, weights: rowWeights, offsets: float64(0), biases: float64(0) }
    const fixed = factors.right.slice()
    const { wanted, fixed: turned } = go(half('test', problem, 4, { ...side, fixed, wanted: factors.left.slice() }, 40))
    const products = times(dense(60, 4, wanted), transposed(dense(50, 4, turned)))
    for (let i = 0; i < 60; i++) {
      const x = rowByRow(byRow, fixed, 4, i, ridge)
      for (let j = 0; j < 50; j++) {
        let product = 0
        for (let c = 0; c < 4; c++) product += x[c]! * fixed[j * 4 + c]!
        expect(Math.abs(product - products.values[i * 50 + j]!)).toBeLessThan(1e-8)
      }
    }
  })

  it('and every entry seen, the answer is the matrix with its singular values less the ridge', () => {
    const noise = normal(7, 1200)
    const noisy = entriesOf(
      40,
      30,
      (i, j) => truth.at(i, j) + 0.02 * noise[i * 30 + j]!,
      () => true,
    )
    const A = dense(40, 30, Float64Array.from(noisy.values))
    const { u, s, v } = svdSync(A)
    const soft = times(
      scaled(
        u,
        s.map(value => Math.max(0, value - ridge)),
      ),
      transposed(v),
    )
    const answer = (rank: number) => {
      const options = { rank, ridge, method: 'altMin', seed: 1, maxSweeps: 3000, tolerance: 1e-15 } as const
      const { left, right } = completeSync(noisy, options)
      return times(left, transposed(right))
    }
    expect(frobenius(minus(answer(30), soft))).toBeLessThan(1e-8 * frobenius(A) + 1e-8)
    // orthonormalising a factor between half sweeps is another problem's solution
    const { problem, factors } = prepared(noisy, { rank: 30, ridge, method: 'als' })
    const none = float64(0)
    let { left, right } = factors
    for (let sweep = 0; sweep < 100; sweep++) {
      right = qrSync(dense(30, 30, right)).q.values
      const { byRow, byColumn } = problem.observed
      const rows = { A: byRow, weights: none, offsets: none, biases: none, fixed: right, wanted: left }
      left = qrSync(dense(40, 30, go(half('test', problem, 30, rows, 0)).wanted)).q.values
      const columns = { A: byColumn, weights: none, offsets: none, biases: none, fixed: left, wanted: right }
      right = go(half('test', problem, 30, columns, 0)).wanted
    }
    const other = times(dense(40, 30, left), transposed(dense(30, 30, right)))
    expect(frobenius(minus(other, soft))).toBeGreaterThan(0.05 * frobenius(soft))
  })
})

/** (V_S^T V_S + ridge) x = V_S^T y by elimination. */
function rowByRow({ pattern, values }: CsrData, V: Float64Array, r: number, i: number, ridge: number): number[] {
  const M = Array.from({ length: r }, (_, a) => Array.from({ length: r + 1 }, (_, b) => (a === b ? ridge : 0)))
  for (let e = pattern.rowPointers[i]!; e < pattern.rowPointers[i + 1]!; e++) {
    const v = V.subarray(pattern.columnIndices[e]! * r, (pattern.columnIndices[e]! + 1) * r)
    for (let a = 0; a < r; a++) {
      for (let b = 0; b < r; b++) M[a]![b]! += v[a]! * v[b]!
      M[a]![r]! += v[a]! * values[e]!
    }
  }
  for (let a = 0; a < r; a++)
    for (let b = 0; b < r; b++) {
      if (a === b) continue
      const f = M[b]![a]! / M[a]![a]!
      for (let c = 0; c <= r; c++) M[b]![c]! -= f * M[a]![c]!
    }
  return M.map((row, a) => row[r]! / row[a]!)
}

describe('observations', () => {
  const truth = partial(60, 50, 2, 0.6, 2, 4)
  const ratings = entriesOf(60, 50, (i, j) => 3 + 0.1 * (i % 5) - 0.2 * (j % 3) + truth.at(i, j), truth.seen)

  it('biases, weights, ridge by count, and a validation share', () => {
    const found = completeSync(ratings, {
      rank: 2,
      biases: true,
      ridge: 1e-9,
      seed: 1,
      maxSweeps: 300,
      tolerance: 1e-12,
    })
    expect(found.trainError).toBeLessThan(1e-6)
    expect(found.rowBiases).toHaveLength(60)
    expect(found.mean).toBeCloseTo(Array.from(ratings.values).reduce((a, b) => a + b) / ratings.values.length, 10)
    const alone = completeSync(ratings, { rank: 0, biases: true })
    expect(alone.left.columns).toBe(0)
    expect(alone.trainError).toBeLessThan(0.2)
    const weights = Array.from(ratings.values, () => 2.5)
    const plain = completeSync(ratings, { rank: 2, ridge: 0.1, maxSweeps: 30 })
    const weighted = completeSync({ ...ratings, weights }, { rank: 2, ridge: 0.25, maxSweeps: 30 })
    expect(frobenius(minus(weighted.left, plain.left))).toBeLessThan(1e-10)
    const counted = completeSync(ratings, {
      rank: 2,
      ridge: 0.01,
      ridgeScaling: 'count',
      biases: true,
      validation: 0.1,
    })
    expect(counted.validationError).toBeLessThan(0.1)
    expect(counted.history.validation).toHaveLength(counted.sweeps)
  })

  it('in any order, twice only where means are wanted', () => {
    const order = Array.from(ratings.values, (_, e) => e).sort((a, b) => ((a * 7919) % 1009) - ((b * 7919) % 1009))
    const shuffled = {
      rows: 60,
      columns: 50,
      rowIndices: order.map(e => ratings.rowIndices[e]!),
      columnIndices: order.map(e => ratings.columnIndices[e]!),
      values: order.map(e => ratings.values[e]!),
    }
    const options = { rank: 2, ridge: 0.1, maxSweeps: 5 }
    expect(completeSync(shuffled, options).left.values).toEqual(completeSync(ratings, options).left.values)
    const twice = {
      ...shuffled,
      rowIndices: [...shuffled.rowIndices, shuffled.rowIndices[0]!],
      columnIndices: [...shuffled.columnIndices, shuffled.columnIndices[0]!],
      values: [...shuffled.values, shuffled.values[0]! + 2],
    }
    expect(() => completeSync(twice, options)).toThrow(/each entry once/)
    const { A } = go(ownObserved(call, 'observed', twice, 'average'))
    expect(A.nonZeros).toBe(ratings.values.length)
    const { byColumn } = go(bothWays(A, float64(0)))
    expect(byColumn.rows).toBe(50)
  })

  it('that are few: shortest factors, left out, or refused', () => {
    const few = {
      rows: 3,
      columns: 4,
      rowIndices: [0, 0, 1, 1, 1],
      columnIndices: [0, 1, 0, 1, 2],
      values: [1, 2, 2, 4, 1],
    }
    const found = completeSync(few, { rank: 2, maxSweeps: 5 })
    expect(Array.from(found.thin.rows)).toEqual([2])
    expect(Array.from(found.thin.columns)).toEqual([2, 3])
    expect(found.left.values.every(Number.isFinite)).toBe(true)
    expect(Array.from(found.left.values.subarray(4))).toEqual([0, 0])
    const dropped = completeSync(few, { rank: 2, thin: 'drop' })
    expect(dropped.columnCounts[2]).toBe(0)
    expect(dropped.trainError).toBeLessThan(1e-6)
    expect(() => completeSync(few, { rank: 2, thin: 'error' })).toThrow(/got 0 in row 2/)
  })

  it('all equal, and all zero', () => {
    const same = entriesOf(
      20,
      10,
      () => 4,
      (i, j) => (i + j) % 2 === 0,
    )
    for (const options of [{ rank: 2, biases: true }, { rank: 2 }, { rank: 2, ridge: 1e-6 }]) {
      const { left, right, mean = 0, rowBiases, columnBiases } = completeSync(same, options)
      const value = left.values[0]! * right.values[0]! + left.values[1]! * right.values[1]! + mean
      expect(value + (rowBiases?.[0] ?? 0) + (columnBiases?.[0] ?? 0)).toBeCloseTo(4, 3)
    }
    const zero = entriesOf(
      6,
      5,
      () => 0,
      () => true,
    )
    expect(completeSync(zero, { rank: 2 })).toMatchObject({ trainError: 0, converged: true })
  })

  it('of counts: implicit feedback', () => {
    const counts = entriesOf(
      40,
      30,
      (i, j) => 1 + ((i * j) % 4),
      (i, j) => i % 2 === j % 2 && (i + 3 * j) % 5 < 3,
    )
    for (const method of ['als', 'altMin'] as const) {
      const found = completeSync(counts, { rank: 2, ridge: 0.1, confidence: 4, method, maxSweeps: 40 })
      const score = (i: number, j: number) =>
        found.left.values[2 * i]! * found.right.values[2 * j]! +
        found.left.values[2 * i + 1]! * found.right.values[2 * j + 1]!
      expect(score(0, 2)).toBeGreaterThan(0.8)
      expect(Math.abs(score(0, 3))).toBeLessThan(0.2)
      const [count, isSeen] = [new Map<number, number>(), (i: number, j: number) => count.get(i * 30 + j) ?? 0]
      for (let e = 0; e < counts.values.length; e++)
        count.set(counts.rowIndices[e]! * 30 + counts.columnIndices[e]!, counts.values[e]!)
      let [loss, mass] = [0, 0]
      for (let i = 0; i < 40; i++)
        for (let j = 0; j < 30; j++) {
          const c = 1 + 4 * isSeen(i, j)
          loss += c * ((isSeen(i, j) > 0 ? 1 : 0) - score(i, j)) ** 2
          mass += c
        }
      expect(found.trainError).toBeCloseTo(Math.sqrt(loss / mass), 8)
    }
  })

  it('of nonnegative factors, and in single precision', () => {
    const W = normal(1, 60 * 3).map(Math.abs)
    const H = normal(2, 50 * 3).map(Math.abs)
    const at = (i: number, j: number) => [0, 1, 2].reduce((sum, c) => sum + W[3 * i + c]! * H[3 * j + c]!, 0)
    const drawn = uniform(5, 60 * 50)
    const seen = (i: number, j: number) => drawn[i * 50 + j]! < 0.6
    const observed = entriesOf(60, 50, at, seen)
    const found = completeSync(observed, { rank: 3, nonnegative: true, maxSweeps: 500, tolerance: 1e-9 })
    expect(found.left.values.every(x => x >= 0) && found.right.values.every(x => x >= 0)).toBe(true)
    expect(unseenError({ observed, at, seen }, found)).toBeLessThan(0.02)
    const single = completeSync(observed, { rank: 3, precision: 'single', maxSweeps: 100 })
    expect(unseenError({ observed, at, seen }, single)).toBeLessThan(1e-4)
  })
})
