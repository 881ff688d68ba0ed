// Ends the process while solves are under way: argv: bundle, how.
import { pathToFileURL } from 'node:url'

const [, , bundle, how] = process.argv
const { cg, cgSync, ic0, poisson2d, uniform } = await import(pathToFileURL(bundle).href)
const A = poisson2d(400)
const b = uniform(1, A.rows)
const endless = { rtol: 1e-300, maxIterations: 1e9 }
const controller = new AbortController()
const solves = Array.from({ length: 8 }, () => cg(A, b, { ...endless, signal: controller.signal, preconditioner: ic0 }))
for (const solve of solves) solve.catch(() => {})
await new Promise(resolve => setTimeout(resolve, 100))
console.log('ready')
switch (how) {
  case 'exit':
    process.exit(0)
    break
  case 'exit-from-progress':
    cgSync(A, b, { ...endless, onProgress: () => process.exit(0) })
    break
  case 'abort':
    controller.abort()
    break
  case 'throw':
    process.on('uncaughtException', () => process.exit(0))
    setImmediate(() => {
      throw new Error('uncaught')
    })
    break
  case 'kill':
    process.kill(process.pid, 'SIGTERM')
    break
}
