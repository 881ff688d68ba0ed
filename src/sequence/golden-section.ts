import { integerOption } from '../core/options.ts'
import { flatLearner } from './flat.ts'
import { checkOptions, type Learner } from './learner.ts'

/** Options of {@link goldenSection}. */
export interface GoldenSectionOptions {
  /** Solves whose mean stands for an arm; default 3. */
  readonly solves?: number
}

/**
 * Golden-section search (Kiefer 1953) over arms in order of their parameter, for costs with one valley: two arms inside the
 * interval are compared by means of a few solves, and the side of the worse one is dropped. Deterministic; it never looks
 * back, so that costs must not drift.
 */
export function goldenSection(options: GoldenSectionOptions = {}): Learner {
  const name = 'goldenSection'
  checkOptions(name, options, ['solves'])
  const { solves = 3 } = options
  integerOption(name, 'solves', solves, 1, 1e6)
  return flatLearner(name, options, { kind: 'goldenSection', solves })
}
