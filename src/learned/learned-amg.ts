import { bind, run } from '../core/method.ts'
import { fillNormal } from '../core/random.ts'
import { float64, sharedFloat64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Pattern } from '../core/types.ts'
import { cgMethod } from '../krylov/cg.ts'
import { amg, finestOf } from '../precondition/amg.ts'
import { LEVEL_FIELDS, levelsOf } from '../precondition/hierarchy.steps.ts'
import { type Amg, because, type Noted, type Preconditioner } from '../precondition/kinds.ts'
import type { Csr } from '../sparse/csr.ts'
import { type LevelFacts, quantityOf, RATIOS, SCALES } from './level-heads.ts'
import { learnedAmgSteps } from './setup.steps.ts'
import { type ProlongationWeights, shapeOf } from './weights.ts'

const learnedAmg = bind('learnedAmg', learnedAmgSteps)

interface Settings {
  readonly cycle: 'v' | 'w' | undefined
  readonly precision: 'single' | 'double' | undefined
  readonly probe: boolean
  readonly reuse: number
}

/** What `amg` has by default. */
const ordinary = { threshold: 0.08, coarsest: 256, blockSize: 1, columns: 0, l1: false, constant: false }

/** Smoothed aggregation, weighed; `amg` itself where that is not positive definite or a probe finds it slower. */
export function* buildLearnedAmg(
  method: string,
  A: Csr,
  weights: ProlongationWeights,
  { cycle, precision, probe, reuse }: Settings,
): Steps<Preconditioner> {
  const bits = precision === undefined ? 0 : precision === 'single' ? 32 : 64
  const { damping } = weights
  const networks = { ...shapeOf(weights), numbers: weights.numbers }
  const { ok, ...built } = yield* run(learnedAmg, A, { ...ordinary, damping, bits }, networks)
  const classical = amg({ ...(cycle && { cycle }), ...(precision && { precision }) })
  if (!ok) return because(yield* classical.build(method, A), 'the learned hierarchy is not positive definite')
  const facts = levelFacts(built)
  const M: Amg & Noted = {
    kind: 'amg',
    cycle: cycle ?? 'v',
    smoother: 'chebyshev',
    degree: 2,
    pattern: A.pattern,
    ...built,
    ...finestOf(A, built),
    ratios: sharedFloat64(facts.map(level => (level ? quantityOf(RATIOS, weights.smoother, level) : RATIOS.ordinary))),
    blockSize: 1,
    near: float64(0),
    columns: 0,
    constant: false,
    damping,
    learned: weights.rate,
  }
  scaleCorrections(M, M.cycle === 'w' ? facts : facts.slice(0, 1), weights.correction)
  const known = verdicts.get(A.pattern)
  if (!probe && (reuse < REUSED || known === true)) return M
  const other = yield* classical.build(method, A)
  const kept = (probe ? undefined : known) ?? (yield* contractsAsWell(A, M, other))
  verdicts.set(A.pattern, kept)
  return kept ? M : because(other, 'a probe found the learned one slower')
}

const REUSED = 8 // solves, from which on a probe pays
const PROBE = 8 // iterations of one
const SLOWER = 1.05 // residuals, beyond which the learned one is not kept

/** What probes found, by pattern. */
const verdicts = new WeakMap<Pattern, boolean>()

/** Whether some iterations on a random system leave no more of the residual with M than with `other`. */
function* contractsAsWell(A: Csr, M: Preconditioner, other: Preconditioner): Steps<boolean> {
  const b = float64(A.rows)
  fillNormal(b, 0)
  const stopping = { rtol: 0, atol: 0, maxIterations: PROBE, warm: false, history: false, slow: 0 }
  const norms: number[] = []
  for (const one of [M, other])
    norms.push((yield* run(cgMethod, A, b, float64(A.rows), one, float64(0), stopping)).residualNorm)
  return norms[0]! <= SLOWER * norms[1]!
}

/** What each level tells; nothing of the coarsest. */
const levelFacts = ({ levels, largest }: Pick<Amg, 'levels' | 'largest'>): readonly (LevelFacts | undefined)[] =>
  Array.from(largest, (bound, l) => {
    const [unknowns, entries] = [levels[LEVEL_FIELDS * l]!, levels[LEVEL_FIELDS * l + 1]!]
    if (l + 1 === largest.length) return undefined
    return { unknowns, entries, coarse: levels[LEVEL_FIELDS * (l + 1)]!, largest: bound, finest: l === 0 }
  })

/** Takes so much of each coarse correction: of P itself only what prolongs it is scaled. */
function scaleCorrections(M: Amg, facts: readonly (LevelFacts | undefined)[], coefficients: ArrayLike<number>): void {
  for (const [l, { P }] of levelsOf(M).entries()) {
    const level = facts[l]
    if (P === undefined || level === undefined) continue
    const scale = quantityOf(SCALES, coefficients, level)
    const { values } = P
    if (scale !== 1) for (let at = 0; at < values.length; at++) values[at]! *= scale
  }
}
