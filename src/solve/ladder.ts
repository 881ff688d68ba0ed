import type { Call } from '../core/method.ts'
import type { Steps } from '../core/steps.ts'
import type { BlockSolution } from '../krylov/cg-block.ts'
import type { Solution } from '../krylov/solution.ts'
import type { Attempt, Limits } from './attempts.ts'
import { type Cost, isLaplacianLike, total } from './costs.ts'
import type { Rung, Seen } from './rung.ts'
import { rungs } from './rungs.ts'
import type { System } from './system.ts'

/*
 * The rungs in order of expected cost, each with a budget: so a wrong guess costs a small factor, and what is returned is
 * an answer, or the best there is together with what was tried.
 */

const PROBE = 16 // iterations with the diagonal: enough for easy matrices, and a look at the pace of others
const WELL = 0.45 // of the digits, which a probe gains where its pace lasts: a slow end hides behind a fast start
const DOMINANT = 0.05 // share of the diagonal by which rows of a Laplacian-like matrix must be dominant to be easy
const PROBE_SHARE = 0.15 // of the cheapest method's expected cost, which the probe may cost at most
const SMALL = 80 // unknowns
const OVERRUN = 1.3 // of its own expected cost, which an iterative method may always cost
const DIRECT_SHARE = 0.45 // of a direct method's cost, which an iterative one may cost before that is turned to
const NEXT_SHARE = 1.5 // of the next method's cost, where there is no direct one
const FEWEST = 20 // iterations in any budget

