import { describe, expect, it } from 'vitest'
import { kernels } from '../../src/core/kernels.ts'
import { normal } from '../../src/core/random.ts'
import { sharedFloat64 } from '../../src/core/shared.ts'
import { cg, cgSync } from '../../src/krylov/cg.ts'
import { families } from '../../src/learned/families.ts'
import { learned } from '../../src/learned/learned.ts'
import { ruleOf } from '../../src/learned/omega-network.ts'
import { decodeWeights, encodeWeights } from '../../src/learned/safetensors.ts'
import { type TrainingOptions, trainPreconditioner, trainPreconditionerSync } from '../../src/learned/train.ts'
import type { FactorWeights, RelaxationWeights } from '../../src/learned/weights.ts'
import { precondition } from '../../src/precondition/apply.steps.ts'
import { ic0 } from '../../src/precondition/ic0.ts'
import { ric0 } from '../../src/precondition/ric0.ts'
import { both } from '../support/both.ts'
import { trueRelativeResidual } from '../support/problems.ts'
import { dot } from '../support/small.ts'

const small: Omit<TrainingOptions, 'model'> = {
  samples: [families.fem(16, { seed: 4000 }), families.diff(16, { seed: 4001 })],
  validation: [families.fem(16, { seed: 5000 })],
  seed: 3,
  steps: 100,
  hidden: 4,
}
const factors = (['ic0', 'ric'] as const).map(
  start => trainPreconditionerSync({ ...small, model: 'incompleteFactor', start }).weights as FactorWeights,
)
const [fromIc0] = factors as [FactorWeights, FactorWeights]
const A = families.fem(30, { seed: 12 })
const b = normal(1, A.rows)

describe('the learned factor', () => {
  it('takes fewer iterations than IC(0), in both forms, and says what was used', async () => {
    const plain = cgSync(A, b, { preconditioner: ic0 })
    const { x, converged, iterations, preconditioner } = await both(cgSync, cg, A, b, {
      preconditioner: learned(fromIc0),
    })
    expect(converged).toBe(true)
    expect(preconditioner).toEqual({ used: 'learned', why: 'as asked for' })
    expect(trueRelativeResidual(A, x, b)).toBeLessThanOrEqual(1.01e-8)
    expect(iterations).toBeLessThan(0.95 * plain.iterations)
  })

  it('is the factor that it starts from where its decoders are zero', () => {
    for (const weights of factors) {
      const last = weights.numbers.length - 2 * (weights.hidden + 1)
      const numbers = sharedFloat64(weights.numbers.map((v, i) => (i < last ? v : 0)))
      const start = weights.start === 'ic0' ? ic0 : ric0({ omega: ruleOf(A.rows) })
      const run = (preconditioner: typeof start) => cgSync(A, b, { preconditioner, history: true }).history!
      expect(Array.from(run(learned({ ...weights, numbers }) as typeof start))).toEqual(Array.from(run(start)))
    }
  })

  it('is symmetric to 1e-12 and positive for random weights', () => {
    for (let seed = 0; seed < 4; seed++) {
      const draws = normal(seed, fromIc0.numbers.length)
      const numbers = sharedFloat64(fromIc0.numbers.map((v, i) => (i < 18 ? v : draws[i]!)))
      const M = learned.sync(A, { weights: { ...fromIc0, numbers } })
      expect(M.kind).toBe('factor')
      const apply = (r: Float64Array) => {
        const z = new Float64Array(r.length)
        for (const _ of precondition(kernels, M, r, z));
        return z
      }
      const [r, s] = [normal(20 + seed, A.rows), normal(40 + seed, A.rows)]
      const [z, w] = [apply(r), apply(s)]
      expect(Math.abs(dot(z, s) - dot(r, w))).toBeLessThanOrEqual(1e-12 * Math.sqrt(dot(z, z) * dot(s, s)))
      expect(dot(r, z)).toBeGreaterThan(0)
    }
  })

  it('does not see the scale of A', () => {
    const counts = [1, 1e-12, 1e9].map(c => {
      const scaled = A.withValues(sharedFloat64(A.values.map(value => c * value)))
      return cgSync(scaled, b, { preconditioner: learned(fromIc0) }).iterations
    })
    expect(new Set(counts).size).toBe(1)
  })

  it('answers rightly with adversarial weights', () => {
    const draws = normal(9, fromIc0.numbers.length)
    const changes: ((v: number, i: number) => number)[] = [
      (_, i) => 3 * draws[i]!,
      v => 1e3 * v,
      v => -1e3 * v,
      (_, i) => (i % 2 === 0 ? 1e300 : -1e300),
    ]
    for (const weights of factors)
      for (const change of changes) {
        const numbers = sharedFloat64(weights.numbers.map((v, i) => (i < 18 ? v : change(v, i))))
        const { x, converged } = cgSync(A, b, { preconditioner: learned({ ...weights, numbers }) })
        expect(converged).toBe(true)
        expect(trueRelativeResidual(A, x, b)).toBeLessThanOrEqual(1.01e-8)
      }
  })

  it.each(['inverse', 'neuralPCG'] as const)(
    'is trained with the loss %s too, with the same bits in both forms',
    async loss => {
      const options = { ...small, model: 'incompleteFactor', loss, steps: 50 } as const
      const plain = ({ weights, report }: Awaited<ReturnType<typeof trainPreconditioner>>) => ({
        weights,
        report: { ...report, milliseconds: 0 },
      })
      const { report } = await both(
        (o: TrainingOptions) => plain(trainPreconditionerSync(o)),
        async (o: TrainingOptions) => plain(await trainPreconditioner(o)),
        options,
      )
      expect(report.promised).toBeLessThan(1)
    },
  )
})

