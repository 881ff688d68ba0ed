import type { Steps } from '../core/steps.ts'
import type { Answer, LstsqMethod, Rung } from './answer.ts'
import { byGram } from './gram.ts'
import type { Problem } from './problem.ts'
import { ACCEPTED } from './refine.ts'
import { bySingularValues } from './singular.ts'
import { bySketch } from './spir.ts'
import { byTriangle } from './triangular.ts'
import { byRows } from './wide.ts'

const NARROW = 200 // columns up to which a QR factorization by blocks costs less than a sketch and its iterations
const MOST_SIDES = 4 // right-hand sides likewise: each has iterations of its own

type Tall = Exclude<LstsqMethod, 'qr'>

const rungs: Readonly<Record<Tall, Rung>> = {
  gram: byGram,
  tsqr: byTriangle,
  spir: bySketch,
  svd: bySingularValues,
}

/** Which methods are tried, and in which order: the cheapest first, and the one that cannot fail last. */
function orderOf({ m, n, s, ridge, A }: Problem, first: 'auto' | Tall): readonly Rung[] {
  if (m < n && ridge === 0) return [byRows]
  const sketch: readonly Tall[] = A.gram === undefined || (n > NARROW && s <= MOST_SIDES) ? ['spir'] : []
  const order: readonly Tall[] = ['gram', ...sketch, 'tsqr', 'svd']
  const wanted = first === 'auto' ? order : [first, ...order.filter(name => name !== first)]
  return wanted.map(name => rungs[name])
}

/** The first answer whose backward error passes, or the best there is. */
export function* climb(problem: Problem, first: 'auto' | Tall): Steps<Answer> {
  let best: Answer | undefined
  for (const rung of orderOf(problem, first)) {
    const answer = yield* rung(problem)
    if (answer === undefined) continue
    if (answer.backwardError <= ACCEPTED) return answer
    if (best === undefined || !(answer.backwardError >= best.backwardError)) best = answer
    if (answer.late) break
  }
  return best!
}
