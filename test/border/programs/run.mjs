import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** What V8 needs for the figures of leak.mjs. */
export const leakArguments = ['--expose-gc', '--max-semi-space-size=2']

/**
 * Runs one of these programs on a bundle of the library. `answer` is the JSON that it printed last, `code` and
 * `signal` how it ended, `elapsed` milliseconds from its start, `sinceReady` those from the line "ready".
 */
export function runProgram(name, bundle, args, { timeout = 600_000, nodeArguments = [], env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const program = fileURLToPath(new URL(name, import.meta.url))
    const started = performance.now()
    const child = spawn(process.execPath, [...nodeArguments, program, bundle, ...args.map(String)], {
      env: { ...process.env, KRYLOV_BACKEND: 'native', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    let errors = ''
    let ready = started
    child.stdout.on('data', data => {
      output += data
      if (ready === started && output.includes('ready')) ready = performance.now()
    })
    child.stderr.on('data', data => {
      errors += data
    })
    const timer = setTimeout(() => child.kill('SIGKILL'), timeout)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      const now = performance.now()
      const last = output.trimEnd().split('\n').at(-1) ?? ''
      const answer = last.startsWith('{') ? JSON.parse(last) : undefined
      resolve({ code, signal, answer, errors, elapsed: now - started, sinceReady: now - ready })
    })
  })
}