describe('the learned omega', () => {
  const { weights, report } = trainPreconditionerSync({ ...small, model: 'relaxation', hidden: 8 })

  it('is chosen by a network of 65 to 90 parameters, no worse than the rule where it was judged', () => {
    expect(weights.numbers.length - 14).toBe(73)
    expect(report.relative).toBeLessThanOrEqual(1.02)
    const { converged, preconditioner } = cgSync(A, b, { preconditioner: learned(weights) })
    expect([converged, preconditioner.why]).toEqual([true, 'as asked for'])
  })

  it('stays in [0, 1] whatever the weights are', () => {
    for (const size of [-1e3, 1e3]) {
      const numbers = sharedFloat64(weights.numbers.map((v, i) => (i < 14 ? v : size * v)))
      expect(cgSync(A, b, { preconditioner: learned({ ...weights, numbers } as RelaxationWeights) }).converged).toBe(
        true,
      )
    }
  })
})

describe('weights of factors', () => {
  it('come back from their bytes', () => {
    for (const weights of factors) expect(decodeWeights('test', encodeWeights(weights))).toEqual(weights)
  })

  it.each([
    ['no start', { start: 'lu' }, /start from/],
    ['no rounds', { rounds: 0 }, /units/],
    ['a shape that does not fit', { hidden: 5 }, /finite numbers/],
    ['NaN', { numbers: sharedFloat64(fromIc0.numbers.map(() => Number.NaN)) }, /finite numbers/],
  ])('are refused: %s', (_, change, text) => {
    expect(() => learned({ ...fromIc0, ...change } as FactorWeights)).toThrow(text)
  })

  it('are not trained with what makes no sense', () => {
    const train = (options: object) => () =>
      trainPreconditionerSync({ ...small, model: 'incompleteFactor', ...options } as TrainingOptions)
    expect(train({ start: 'lu' })).toThrow(/start/)
    expect(train({ loss: 'none' })).toThrow(/loss/)
    expect(train({ hidden: [8, 8] })).toThrow(/hidden/)
    const indefinite = A.withValues(A.values.map(value => -value))
    expect(train({ samples: [indefinite] })).toThrow(/positive definite/)
    expect(train({ samples: [families.diff(60)] })).toThrow(/2500/)
  })
})
