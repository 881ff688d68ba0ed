import type { Charge } from './charge.ts'
import { checkRecord } from './plain-record.ts'

/**
 * What `recycle: 'auto'` knows of a sequence, as plain numbers: costs are counted bytes (`charge.ts`), so that the same
 * sequence is always solved in the same way.
 */
export interface RecycleChoice {
  /** Systems so far. */
  readonly systems: number
  /** Whether the space pays, as far as is known, and whether the next system is solved with it. */
  readonly recycling: boolean
  readonly next: boolean
  /** log(cost without / cost with the space), a running mean of comparisons between neighbours. */
  readonly gain: number
  /** Cost of the last system that was solved as `recycling` says, and of one solved otherwise since; 0 for none. */
  readonly last: number
  readonly probe: number
  /** All costs, and how much more than needed the probes are thought to have taken of them. */
  readonly spent: number
  readonly excess: number
  /** First guesses in a row that foretold nothing, and systems until one is tried again. */
  readonly failures: number
  readonly pause: number
}

/** Before the first system. */
export const untried: RecycleChoice = {
  systems: 0,
  recycling: true,
  next: true,
  gain: 0,
  last: 0,
  probe: 0,
  spent: 0,
  excess: 0,
  failures: 0,
  pause: 0,
}

const EVERY = 16 // systems between probes
const EARLY = [3, 8] // the first ones
const SHARE = [0.06, 0.02] as const // of all cost that probes may waste: before system EVERY, and later
const KEPT = 0.5 // of the old mean
const CLEAR = 0.1 // a difference of logarithms that says something

/**
 * After a system that was solved with the space, or without, for this cost. A probe is a system solved the other way than what
 * seems best; it is compared with the geometric mean of its two neighbours, since systems may get harder on the way.
 */
function learnt(choice: RecycleChoice, withSpace: boolean, cost: number): RecycleChoice {
  const systems = choice.systems + 1
  let { recycling, gain, last, probe, excess } = choice
  const spent = choice.spent + cost
  let doubtful = false
  if (withSpace === recycling) {
    if (probe > 0) {
      const neighbours = last > 0 ? Math.sqrt(last * cost) : cost
      excess += Math.max(0, probe - neighbours)
      const found = Math.log(probe / neighbours) * (recycling ? 1 : -1)
      doubtful = found * gain < 0 && Math.abs(found) > CLEAR
      gain = gain === 0 ? found : KEPT * gain + (1 - KEPT) * found
      last = cost
      if (recycling !== gain > 0) {
        recycling = !recycling
        last = probe
      }
      probe = 0
    } else {
      doubtful = last > 0 && Math.log(cost / last) > Math.max(Math.abs(gain), CLEAR)
      last = cost
    }
  } else probe = cost
  const waste = last * (Math.exp(Math.abs(gain)) - 1)
  const due = isDue(systems) || doubtful
  const probing = probe === 0 && due && excess + waste <= SHARE[systems < EVERY ? 0 : 1] * spent
  return { ...choice, systems, recycling, next: recycling !== probing, gain, last, probe, spent, excess }
}

const isDue = (systems: number): boolean => EARLY.includes(systems) || systems % EVERY === 0

/** Whether the system that is solved now leaves a space that may be wanted for the next. */
export const isWanted = ({ systems, recycling, next, probe }: RecycleChoice): boolean =>
  recycling || next || probe > 0 || isDue(systems + 1)

/** After a system: whether it was solved with the space, how, at which cost, and after how many products for a first guess. */
export function seen(
  choice: RecycleChoice,
  withSpace: boolean,
  iterations: number,
  { bytes, ahead }: Charge,
  guessed: number,
): RecycleChoice {
  const after = iterations === 0 ? choice : learnt(choice, withSpace, withSpace ? bytes + ahead : bytes)
  if (guessed === 0) return { ...after, pause: Math.max(0, choice.pause - 1) }
  const worth = guessed > 1 || iterations === 0
  const failures = worth ? 0 : choice.failures + 1
  return { ...after, failures, pause: worth ? 0 : Math.min(2 ** failures, EVERY) - 1 }
}

/** Checks what came with a space. */
export const checkChoice = (method: string, given: unknown): RecycleChoice =>
  checkRecord(method, 'option space.choice', given, untried)
