import type { Contender } from './contender.ts'
import { enterStream } from './contenders.ts'
import type { Turn } from './interleave.ts'

const SPIN = 4_000_000 // dependent multiply-adds: about 5 ms
const CORES = 2 // both cores of the machines these figures are taken on
const READ = 2e9 // bytes of one turn of the probe: about 0.2 s from one core

/** The read-stream probe and the idle control: one process beside the contenders, under the same scheduling. */
export interface Roofline {
  /** Reads `bytes` once per iteration on `threads` threads. */
  readonly turn: (threads: number, bytes: number) => Turn
  readonly control: () => Promise<number>
  readonly close: () => void
}

export async function roofline(realtime: boolean): Promise<Roofline> {
  const stream: Contender = await enterStream(realtime)
  return {
    turn: (threads, bytes) => {
      const passes = Math.max(1, Math.round(READ / bytes))
      const sample = async () => {
        const timing = await stream.ask(`read ${threads} ${bytes} ${passes}`)
        return { ...timing, iteration: timing.solve / passes }
      }
      return { name: 'stream', sample }
    },
    control: async () => (await stream.ask(`spin ${CORES} 0 ${SPIN}`)).solve,
    close: stream.close,
  }
}
