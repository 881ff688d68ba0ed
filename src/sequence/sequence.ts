import { KrylovError, refuse } from '../core/errors.ts'
import { unknownOption } from '../core/method.ts'
import type { CsrData } from '../core/types.ts'
import { cg, cgSync } from '../krylov/cg.ts'
import type { Solution } from '../krylov/solution.ts'
import { sor, sorSync } from '../relaxation/sor.ts'
import { Csr } from '../sparse/csr.ts'
import { afterArm, afterReference, type BackstopState, referenceIsDue, startBackstop } from './backstop.ts'
import { type Cost, cgCost, sorCost } from './cost.ts'
import { isDirect } from './direct.ts'
import { type DirectState, directValue, startDirect } from './direct-value.ts'
import { dominance } from './dominance.ts'
import { checkArm, type LearnerState, plainState, restoredState } from './learner.ts'
import { checkSequence, omegaRecipe, type Plan, type SequenceOptions } from './options.ts'
import { Ledger, type SequenceChoice, type SequenceReport } from './report.ts'
import { learnerFrom, optionsFrom, type SavedSequence } from './saved.ts'

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

/** One solver call that the two forms make in their own way. */
interface Request {
  readonly solver: 'sor' | 'cg'
  readonly A: Csr
  readonly b: ArrayLike<number>
  readonly options: object
}

