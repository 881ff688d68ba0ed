import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasSuiteSparse } from '../../src/direct/external.ts'
import { bundleLibrary } from './programs/bundle.mjs'
import { leakArguments, runProgram } from './programs/run.mjs'

/*
 * What SuiteSparse owns, when workers and processes end and handles are collected. CHOLMOD cannot be interrupted: an end
 * waits for the call that is under way, here some 20 ms, and for no other.
 */

const patience = process.env.KRYLOV_SANITIZED === undefined ? 2000 : 20_000
const program = 'suitesparse.mjs'

let library: Awaited<ReturnType<typeof bundleLibrary>>
beforeAll(async () => {
  library = await bundleLibrary()
})
afterAll(() => library.remove())

describe.runIf(hasSuiteSparse())('factors of SuiteSparse', () => {
  it('workers terminated in the middle of analysis, factorization and solve', async () => {
    const { code, signal, answer, errors } = await runProgram(program, library.file, ['terminate'], { timeout: 60_000 })
    expect({ code, signal, errors }).toEqual({ code: 0, signal: null, errors: '' })
    expect(answer.workers).toBe(8)
    expect(answer.worst).toBeLessThan(patience)
  })

  it.each([
    ['exit', 0],
    ['throw', 0],
    ['kill', null],
    ['finish', 0],
  ] as const)('a process that ends meanwhile: %s', async (how, status) => {
    const { code, signal, sinceReady, errors } = await runProgram(program, library.file, [how], { timeout: 30_000 })
    expect({ code, signal, errors }).toEqual({ code: status, signal: how === 'kill' ? 'SIGTERM' : null, errors: '' })
    expect(sinceReady).toBeLessThan(patience)
  })

  it('handles are collected with what they own', async () => {
    const { code, answer, errors } = await runProgram(program, library.file, ['garbage'], {
      timeout: 60_000,
      nodeArguments: leakArguments,
    })
    expect({ code, errors }).toEqual({ code: 0, errors: '' })
    // half of the 50 factors that were made meanwhile; the allocator keeps some of what it is given back
    if (process.env.KRYLOV_SANITIZED === undefined) expect(answer.grown).toBeLessThan(25 * answer.factor!)
  })
})
