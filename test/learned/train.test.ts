import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadWeights, saveWeights } from '../../src/io/weights.ts'
import { families } from '../../src/learned/families.ts'
import { shippedWeights } from '../../src/learned/shipped.ts'
import { type TrainingOptions, trainPreconditioner, trainPreconditionerSync } from '../../src/learned/train.ts'
import { poisson2d } from '../../src/sparse/gallery/poisson.ts'
import { both } from '../support/both.ts'

const make = (index: number) => families.fem(16, { seed: 4000 + index })
const small: TrainingOptions = {
  model: 'prolongation',
  samples: { make, count: 2 },
  validation: [families.fem(24, { seed: 5000 })],
  seed: 3,
  steps: 60,
  rounds: 1,
  hidden: [4, 4],
}

describe('trainPreconditioner', () => {
  it('learns what takes fewer iterations, with the same bits in both forms, and reports its progress', async () => {
    const seen: number[] = []
    const sync = (options: TrainingOptions) => {
      const { report, ...rest } = trainPreconditionerSync(options)
      return { ...rest, report: { ...report, milliseconds: 0 } }
    }
    const async = async (options: TrainingOptions) => {
      const { report, ...rest } = await trainPreconditioner(options)
      return { ...rest, report: { ...report, milliseconds: 0 } }
    }
    const { weights, report } = await both(sync, async, { ...small, onProgress: ({ step }) => seen.push(step) })
    expect(report.promised).toBeLessThan(0.99)
    expect(report.relative).toBeLessThan(1)
    expect(report.iterations.length).toBe(1)
    expect(seen).toEqual([50, 60, 50, 60])
    expect(weights.rate).toBeGreaterThan(0)
    expect(weights.numbers.every(value => Math.fround(value) === value)).toBe(true)
  })

  it('ends when it is told to', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const training = trainPreconditioner({
      ...small,
      steps: 1e6,
      signal: controller.signal,
      onProgress: () => controller.abort(reason),
    })
    await expect(training).rejects.toBe(reason)
  })

  it('refuses what it cannot learn from', () => {
    const train = (options: object) => () => trainPreconditionerSync({ ...small, ...options } as TrainingOptions)
    expect(train({ samples: [poisson2d(4)] })).toThrow(/150 to 2500/)
    const A = poisson2d(20)
    expect(train({ samples: [A.withValues(A.values.map(value => -value))] })).toThrow(/positive definite/)
    expect(train({ samples: 3 })).toThrow(/list of matrices/)
    expect(train({ model: 'other' })).toThrow(/model/)
    expect(train({ hidden: [0, 4] })).toThrow(/hidden/)
    expect(train({ onProgress: 1 })).toThrow(/onProgress/)
    expect(train({ colour: 1 })).toThrow(/colour/)
  })
})

describe('weight files', () => {
  it('come back as they were written, and nothing else is read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'krylov-'))
    try {
      const path = join(folder, 'w.safetensors')
      const weights = shippedWeights()
      await saveWeights(path, weights)
      expect(await loadWeights(path)).toEqual(weights)
      const bytes = await readFile(path)
      const length = bytes.readUInt32LE(0)
      const header = JSON.parse(bytes.subarray(8, 8 + length).toString())
      expect(header.numbers.dtype).toBe('F32')
      expect(header.__metadata__.version).toBe('2')
      const text = bytes.toString('latin1')
      for (const broken of [text.replace('"version":"2"', '"version":"7"'), text.slice(0, -4), text.slice(0, 20), '']) {
        await writeFile(path, broken, 'latin1')
        await expect(loadWeights(path)).rejects.toMatchObject({ name: 'KrylovError' })
      }
      await expect(saveWeights(path, {} as never)).rejects.toMatchObject({ code: 'ERR_OPTION' })
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
