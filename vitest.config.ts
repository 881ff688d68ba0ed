import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// the package by its own name, as it stands in the sources: a test needs no bundle
const alias = [{ find: /^krylov$/, replacement: fileURLToPath(new URL('./src/index.ts', import.meta.url)) }]

const project = (name: string, include: string[], backend: string) => ({
  resolve: { alias },
  test: {
    name,
    include,
    env: { KRYLOV_BACKEND: backend },
    setupFiles: ['test/support/backend.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks' as const,
  },
})

const subjects = [
  'test/{core,sparse,dense,direct,precondition,krylov,relaxation,recycle,sketch,lstsq,lowrank,completion,matfun,learned,sequence,solve,adjoint,batch,io,cli}/**/*.test.ts',
]
const once = ['test/{border,types}/**/*.test.ts', 'test/*.test.ts']

export default defineConfig({
  test: {
    maxWorkers: Math.max(2, availableParallelism() - 1), // on two cores the tests, not vitest, are what takes time
    projects: [project('native', subjects, 'native'), project('ts', subjects, 'ts'), project('border', once, 'native')],
  },
})
