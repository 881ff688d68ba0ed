// Starts workers and terminates each in the middle of something: argv: bundle, workers, 'main' (the main thread
// solves as well) or 'workers' (it never loads the library).
import { pathToFileURL } from 'node:url'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'

const [, , bundle, count, who] = process.argv
let stopped = false
const load = file => import(pathToFileURL(file).href)

if (isMainThread) await terminateAll(Number(count), who === 'main')
else await work(await load(workerData.bundle), workerData.turn)

async function terminateAll(count, mainToo) {
  const krylov = mainToo ? await load(bundle) : undefined
  const A = krylov?.poisson2d(150)
  const b = krylov?.uniform(1, A.rows)
  const under = mainToo ? [endlessly(krylov, A, b)] : []
  const latencies = []
  const ATONCE = 4
  for (let started = 0; started < count; started += ATONCE) {
    const group = Array.from({ length: Math.min(ATONCE, count - started) }, (_, i) => terminateOne(started + i))
    latencies.push(...(await Promise.all(group)))
    if (mainToo && !krylov.cgSync(A, b, { maxIterations: 20 }).iterations) throw new Error('the main thread is broken')
  }
  stopped = true
  await Promise.all(under)
  latencies.sort((a, b) => a - b)
  const at = share => Math.round(latencies[Math.floor(share * (latencies.length - 1))] * 10) / 10
  console.log(JSON.stringify({ workers: latencies.length, median: at(0.5), worst: at(1) }))
}

async function endlessly(krylov, A, b) {
  while (!stopped) await krylov.cg(A, b, { maxIterations: 200 })
}

/** Milliseconds that a termination took; from any moment, that of loading the addon included. */
async function terminateOne(turn) {
  const worker = new Worker(new URL(import.meta.url), { workerData: { bundle, turn }, argv: [bundle] })
  const failed = new Promise((_, reject) => worker.on('error', reject))
  if (turn % 8 === 7) await new Promise(resolve => setTimeout(resolve, 40 + (turn % 5) * 4))
  else {
    await Promise.race([new Promise(resolve => worker.once('message', resolve)), failed])
    await new Promise(resolve => setTimeout(resolve, (turn * 7) % 23))
  }
  const start = performance.now()
  await worker.terminate()
  return performance.now() - start
}

/** Something that goes on until it is terminated. */
async function work(krylov, turn) {
  const { poisson2d, poisson3d, uniform, cg, cgSync, ic0, minres, spmv } = krylov
  const A = turn % 2 === 0 ? poisson2d(200) : poisson3d(30)
  const b = uniform(turn, A.rows)
  const endless = { rtol: 1e-300, maxIterations: 1e9 }
  parentPort.postMessage('ready')
  switch (turn % 7) {
    case 0:
      return void (await cg(A, b, endless))
    case 1: // more jobs than there are threads for them
      return void (await Promise.all(Array.from({ length: 12 }, () => cg(A, b, endless))))
    case 2: // output arrays that are asked for while the environment ends
      for (;;) await ic0(poisson2d(60 + Math.floor(Math.random() * 60)))
    case 3:
      cgSync(A, b, endless)
      return
    case 4:
      return void (await minres(A, b, { ...endless, onProgress: () => {} }))
    case 5: {
      const apply = (x, y) => void spmv(A, x, y)
      return void (await cg({ rows: A.rows, columns: A.columns, apply }, b, endless))
    }
    default: // many short ones: it ends while results are delivered
      for (;;) await Promise.all(Array.from({ length: 6 }, () => cg(A, b, { maxIterations: 2 })))
  }
}
