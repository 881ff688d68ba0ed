import { defineConfig } from 'vitest/config'

const project = (name: string, include: string[], backend: string) => ({
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

const subjects = ['test/{core,sparse,dense,precondition,krylov,io,cli}/**/*.test.ts']
const once = ['test/{border,types}/**/*.test.ts', 'test/*.test.ts']

export default defineConfig({
  test: {
    projects: [project('native', subjects, 'native'), project('ts', subjects, 'ts'), project('border', once, 'native')],
  },
})
