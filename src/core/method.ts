import type { Kernels } from '../kernels/kernels.ts'
import { hasNative, registerMethod } from './backend.ts'
import { type Control, type ControlOptions, controlKeys, makeControl } from './control.ts'
import { runAsync, runSync } from './drive.ts'
import { refuse } from './errors.ts'
import { directNative } from './native.ts'
import type { Steps } from './steps.ts'
import { nearestName } from './suggest.ts'

/** A reference generator bound to the native method of the same name. */
export interface Bound<Args extends readonly unknown[], R> {
  readonly name: string
  readonly steps: (k: Kernels, ...args: Args) => Steps<R>
  /** Whether the native method is LAPACK's, so that without OpenBLAS the reference answers. */
  readonly lapack: boolean
}

/** Binds a reference to its native twin: the same name on both sides. */
export function bind<Args extends readonly unknown[], R>(
  name: string,
  steps: (k: Kernels, ...args: Args) => Steps<R>,
): Bound<Args, R> {
  registerMethod(name)
  return { name, steps, lapack: false }
}

/** The same where the native method calls LAPACK. */
export function bindLapack<Args extends readonly unknown[], R>(
  name: string,
  steps: (k: Kernels, ...args: Args) => Steps<R>,
): Bound<Args, R> {
  return { ...bind(name, steps), lapack: true }
}

let lapackLoads: boolean | undefined

/** Loads OpenBLAS at the first question, off this thread in the asynchronous form: it takes 50 ms. */
function* hasLapack(): Steps<boolean> {
  lapackLoads ??= (yield { kind: 'native', name: 'externalLapack', args: [] }) as boolean
  return lapackLoads
}

const isUserFunction = (value: unknown): boolean =>
  typeof value === 'function' ||
  (typeof value === 'object' && value !== null && typeof (value as { apply?: unknown }).apply === 'function')

/** Whether a call with these arguments runs wholly in native code. */
export const runsNative = (name: string, args: readonly unknown[]): boolean =>
  hasNative(name) && !args.some(isUserFunction)

/**
 * A bound method whose arguments are leaves, to be called on this thread by those who have checked all of them:
 * undefined where it does not run natively, or that is not known yet. Saves the microsecond that a flow costs.
 */
export function quickly<Args extends readonly unknown[], R>({
  name,
  lapack,
}: Bound<Args, R>): ((...args: Args) => R) | undefined {
  if (!hasNative(name) || (lapack && lapackLoads !== true)) return undefined
  return directNative(name, 0) as (...args: Args) => R
}

/**
 * Runs a bound method as a step of another. Native where it can be; with a user function among the arguments the
 * reference runs over native kernels, so that one JavaScript function does not cost the native speed of the rest.
 */
export function* run<Args extends readonly unknown[], R>(bound: Bound<Args, R>, ...args: Args): Steps<R> {
  if (runsNative(bound.name, args) && (!bound.lapack || (yield* hasLapack())))
    return (yield { kind: 'native', name: bound.name, args }) as R
  const k = (yield { kind: 'kernels' }) as Kernels
  return yield* bound.steps(k, ...args)
}

/** What a flow knows of the call it serves. */
export interface Call {
  /** The public name, as it stands in error texts. */
  readonly name: string
  readonly form: 'sync' | 'async'
  readonly control: Control
}

/** The two public forms of a method. */
export interface Forms<Args extends readonly unknown[], R> {
  readonly async: (...args: Args) => Promise<R>
  readonly sync: (...args: Args) => R
}

/**
 * Makes the asynchronous and the synchronous form of a flow. `operands` counts the arguments before the options
 * object; options other than `keys` and those of every method are refused.
 */
export function forms<Args extends readonly unknown[], R>(
  name: string,
  operands: number,
  keys: readonly string[],
  flow: (call: Call, ...args: Args) => Steps<R>,
): Forms<Args, R> {
  const allowed = new Set([...keys, ...controlKeys])
  const begin = (form: Call['form'], args: Args): { steps: Steps<R>; control: Control } => {
    const publicName = form === 'sync' ? `${name}Sync` : name
    const control = makeControl(publicName, checkOptions(publicName, args[operands], allowed))
    return { steps: flow({ name: publicName, form, control }, ...args), control }
  }
  return {
    sync: (...args) => {
      const { steps, control } = begin('sync', args)
      return runSync(steps, control)
    },
    async: async (...args) => {
      const caller: { stack?: string } = {}
      Error.captureStackTrace(caller)
      try {
        const { steps, control } = begin('async', args)
        return await runAsync(steps, control)
      } catch (error) {
        throw withCaller(error, caller.stack)
      }
    },
  }
}

const stacked = new WeakSet<Error>()

/** Appends the caller's stack to an error of ours that surfaced on a later turn of the loop. */
function withCaller(error: unknown, stack: string | undefined): unknown {
  if (!(error instanceof Error) || error.name !== 'KrylovError' || stack === undefined || stacked.has(error))
    return error
  stacked.add(error)
  const frames = stack.split('\n').slice(2).join('\n')
  if (!error.stack?.includes(frames)) error.stack = `${error.stack}\n${frames}`
  return error
}

/** Refuses options that are no object, and names other than those allowed. */
export function checkOptions(method: string, options: unknown, allowed: ReadonlySet<string>): ControlOptions {
  if (options === undefined) return {}
  if (typeof options !== 'object' || options === null || Array.isArray(options) || ArrayBuffer.isView(options))
    throw refuse('ERR_OPTION', method, 'options', 'an object', options)
  for (const key of Object.keys(options)) if (!allowed.has(key)) throw unknownOption(method, key, allowed)
  return options
}

/** The error for an option that does not exist, with the nearest one that does. */
export function unknownOption(method: string, key: string, allowed: ReadonlySet<string>) {
  const nearest = nearestName(key, allowed)
  const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`
  return refuse('ERR_OPTION', method, `option ${key}`, `one of ${[...allowed].join(', ')}${hint}`, 'an unknown name')
}
