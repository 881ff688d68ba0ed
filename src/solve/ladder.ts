import type { Call } from '../core/method.ts'
import type { Steps } from '../core/steps.ts'
import type { BlockSolution } from '../krylov/cg-block.ts'
import type { Solution } from '../krylov/solution.ts'
import type { Limits } from './attempts.ts'
import { type Cost, isBounded, isLaplacianLike, thresholdFactor, total } from './costs.ts'
import type { Rung, Seen } from './rung.ts'
import { cgJacobi, cholesky, rungs } from './rungs.ts'
import type { System } from './system.ts'
import { type Candidate, describeSystem, outcomeOf, type Tried, whyTaken } from './why.ts'

/*
 * The rungs in order of expected cost, each with a budget: so a wrong guess costs a small factor, and what is returned is
 * an answer, or the best there is together with what was tried.
 */

const PROBE = 16 // iterations with the diagonal: enough for easy matrices, and a look at the pace of others
const WELL = 0.45 // of the digits, which a probe gains where its pace lasts: a slow end hides behind a fast start
const DOMINANT = 0.05 // share of the diagonal by which rows of a Laplacian-like matrix must be dominant to be easy
const PROBE_SHARE = { easy: 0.2, other: 0.1 } // of the cheapest method's expected cost, which the probe may cost at most
const EASY = 0.9 // share of the rows that are dominant, from which few iterations may well be enough
const SMALL = 80 // unknowns of a full matrix
const OVERRUN = 1.3 // of its own expected cost, which an iterative method may always cost
const DIRECT_SHARE = 0.45 // of a direct method's cost, which an iterative one may cost before that is turned to
const NEXT_SHARE = 1.5 // of the next method's cost, where there is no direct one
const RESTART = 1.5 // times as many iterations as it would take without one
const FEWEST = 20 // iterations in any budget

/** An answer, and how it was come by. */
export interface Climbed {
  readonly found: Solution | BlockSolution
  readonly method: string
  readonly why: string
}

/** What has been found out on the way up. */
interface Climb {
  readonly call: Call
  readonly system: System
  readonly limits: Limits
  readonly digits: number
  seen: Seen
  /** What has been counted, or guessed with what has been seen so far. */
  readonly costs: Map<Rung, Cost>
  best: Tried | undefined
  /** What the probe gained, in words. */
  looked: string
  readonly tried: Tried[]
}

/** Solves a system by the rung that is expected to cost least, and by the next where that fails. */
export function* climb(call: Call, system: System, limits: Limits): Steps<Climbed> {
  const digits = Math.min(16, Math.max(1, -Math.log10(limits.rtol || 1e-16)))
  const seen: Seen = { indefinite: system.structure.negativeDiagonal > 0, pace: undefined }
  const state: Climb = { call, system, limits, digits, seen, costs: new Map(), best: undefined, looked: '', tried: [] }
  const { tried } = state
  const soon = yield* quick(state)
  if (soon !== undefined) return soon
  let open = rungs.filter(rung => rung.serves.includes(system.kind) && !tried.some(before => before.rung === rung))
  const easy = yield* probe(state, open)
  if (easy !== undefined) return easy
  const counted = new Set<Rung>()
  for (;;) {
    open = open.filter(rung => rung.refuses(system, state.seen) === undefined)
    const candidates = open.map((rung): Candidate => ({ rung, cost: costOf(rung, state) }))
    const [next, after] = ordered(candidates, state)
    if (next === undefined) break
    const { rung } = next
    if (rung.count !== undefined && !counted.has(rung)) {
      counted.add(rung)
      state.costs.set(rung, yield* rung.count(system))
      continue
    }
    const direct = candidates.filter(other => other.rung.strength === 'direct').map(({ cost }) => total(cost))
    let outcome = yield* attempted(state, rung, budget(next, after, Math.min(...direct)))
    for (let spent = 0, more = 1; more > 0; ) {
      spent += outcome.found?.iterations ?? 0
      more = further(state, outcome, spent, next, after)
      if (more > 0) outcome = yield* attempted(state, rung, more)
    }
    tried.push(outcome)
    if (outcome.found?.converged) return climbed(outcome, state, next, after)
    if (outcome.found?.reason === 'time-limit') break
    open = open.filter(other => other !== rung)
  }
  return yield* lastResort(state)
}

function costOf(rung: Rung, { system, digits, seen, costs }: Climb): Cost {
  const known = costs.get(rung) ?? rung.cost(system, digits, seen)
  costs.set(rung, known)
  return known
}

/** The cost, raised by the risk of a guess. */
const expected = (state: Climb, rung: Rung): number => rung.risk(state.system, state.seen) * total(costOf(rung, state))

/** Notes what an attempt has shown: what was guessed without it is guessed again. */
function see(state: Climb, seen: Partial<Seen>): void {
  state.seen = { ...state.seen, ...seen }
  for (const rung of [...state.costs.keys()]) if (rung.strength !== 'direct') state.costs.delete(rung)
}

/** Tries a rung from the best there is, and keeps what it shows. */
function* attempted(state: Climb, rung: Rung, most: number): Steps<Tried> {
  const { call, system, best } = state
  const { rtol, atol, history } = state.limits
  const maxIterations = Math.min(state.limits.maxIterations, most)
  const x0 = best?.found && best.found.relativeResidual < 1 ? best.found.x : state.limits.x0
  const attempt = yield* rung.attempt(call, system, { rtol, atol, history, maxIterations, x0 })
  const outcome =
    'failure' in attempt
      ? { rung, found: undefined, failure: attempt.failure }
      : { rung, found: attempt, failure: undefined }
  const { found } = outcome
  if (found !== undefined && !(best?.found && best.found.relativeResidual <= found.relativeResidual))
    state.best = outcome
  if (found === undefined || found.reason === 'indefinite-operator') see(state, { indefinite: true })
  return outcome
}

