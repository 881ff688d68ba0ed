import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { ahead } from './priority.ts'

/** One timed answer of a contender: milliseconds, and what it says of the solve. */
export interface Timing {
  readonly setup: number
  readonly solve: number
  readonly iterations: number
  readonly relativeResidual: number
}

/** How to start a contender: a program that says `{"version": ...}`, then answers each line with a timing. */
export interface Launch {
  readonly name: string
  readonly threads: number
  readonly command: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** Answers are short, under a second: they may run ahead of everything else. */
  readonly realtime?: boolean
}

/** A running contender: a process of its own, idle between its turns. */
export interface Contender {
  readonly name: string
  readonly threads: number
  readonly version: string
  readonly ask: (line: string) => Promise<Timing>
  readonly close: () => void
}

/** Starts a contender; rejects, saying why, where it cannot run here. */
export async function start({ name, threads, command, environment, realtime = false }: Launch): Promise<Contender> {
  const [program, ...args] = command
  const child = spawn(program!, args, { env: { ...process.env, ...environment } })
  const lines = answers(child)
  const { version } = JSON.parse(await lines()) as { version: string }
  const ask = async (line: string) => {
    child.stdin.write(`${line}\n`)
    return JSON.parse(await lines()) as Timing
  }
  return {
    name,
    threads,
    version,
    ask: line => (realtime ? ahead(child.pid!, () => ask(line)) : ask(line)),
    close: () => child.stdin.end(),
  }
}

/** The lines of a child one by one; an early end rejects with the last line of its stderr. */
function answers(child: ChildProcessWithoutNullStreams): () => Promise<string> {
  let complaint = ''
  child.stderr.on('data', (text: Buffer) => {
    complaint = text.toString().trim().split('\n').at(-1) ?? complaint
  })
  child.stdin.on('error', () => {}) // a child that died is reported by its missing answer
  const ended = new Promise<never>((_, reject) => {
    child.on('error', reject)
    child.on('close', code => reject(new Error(complaint || `ended with code ${code}`)))
  })
  ended.catch(() => {})
  const input = createInterface(child.stdout)[Symbol.asyncIterator]()
  return async () => {
    const next = await Promise.race([input.next(), ended])
    return next.done ? await ended : next.value
  }
}