/** An answer, and how it was come by. */
export interface Climbed {
  readonly found: Solution | BlockSolution
  readonly method: string
  readonly why: string
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

/** What has been found out on the way up. */
interface Climb {
  readonly call: Call
  readonly system: System
  readonly limits: Limits
  readonly digits: number
  seen: Seen
  best: Tried | undefined
  /** What the probe gained, in words. */
  looked: string
  readonly tried: Tried[]
}

/** Solves a system by the rung that is expected to cost least, and by the next where that fails. */
export function* climb(call: Call, system: System, limits: Limits): Steps<Climbed> {
  const digits = Math.min(16, Math.max(1, -Math.log10(limits.rtol || 1e-16)))
  const seen: Seen = { indefinite: system.structure.negativeDiagonal > 0, pace: undefined }
  const state: Climb = { call, system, limits, digits, seen, best: undefined, looked: '', tried: [] }
  const { tried } = state
  let open = rungs.filter(rung => rung.serves.includes(system.kind))
  const quick = (yield* small(state, open)) ?? (yield* probe(state, open))
  if (quick !== undefined) return quick
  const counted = new Map<Rung, Cost>()
  for (;;) {
    open = open.filter(rung => rung.refuses(system, state.seen) === undefined)
    const candidates = open.map((rung): Candidate => ({ rung, cost: counted.get(rung) ?? costOf(rung, state) }))
    const [next, after] = ordered(candidates, tried)
    if (next === undefined) break
    const { rung } = next
    if (rung.count !== undefined && !counted.has(rung)) {
      counted.set(rung, yield* rung.count(system))
      continue
    }
    const direct = candidates.filter(other => other.rung.strength === 'direct').map(({ cost }) => total(cost))
    const outcome = yield* attempted(state, rung, budget(next, after, Math.min(...direct)))
    tried.push(outcome)
    if (outcome.found?.converged) return climbed(outcome, state, next, after)
    if (outcome.found?.reason === 'time-limit') break
    open = open.filter(other => other !== rung)
  }
  return yield* lastResort(state)
}

const costOf = (rung: Rung, { system, digits, seen }: Climb): Cost => rung.cost(system, digits, seen)

/** Tries a rung from the best there is, and keeps what it shows. */
function* attempted(state: Climb, rung: Rung, most: number): Steps<Tried> {
  const { call, system, limits, best } = state
  const maxIterations = Math.min(limits.maxIterations, most)
  const x0 = best?.found && best.found.relativeResidual < 1 ? best.found.x : limits.x0
  const outcome = outcomeOf(rung, yield* rung.attempt(call, system, { ...limits, maxIterations, x0 }))
  const { found } = outcome
  if (found !== undefined && !(best?.found && best.found.relativeResidual <= found.relativeResidual))
    state.best = outcome
  if (found === undefined || found.reason === 'indefinite-operator') state.seen = { ...state.seen, indefinite: true }
  return outcome
}

/** Where a full factorization takes less time than looking any further. */
function* small(state: Climb, open: readonly Rung[]): Steps<Climbed | undefined> {
  const rung = state.system.n <= SMALL ? open.find(({ method }) => method === 'cholesky') : undefined
  if (rung === undefined || rung.refuses(state.system, state.seen) !== undefined) return undefined
  const outcome = yield* attempted(state, rung, 0)
  if (outcome.found?.converged) return climbed(outcome, state, { rung, cost: costOf(rung, state) }, undefined)
  state.looked = `${rung.method}: ${outcome.text}; `
  return undefined
}

/**
 * A few iterations with the diagonal, where they cost little beside everything else: they solve what is easy, and tell
 * how hard the rest is, and whether it is definite.
 */
function* probe(state: Climb, open: readonly Rung[]): Steps<Climbed | undefined> {
  const { system, limits, seen } = state
  const rung = open.find(({ method }) => method === 'cg + jacobi' && !seen.indefinite)
  if (rung === undefined || system.dense !== undefined || limits.maxIterations < PROBE) return undefined
  if (isLaplacianLike(system.structure) && system.structure.dominance < DOMINANT) return undefined
  const cost = { ...costOf(rung, state), iterations: PROBE }
  const others = open.filter(other => other !== rung && other.refuses(system, seen) === undefined)
  const least = Math.min(...others.map(other => total(costOf(other, state))))
  if (!(total(cost) <= PROBE_SHARE * least)) return undefined
  const outcome = yield* attempted(state, rung, PROBE)
  const { found } = outcome
  if (found === undefined) return undefined
  if (found.converged || found.reason === 'time-limit') {
    state.tried.push(outcome)
    return climbed(outcome, state, { rung, cost }, undefined)
  }
  const gained = -Math.log10(found.relativeResidual)
  state.looked = `${found.iterations} iterations with the diagonal gained ${gained.toFixed(1)} digits; `
  if (limits.x0 === undefined && gained > WELL * state.digits) state.seen = { ...state.seen, pace: gained / PROBE }
  return undefined
}

/** What a direct method costs is known, what an iterative one costs is a guess. */
const expected = ({ rung, cost }: Candidate): number => rung.risk * total(cost)

/** By cost; what is weaker than an iterative method that has failed comes last. */
function ordered(candidates: readonly Candidate[], tried: readonly Tried[]): readonly (Candidate | undefined)[] {
  const failed = tried.reduce((most, { rung }) => Math.max(most, rung.strength === 'direct' ? -1 : rung.strength), -1)
  const hopeless = ({ rung }: Candidate) => (rung.strength !== 'direct' && rung.strength < failed ? 1 : 0)
  return [...candidates].sort((a, b) => hopeless(a) - hopeless(b) || expected(a) - expected(b))
}

/** Iterations that a rung may take before the next one is turned to. */
function budget({ rung, cost }: Candidate, after: Candidate | undefined, direct: number): number {
  if (rung.strength === 'direct' || after === undefined) return Number.POSITIVE_INFINITY
  const other = direct < Number.POSITIVE_INFINITY ? DIRECT_SHARE * direct : NEXT_SHARE * total(after.cost)
  const allowed = Math.max(OVERRUN * total(cost), other) - cost.setup
  return Math.max(FEWEST, Math.ceil(allowed / cost.iteration))
}

function outcomeOf(rung: Rung, attempt: Attempt): Tried {
  if ('failure' in attempt) return { rung, found: undefined, text: attempt.failure }
  const { reason, iterations, relativeResidual } = attempt
  const steps = rung.strength === 'direct' ? '' : ` after ${iterations} iterations`
  return { rung, found: attempt, text: `${reason}${steps}, residual ${relativeResidual.toExponential(1)}` }
}

/** All rungs have failed: the iterative method that came furthest goes on from there, with all iterations it may have. */
function* lastResort(state: Climb): Steps<Climbed> {
  const { system, limits, tried, looked } = state
  const failures = tried.map(({ rung, text }) => `${rung.method}: ${text}`)
  const short = tried.filter(
    ({ found }) => found?.reason === 'max-iterations' && found.iterations < limits.maxIterations,
  )
  const [furthest] = short.sort((a, b) => a.found!.relativeResidual - b.found!.relativeResidual)
  if (furthest !== undefined) {
    const { text } = yield* attempted(state, furthest.rung, limits.maxIterations)
    failures.push(`${furthest.rung.method} again: ${text}`)
  }
  const { found, rung } = state.best!
  return { found: found!, method: rung.method, why: `${describe(system)}; ${looked}${failures.join('; ')}` }
}

function climbed(
  { found }: Tried,
  { system, tried, looked }: Climb,
  { rung, cost }: Candidate,
  after: Candidate | undefined,
): Climbed {
  const { method } = rung
  const failures = tried.slice(0, -1).map(({ rung, text }) => `${rung.method} failed (${text}); `)
  const against = after === undefined ? 'less than anything else' : `against ${ms(after.cost)} for ${after.rung.method}`
  const counted = `${method} was expected to cost ${ms(cost)} of counted work`
  const why = `${describe(system)}; ${looked}${failures.join('')}${counted}, ${against}`
  return { found: found!, method, why }
}

const ms = (cost: Cost): string => {
  const value = total(cost) / 1e6
  return `${value < 10 ? value.toPrecision(2) : Math.round(value)} ms`
}

function describe({ kind, n, structure, dense, nullspace }: System): string {
  const { couplings, negativeDiagonal, dominant, positive } = structure
  const facts = [
    dense !== undefined ? 'full' : `${(couplings / Math.max(n, 1)).toFixed(1)} couplings a row`,
    ...(negativeDiagonal > 0 ? [`${negativeDiagonal} diagonal entries not positive`] : []),
    ...(dense === undefined && dominant >= 0.9 ? ['dominant diagonal'] : []),
    ...(dense === undefined && couplings > 0 && positive <= 0.1 ? ['couplings negative'] : []),
    ...(nullspace === undefined ? [] : ['singular']),
  ]
  return `${kind === 'symmetric' ? kind : 'not symmetric'}, n = ${n}, ${facts.join(', ')}`
}
