import { join } from 'node:path'
import 'krylov' // before any script is timed
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { sharedOrSkip } from './support/shared-data.ts'
import { filesBelow, importsOf, root } from './support/sources.ts'

/*
 * Every script of examples/ is a module that throws when it does not get what it computes. Those named make-* write the
 * inputs of others.
 */
const scripts = filesBelow('examples', '.ts').filter(path => !path.includes('/make-'))
const inputs: Record<string, string> = { 'examples/fastrp.ts': 'graph/blogcatalog.mtx.gz' }

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
})

it.for(scripts)('%s runs, and imports what a user can', async (script, context) => {
  expect(importsOf(script).filter(({ target }) => target !== 'krylov' && !target.startsWith('node:'))).toEqual([])
  if (inputs[script] !== undefined) sharedOrSkip(context, inputs[script])
  const begun = performance.now()
  await import(join(root, script))
  expect(performance.now() - begun).toBeLessThan(3000)
})