/**
 * Cholesky's factorization, or the diagonal where the number of iterations is bounded, where that takes less time than
 * looking any further: than an incomplete factorization.
 */
function* quick(state: Climb): Steps<Climbed | undefined> {
  const { system, digits, seen } = state
  if (system.kind !== 'symmetric') return undefined
  const direct = cholesky.refuses(system, seen) === undefined
  let rung = cholesky
  if (system.dense === undefined) {
    const factor = direct ? total(costOf(cholesky, state)) : Number.POSITIVE_INFINITY
    const diagonal = seen.indefinite ? Number.POSITIVE_INFINITY : expected(state, cgJacobi)
    if (Math.min(factor, diagonal) > thresholdFactor(system, digits).setup) return undefined
    if (diagonal < factor) {
      if (!isBounded(system.structure)) return undefined
      rung = cgJacobi
    }
  } else if (!direct || system.n > SMALL) return undefined
  const next = { rung, cost: costOf(rung, state) }
  const outcome = yield* attempted(state, rung, budget(next, next, Number.POSITIVE_INFINITY))
  state.tried.push(outcome)
  return outcome.found?.converged ? climbed(outcome, state, next, undefined) : undefined
}

/**
 * A few iterations with the diagonal, where they cost little beside everything else: they solve what is easy, and tell
 * how hard the rest is, and whether it is definite.
 */
function* probe(state: Climb, open: readonly Rung[]): Steps<Climbed | undefined> {
  const { system, limits, seen } = state
  const rung = cgJacobi
  if (!open.includes(rung) || seen.indefinite || system.dense !== undefined || limits.maxIterations < PROBE)
    return undefined
  if (isLaplacianLike(system.structure) && system.structure.dominance < DOMINANT) return undefined
  const cost = { ...costOf(rung, state), iterations: PROBE }
  const others = open.filter(other => other !== rung && other.refuses(system, seen) === undefined)
  const least = Math.min(...others.map(other => total(costOf(other, state))))
  if (!(total(cost) <= PROBE_SHARE[system.structure.dominant >= EASY ? 'easy' : 'other'] * least)) return undefined
  const outcome = yield* attempted(state, rung, PROBE)
  const { found } = outcome
  if (found === undefined) return undefined
  if (found.converged || found.reason === 'time-limit') {
    state.tried.push(outcome)
    return climbed(outcome, state, { rung, cost }, undefined)
  }
  const gained = -Math.log10(found.relativeResidual)
  state.looked = `${found.iterations} iterations with the diagonal gained ${gained.toFixed(1)} digits; `
  if (limits.x0 === undefined && gained > WELL * state.digits) see(state, { pace: gained / PROBE })
  return undefined
}

/** By expected cost; what is weaker than an iterative method that has failed comes last. */
function ordered(candidates: readonly Candidate[], state: Climb): readonly (Candidate | undefined)[] {
  const failed = state.tried.reduce(
    (most, { rung }) => Math.max(most, rung.strength === 'direct' ? -1 : rung.strength),
    -1,
  )
  const hopeless = ({ rung }: Candidate) => (rung.strength !== 'direct' && rung.strength < failed ? 1 : 0)
  return [...candidates].sort((a, b) => hopeless(a) - hopeless(b) || expected(state, a.rung) - expected(state, b.rung))
}

/** Iterations that a rung may take before the next one is turned to. */
function budget({ rung, cost }: Candidate, after: Candidate | undefined, direct: number): number {
  if (rung.strength === 'direct' || after === undefined) return Number.POSITIVE_INFINITY
  const other = direct < Number.POSITIVE_INFINITY ? DIRECT_SHARE * direct : NEXT_SHARE * total(after.cost)
  const allowed = Math.max(OVERRUN * total(cost), other) - cost.setup
  return Math.max(FEWEST, Math.ceil(allowed / cost.iteration))
}

/** Iterations that end what an attempt has begun, at the pace that it had so far; 0 where the next method costs less. */
function further(
  { best, digits, limits }: Climb,
  { found }: Tried,
  spent: number,
  { cost }: Candidate,
  after: Candidate | undefined,
): number {
  if (after === undefined || found?.reason !== 'max-iterations' || found !== best?.found) return 0
  const gained = -Math.log10(found.relativeResidual)
  if (spent >= limits.maxIterations || !(gained > 0)) return 0
  const left = Math.ceil(RESTART * spent * Math.max(digits / gained - 1, 0.1))
  return left * cost.iteration < total(after.cost) ? left : 0
}

/** All rungs have failed: the iterative method that came furthest goes on from there, with all iterations it may have. */
function* lastResort(state: Climb): Steps<Climbed> {
  const { system, limits, tried, looked } = state
  const failures = tried.map(before => `${before.rung.method}: ${outcomeOf(before)}`)
  const short = tried.filter(
    ({ found }) => found?.reason === 'max-iterations' && found.iterations < limits.maxIterations,
  )
  const [furthest] = short.sort((a, b) => a.found!.relativeResidual - b.found!.relativeResidual)
  if (furthest !== undefined) {
    const again = yield* attempted(state, furthest.rung, limits.maxIterations)
    failures.push(`${furthest.rung.method} again: ${outcomeOf(again)}`)
  }
  const { found, rung } = state.best!
  return { found: found!, method: rung.method, why: `${describeSystem(system)}; ${looked}${failures.join('; ')}` }
}

const climbed = (
  { found }: Tried,
  { system, tried, looked }: Climb,
  next: Candidate,
  after: Candidate | undefined,
): Climbed => ({
  found: found!,
  method: next.rung.method,
  why: whyTaken(system, looked, tried.slice(0, -1), next, after),
})
