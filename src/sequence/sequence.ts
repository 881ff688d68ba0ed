import { makeControl } from '../core/control.ts'
import { runAsync, runSync } from '../core/drive.ts'
import { refuse } from '../core/errors.ts'
import { type Call, checkOptions } from '../core/method.ts'
import type { Steps } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import { ownVector } from '../core/vector.ts'
import type { Solution } from '../krylov/solution.ts'
import { Csr } from '../sparse/csr.ts'
import { type Attempt, byCg, bySor } from './attempt.ts'
import { afterArm, afterReference, type BackstopState, referenceIsDue, startBackstop } from './backstop.ts'
import { isDirect } from './direct.ts'
import { type DirectState, directValue, startDirect } from './direct-value.ts'
import { dominance } from './dominance.ts'
import { checkArm, type LearnerState, plainState, restoredState } from './learner.ts'
import { checkSequence, omegaRecipe, type Plan, type SequenceOptions } from './options.ts'
import { Ledger, type SequenceChoice, type SequenceReport } from './report.ts'
import { checkSaved, learnerFrom, optionsFrom, type SavedSequence } from './saved.ts'

/** Options of one solve of a sequence. */
export interface SequenceSolveOptions<Step = ArrayLike<number>> {
  /** What is known of the system before it is solved. */
  readonly context?: Step
  /** First guess; default: the last solution. */
  readonly x0?: ArrayLike<number>
  readonly signal?: AbortSignal
  readonly threads?: number
}

/** A solution, with the choice that led to it. */
export type SequenceSolution = Solution & { readonly choice: SequenceChoice }

type Given<Step> = [A: CsrData, b: ArrayLike<number>, options: SequenceSolveOptions<Step>]

/** What a solve was given, as its own. */
interface System {
  readonly A: Csr
  readonly b: Float64Array
  readonly x0: Float64Array | undefined
  readonly context: ArrayLike<number> | undefined
}

const solveKeys = new Set(['context', 'x0', 'signal', 'threads'])
const CENSORED = 10 // times the mean loss: what a solve that failed early is charged at least

function callOf<Step>(name: string, form: Call['form'], options: SequenceSolveOptions<Step>): Call {
  checkOptions(name, options, solveKeys)
  return { name, form, control: makeControl(name, options) }
}

/** Solves related systems one after the other, and learns from each what to choose for the next. */
export class Sequence<Step = ArrayLike<number>> {
  readonly #plan: Plan
  readonly #options: SequenceOptions<Step>
  readonly #contextOf: (step: Step) => ArrayLike<number>
  #state: LearnerState
  #direct: DirectState = startDirect()
  #backstops: Record<string, BackstopState> = {}
  #contextLength = -1
  #x: Float64Array | undefined
  #ledger = new Ledger()
  #queue: Promise<unknown> = Promise.resolve()

