import { chebCbLoops } from './cheb-cb.loops.ts'
import { goldenSectionLoops } from './golden-section.loops.ts'
import type { Loops } from './loops.ts'
import { thompsonLoops } from './thompson.loops.ts'
import { tsallisInfLoops } from './tsallis-inf.loops.ts'

/** A learner's settings as they cross to its twin. */
export type Kind =
  | { readonly kind: 'thompson'; readonly keep: number }
  | { readonly kind: 'tsallisInf'; readonly rate: number; readonly reduced: boolean }
  | { readonly kind: 'chebCb'; readonly features: number; readonly greed: number }
  | { readonly kind: 'goldenSection'; readonly solves: number }

export function loopsOf(settings: Kind): Loops {
  switch (settings.kind) {
    case 'thompson':
      return thompsonLoops(settings.keep)
    case 'tsallisInf':
      return tsallisInfLoops(settings.rate, settings.reduced)
    case 'chebCb':
      return chebCbLoops(settings.features, settings.greed)
    case 'goldenSection':
      return goldenSectionLoops(settings.solves)
  }
}
