import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { TestContext } from 'vitest'

const root = new URL('../../../shared/data/', import.meta.url)

/** Path of a file or folder of the real inputs that lie beside the checkout; they may be absent. */
export const sharedPath = (name: string): string => fileURLToPath(new URL(name, root))

/** Whether the real inputs, or one of them, are here. */
export const hasShared = (name = ''): boolean => existsSync(sharedPath(name))

/** The path of a real input; where it is absent the test is skipped, by name. Nothing else may skip a test. */
export function sharedOrSkip(context: TestContext, name: string): string {
  if (hasShared(name)) return sharedPath(name)
  console.warn(`skipped: ${context.task.name} (shared data ${name} is absent)`)
  return context.skip(`shared data ${name} is absent`)
}
