import { setTimeout as sleep } from 'node:timers/promises'
import type { Timing } from './contender.ts'
import { load } from './machine.ts'
import { median, spread } from './median.ts'

/** What one turn measured; `iteration` is the time of one iteration, beginning and end taken out. */
export interface Sample extends Timing {
  readonly iteration?: number
}

/** Somebody's turn in a round. */
export interface Turn {
  readonly name: string
  readonly sample: () => Promise<Sample>
}

export interface Rounds {
  readonly rounds: number
  /** A fixed piece of work that only a busy machine makes slower: its milliseconds. */
  readonly control: () => Promise<number>
}

/** `samples[turn][round]` of the rounds that count. */
export interface Outcome {
  readonly samples: readonly (readonly Sample[])[]
  /** Rounds thrown away because the machine was busy, and rounds kept although it was. */
  readonly repeated: number
  readonly noisy: number
}

const QUIET = 0.1 // largest spread of the idle control within a round
const REST = 0.08 // of a turn's time: lets a real-time turn's share of the scheduler's second refill

/** Runs the turns A B C A B C ...; a round whose idle control spreads is repeated, as many times as there are rounds. */
export async function interleave(turns: readonly Turn[], { rounds, control }: Rounds): Promise<Outcome> {
  const samples: Sample[][] = turns.map(() => [])
  let repeated = 0
  let noisy = 0
  for (let round = 0; round < rounds; ) {
    const controls = [await control()]
    const row: Sample[] = []
    for (const { sample } of turns) {
      const begun = performance.now()
      row.push(await sample())
      await sleep(20 + REST * (performance.now() - begun))
      controls.push(await control())
    }
    const busy = spread(controls) > QUIET
    if (busy && repeated < rounds) {
      repeated++
      continue
    }
    if (busy) noisy++
    row.forEach((sample, turn) => void samples[turn]!.push(sample))
    round++
  }
  console.error(
    `  ${turns.map(turn => turn.name).join(', ')}: ${rounds} rounds, ${repeated} repeated, ${noisy} noisy, load ${load()}`,
  )
  return { samples, repeated, noisy }
}

/** The time that counts: an iteration's, or the whole solve's where no iteration was measured. */
export const time = ({ iteration, solve }: Sample): number => iteration ?? solve

/** Median over the rounds of time(turn) / time(other). */
export const ratio = ({ samples }: Outcome, turn: number, other: number): number =>
  median(samples[turn]!.map((sample, round) => time(sample) / time(samples[other]![round]!)))

/** The round whose time is the median, as it was: its parts belong together. */
export function typical({ samples }: Outcome, turn: number): Sample {
  const sorted = [...samples[turn]!].sort((a, b) => time(a) - time(b))
  return sorted[Math.floor(sorted.length / 2)]!
}
