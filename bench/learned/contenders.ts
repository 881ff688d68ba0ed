import { existsSync, readFileSync } from 'node:fs'
import { learned } from '../../src/learned/learned.ts'
import { decodeWeights } from '../../src/learned/safetensors.ts'
import { amg } from '../../src/precondition/amg.ts'
import { ic0 } from '../../src/precondition/ic0.ts'
import { ict } from '../../src/precondition/ict.ts'
import type { Recipe } from '../../src/precondition/recipe.ts'
import { ric0 } from '../../src/precondition/ric0.ts'
import { PLAIN, TUNED } from './tuned.ts'

export type Named = readonly [name: string, recipe: Recipe]

/** The classical ones; h is about 1 over the unknowns in a direction. */
export const classical = (h: number): readonly Named[] => [
  ['ic0', ic0],
  ['ric0, 1 - omega = 0.7 h', ric0({ omega: 1 - 0.7 * h })],
  ['ict + 2, 1 - omega = 0.7 h', ict({ dropTolerance: 1e-4, maxFill: 2, omega: 1 - 0.7 * h })],
  ['amg', amg],
]

/** Other forms of `amg`, whose default constants are tuned. */
export const multigrids: readonly Named[] = [
  ['amg, constants of the literature', amg(PLAIN)],
  ['amg, damping tuned', amg(TUNED)],
  ['amg, W-cycle', amg({ cycle: 'w' })],
]

/** Files of weights beside this one, by what they are called here. */
const files = {
  'neural factor from ic0': 'ic0',
  'neural factor from ric': 'ric',
  'learned omega': 'relaxation',
} as const

export const weightFile = (name: string): URL => new URL(`weights/${name}.safetensors`, import.meta.url)

/** The learned ones, first that which is compared with the classical one before it; models whose weights have been trained. */
export const learnedOnes = (): readonly Named[] => [
  ['learned prolongation', learned()],
  ...Object.entries(files).flatMap(([name, file]): Named[] => {
    const path = weightFile(file)
    return existsSync(path) ? [[name, learned(decodeWeights(file, readFileSync(path)))]] : []
  }),
]
