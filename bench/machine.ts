import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import { backend } from '../src/index.ts'

/** Where and when a result was measured: stands at the head of every result file. */
export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly l3: string
  readonly memory: string
  readonly node: string
  readonly simd: string
  readonly date: string
}

export const machine = (): Machine => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  l3: cache('index3'),
  memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
  node: process.version,
  simd: backend().simd,
  date: new Date().toISOString().slice(0, 10),
})

export const load = (): string =>
  loadavg()
    .map(l => l.toFixed(2))
    .join(' ')

function cache(index: string): string {
  try {
    return readFileSync(`/sys/devices/system/cpu/cpu0/cache/${index}/size`, 'utf8').trim()
  } catch {
    return 'unknown'
  }
}
