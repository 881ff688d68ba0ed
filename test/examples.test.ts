import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { filesBelow, importsOf, root } from './support/sources.ts'

/*
 * Every script of examples/ is a module that throws when it does not get what it computes. Those named make-* write the
 * inputs of others.
 */
const scripts = filesBelow('examples', '.ts').filter(path => !path.includes('/make-'))

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
})

it.each(scripts)('%s runs, and imports what a user can', async script => {
  expect(importsOf(script).filter(({ target }) => target !== 'krylov' && !target.startsWith('node:'))).toEqual([])
  const begun = performance.now()
  await import(join(root, script))
  expect(performance.now() - begun).toBeLessThan(3000)
})
