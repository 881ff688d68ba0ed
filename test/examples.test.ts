import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { filesBelow, root } from './support/sources.ts'

/* Every script of examples/ is a module that throws when it does not get what it computes. */

const scripts = filesBelow('examples', '.ts')

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
})

it.each(scripts)('%s runs', async script => {
  const begun = performance.now()
  await import(join(root, script))
  expect(performance.now() - begun).toBeLessThan(3000)
})