  constructor(options: SequenceOptions<Step>, saved?: SavedSequence) {
    this.#plan = checkSequence(options)
    this.#options = options
    this.#contextOf = options.context ?? (step => step as unknown as ArrayLike<number>)
    const { learner, seed, labels } = this.#plan
    this.#state = learner.start(Math.max(1, labels.length), seed)
    if (saved === undefined) return
    this.#state = restoredState('restoreSequence', saved.state, this.#state)
    this.#direct = { ...startDirect(), ...saved.direct }
    this.#backstops = Object.fromEntries(
      Object.entries(saved.backstops).map(([key, state]) => [
        key,
        restoredState('restoreSequence', state, startBackstop(), `backstops.${key}`) as BackstopState,
      ]),
    )
    this.#contextLength = saved.contextLength
    this.#x = saved.x === null ? undefined : Float64Array.from(saved.x)
    this.#ledger = new Ledger(saved)
  }

  /** Solves A x = b off the JavaScript thread. Solves of one sequence run one after the other. */
  solve(A: CsrData, b: ArrayLike<number>, options: SequenceSolveOptions<Step> = {}): Promise<SequenceSolution> {
    const taken = this.#take(A, b, options)
    const solved = this.#queue.then(async () => {
      const [call, system] = await taken
      return runAsync(this.#steps(call, system), call.control)
    })
    this.#queue = solved.catch(() => {})
    taken.catch(() => {}) // told by `solved`, in its turn
    return solved
  }

  /** The same, blocking. */
  solveSync(A: CsrData, b: ArrayLike<number>, options: SequenceSolveOptions<Step> = {}): SequenceSolution {
    const call = callOf('sequence.solveSync', 'sync', options)
    return runSync(this.#steps(call, runSync(this.#own(call, A, b, options), call.control)), call.control)
  }

  /** What was done so far. */
  report(): SequenceReport {
    return this.#ledger.report(this.#plan.labels)
  }

  /** All that was learnt, as JSON can hold it. A run that goes on from it has the same bits. */
  save(): SavedSequence {
    return {
      kind: 'sequence',
      version: 1,
      options: optionsFrom(this.#options, this.#plan),
      state: plainState(this.#state),
      direct: this.#direct,
      backstops: Object.fromEntries(Object.entries(this.#backstops).map(([key, state]) => [key, plainState(state)])),
      contextLength: this.#contextLength,
      x: this.#x === undefined ? null : Array.from(this.#x),
      ...this.#ledger.save(),
    }
  }

  /** Takes the arguments over when it is called, however long the solve has to wait: from then on they are its own. */
  async #take(...given: Given<Step>): Promise<readonly [Call, System]> {
    const call = callOf('sequence.solve', 'async', given[2])
    return [{ ...call, form: 'sync' }, await runAsync(this.#own(call, ...given), call.control)]
  }

  *#own(call: Call, matrix: CsrData, b: ArrayLike<number>, { x0, context: step }: Given<Step>[2]): Steps<System> {
    const A = Csr.from(matrix, call.name)
    const context = step === undefined ? undefined : this.#contextOf(step)
    if (context !== undefined && !Array.isArray(context) && !ArrayBuffer.isView(context))
      throw refuse('ERR_TYPE', call.name, 'context', 'a list of numbers', context)
    return {
      A,
      context: context && Array.from(context),
      b: yield* ownVector(call, 'b', b, A.rows),
      x0: x0 && (yield* ownVector(call, 'option x0', x0, A.rows)),
    }
  }

  /** Chooses, solves, learns. Whatever throws on the way leaves what was learnt as it was. */
  *#steps(call: Call, { A, b, context: given, x0: guess }: System): Steps<SequenceSolution> {
    const { method, tunes, learner, automatic, grid, recipes, solver, relaxation, warmStart, loss: unit } = this.#plan
    const size = this.#x?.length ?? A.rows
    if (size !== A.rows)
      throw refuse('ERR_SHAPE', call.name, 'A', `${size} x ${size}, as the first of this sequence`, A.rows)
    this.#checkContext(call.name, given)
    const guarded = tunes === 'preconditioner' && !isDirect(learner)
    const begun = performance.now()
    const dominant = guarded || automatic ? dominance(A) : 1
    const context = automatic ? [dominant] : given
    const key = guarded ? String(learner.bin?.(context) ?? Math.floor(-Math.log2(dominant))) : ''
    const backstop = this.#backstops[key] ?? startBackstop()
    let [arm, value, direct] = [-1, 0, this.#direct]
    const due = guarded && referenceIsDue(backstop)
    if (isDirect(learner)) [value, direct] = yield* directValue(call.name, learner, method, A, context, this.#direct)
    else {
      arm = due ? 0 : this.#choose(context)
      value = tunes === 'omega' ? grid[arm]! : arm
    }
    const choosing = performance.now() - begun

    const x0 = guess ?? (warmStart ? this.#x : undefined)
    const common = { ...solver, ...(x0 && { x0 }) }
    const recipe = () => recipes[tunes === 'preconditioner' ? value : arm] ?? omegaRecipe(method, value)
    const budget = guarded && arm > 0 ? backstop.budget : undefined
    const tried: Attempt[] = [
      method === 'sor'
        ? yield* bySor(call, A, b, { ...common, ...relaxation, omega: value })
        : yield* byCg(call, A, b, common, recipe(), budget),
    ]
    const takenOver = budget !== undefined && !tried[0]!.solution.converged
    if (takenOver) tried.push(yield* byCg(call, A, b, { ...common, x0: tried[0]!.solution.x }, recipes[0]!))

    const ready = performance.now()
    const { solution, iterating } = tried[tried.length - 1]!
    const sum = (of: (attempt: Attempt) => number) => tried.reduce((total, attempt) => total + of(attempt), 0)
    const [iterations, time] = [sum(one => one.solution.iterations), sum(one => one.time)]
    const loss = unit === 'time' ? time : sum(one => one.cost)
    const charged = solution.converged ? loss : Math.max(loss, CENSORED * this.#ledger.mean)
    const learns = iterations > 0 && arm >= 0 && !(due && learner.onPolicy)
    if (learns && learner.learn !== undefined) learner.learn(this.#state, arm, charged, context)
    else if (learns) this.#state = learner.update(this.#state, arm, charged, context)
    // nothing below can fail
    const learning = performance.now() - ready
    this.#direct = { ...direct, since: direct.since + iterations }
    if (guarded)
      this.#backstops[key] =
        arm === 0 || takenOver
          ? afterReference(backstop, iterating, takenOver ? tried[0]!.iterating : 0)
          : afterArm(backstop)
    this.#contextLength = given?.length ?? 0
    this.#x = solution.x
    const choice = { arm, value, loss, takenOver, iterations }
    this.#ledger.enter(choice, learns ? charged : undefined)
    this.#ledger.solveTime += time
    this.#ledger.learnTime += choosing + learning
    return Object.assign(solution, { choice })
  }

  #choose(context: ArrayLike<number> | undefined): number {
    const { learner, labels } = this.#plan
    return checkArm(learner.name, labels.length, learner.choose(this.#state, context))
  }

  #checkContext(name: string, context: ArrayLike<number> | undefined): void {
    const length = context?.length ?? 0
    if (this.#contextLength >= 0 && length !== this.#contextLength)
      throw refuse('ERR_SHAPE', name, 'context', `${this.#contextLength} long, as in the first solve`, length)
    for (let i = 0; i < length; i++)
      if (!Number.isFinite(context![i])) throw refuse('ERR_NOT_FINITE', name, `context[${i}]`, 'finite', context![i])
  }
}

/** The object that a time-stepping script holds: see `docs/relaxation.md`. */
export function sequence<Step = ArrayLike<number>>(options: SequenceOptions<Step> = {}): Sequence<Step> {
  return new Sequence(options)
}

/**
 * The sequence that `save` wrote, to the bit. Functions cannot be saved: `functions` gives them again, and may give the
 * learner again where that holds one.
 *
 * @throws KrylovError ERR_FORMAT for what is no saved sequence, or a state of another shape
 */
export function restoreSequence<Step = ArrayLike<number>>(
  saved: SavedSequence,
  functions: Pick<SequenceOptions<Step>, 'context' | 'tune'> = {},
): Sequence<Step> {
  checkSaved(saved)
  const { tune, ...rest } = saved.options
  if (tune === undefined) return new Sequence({ ...rest, ...functions } as SequenceOptions<Step>, saved)
  const { tunes, learner, ...choices } = tune
  const own = { [tunes]: learnerFrom(learner), ...choices }
  return new Sequence({ ...rest, tune: own, ...functions } as unknown as SequenceOptions<Step>, saved)
}
