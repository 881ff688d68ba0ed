import { makeControl } from '../../src/core/control.ts'
import { runSync } from '../../src/core/drive.ts'
import { callNative } from '../../src/core/native.ts'
import { float64, int32 } from '../../src/core/shared.ts'
import {
  binned,
  cgSync,
  chebCb,
  heatEquation2d,
  type SequenceOptions,
  sequence,
  ssor,
  thompson,
  tsallisInf,
  uniform,
} from '../../src/index.ts'
import { reference } from '../../src/kernels/reference.ts'
import { type Kind, loopsOf } from '../../src/sequence/kinds.loops.ts'
import { replaySteps } from '../../src/sequence/replay.steps.ts'
import { median } from '../median.ts'
import { ahead } from '../priority.ts'

/** Nanoseconds per arm of a round: choosing and learning. */
export interface Pace {
  readonly learner: string
  readonly arms: number
  readonly native: number
  readonly ts: number
}

const kinds: readonly (readonly [string, Kind])[] = [
  ['thompson', { kind: 'thompson', keep: 1 }],
  ['thompson, half-life 200', { kind: 'thompson', keep: 0.9965 }],
  ['tsallisInf, rv', { kind: 'tsallisInf', rate: 4, reduced: true }],
  ['chebCb', { kind: 'chebCb', features: 6, greed: 8 }],
  ['goldenSection', { kind: 'goldenSection', solves: 3 }],
]

const [ROUNDS, TURNS] = [20_000, 7]

/** The loops of the learners in C++ and in TypeScript, whole games in turns. */
export const paces = (arms: number): Promise<readonly Pace[]> => ahead(process.pid, async () => games(arms))

function games(arms: number): readonly Pace[] {
  const noise = uniform(1, ROUNDS * arms)
  const losses = float64(ROUNDS * arms)
  for (let at = 0; at < losses.length; at++) losses[at] = 20 + 0.3 * ((at % arms) - 7) ** 2 + noise[at]!
  const c = float64(ROUNDS)
  for (let t = 0; t < ROUNDS; t++) c[t] = (t % 97) / 48.5 - 1
  const control = makeControl('bench', {})
  return kinds.map(([learner, kind]) => {
    const loops = loopsOf(kind)
    const game = () => {
      const states = float64(loops.size(arms))
      loops.begin(states, arms)
      return [kind, losses, int32(ROUNDS), c, states, 1, int32(ROUNDS)] as const
    }
    const times: [native: number, ts: number][] = []
    for (let turn = 0; turn <= TURNS; turn++) {
      const begun = performance.now()
      callNative('replay', game(), control)
      const between = performance.now()
      runSync(replaySteps(reference, ...game()), control)
      if (turn > 0) times.push([between - begun, performance.now() - between])
    }
    const per = (list: readonly number[]) => (median(list) * 1e6) / ROUNDS / arms
    return { learner, arms, native: per(times.map(([native]) => native)), ts: per(times.map(([, ts]) => ts)) }
  })
}

/** The learner's part of a sequence's time, solver and learner alone, in the second half of a run. */
export interface Overhead {
  readonly policy: string
  readonly nx: number
  /** Microseconds per system. */
  readonly solve: number
  readonly learn: number
}

const range = [1e-2, 10] as const
const policies: readonly (readonly [string, SequenceOptions])[] = [
  ['thompson', { method: 'ssor-cg', tune: { omega: thompson() } }],
  ['8 log bins', { method: 'ssor-cg', tune: { omega: binned(thompson(), { bins: 8, scale: 'log', range }) } }],
  ['tsallisInf', { method: 'ssor-cg', tune: { omega: tsallisInf() } }],
  ['chebCb', { method: 'ssor-cg', tune: { omega: chebCb({ range }) } }],
  ['no options', {}],
]

export const overheads = (nx: number, steps: number): Promise<readonly Overhead[]> =>
  ahead(process.pid, async () => shares(nx, steps))

/** Policy after policy over the same systems, as a program with one sequence has its caches. */
function shares(nx: number, steps: number): readonly Overhead[] {
  const systems = [...solved(nx, steps)]
  return policies.map(([policy, options]) => {
    const s = sequence(options)
    let half = s.report().time
    systems.forEach(({ A, b, guess, context }, step) => {
      s.solveSync(A, b, { context, threads: 1, ...guess })
      if (step === steps >> 1) half = s.report().time
    })
    const { solve, learn } = s.report().time
    const per = (time: number) => (time * 1000) / (steps - (steps >> 1) - 1)
    return { policy, nx, solve: per(solve - half.solve), learn: per(learn - half.learn) }
  })
}

function* solved(nx: number, steps: number) {
  for (const { A, b, x0, context, advance } of heatEquation2d({ nx, steps })) {
    const guess = x0 && { x0 }
    yield { A, b, guess, context }
    advance(cgSync(A, b, { preconditioner: ssor, threads: 1, ...guess }).x)
  }
}
