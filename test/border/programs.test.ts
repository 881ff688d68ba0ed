import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleLibrary } from './programs/bundle.mjs'
import { leakArguments, runProgram } from './programs/run.mjs'

/* What needs a process of its own; `npm run soak` runs the same programs for long. */

const sanitized = process.env.KRYLOV_SANITIZED !== undefined // 2 to 20 times slower, and its own memory grows
const patience = sanitized ? 10_000 : 1000

let library: Awaited<ReturnType<typeof bundleLibrary>>
beforeAll(async () => {
  library = await bundleLibrary()
})
afterAll(() => library.remove())

describe('workers terminated in the middle of a solve', () => {
  for (const who of ['main', 'workers'])
    it(
      who === 'main' ? 'while the main thread solves' : 'with a main thread that never loads the library',
      async () => {
        const { code, signal, answer, errors } = await runProgram('terminate.mjs', library.file, [20, who])
        expect({ code, signal, errors }).toEqual({ code: 0, signal: null, errors: '' })
        expect(answer).toMatchObject({ workers: 20 })
        expect(answer.worst).toBeLessThan(patience)
      },
    )
})

describe('a process that ends while solves are under way', () => {
  for (const [how, status] of [
    ['exit', 0],
    ['exit-from-progress', 0],
    ['abort', 0],
    ['throw', 0],
    ['kill', null],
  ] as const)
    it(how, async () => {
      const { code, signal, sinceReady, errors } = await runProgram('exit.mjs', library.file, [how], {
        timeout: 30_000,
      })
      expect({ code, errors }).toEqual({ code: status, errors: '' })
      expect(signal).toBe(how === 'kill' ? 'SIGTERM' : null)
      expect(sinceReady).toBeLessThan(patience)
    })
})

it('garbage in every public function', async () => {
  const { code, signal, answer } = await runProgram('fuzz.mjs', library.file, [8, 20_001], { timeout: 50_000 })
  expect({ code, signal }).toEqual({ code: 0, signal: null })
  expect(answer.failures).toEqual([])
  expect(answer.calls).toBeGreaterThan(sanitized ? 100 : 1000)
})

it.skipIf(sanitized)('memory does not grow', async () => {
  const { code, answer } = await runProgram('leak.mjs', library.file, [5000], { nodeArguments: leakArguments })
  expect(code).toBe(0)
  expect(answer.worst).toBeLessThan(20)
})

it('what nobody holds is collected, shared or not', async () => {
  const { code, answer } = await runProgram('garbage.mjs', library.file, [600])
  expect(code).toBe(0)
  expect(answer.most).toBeLessThan(60) // of 1500 in all
})

describe.skipIf(sanitized)('multigrid takes no more than three times the matrix, hierarchy and set-up included', () => {
  it.each([
    ['poisson2d', 1000],
    ['poisson3d', 100],
    ['delaunayLaplacian', 200_000],
  ])('%s(%i)', async (family, size) => {
    const { code, answer } = await runProgram('amg-memory.mjs', library.file, [family, size], {
      nodeArguments: ['--expose-gc'],
    })
    expect(code).toBe(0)
    expect(answer.peak).toBeGreaterThan(1)
    expect(answer.peak).toBeLessThanOrEqual(3)
  })
})
