import { describe, it } from 'vitest'
import { makeControl } from '../../src/core/control.ts'
import { runSync } from '../../src/core/drive.ts'
import { kernels } from '../../src/core/kernels.ts'
import type { Kernels } from '../../src/kernels/kernels.ts'
import { reference } from '../../src/kernels/reference.ts'
import { levelScheduleSteps } from '../../src/precondition/levels.steps.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { expectClose } from '../support/close.ts'
import { generator, randomSpd, randomVector } from '../support/random.ts'

/* Triangular solves, in order and by level, natively and by the reference, whole and in pieces. */

for (const n of [0, 1, 2, 9, 65, 1023, 1024, 1025, 3000])
  describe(`n = ${n}`, () => {
    const random = generator(n + 1)
    const full = randomSpd(random, n)
    const upper = unitUpper(full)
    const inverse = full.diagonal().map(d => 1 / d)
    const r = randomVector(random, n, 1)
    // with all signs the same nothing cancels: a bound on every intermediate number, and twice over on their errors
    const majorant = upper.withValues(upper.values.map(value => -Math.abs(value)))
    const once = inOrder(reference, majorant, inverse, r.map(Math.abs), Math.max(n, 1))
    const twice = inOrder(
      reference,
      majorant,
      inverse.map(Math.sqrt),
      once.z.map((z, i) => z + once.half[i]!),
      n || 1,
    )
    const size = (i: number) => twice.z[i]! + twice.half[i]! + once.z[i]! + once.half[i]!
    const total = once.half.reduce((sum, y, i) => sum + (y + size(i)) ** 2 * inverse[i]!, 0)

    for (const step of [Math.max(n, 1), 100])
      it(`in order, ${step} rows at a time`, () => {
        const [got, wanted] = [kernels, reference].map(k => inOrder(k, upper, inverse, r, step)) as [Solved, Solved]
        expectClose(got.half, wanted.half, size, () => n + 4)
        expectClose(got.z, wanted.z, size, () => n + 4)
        expectClose(
          got.dot,
          wanted.dot,
          () => total,
          () => n + 4,
        )
      })

    it('by level', () => {
      const wanted = inOrder(reference, upper, inverse, r, Math.max(n, 1))
      for (const k of [kernels, reference]) {
        const got = byLevel(k, upper, inverse, r)
        expectClose(got.z, wanted.z, size, () => n + 4)
        expectClose(
          got.dot,
          wanted.dot,
          () => total,
          () => n + 4,
        )
      }
    })
  })

interface Solved {
  readonly half: Float64Array
  readonly z: Float64Array
  readonly dot: Float64Array
}

function inOrder(k: Kernels, U: Csr, inverse: Float64Array, r: Float64Array, step: number): Solved {
  const n = U.rows
  const z = new Float64Array(n)
  for (let from = 0; from < n; from += step) k.forwardSolve(U, r, z, from, Math.min(from + step, n))
  const half = z.slice()
  let dot = 0
  for (let to = n; to > 0; to -= step) dot += k.backwardSolve(U, inverse, z, Math.max(to - step, 0), to)
  return { half, z, dot: Float64Array.of(dot) }
}

function byLevel(k: Kernels, U: Csr, inverse: Float64Array, r: Float64Array): Solved {
  const plan = runSync(levelScheduleSteps(reference, U.pattern, 0), makeControl('test', {}))
  const part = (pattern: typeof plan.upper, source: Int32Array) => ({
    pattern,
    values: Float64Array.from(source, at => U.values[at]!),
  })
  const levels = plan.starts.length - 1
  const [y, z] = [new Float64Array(U.rows), new Float64Array(U.rows)]
  const renumbered = Float64Array.from(plan.order, row => inverse[row]!)
  k.levelForward(part(plan.lower, plan.lowerSource), plan, r, y, 0, levels)
  const dot = k.levelBackward(part(plan.upper, plan.upperSource), renumbered, plan, y, z, 0, levels)
  return { half: y, z, dot: Float64Array.of(dot) }
}

/** D^-1 times the strictly upper triangle of a diagonally dominant matrix: solves with it stay small. */
function unitUpper(A: Csr): Csr {
  const { rowPointers, columnIndices } = A.pattern
  const diagonal = A.diagonal()
  const [i, j, a] = [[], [], []] as [number[], number[], number[]]
  for (let row = 0; row < A.rows; row++)
    for (let k = rowPointers[row]!; k < rowPointers[row + 1]!; k++)
      if (columnIndices[k]! > row) {
        i.push(row)
        j.push(columnIndices[k]!)
        a.push(A.values[k]! / diagonal[row]!)
      }
  return Csr.fromTriplets(A.rows, A.rows, i, j, a)
}