const solveKeys = ['context', 'x0', 'signal', 'threads']
const CENSORED = 10 // times the mean loss: what a solve that failed early is charged at least

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
    const solved = this.#queue.then(async () => {
      const steps = this.#steps('sequence.solve', A, b, options)
      for (let next = steps.next(); ; ) {
        if (next.done) return next.value
        const { solver, A, b, options } = next.value
        const begun = performance.now()
        const solution = solver === 'sor' ? await sor(A, b, options) : await cg(A, b, options)
        this.#ledger.solveTime += performance.now() - begun
        next = steps.next(solution)
      }
    })
    this.#queue = solved.catch(() => {})
    return solved
  }

  /** The same, blocking. */
  solveSync(A: CsrData, b: ArrayLike<number>, options: SequenceSolveOptions<Step> = {}): SequenceSolution {
    const steps = this.#steps('sequence.solveSync', A, b, options)
    for (let next = steps.next(); ; ) {
      if (next.done) return next.value
      const { solver, A, b, options } = next.value
      const begun = performance.now()
      const solution = solver === 'sor' ? sorSync(A, b, options) : cgSync(A, b, options)
      this.#ledger.solveTime += performance.now() - begun
      next = steps.next(solution)
    }
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

  /** Chooses, solves, learns. Whatever throws on the way leaves what was learnt as it was. */
  *#steps(
    name: string,
    matrix: CsrData,
    b: ArrayLike<number>,
    options: SequenceSolveOptions<Step>,
  ): Generator<Request, SequenceSolution, Solution> {
    for (const key of Object.keys(options))
      if (!solveKeys.includes(key)) throw unknownOption(name, key, new Set(solveKeys))
    const A = Csr.from(matrix, name)
    const { method, tunes, learner, automatic, recipes, solver, relaxation, warmStart, loss: unit } = this.#plan
    if (this.#x !== undefined && this.#x.length !== A.rows)
      throw refuse(
        'ERR_SHAPE',
        name,
        'A',
        `${this.#x.length} x ${this.#x.length}, as the first of this sequence`,
        A.rows,
      )
    const given = this.#checkContext(name, options)
    const guarded = tunes === 'preconditioner' && !isDirect(learner)
    const begun = performance.now()
    const dominant = guarded || automatic ? dominance(A) : 1
    const context = automatic ? [dominant] : given
    const x0 = options.x0 ?? (warmStart ? this.#x : undefined)
    const { signal, threads } = options
    const common = { ...solver, ...(x0 && { x0 }), ...(signal && { signal }), ...(threads && { threads }) }

    let arm = -1
    let value: number
    let direct = this.#direct
    const key = String(learner.bin?.(context) ?? Math.floor(-Math.log2(dominant)))
    const backstop = this.#backstops[key] ?? startBackstop()
    if (isDirect(learner)) [value, direct] = directValue(learner, method, A, context, this.#direct)
    else {
      arm = guarded && referenceIsDue(backstop) ? 0 : this.#choose(context)
      value = tunes === 'omega' ? this.#plan.grid[arm]! : arm
    }

    const choosing = performance.now() - begun

    let iterations: number
    let spent: number
    let guard = backstop
    let takenOver = false
    let solution: Solution
    if (method === 'sor') {
      solution = yield { solver: 'sor', A, b, options: { ...common, ...relaxation, omega: value } }
      ;({ iterations } = solution)
      spent = price(sorCost(A), solution)
    } else if (!guarded) {
      const preconditioner =
        (tunes === 'preconditioner' || arm >= 0 ? recipes[arm >= 0 ? arm : value] : undefined) ??
        omegaRecipe(method, value)
      solution = yield { solver: 'cg', A, b, options: { ...common, preconditioner } }
      ;({ iterations } = solution)
      spent = price(cgCost(A, preconditioner.recipe), solution)
    } else {
      const cost = cgCost(A, recipes[arm]!.recipe)
      const limit = arm === 0 ? {} : { maxIterations: Math.max(1, Math.floor(backstop.budget / cost.iteration)) }
      solution = yield { solver: 'cg', A, b, options: { ...common, ...limit, preconditioner: recipes[arm]! } }
      ;({ iterations } = solution)
      spent = price(cost, solution)
      if (arm === 0) guard = afterReference(backstop, solution.iterations * cost.iteration)
      else if (solution.converged) guard = afterArm(backstop)
      else {
        takenOver = true
        const burnt = solution.iterations * cost.iteration
        const again = cgCost(A, recipes[0]!.recipe)
        solution = yield {
          solver: 'cg',
          A,
          b,
          options: { ...common, x0: solution.x, preconditioner: recipes[0]! },
        }
        iterations += solution.iterations
        spent += price(again, solution)
        guard = afterReference(backstop, solution.iterations * again.iteration, burnt)
      }
    }

    const ready = performance.now()
    const learns = iterations > 0 && arm >= 0
    const ended = solution.converged ? spent : Math.max(spent, CENSORED * this.#ledger.mean)
    if (learns && learner.learn !== undefined) learner.learn(this.#state, arm, ended, context)
    else if (learns) this.#state = learner.update(this.#state, arm, ended, context)
    // nothing below can fail
    const learning = performance.now() - ready
    this.#direct = direct
    if (guarded) this.#backstops[key] = guard
    this.#contextLength = given?.length ?? 0
    this.#x = solution.x
    const choice = { arm, value, loss: spent, takenOver, iterations }
    this.#ledger.enter(choice, learns ? ended : undefined)
    this.#ledger.learnTime += choosing + learning
    return Object.assign(solution, { choice })

    function price({ setup, iteration }: Cost, { iterations, time }: Solution): number {
      return unit === 'time' ? time.setup + time.solve : setup + iterations * iteration
    }
  }

  #choose(context: ArrayLike<number> | undefined): number {
    const { learner, labels } = this.#plan
    return checkArm(learner.name, labels.length, learner.choose(this.#state, context))
  }

  #checkContext(name: string, { context: step }: SequenceSolveOptions<Step>): ArrayLike<number> | undefined {
    const context = step === undefined ? undefined : this.#contextOf(step)
    if (context !== undefined && !Array.isArray(context) && !ArrayBuffer.isView(context))
      throw refuse('ERR_TYPE', name, 'context', 'a list of numbers', context)
    const length = context?.length ?? 0
    if (this.#contextLength >= 0 && length !== this.#contextLength)
      throw refuse('ERR_SHAPE', name, 'context', `${this.#contextLength} long, as in the first solve`, length)
    for (let i = 0; i < length; i++)
      if (!Number.isFinite(context![i])) throw refuse('ERR_NOT_FINITE', name, `context[${i}]`, 'finite', context![i])
    return context
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
  if (typeof saved !== 'object' || saved === null || saved.kind !== 'sequence' || saved.version !== 1)
    throw new KrylovError('ERR_FORMAT', 'restoreSequence: this is no saved sequence')
  const { tune, ...rest } = saved.options
  if (tune === undefined) return new Sequence({ ...rest, ...functions } as SequenceOptions<Step>, saved)
  const { tunes, learner, ...choices } = tune
  const own = { [tunes]: learnerFrom(learner), ...choices }
  return new Sequence({ ...rest, tune: own, ...functions } as unknown as SequenceOptions<Step>, saved)
}
