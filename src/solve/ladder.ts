import type { Call } from '../core/method.ts'
import type { Steps } from '../core/steps.ts'
import type { BlockSolution } from '../krylov/cg-block.ts'
import type { Solution } from '../krylov/solution.ts'
import type { Attempt, Limits } from './attempts.ts'
import { type Cost, total } from './costs.ts'
import { type Rung, rungs, type Seen } from './rungs.ts'
import type { System } from './system.ts'

/*
 * The rungs in order of expected cost, each with a budget: so a wrong guess costs a small factor, and what is returned is
 * an answer, or the best there is together with what was tried.
 */

/** What an iterative method may cost, in multiples of its own expectation or of the next one's, whichever is more. */
const PATIENCE = 1.5
const RISK = 1.5 // of a guessed cost, where it stands against a known one
const FEWEST = 20 // iterations in any budget

/** An answer, and how it was come by. */
export interface Climbed {
  readonly found: Solution | BlockSolution
  readonly method: string
  readonly why: () => string
}

interface Candidate {
  readonly rung: Rung
  readonly cost: Cost
}

interface Tried {
  readonly rung: Rung
  readonly found: Solution | BlockSolution | undefined
  readonly text: string
}

/** Solves a system by the rung that is expected to cost least, and by the next where that fails. */
export function* climb(call: Call, system: System, limits: Limits, mostIterations: number): Steps<Climbed> {
  const digits = Math.min(16, Math.max(1, -Math.log10(limits.rtol || 1e-16)))
  const { structure } = system
  let seen: Seen = { indefinite: structure.negativeDiagonal > 0 }
  const tried: Tried[] = []
  let open = rungs.filter(rung => rung.serves.includes(system.kind))
  const costs = new Map<Rung, Cost>()
  const counted = new Set<Rung>()
  let best: Tried | undefined
  for (;;) {
    open = open.filter(rung => rung.refuses(system, seen) === undefined)
    for (const rung of open) if (!costs.has(rung)) costs.set(rung, rung.cost(system, digits))
    const failed = tried.reduce((most, { rung }) => Math.max(most, rung.strength === 'direct' ? -1 : rung.strength), -1)
    const candidates = open.map((rung): Candidate => ({ rung, cost: costs.get(rung)! }))
    const [next, after] = ordered(candidates, failed)
    if (next === undefined) break
    if (next.rung.count !== undefined && !counted.has(next.rung)) {
      counted.add(next.rung)
      costs.set(next.rung, yield* next.rung.count(system))
      continue
    }
    const maxIterations = Math.min(mostIterations, budget(next, after))
    const x0 = best?.found?.x ?? limits.x0
    const attempt = yield* next.rung.attempt(call, system, { ...limits, maxIterations, x0 })
    const outcome = outcomeOf(next.rung, attempt)
    tried.push(outcome)
    if (outcome.found !== undefined) {
      if (outcome.found.converged) return climbed(outcome, tried, system, next, after)
      if (!(best?.found && best.found.relativeResidual <= outcome.found.relativeResidual)) best = outcome
      if (outcome.found.reason === 'time-limit') break
    }
    if (outcome.found === undefined || outcome.found.reason === 'indefinite-operator') seen = { indefinite: true }
    open = open.filter(rung => rung !== next.rung)
  }
  return yield* lastResort(call, system, limits, mostIterations, tried, best)
}

/** What a direct method costs is known, what an iterative one costs is a guess. */
const expected = ({ rung, cost }: Candidate): number => (rung.strength === 'direct' ? 1 : RISK) * total(cost)

/** By cost; what is weaker than an iterative method that has failed comes last. */
function ordered(candidates: readonly Candidate[], failed: number): readonly (Candidate | undefined)[] {
  const hopeless = ({ rung }: Candidate) => (rung.strength !== 'direct' && rung.strength < failed ? 1 : 0)
  return [...candidates].sort((a, b) => hopeless(a) - hopeless(b) || expected(a) - expected(b))
}

function budget({ rung, cost }: Candidate, after: Candidate | undefined): number {
  if (rung.strength === 'direct' || after === undefined) return Number.POSITIVE_INFINITY
  const allowed = PATIENCE * Math.max(total(cost), total(after.cost)) - cost.setup
  return Math.max(FEWEST, Math.ceil(allowed / cost.iteration))
}

function outcomeOf(rung: Rung, attempt: Attempt): Tried {
  if ('failure' in attempt) return { rung, found: undefined, text: attempt.failure }
  const { reason, iterations, relativeResidual } = attempt
  const steps = rung.strength === 'direct' ? '' : ` after ${iterations} iterations`
  return { rung, found: attempt, text: `${reason}${steps}, residual ${relativeResidual.toExponential(1)}` }
}

/** All rungs have failed: the iterative method that came furthest goes on from there, with all iterations it may have. */
function* lastResort(
  call: Call,
  system: System,
  limits: Limits,
  mostIterations: number,
  tried: readonly Tried[],
  best: Tried | undefined,
): Steps<Climbed> {
  const failures = tried.map(({ rung, text }) => `${rung.method}: ${text}`)
  const short = tried.filter(
    ({ rung, found }) =>
      rung.strength !== 'direct' && found?.reason === 'max-iterations' && found.iterations < mostIterations,
  )
  const furthest = short.sort((a, b) => a.found!.relativeResidual - b.found!.relativeResidual)[0]
  let last = best ?? tried[tried.length - 1]!
  if (furthest !== undefined) {
    const x0 = best?.found?.x ?? limits.x0
    const again = yield* furthest.rung.attempt(call, system, { ...limits, maxIterations: mostIterations, x0 })
    const outcome = outcomeOf(furthest.rung, again)
    failures.push(`${furthest.rung.method} again: ${outcome.text}`)
    if (outcome.found && !(last.found && last.found.relativeResidual < outcome.found.relativeResidual)) last = outcome
  }
  const why = () => `${describe(system)}; ${failures.join('; ')}`
  return { found: last.found!, method: last.rung.method, why }
}

function climbed(
  outcome: Tried,
  tried: readonly Tried[],
  system: System,
  next: Candidate,
  after: Candidate | undefined,
): Climbed {
  const { method } = next.rung
  const why = () => {
    const failures = tried.slice(0, -1).map(({ rung, text }) => `${rung.method} failed (${text}); `)
    const against = after === undefined ? 'nothing else applies' : `against ${ms(after.cost)} for ${after.rung.method}`
    const counted = `${method} was expected to cost ${ms(next.cost)} of counted work`
    return `${describe(system)}; ${failures.join('')}${counted}, ${against}`
  }
  return { found: outcome.found!, method, why }
}

const ms = (cost: Cost): string => {
  const value = total(cost) / 1e6
  return `${value < 10 ? value.toPrecision(2) : Math.round(value)} ms`
}

function describe({ n, structure, dense, nullspace }: System): string {
  const { couplings, negativeDiagonal, zeroDiagonal, dominant, positive } = structure
  const facts = [
    dense !== undefined ? 'full' : `${(couplings / Math.max(n, 1)).toFixed(1)} couplings a row`,
    ...(negativeDiagonal + zeroDiagonal > 0
      ? [`${negativeDiagonal + zeroDiagonal} diagonal entries not positive`]
      : []),
    ...(dense === undefined && dominant >= 0.9 ? ['dominant diagonal'] : []),
    ...(dense === undefined && couplings > 0 && positive <= 0.1 ? ['couplings negative'] : []),
    ...(nullspace === undefined ? [] : ['singular']),
  ]
  return `symmetric, n = ${n}, ${facts.join(', ')}`
}
