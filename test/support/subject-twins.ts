import { completionTwins } from './completion-twins.ts'
import { lapackTwins } from './lapack-twins.ts'
import { lstsqTwins } from './lstsq-twins.ts'
import { sketchTwins } from './sketch-twins.ts'

/** The twins that subjects bring, see `border/methods.test.ts`. */
export const subjectTwins = { ...completionTwins, ...lapackTwins, ...lstsqTwins, ...sketchTwins }
