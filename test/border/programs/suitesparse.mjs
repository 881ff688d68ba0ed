// Factors that CHOLMOD owns, and ends that come in between: argv: bundle, how.
import { pathToFileURL } from 'node:url'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'

const [, , bundle, how] = process.argv
const krylov = await import(pathToFileURL(isMainThread ? bundle : workerData.bundle).href)
const { ldlt, ldltSync, poisson2d, poisson3d, solveWith, solveWithSync, uniform } = krylov
const library = 'suitesparse'
const pause = ms => new Promise(resolve => setTimeout(resolve, ms))

if (!isMainThread) await work(workerData.turn)
else if (how === 'terminate') await terminateAll(8)
else if (how === 'garbage') await collect()
else await end()

/** Something that goes on until the worker is terminated. */
async function work(turn) {
  const A = poisson3d(12 + (turn % 4))
  const b = uniform(1, A.rows)
  const F = ldltSync(A, { library })
  parentPort.postMessage('ready')
  for (;;)
    switch (turn % 4) {
      case 0: // a fresh pattern: analysis and factorization
        await ldlt(poisson3d(10 + Math.floor(4 * Math.random())), { library })
        break
      case 1: // the same pattern: factorization alone, several at once
        await Promise.all([1, 2, 3].map(k => ldlt(A.withValues(A.values.map(a => k * a)), { library })))
        break
      case 2: // several solves that wait for one factor
        await Promise.all([1, 2, 3].map(() => solveWith(F, b)))
        break
      default:
        solveWithSync(F, b)
    }
}

async function terminateAll(count) {
  const A = poisson2d(40)
  const b = uniform(1, A.rows)
  const latencies = []
  for (let turn = 0; turn < count; turn++) {
    const worker = new Worker(new URL(import.meta.url), { workerData: { bundle, turn }, argv: [bundle] })
    await new Promise((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
    })
    await pause((turn * 7) % 23)
    const start = performance.now()
    await worker.terminate()
    latencies.push(performance.now() - start)
    if (!solveWithSync(ldltSync(A, { library }), b).converged) throw new Error('the main thread is broken')
  }
  console.log(JSON.stringify({ workers: count, worst: Math.max(...latencies) }))
}

/** Megabytes by which the process grows while factors of some 7 MB come and go. */
async function collect() {
  const A = poisson3d(19)
  const b = uniform(1, A.rows)
  const round = async () => {
    for (let k = 0; k < 10; k++) solveWithSync(ldltSync(A, { library }), b)
    globalThis.gc()
    await pause(5) // finalizers run between events
  }
  for (let k = 0; k < 2; k++) await round()
  const before = process.memoryUsage().rss
  const held = [1, 2, 3, 4].map(() => ldltSync(A, { library }))
  for (let k = 0; k < 5; k++) await round()
  const grown = (process.memoryUsage().rss - before) / 2 ** 20
  if (!held.every(F => solveWithSync(F, b).converged)) throw new Error('a factor that is held was taken away')
  console.log(JSON.stringify({ grown, factor: held[0].memory / 2 ** 20 }))
}

/** Ends the process while CHOLMOD runs, or with factors at hand. */
async function end() {
  const A = poisson3d(18)
  const F = ldltSync(A, { library })
  const running = [ldlt(poisson3d(20), { library }), solveWith(F, uniform(1, A.rows)), ldlt(poisson3d(19), { library })]
  for (const one of running) one.catch(() => {})
  await pause(5)
  console.log('ready')
  if (how === 'exit') process.exit(0)
  if (how === 'kill') process.kill(process.pid, 'SIGTERM')
  if (how === 'throw') {
    process.on('uncaughtException', () => process.exit(0))
    throw new Error('uncaught')
  }
}
